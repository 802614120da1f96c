import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import type { Server, Socket } from "node:net";
import type { Readable } from "node:stream";
import { doorVariable, maxRequestBytes } from "../../core/door";
import type { Failure } from "../../core/failure";
import { err } from "../../core/result";
import type { AttemptId } from "../../core/step-token";
import { linesOf } from "../line-stream";
import { mark } from "../process/attempt";
import { type Doorway, doorwayOf } from "./place";

/** How long a caller may take to say what it wants, in ms. */
const requestWaitMs = 10_000;
/** Callers of one attempt that are listened to at a time. */
const maxCallers = 8;

const refusal = (failure: Failure) => `${JSON.stringify(err(failure))}\n`;

/**
 * The doors of the attempts in sandboxes: a socket each, held by the engine. What comes in is one line; it is handed to a
 * process of its own, which is started when somebody first calls. The engine itself reads nothing of it, so that neither what a
 * step sends nor a costly answer can hold it up.
 */
export class DoorRelay {
  private readonly doors = new Map<string, { server: Server; callers: Set<Socket> }>();
  private readonly waiting = new Map<number, Socket>();
  private answerer: ChildProcess | undefined;
  private asked = 0;

  private readonly root: string;
  private readonly program: readonly string[];

  constructor(root: string, program: readonly string[]) {
    this.root = root;
    this.program = program;
  }

  /** Opens the door of an attempt; undefined where no private folder can be had: the step does without. */
  open(attempt: AttemptId): Doorway | undefined {
    const place = doorwayOf(this.root, attempt);
    if (!place.ok) return undefined;
    const { folder, socket } = place.value;
    if (this.doors.has(mark(attempt))) return place.value;
    try {
      fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
      // An engine that was killed has left its own.
      fs.rmSync(socket, { force: true });
    } catch {
      return undefined;
    }
    const callers = new Set<Socket>();
    // Loaded only now: most engines never open a door, and all would pay for it.
    const { createServer } = process.getBuiltinModule("node:net");
    const server = createServer((caller) => this.listen(attempt, caller, callers));
    // A door that can't be opened fails nothing else: whoever knocks is told that it is closed.
    server.on("error", () => this.doors.delete(mark(attempt)));
    server.listen(socket);
    // It must not keep an engine that has nothing else to do.
    server.unref();
    this.doors.set(mark(attempt), { server, callers });
    return place.value;
  }

  /** Opens the door of an attempt that another engine started, if it had one. */
  reopen(attempt: AttemptId): void {
    const place = doorwayOf(this.root, attempt);
    if (place.ok && fs.existsSync(place.value.folder)) this.open(attempt);
  }

  /** Closes the door of an attempt that has ended. */
  close(attempt: AttemptId): void {
    this.shut(mark(attempt));
    const place = doorwayOf(this.root, attempt);
    if (place.ok) fs.rmSync(place.value.folder, { recursive: true, force: true });
  }

  /** Leaves the doors to the next engine. */
  end(): void {
    for (const name of [...this.doors.keys()]) this.shut(name);
    this.answerer?.stdin?.end();
    this.answerer?.unref();
    this.answerer = undefined;
  }

  private shut(name: string): void {
    const door = this.doors.get(name);
    this.doors.delete(name);
    door?.server.close();
    for (const caller of door?.callers ?? []) caller.destroy();
  }

  private listen(attempt: AttemptId, caller: Socket, callers: Set<Socket>): void {
    if (callers.size >= maxCallers) {
      caller.destroy();
      return;
    }
    callers.add(caller);
    const parts: Buffer[] = [];
    let bytes = 0;
    const refuse = (problem: string) => {
      caller.removeAllListeners("data");
      caller.end(refusal({ code: "input.invalid", problem }));
    };
    caller.setTimeout(requestWaitMs, () => caller.destroy());
    caller.on("error", () => caller.destroy());
    caller.on("close", () => callers.delete(caller));
    caller.on("data", (chunk: Buffer) => {
      const end = chunk.indexOf(10);
      parts.push(end < 0 ? chunk : chunk.subarray(0, end));
      bytes += parts.at(-1)?.length ?? 0;
      if (bytes > maxRequestBytes) refuse(`the request is larger than ${maxRequestBytes} bytes`);
      else if (end >= 0) {
        caller.removeAllListeners("data");
        caller.setTimeout(0);
        this.ask(attempt, Buffer.concat(parts).toString("utf8"), caller);
      }
    });
  }

  private ask(attempt: AttemptId, text: string, caller: Socket): void {
    const id = ++this.asked;
    this.waiting.set(id, caller);
    caller.on("close", () => this.waiting.delete(id));
    const { run, step, attempt: number } = attempt;
    const line = JSON.stringify({ id, attempt: { run, step, attempt: number }, text });
    this.answering().stdin?.write(`${line}\n`);
  }

  private answering(): ChildProcess {
    if (this.answerer) return this.answerer;
    const [file, ...args] = this.program as [string, ...string[]];
    // Whatever the engine was started from, this process speaks for nobody but whom it is told.
    const inherited = Object.entries(process.env).filter(([name]) => name !== doorVariable);
    const env = Object.fromEntries(inherited) as NodeJS.ProcessEnv;
    const words = [...args, "-C", this.root, "engine", "door"];
    const child = spawn(file, words, { cwd: this.root, env, stdio: ["pipe", "pipe", "inherit"] });
    const gone = () => {
      if (this.answerer !== child) return;
      this.answerer = undefined;
      for (const caller of this.waiting.values())
        caller.end(refusal({ code: "door.closed", problem: "the answer broke off" }));
      this.waiting.clear();
    };
    child.on("error", gone);
    child.on("exit", gone);
    child.stdin?.on("error", () => undefined);
    // Its pipe broke: `gone` tells those who wait, and an answer cut short is none.
    void this.handBack(child.stdout as Readable).catch(() => child.kill());
    this.answerer = child;
    return child;
  }

  /** Takes each answer to whoever waits for it, until the process that gives them ends. */
  private async handBack(answers: Readable): Promise<void> {
    for await (const line of linesOf(answers)) {
      const at = line.indexOf(" ");
      const id = Number(line.slice(0, at));
      const caller = this.waiting.get(id);
      this.waiting.delete(id);
      // Who does not read its answer does not keep it here for long.
      caller?.setTimeout(requestWaitMs, () => caller.destroy());
      caller?.end(`${line.slice(at + 1)}\n`);
    }
  }
}
