import * as fs from "node:fs";
import { createServer, type Socket } from "node:net";
import { encodeFrame, type Frame, FrameReader } from "./frames";
import { Replay } from "./replay";

const replayBytes = 65_536;
/** What may wait for a client before it counts as gone: more than a screenful of anything, less than would hurt. */
const maxWaitingBytes = 1_048_576;
const maxClients = 32;
const farewellMs = 500;

/** What clients may do to a terminal. */
export interface TerminalControls {
  input(bytes: Uint8Array): void;
  resize(cols: number, rows: number): void;
}

/** Those who look at a terminal over its socket. None of them can hold it up: who is too slow is put off. */
export class TerminalClients {
  private readonly sockets = new Set<Socket>();
  /** Those who want to know how many sit here. */
  private readonly counting = new Set<Socket>();
  private readonly replay = new Replay(replayBytes);
  private readonly server: ReturnType<typeof createServer>;
  private readonly path: string;

  constructor(path: string, controls: TerminalControls) {
    this.path = path;
    this.server = createServer((socket) => this.welcome(socket, controls));
  }

  /** Begins to listen; the socket is reachable once this resolves. */
  listen(): Promise<void> {
    fs.rmSync(this.path, { force: true });
    return new Promise((resolve, reject) => {
      this.server.once("error", reject);
      this.server.listen(this.path, resolve);
    });
  }

  output(bytes: Uint8Array): void {
    this.replay.add(bytes);
    if (this.sockets.size === 0) return;
    const frame = encodeFrame({ type: "output", bytes });
    for (const socket of this.sockets) this.send(socket, frame);
  }

  /** Tells all how it ended and lets them go, without waiting for anyone who does not listen. */
  async exit(code: number): Promise<void> {
    this.counting.clear();
    const farewell = encodeFrame({ type: "exit", code });
    const gone = [...this.sockets].map(
      (socket) =>
        new Promise<void>((resolve) => {
          socket.once("close", () => resolve());
          socket.end(farewell);
          setTimeout(() => socket.destroy(), farewellMs).unref();
        }),
    );
    this.server.close();
    await Promise.all(gone);
    fs.rmSync(this.path, { force: true });
  }

  private welcome(socket: Socket, controls: TerminalControls): void {
    if (this.sockets.size >= maxClients) {
      socket.destroy();
      return;
    }
    this.sockets.add(socket);
    this.tellSeats();
    socket.on("close", () => {
      this.sockets.delete(socket);
      this.counting.delete(socket);
      this.tellSeats();
    });
    socket.on("error", () => socket.destroy());
    const reader = new FrameReader((frame) => {
      if (frame.type === "count") this.countFor(socket);
      else obey(frame, controls);
    });
    socket.on("data", (chunk: Buffer) => {
      if (!reader.push(chunk)) socket.destroy();
    });
    const before = this.replay.bytes();
    if (before.length > 0) this.send(socket, encodeFrame({ type: "output", bytes: before }));
  }

  private countFor(socket: Socket): void {
    this.counting.add(socket);
    this.tellSeats([socket]);
  }

  private tellSeats(to: Iterable<Socket> = this.counting): void {
    const frame = encodeFrame({ type: "seats", count: this.sockets.size });
    for (const socket of to) if (socket.writable) this.send(socket, frame);
  }

  private send(socket: Socket, frame: Buffer): void {
    if (socket.writableLength + frame.length > maxWaitingBytes) socket.destroy();
    else socket.write(frame);
  }
}

function obey(frame: Frame, controls: TerminalControls): void {
  if (frame.type === "input") controls.input(frame.bytes);
  if (frame.type === "resize") controls.resize(frame.cols, frame.rows);
}
