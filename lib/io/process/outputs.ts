import * as fs from "node:fs";
import { join } from "node:path";
import { noteFile } from "../agents/attempt-report";

const fileName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
const reserved =
  /^(?:stdout\.log|stderr\.log|status\.json|agent\.json|order\.json|worktree\.json|inputs\.json|tty\.json|claim-.*|exit-.*|.*\.tmp)$/;
/** What the engine itself writes beside what an agent leaves, and nowhere else. */
const reservedOfAgents = "usage.json";
const maxFileBytes = 256 * 1024 * 1024;

/** Brings what a step left in its output folder into the attempt's folder: plain files only, no link is followed. Says what was left out. */
export function importOutputs(from: string, into: string): string[] {
  const leftOut: string[] = [];
  let entries: fs.Dirent[];
  try {
    // Most steps leave nothing, and a plain list is the cheaper one.
    if (fs.readdirSync(from).length === 0) return leftOut;
    entries = fs.readdirSync(from, { withFileTypes: true });
  } catch {
    return leftOut;
  }
  const isAgent = fs.existsSync(join(into, noteFile));
  for (const entry of entries) {
    const isReserved = reserved.test(entry.name) || (isAgent && entry.name === reservedOfAgents);
    const takes = entry.isFile() && fileName.test(entry.name) && !isReserved;
    if (!takes || !copyPlain(join(from, entry.name), join(into, entry.name))) leftOut.push(entry.name);
  }
  return leftOut;
}

/** Copies through file descriptors, so that what was checked is what is copied. */
function copyPlain(from: string, to: string): boolean {
  let source: number | undefined;
  let target: number | undefined;
  try {
    source = fs.openSync(from, fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW | fs.constants.O_NONBLOCK);
    const stat = fs.fstatSync(source);
    if (!stat.isFile() || stat.nlink !== 1 || stat.size > maxFileBytes) return false;
    // An engine that died may have brought it already; anything else under its name was put there by somebody.
    if (fs.lstatSync(to, { throwIfNoEntry: false })) return holdsSame(source, to);
    target = fs.openSync(`${to}.tmp`, "w", 0o644);
    const chunk = Buffer.alloc(Math.min(Math.max(stat.size, 1), 1024 * 1024));
    for (let read = fs.readSync(source, chunk); read > 0; read = fs.readSync(source, chunk)) {
      for (let at = 0; at < read; ) at += fs.writeSync(target, chunk, at, read - at);
    }
    // An engine that died on the way may have left a part; what stands under its name is always whole.
    fs.renameSync(`${to}.tmp`, to);
    return true;
  } catch {
    return false;
  } finally {
    if (source !== undefined) fs.closeSync(source);
    if (target !== undefined) fs.closeSync(target);
  }
}

/** Whether a plain file holds exactly what an open one does. */
function holdsSame(source: number, path: string): boolean {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = fs.constants;
  const other = fs.openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const [a, b] = [Buffer.alloc(1024 * 1024), Buffer.alloc(1024 * 1024)];
    if (fs.fstatSync(other).size !== fs.fstatSync(source).size) return false;
    for (let at = 0; ; ) {
      const read = fs.readSync(source, a, 0, a.length, at);
      if (fs.readSync(other, b, 0, b.length, at) !== read) return false;
      if (read === 0) return true;
      if (!a.subarray(0, read).equals(b.subarray(0, read))) return false;
      at += read;
    }
  } finally {
    fs.closeSync(other);
  }
}
