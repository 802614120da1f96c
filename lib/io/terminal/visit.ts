import { createConnection } from "node:net";
import { readTraces } from "../process/attempt";
import { DetachKey } from "./detach-key";
import { encodeFrame, FrameReader } from "./frames";
import { isOwnSocket, notedTerminal } from "./place";

/** Where somebody sits: what they type and see. Without `typed` they only look. */
export interface Seat {
  show(bytes: Uint8Array): void;
  /** Hands on what is typed, key by key, until it is told to stop. */
  typed?: (onKeys: (bytes: Uint8Array) => void) => () => void;
  /** Told how many sit at the terminal, this one with them, each time it changes; where that can't be known, never. */
  seats?: (count: number) => void;
  size(): { cols: number; rows: number } | undefined;
  /** Calls back when the size has changed, until it is told to stop. */
  onResize(changed: () => void): () => void;
  /** Aborted once whoever sat here has gone, from the first moment on. */
  gone?: AbortSignal;
}

/** How a visit to a terminal ended: with the command, by the person's wish, or because nothing answers there (any more). */
export type VisitEnd = { kind: "ended"; code: number } | { kind: "detached" } | { kind: "lost" };

/** Sits down at the terminal of an attempt, given its folder, until it ends or the person leaves; undefined if it has no terminal. */
export function visitTerminal(folder: string, seat: Seat): Promise<VisitEnd> | undefined {
  const note = notedTerminal(folder);
  // The note is written before the command is claimed: without a claim there may be a terminal yet.
  if (note === undefined) return readTraces(folder)?.spawn ? undefined : Promise.resolve({ kind: "lost" });
  const { socket: path, counts } = note;
  if (!isOwnSocket(path)) return Promise.resolve({ kind: "lost" });
  if (seat.gone?.aborted) return Promise.resolve({ kind: "detached" });
  return new Promise((resolve) => {
    const socket = createConnection(path);
    const undo: (() => void)[] = [];
    const finish = (end: VisitEnd) => {
      for (const back of undo.splice(0)) back();
      socket.destroy();
      resolve(end);
    };
    const tellSize = () => {
      const size = seat.size();
      if (size) socket.write(encodeFrame({ type: "resize", ...size }));
    };
    const left = () => finish({ kind: "detached" });
    seat.gone?.addEventListener("abort", left, { once: true });
    undo.push(() => seat.gone?.removeEventListener("abort", left));
    const key = new DetachKey();
    const reader = new FrameReader((frame) => {
      if (frame.type === "output") seat.show(frame.bytes);
      if (frame.type === "seats") seat.seats?.(frame.count);
      if (frame.type === "exit") finish({ kind: "ended", code: frame.code });
    });
    socket.on("connect", () => {
      tellSize();
      if (counts && seat.seats) socket.write(encodeFrame({ type: "count" }));
      undo.push(seat.onResize(tellSize));
      const stop = seat.typed?.((bytes) => {
        const { pass, detach } = key.read(bytes);
        if (pass.length > 0) socket.write(encodeFrame({ type: "input", bytes: pass }));
        if (detach) finish({ kind: "detached" });
      });
      if (stop) undo.push(stop);
    });
    socket.on("data", (chunk: Buffer) => {
      if (!reader.push(chunk)) finish({ kind: "lost" });
    });
    socket.on("error", () => finish({ kind: "lost" }));
    socket.on("close", () => finish({ kind: "lost" }));
  });
}
