/**
 * What goes over the socket of a terminal. Clients say `input`, `resize` and `count`: that they want to be told how many sit
 * there. The terminal says `output`, `exit`, and to those who asked `seats`. A frame that the other side does not know ends
 * the line, so `count` is only said where the terminal's note promises an answer.
 */
export type Frame =
  | { type: "input" | "output"; bytes: Uint8Array }
  | { type: "resize"; cols: number; rows: number }
  | { type: "exit"; code: number }
  | { type: "count" }
  | { type: "seats"; count: number };

const types = { input: 1, resize: 2, output: 3, exit: 4, count: 5, seats: 6 } as const;
const headBytes = 5;
/** The longest payload that is taken; longer ones are sent in pieces. */
export const maxPayloadBytes = 65_536;
const maxCells = 2_000;

/** A frame as it is sent: a byte for its type, its payload's length (32 bits, big endian), the payload. */
export function encodeFrame(frame: Frame): Buffer {
  if (frame.type === "resize") {
    const payload = Buffer.alloc(4);
    payload.writeUInt16BE(Math.min(Math.max(frame.cols, 1), maxCells), 0);
    payload.writeUInt16BE(Math.min(Math.max(frame.rows, 1), maxCells), 2);
    return whole(types.resize, payload);
  }
  if (frame.type === "exit") return whole(types.exit, Buffer.from([frame.code & 0xff]));
  if (frame.type === "count") return whole(types.count, Buffer.alloc(0));
  if (frame.type === "seats") {
    const payload = Buffer.alloc(2);
    payload.writeUInt16BE(Math.min(frame.count, 0xffff), 0);
    return whole(types.seats, payload);
  }
  const pieces: Buffer[] = [];
  for (let at = 0; at < frame.bytes.length; at += maxPayloadBytes)
    pieces.push(whole(types[frame.type], frame.bytes.subarray(at, at + maxPayloadBytes)));
  return Buffer.concat(pieces);
}

function whole(type: number, payload: Uint8Array): Buffer {
  const head = Buffer.alloc(headBytes);
  head.writeUInt8(type, 0);
  head.writeUInt32BE(payload.length, 1);
  return Buffer.concat([head, payload]);
}

/** Reads frames from a stream that is cut anywhere; false once what comes is no frame, and from then on. */
export class FrameReader {
  private rest: Buffer = Buffer.alloc(0);
  private readonly onFrame: (frame: Frame) => void;
  private isBroken = false;

  constructor(onFrame: (frame: Frame) => void) {
    this.onFrame = onFrame;
  }

  push(chunk: Uint8Array): boolean {
    if (this.isBroken) return false;
    this.rest = this.rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.rest, chunk]);
    while (this.rest.length >= headBytes) {
      const length = this.rest.readUInt32BE(1);
      if (length > maxPayloadBytes) return this.broken();
      if (this.rest.length < headBytes + length) break;
      const frame = decode(this.rest.readUInt8(0), this.rest.subarray(headBytes, headBytes + length));
      if (!frame) return this.broken();
      this.rest = this.rest.subarray(headBytes + length);
      this.onFrame(frame);
    }
    return true;
  }

  private broken(): boolean {
    this.isBroken = true;
    this.rest = Buffer.alloc(0);
    return false;
  }
}

function decode(type: number, payload: Buffer): Frame | undefined {
  switch (type) {
    case types.input:
      return { type: "input", bytes: payload };
    case types.output:
      return { type: "output", bytes: payload };
    case types.resize: {
      if (payload.length !== 4) return undefined;
      const [cols, rows] = [payload.readUInt16BE(0), payload.readUInt16BE(2)];
      return cols > 0 && rows > 0 && cols <= maxCells && rows <= maxCells
        ? { type: "resize", cols, rows }
        : undefined;
    }
    case types.exit:
      return payload.length === 1 ? { type: "exit", code: payload.readUInt8(0) } : undefined;
    case types.count:
      return payload.length === 0 ? { type: "count" } : undefined;
    case types.seats:
      return payload.length === 2 ? { type: "seats", count: payload.readUInt16BE(0) } : undefined;
    default:
      return undefined;
  }
}
