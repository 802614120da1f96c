import { execFile } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { promisify } from "node:util";
import type { Check } from "../../core/views/check";
import { tryLock } from "../files/kernel-lock";
import { sandboxStanding } from "../sandbox/standing";

const run = promisify(execFile);
const childWaitMs = 20_000;
const leastBytes = 64 * 1024 * 1024;
const plentyBytes = 1024 * 1024 * 1024;

/** Looks at the machine; `folder` is the workspace's `.threados`, where there is one. */
export async function examineMachine(folder: string | undefined): Promise<Check[]> {
  const place = folder ?? tmpdir();
  return [runtime(), await git(), await sandbox(), await lock(place), disk(place)];
}

async function sandbox(): Promise<Check> {
  const standing = await sandboxStanding();
  const name = "sandbox";
  if (standing.holds) return { name, state: "good", needed: false, detail: standing.detail };
  const { isMissing, problem, remedy } = standing;
  const detail = isMissing ? `steps run unconfined: ${problem}` : problem;
  return { name, state: isMissing ? "missing" : "bad", needed: false, detail, hint: remedy };
}

function runtime(): Check {
  const { bun, node } = process.versions as { bun?: string; node: string };
  const [major = 0, minor = 0] = node.split(".").map(Number);
  const good = bun !== undefined || major > 22 || (major === 22 && minor >= 13);
  return {
    name: "runtime",
    state: good ? "good" : "bad",
    needed: true,
    detail: `${bun === undefined ? `Node ${node}` : `Bun ${bun}`} on ${process.platform} ${process.arch}`,
    ...(good ? {} : { hint: "install Bun (npm install bun), or Node 22.13 or newer" }),
  };
}

async function git(): Promise<Check> {
  try {
    const { stdout } = await run("git", ["--version"], { timeout: childWaitMs });
    return { name: "git", state: "good", needed: false, detail: stdout.trim() };
  } catch {
    const hint = "needed only for steps with isolation: worktree";
    return { name: "git", state: "missing", needed: false, detail: "there is no git on the PATH", hint };
  }
}

// A process of its own: within one process a second handle would say nothing about other processes.
const tryInChild = `
const { THREADOS_LOCK_TEST: path } = process.env;
const bun = process.getBuiltinModule("bun:sqlite");
const database = bun ? new bun.Database(path) : new (process.getBuiltinModule("node:sqlite").DatabaseSync)(path);
try {
  database.exec("PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE");
  console.log("taken");
} catch (error) {
  console.log(/locked|busy/i.test(String(error)) ? "refused" : String(error));
}`;

async function childTries(path: string): Promise<string> {
  const env = { ...process.env, THREADOS_LOCK_TEST: path };
  // Elsewhere: a bunfig.toml or .env of the folder one is in must have no say.
  const { stdout } = await run(process.execPath, ["-e", tryInChild], { env, cwd: "/", timeout: childWaitMs });
  return stdout.trim();
}

/** Holds a lock, sees that another process is refused it, lets go, and sees that it then gets it. */
async function lock(folder: string): Promise<Check> {
  const path = `${folder}/.doctor-${process.pid}.lock.tmp`;
  const bad = (detail: string): Check => ({
    name: "lock",
    state: "bad",
    needed: true,
    detail: `${folder}: ${detail}`,
    hint: "keep the workspace on a local file system; two commands at once could harm each other here",
  });
  try {
    const held = tryLock(path);
    if (!held) return bad("a fresh lock could not be taken");
    const during = await childTries(path);
    held.release();
    if (during !== "refused") return bad(`a second process was not kept out (${during})`);
    const afterwards = await childTries(path);
    if (afterwards !== "taken") return bad(`a released lock could not be taken (${afterwards})`);
    return { name: "lock", state: "good", needed: true, detail: `holds between processes in ${folder}` };
  } catch (error) {
    return bad(error instanceof Error ? error.message : String(error));
  } finally {
    fs.rmSync(path, { force: true });
  }
}

function disk(folder: string): Check {
  try {
    const { bavail, bsize } = fs.statfsSync(folder);
    const free = bavail * bsize;
    const detail = `${(free / 1024 ** 3).toFixed(1)} GiB free at ${folder}`;
    if (free >= plentyBytes) return { name: "disk", state: "good", needed: true, detail };
    const hint = "runs keep everything that steps print; make room";
    return { name: "disk", state: "bad", needed: free < leastBytes, detail, hint };
  } catch (error) {
    return { name: "disk", state: "missing", needed: false, detail: `can't be told (${String(error)})` };
  }
}
