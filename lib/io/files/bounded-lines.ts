import * as fs from "node:fs";
import { ifReadable } from "./lines";

const newline = 10;
const chunkBytes = 1024 * 1024;

/**
 * Lines of a file that may be of any size, in bounded time and memory: of a file that is too large its beginning and
 * its end are read, and a line that is too long is passed over.
 */
export function boundedLines(
  path: string,
  { maxLineBytes, maxBytes }: { maxLineBytes: number; maxBytes: number },
): Generator<string> {
  return ifReadable(path, function* (fd) {
    const { size } = fs.fstatSync(fd);
    const head = size > maxBytes ? Math.min(chunkBytes, maxBytes >> 1) : size;
    yield* linesBetween(fd, 0, head, maxLineBytes);
    if (head < size) yield* linesBetween(fd, size - (maxBytes - head), size, maxLineBytes);
  });
}

/** A range that begins within a line yields that line's rest; no reader of records takes it for one. */
function* linesBetween(fd: number, from: number, to: number, maxLineBytes: number): Generator<string> {
  const chunk = Buffer.alloc(Math.min(chunkBytes, Math.max(1, to - from)));
  let held: Buffer[] = [];
  let heldBytes = 0;
  for (let at = from; at < to; ) {
    const read = fs.readSync(fd, chunk, 0, Math.min(chunk.length, to - at), at);
    if (read === 0) break;
    at += read;
    let start = 0;
    for (let end = chunk.indexOf(newline); end >= 0 && end < read; end = chunk.indexOf(newline, start)) {
      const length = heldBytes + end - start;
      if (length <= maxLineBytes) yield Buffer.concat([...held, chunk.subarray(start, end)]).toString("utf8");
      held = [];
      heldBytes = 0;
      start = end + 1;
    }
    heldBytes += read - start;
    if (heldBytes > maxLineBytes) held = [];
    else if (read > start) held.push(Buffer.from(chunk.subarray(start, read)));
  }
  if (heldBytes > 0 && heldBytes <= maxLineBytes) yield Buffer.concat(held).toString("utf8");
}
