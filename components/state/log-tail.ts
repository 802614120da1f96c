import type { LogChunk } from "./wire";

/** The last part of an output stream, as far as it has been read. Positions count bytes. */
export interface LogTail {
  text: string;
  /** Where the text begins; more than 0 when earlier output was left out. */
  from: number;
  /** Where the next read begins. */
  next: number;
}

const firstReadBytes = 64 * 1024;
const keptCharacters = 256 * 1024;
/** So many reads follow one another before the page draws what it has; further back than they reach, the rest is skipped. */
const readsAtOnce = 4;

/** Reads on to the end of the stream: from 64 KB before it at first, then from where the last read ended. */
export async function readOn(
  tail: LogTail | undefined,
  read: (from: number) => Promise<LogChunk>,
): Promise<LogTail> {
  let now = tail;
  for (let i = 0; ; i++) {
    const chunk = await read(now ? now.next : -firstReadBytes);
    const grown = appendChunk(now, chunk);
    if (grown.next >= chunk.size || chunk.bytes === 0 || i >= readsAtOnce) return grown;
    now = chunk.size - grown.next > readsAtOnce * firstReadBytes ? undefined : grown;
  }
}

/** The tail with a chunk at its end; one that does not join on (the file became shorter) starts the text afresh. */
export function appendChunk(tail: LogTail | undefined, chunk: LogChunk): LogTail {
  const next = chunk.from + chunk.bytes;
  if (!tail || chunk.from !== tail.next) return { text: chunk.text, from: chunk.from, next };
  if (chunk.bytes === 0) return tail;
  const text = tail.text + chunk.text;
  if (text.length <= keptCharacters) return { text, from: tail.from, next };
  const kept = text.slice(text.indexOf("\n", text.length - keptCharacters) + 1);
  return { text: kept, from: next - new TextEncoder().encode(kept).length, next };
}
