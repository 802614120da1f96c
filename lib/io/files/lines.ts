import * as fs from "node:fs";

const chunkBytes = 64 * 1024;
const newline = 10;

/** Opens what is not open yet; a missing file is undefined, and one that can't be opened is not that. */
function opened(file: string | number): number | undefined {
  if (typeof file === "number") return file;
  try {
    return fs.openSync(file, "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** What a reader finds in a file; nothing where the file can't be opened, for whoever goes on without it. */
export function* ifReadable<Found>(path: string, read: (fd: number) => Generator<Found>): Generator<Found> {
  let fd: number;
  try {
    fd = fs.openSync(path, "r");
  } catch {
    return;
  }
  try {
    yield* read(fd);
  } finally {
    fs.closeSync(fd);
  }
}

/** What a descriptor is refused says nothing of the file that it is. */
const inFile = (error: unknown, file: string | number) =>
  error instanceof Error && typeof file === "string" ? Object.assign(error, { path: file }) : error;

/** Whole lines of a file (by its path, or open already) from the last to the first; a torn last line is passed over. */
export function* linesBackwards(file: string | number): Generator<string> {
  const fd = opened(file);
  if (fd === undefined) return;
  try {
    let end = fs.fstatSync(fd).size;
    let rest: Buffer = Buffer.alloc(0);
    let first = true;
    while (end > 0) {
      const start = Math.max(0, end - chunkBytes);
      const chunk = Buffer.alloc(end - start);
      fs.readSync(fd, chunk, 0, chunk.length, start);
      const text: Buffer = Buffer.concat([chunk, rest]);
      let lineEnd = text.length;
      for (
        let at = text.lastIndexOf(newline, lineEnd - 1);
        at >= 0;
        at = at > 0 ? text.lastIndexOf(newline, at - 1) : -1
      ) {
        if (!first) yield text.toString("utf8", at + 1, lineEnd);
        first = false;
        lineEnd = at;
      }
      rest = text.subarray(0, lineEnd);
      end = start;
    }
    if (!first) yield rest.toString("utf8");
  } catch (error) {
    throw inFile(error, file);
  } finally {
    if (fd !== file) fs.closeSync(fd);
  }
}

/**
 * Whole lines from the first to the last with their numbers, in bounded memory. The bytes are good until the next line
 * is asked for. With `torn` a last line without an end counts too.
 */
export function* linesForwards(
  file: string | number,
  torn = false,
): Generator<{ bytes: Buffer; number: number }> {
  const fd = opened(file);
  if (fd === undefined) return;
  try {
    const chunk = Buffer.alloc(16 * chunkBytes);
    let rest = Buffer.alloc(0);
    let number = 0;
    let from = 0;
    for (let read = fs.readSync(fd, chunk, 0, chunk.length, from); read > 0; ) {
      from += read;
      const text = rest.length > 0 ? Buffer.concat([rest, chunk.subarray(0, read)]) : chunk.subarray(0, read);
      let start = 0;
      for (let at = text.indexOf(newline); at >= 0; at = text.indexOf(newline, start)) {
        yield { bytes: text.subarray(start, at), number: ++number };
        start = at + 1;
      }
      rest = Buffer.from(text.subarray(start));
      read = fs.readSync(fd, chunk, 0, chunk.length, from);
    }
    if (torn && rest.length > 0) yield { bytes: rest, number: ++number };
  } catch (error) {
    throw inFile(error, file);
  } finally {
    if (fd !== file) fs.closeSync(fd);
  }
}

/** Bytes behind the last newline: a line that was never finished. */
export function tornBytes(path: string): number {
  const size = fs.statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size === 0) return 0;
  const fd = fs.openSync(path, "r");
  try {
    const chunk = Buffer.alloc(Math.min(size, chunkBytes));
    for (let end = size; end > 0; end -= chunk.length) {
      const start = Math.max(0, end - chunk.length);
      fs.readSync(fd, chunk, 0, end - start, start);
      const at = chunk.subarray(0, end - start).lastIndexOf(newline);
      if (at >= 0) return size - (start + at + 1);
    }
    return size;
  } catch (error) {
    throw inFile(error, path);
  } finally {
    fs.closeSync(fd);
  }
}

/** Moves the torn bytes at a file's end into a file beside it, and cuts them off. */
export function cutTornBytes(path: string, torn: number): void {
  const size = fs.statSync(path).size;
  const kept = size - torn;
  const fd = fs.openSync(path, "r+");
  try {
    const bytes = Buffer.alloc(torn);
    fs.readSync(fd, bytes, 0, torn, kept);
    fs.writeFileSync(`${path}.torn-${kept}`, bytes, { flush: true });
    fs.ftruncateSync(fd, kept);
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}
