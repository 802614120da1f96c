import * as fs from "node:fs";
import { join } from "node:path";
import { err, ok, type Result } from "../../core/result";
import type { EnginePort } from "../../runtime/ports";
import { readIfThere, writeAtomic } from "../files/atomic";
import { type HeldLock, tryLock, waitForLock } from "../files/kernel-lock";
import { isEngineOf } from "./is-engine";
import { signalIfThere } from "./tree";

const startWaitMs = 10_000;
const leaveWaitMs = 10_000;

interface EngineInfo {
  pid: number;
  fence: number;
  startedAt: string;
}

const pause = (ms: number) => new Promise((resume) => setTimeout(resume, ms));

/** The lease and whereabouts of the workspace's engine. `program` is the argv that starts `seqctl` again. */
export function engineProcess(folder: string, program: readonly string[]): EnginePort {
  const lockPath = join(folder, "engine.lock");
  const isEngine = (pid: number) => isEngineOf(pid, join(folder, ".."));
  const infoPath = join(folder, "state", "engine.json");
  const logPath = join(folder, "state", "engine.log");

  // As it was when the workspace was opened: a server changes it later for purposes of its own.
  const environment = { ...process.env };

  const isAlive = () => {
    if (!fs.existsSync(lockPath)) return false;
    const lock = tryLock(lockPath);
    lock?.release();
    return lock === undefined;
  };
  const info = (): EngineInfo | undefined => {
    const read = readIfThere(infoPath, 65_536);
    if (!read || "problem" in read) return undefined;
    try {
      return JSON.parse(read.bytes.toString("utf8")) as EngineInfo;
    } catch {
      return undefined;
    }
  };

  /** Starts an engine of its own session; its words go to a log, since nobody may be there to hear them. */
  const start = (held: boolean) => {
    fs.mkdirSync(join(folder, "state"), { recursive: true });
    const log = fs.openSync(logPath, "a", 0o644);
    try {
      const inherited = Object.entries(environment).filter(([name]) => !name.startsWith("THREADOS_ATTEMPT"));
      const env = Object.fromEntries(inherited) as NodeJS.ProcessEnv;
      const [file, ...args] = program as [string, ...string[]];
      // Loaded only now: most commands never start an engine, and all would pay for it.
      const { spawn } = process.getBuiltinModule("node:child_process");
      const words = ["-C", join(folder, ".."), "engine", "run", ...(held ? ["--held"] : [])];
      const child = spawn(file, [...args, ...words], {
        detached: true,
        stdio: [held ? "pipe" : "ignore", log, log],
        env,
      });
      child.on("error", () => undefined);
      // One that has ended already can't be told anything; `ensure` sees that it has.
      child.stdin?.on("error", () => undefined);
      child.unref();
      return child;
    } finally {
      fs.closeSync(log);
    }
  };

  let held: ReturnType<typeof start> | undefined;
  const warm = () => {
    try {
      if (!held && !isAlive()) held = start(true);
    } catch {
      // Whatever keeps it from starting is told by whoever needs it to.
    }
  };

  /** A fresh engine, or the one that is held back. */
  const launch = () => {
    if (fs.existsSync(logPath)) fs.truncateSync(logPath);
    const child = held;
    held = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return start(false);
    child.stdin?.end("go\n");
    return child;
  };

  /** Whoever holds the lease, once that one has said who it is. */
  const present = () => {
    const now = info();
    return now && isEngine(now.pid) && isAlive() ? now : undefined;
  };

  const ensure = async (): Promise<Result<{ pid: number }>> => {
    const deadline = performance.now() + startWaitMs;
    let child: ReturnType<typeof start> | undefined;
    while (performance.now() < deadline) {
      const now = present();
      if (now) return ok({ pid: now.pid });
      // Nothing was left to do for it, and it has gone again.
      if (child?.exitCode === 0) return ok({ pid: child.pid ?? 0 });
      if (child && (child.exitCode !== null || child.signalCode !== null)) break;
      if (!child && !isAlive()) child = launch();
      await pause(3);
    }
    const said = readIfThere(logPath, 65_536);
    const lines = said && "bytes" in said ? said.bytes.toString("utf8").trim().split("\n") : [];
    const words = lines.findLast((line) => /^(?:error|bug) /.test(line)) ?? lines.at(-1);
    return err({ code: "engine.failed", problem: words || "it gave no reason", log: logPath });
  };

  const stop = async (): Promise<Result<boolean>> => {
    if (!isAlive()) return ok(false);
    const deadline = performance.now() + leaveWaitMs;
    let asked: number | undefined;
    while (performance.now() < deadline) {
      if (!isAlive()) return ok(true);
      const pid = info()?.pid;
      if (pid !== undefined && pid !== asked && isEngine(pid)) {
        signalIfThere(pid, "SIGTERM");
        asked = pid;
      }
      await pause(10);
    }
    return err({
      code: "engine.busy",
      problem: `the engine${asked === undefined ? "" : ` (pid ${asked})`} did not leave within ${leaveWaitMs / 1000} s`,
    });
  };

  return { isAlive, info, warm, ensure, stop };
}

/** Takes the lease for this process; undefined if another engine holds it. */
export async function takeLease(folder: string, waitMs: number): Promise<HeldLock | undefined> {
  return waitForLock(join(folder, "engine.lock"), waitMs);
}

/** Whether the note that says who holds the lease is still there. */
export function isAnnounced(folder: string): boolean {
  return fs.existsSync(join(folder, "state", "engine.json"));
}

/** Tells others who holds the lease. */
export function announceEngine(folder: string, info: EngineInfo): void {
  fs.mkdirSync(join(folder, "state"), { recursive: true });
  writeAtomic(join(folder, "state", "engine.json"), JSON.stringify(info));
}

/** Names this start of the machine: after another one, nothing of before still runs. */
export function bootId(): string {
  try {
    return fs.readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return `since-${Math.round((Date.now() - process.getBuiltinModule("node:os").uptime() * 1000) / 10_000)}`;
  }
}
