import * as fs from "node:fs";
import { dirname, join } from "node:path";
import type { StuckFile } from "../../runtime/worktree-ports";
import { fsyncFolder, fsyncPath, readIfThere } from "../files/atomic";
import { sha256 } from "../files/digest";
import { statOf } from "./stat";

/** What stands beside the staged files: where they go, and what is there before (SHA-256, null for nothing). */
export interface Manifest {
  top: string;
  digest: string;
  writes: { path: string; before: string | null }[];
  removes: { path: string; before: string | null }[];
}

const maxManifestBytes = 256 * 1024 * 1024;
const tempName = ".threados-pick.tmp";

/** Whether every folder above a file is a folder, or not there yet: through a link it would land elsewhere. */
export function hasPlainParents(top: string, path: string): boolean {
  for (let at = dirname(path); at !== "."; at = dirname(at)) {
    const stat = statOf(join(top, at));
    if (stat && !stat.isDirectory()) return false;
  }
  return true;
}

/** What stands at a path, as a digest: of a file its bytes, of a link where it leads; null for nothing. */
export function contentOf(path: string): string | null {
  const stat = statOf(path);
  if (!stat) return null;
  if (stat.isSymbolicLink()) return `link ${fs.readlinkSync(path)}`;
  return stat.isFile() ? sha256(fs.readFileSync(path)) : "other";
}

/** The first folder that files of a patch go into or leave and that may not be written to; undefined if there is none. */
export function shutFolder(
  top: string,
  paths: readonly string[],
): { path: string; problem: string; hint: string } | undefined {
  for (const folder of new Set(paths.map((path) => standing(top, dirname(path))))) {
    try {
      fs.accessSync(join(top, folder), fs.constants.W_OK | fs.constants.X_OK);
    } catch (error) {
      const problem = `can't be written to (${codeOf(error)}), and the patch changes files in it`;
      return { path: folder, problem, hint: "check who owns the folder and its permissions" };
    }
  }
  return undefined;
}

/** Waits until staged files and the folders they stand in are on disk. */
export function fsyncFiles(folder: string, paths: readonly string[]): void {
  for (const path of paths) if (fs.lstatSync(join(folder, path)).isFile()) fsyncPath(join(folder, path));
  for (const within of foldersOf(paths)) fsyncFolder(join(folder, within));
}

/**
 * Moves the staged files into place, one rename each; tells which could not be moved, and then keeps all that is staged.
 * Repeated after a crash it does what is left; what somebody changed meanwhile stays.
 */
export function publishStaged(folder: string, digest: string): StuckFile[] {
  const staged = join(folder, `pick-${digest}.tmp`);
  // A candidate that changed nothing leaves nothing to stage.
  if (!statOf(staged)) return [];
  const manifest = readManifest(join(staged, "manifest.json"));
  if (!manifest)
    return [{ path: `.threados/pick-${digest}.tmp/manifest.json`, problem: "is gone or not whole" }];
  const { top, writes, removes } = manifest;
  const stuck: StuckFile[] = [];
  const trying = (path: string, work: () => void) => {
    try {
      work();
    } catch (error) {
      stuck.push({ path, problem: codeOf(error) });
    }
  };
  const isUntouched = (path: string, before: string | null) =>
    hasPlainParents(top, path) && contentOf(join(top, path)) === before;
  for (const { path, before } of removes)
    trying(path, () => {
      if (before === null || !isUntouched(path, before)) return;
      fs.unlinkSync(join(top, path));
      removeEmpty(top, dirname(path));
    });
  for (const { path, before } of writes)
    trying(path, () => {
      const from = join(staged, "files", path);
      if (!statOf(from) || !isUntouched(path, before)) return;
      fs.mkdirSync(dirname(join(top, path)), { recursive: true });
      move(from, join(top, path));
    });
  if (stuck.length > 0) return stuck;
  for (const within of new Set([...writes, ...removes].map(({ path }) => standing(top, dirname(path)))))
    try {
      fsyncFolder(join(top, within));
    } catch (error) {
      // Where a folder may not be read nobody can wait for it; the file is there all the same.
      codeOf(error);
    }
  fs.rmSync(staged, { recursive: true, force: true });
  return [];
}

function readManifest(path: string): Manifest | undefined {
  const read = readIfThere(path, maxManifestBytes);
  if (!read || "problem" in read) return undefined;
  try {
    return JSON.parse(read.bytes.toString("utf8")) as Manifest;
  } catch {
    return undefined;
  }
}

/** What the system calls its refusal; anything else is a bug and goes on up. */
function codeOf(error: unknown): string {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (!code || !syscall) throw error;
  return `${syscall}: ${code}`;
}

/** A rename, or where the folder is on another file system a copy beside the place and then a rename. */
function move(from: string, to: string): void {
  try {
    fs.renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EXDEV") throw error;
    copyAcross(from, to);
  }
}

function copyAcross(from: string, to: string): void {
  const temp = join(dirname(to), tempName);
  fs.rmSync(temp, { force: true });
  const stat = fs.lstatSync(from);
  try {
    if (stat.isSymbolicLink()) fs.symlinkSync(fs.readlinkSync(from), temp);
    else {
      fs.copyFileSync(from, temp, fs.constants.COPYFILE_EXCL);
      fs.chmodSync(temp, stat.mode & 0o777);
      fsyncPath(temp);
    }
    fs.renameSync(temp, to);
  } finally {
    fs.rmSync(temp, { force: true });
  }
}

/** The nearest folder from one upwards that is there. */
function standing(top: string, folder: string): string {
  let at = folder;
  while (at !== "." && !statOf(join(top, at))?.isDirectory()) at = dirname(at);
  return at;
}

/** Every folder on the way to files, the innermost first. */
function foldersOf(paths: readonly string[]): string[] {
  const found = new Set<string>(["."]);
  for (const path of paths) for (let at = dirname(path); at !== "."; at = dirname(at)) found.add(at);
  return [...found].sort((a, b) => b.length - a.length);
}

/** Git knows no empty folders. */
function removeEmpty(top: string, from: string): void {
  for (let at = from; at !== "."; at = dirname(at)) {
    try {
      fs.rmdirSync(join(top, at));
    } catch {
      return;
    }
  }
}
