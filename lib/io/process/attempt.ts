import * as fs from "node:fs";
import { dirname } from "node:path";
import { isShimOf } from "./tree";

/** What an attempt's folder says about its newest spawn. */
interface AttemptTraces {
  /** Number of the newest spawn that was claimed; 0 if none was. */
  spawn: number;
  pid: number | undefined;
  /** The command's exit code, once the shim has written it. */
  code: number | undefined;
}

/** A short record the shim writes in one go; without its newline it counts as not written. */
function readNumber(path: string): number | undefined {
  try {
    const text = fs.readFileSync(path, "utf8");
    return /^\d+\n$/.test(text) ? Number(text) : undefined;
  } catch {
    return undefined;
  }
}

/** The exit code a spawn left, or undefined while there is none. */
export function exitCodeOf(folder: string, spawn: number): number | undefined {
  return readNumber(`${folder}/exit-${spawn}`);
}

/** When a spawn left its exit code (ms since the epoch). */
export function exitTimeOf(folder: string, spawn: number): number | undefined {
  const stat = fs.statSync(`${folder}/exit-${spawn}`, { throwIfNoEntry: false });
  return stat && Math.round(stat.mtimeMs);
}

/** Reads what the shim left in an attempt's folder; undefined if there is no such folder. */
export function readTraces(folder: string): AttemptTraces | undefined {
  let names: string[];
  try {
    names = fs.readdirSync(folder);
  } catch {
    return undefined;
  }
  const claims = names.flatMap((name) => /^claim-(\d+)$/.exec(name)?.[1] ?? []).map(Number);
  const spawn = Math.max(0, ...claims);
  return { spawn, pid: readNumber(`${folder}/claim-${spawn}`), code: exitCodeOf(folder, spawn) };
}

/** Takes a spawn number away from a shim that may still be about to start; false if the shim was faster. */
export function revokeSpawn(folder: string, spawn: number): boolean {
  try {
    fs.writeFileSync(`${folder}/claim-${spawn}`, "revoked\n", { flag: "wx" });
    return true;
  } catch {
    return false;
  }
}

/** What the newest spawn left for an engine that takes over; undefined if none can have begun, nor will. */
export function settledTraces(folder: string): AttemptTraces | undefined {
  let traces = readTraces(folder);
  if (!traces) return undefined;
  if (traces.spawn === 0) {
    if (revokeSpawn(folder, 1)) return undefined;
    traces = readTraces(folder) ?? traces;
  }
  if (isRevoked(folder, traces.spawn)) {
    // The engine that revoked it may have started the next one before it died itself.
    if (revokeSpawn(folder, traces.spawn + 1)) return undefined;
    traces = readTraces(folder) ?? traces;
  }
  // The claim is created an instant before its pid is written; on a busy machine that can take its time.
  for (let looks = 0; traces.pid === undefined && looks < 200; looks++) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    traces = readTraces(folder) ?? traces;
  }
  return traces;
}

/** Whether the shim of the newest spawn is a living process. */
export function shimAlive(folder: string, traces: AttemptTraces): boolean {
  return traces.pid !== undefined && isShimOf(traces.pid, folder);
}

/** Whether a spawn number was taken away before its shim began. */
function isRevoked(folder: string, spawn: number): boolean {
  try {
    return fs.readFileSync(`${folder}/claim-${spawn}`, "utf8") === "revoked\n";
  } catch {
    return false;
  }
}

/** Points `<step>/stdout.log` and its siblings at the newest attempt, by relative links. */
export function linkNewest(folder: string, attempt: number): void {
  const step = dirname(dirname(folder));
  for (const name of ["stdout.log", "stderr.log", "status.json"]) {
    const link = `${step}/${name}`;
    const target = `attempts/${attempt}/${name}`;
    // Of a first attempt, as most are, nothing stands there yet.
    if (attempt === 1 && isLinked(target, link)) continue;
    if (targetOf(link) === target) continue;
    fs.rmSync(link, { force: true });
    fs.symlinkSync(target, link);
  }
}

/** False if something stands there already. */
function isLinked(target: string, link: string): boolean {
  try {
    fs.symlinkSync(target, link);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function targetOf(link: string): string | undefined {
  try {
    return fs.readlinkSync(link);
  } catch {
    return undefined;
  }
}

/** `run/step/attempt`: what `THREADOS_ATTEMPT` says in each process of the tree. */
export function mark(of: { run: string; step: string; attempt: number }): string {
  return `${of.run}/${of.step}/${of.attempt}`;
}
