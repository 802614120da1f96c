import * as fs from "node:fs";
import { dirname } from "node:path";
import { sha256 } from "./digest";

/** Waits until the folder's own entries are on disk; without it a rename can be forgotten by a power cut. */
export function fsyncFolder(path: string): void {
  fsyncPath(path);
}

/** Waits until what a file or a folder holds is on disk, whoever wrote it. */
export function fsyncPath(path: string): void {
  const fd = fs.openSync(path, "r");
  try {
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}

/** Writes a whole new file and waits for the disk. The file must not exist yet, and a link is never followed. */
export function writeNew(path: string, text: string | Uint8Array, mode = 0o644): void {
  const flags = fs.constants.O_WRONLY | fs.constants.O_CREAT | fs.constants.O_EXCL | fs.constants.O_NOFOLLOW;
  const fd = fs.openSync(path, flags, mode);
  try {
    writeAll(fd, Buffer.from(text));
    fs.fsyncSync(fd);
  } catch (error) {
    fs.unlinkSync(path);
    throw error;
  } finally {
    fs.closeSync(fd);
  }
}

/** Writes every byte; `fs.writeSync` alone may stop half-way. */
function writeAll(fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += fs.writeSync(fd, bytes, at);
}

let counter = 0;

/** Replaces a file so that a reader, a crash or a power cut leaves the old text or the new one, never a mixture. */
export function writeAtomic(path: string, text: string | Uint8Array, mode = 0o644): void {
  const temp = `${path}.${process.pid}.${counter++}.${Math.random().toString(36).slice(2)}.tmp`;
  writeNew(temp, text, mode);
  try {
    fs.renameSync(temp, path);
  } catch (error) {
    fs.unlinkSync(temp);
    throw error;
  }
  fsyncFolder(dirname(path));
}

/** Appends in one go; on failure the file is put back to its old length, so that no half line stays. */
export function appendWhole(fd: number, text: string, sync: boolean): void {
  const before = fs.fstatSync(fd).size;
  try {
    writeAll(fd, Buffer.from(text));
    // The new size is part of what this waits for; only times of access and change are not.
    if (sync) fs.fdatasyncSync(fd);
  } catch (error) {
    fs.ftruncateSync(fd, before);
    throw error;
  }
}

/** A file's bytes, or undefined if there is no such file. Only regular files up to `limit` bytes are read. */
export function readIfThere(
  path: string,
  limit: number,
): { bytes: Buffer } | { problem: string; size?: number } | undefined {
  let fd: number;
  try {
    fd = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return code === "ENOENT" ? undefined : { problem: `can't be opened (${code})` };
  }
  try {
    const stat = fs.fstatSync(fd);
    if (!stat.isFile()) return { problem: "is not a regular file" };
    if (stat.size > limit) return { problem: `holds ${stat.size} bytes`, size: stat.size };
    return { bytes: fs.readFileSync(fd) };
  } catch (error) {
    return { problem: `can't be read (${(error as NodeJS.ErrnoException).code ?? String(error)})` };
  } finally {
    fs.closeSync(fd);
  }
}

/** Whether a file named by the digest of what it is to hold holds that: a crash may have come amid the writing. */
export function isWhole(path: string, digest: string, limit: number): boolean {
  const read = readIfThere(path, limit);
  return read !== undefined && "bytes" in read && sha256(read.bytes) === digest;
}
