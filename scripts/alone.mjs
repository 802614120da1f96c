// One process at a time in a folder, on any file system, with nothing installed yet.
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const POLL_MS = 200;
const MAX_AGE_MS = 1_800_000;
const RELEASED = "released";

/** Works while no other process does so in that folder; `onWait` is told once if one does. */
export async function alone(folder, work, onWait) {
  mkdirSync(folder, { recursive: true });
  let lock = take(folder);
  if (lock === undefined) onWait();
  for (; lock === undefined; lock = take(folder)) await sleep(POLL_MS);
  try {
    return await work();
  } finally {
    release(lock);
  }
}

/**
 * Takes the lock if nobody holds it: its path, or undefined. Locks are numbered, and the newest is the one that counts.
 * An abandoned one is never taken away, which two could do one after the other: the next is made, and that only one can.
 */
export function take(folder) {
  const newest = newestIn(folder);
  if (newest > 0 && !isFree(lockAt(folder, newest))) return undefined;
  const mine = newest + 1;
  try {
    writeFileSync(lockAt(folder, mine), String(process.pid), { flag: "wx" });
  } catch (error) {
    if (error.code === "EEXIST") return undefined;
    throw error;
  }
  // Who looked long ago makes one that others have left behind since.
  const isPast = newestIn(folder) > mine;
  for (const number of numbersIn(folder))
    if (number < mine || (isPast && number === mine)) rmSync(lockAt(folder, number), { force: true });
  return isPast ? undefined : lockAt(folder, mine);
}

/** Lets go of a lock. It stays there, so that the next one has a higher number. */
export function release(lock) {
  try {
    writeFileSync(lock, RELEASED, { flag: "r+" });
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
}

const lockAt = (folder, number) => join(folder, `lock-${number}`);

const numbersIn = (folder) =>
  readdirSync(folder)
    .map((name) => Number(/^lock-(\d+)$/.exec(name)?.[1] ?? 0))
    .filter((number) => number > 0);

const newestIn = (folder) => Math.max(0, ...numbersIn(folder));

function isFree(lock) {
  try {
    if (Date.now() - statSync(lock).mtimeMs > MAX_AGE_MS) return true;
    const said = readFileSync(lock, "utf8");
    if (said.startsWith(RELEASED)) return true;
    const pid = Number(said);
    if (pid > 0) process.kill(pid, 0);
    return false;
  } catch (error) {
    return error.code === "ESRCH";
  }
}
