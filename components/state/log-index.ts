import type { LogLines } from "./wire";

/** Where the lines of a log begin, as far as it was counted. Lines count from 0, places are bytes. */
export interface LogIndex {
  /** Of the whole file, as it was when it was looked at last. */
  size: number;
  /** How far it is counted. */
  end: number;
  /** Ends of lines up to there. */
  ends: number;
  /** Whether the last byte counted ends a line. */
  isEnded: boolean;
  /** Beginnings of lines, ascending; the first is the beginning of the file. */
  marks: { line: number; at: number }[];
}

/** A log that nobody has looked at yet. */
export const blankLog: LogIndex = { size: 0, end: 0, ends: 0, isEnded: true, marks: [{ line: 0, at: 0 }] };

/** Where counting goes on: at the last known beginning of a line, so that marks keep their distance while a log grows. */
export function resumeAt(index: LogIndex): { from: number; ends: number } {
  const last = index.marks.at(-1) ?? { line: 0, at: 0 };
  // A part without any mark in it is one endless line: that is not counted again and again.
  return index.end - last.at > 33_000_000
    ? { from: index.end, ends: index.ends }
    : { from: last.at, ends: last.line };
}

/** The index with a part counted on from where `resumeAt` said. */
export function addPart(
  index: LogIndex,
  ends: number,
  part: Pick<LogLines, "size" | "from" | "bytes" | "lines" | "ended" | "marks">,
): LogIndex {
  // The file became shorter: it is another one.
  if (part.size < index.end) return blankLog;
  return {
    size: part.size,
    end: part.from + part.bytes,
    ends: ends + part.lines,
    isEnded: part.bytes === 0 ? index.isEnded : part.ended,
    marks: [...index.marks, ...part.marks.map(([line, at]) => ({ line: ends + line, at }))],
  };
}

/** How many lines the log has; one that is still being written counts. */
export function lineCount({ ends, isEnded, end }: LogIndex): number {
  return ends + (isEnded || end === 0 ? 0 : 1);
}

/** A stretch of lines that is fetched as one. */
export interface Block {
  line: number;
  lines: number;
  from: number;
  to: number;
}

/** The number of the block that holds a line. */
export function blockOf(index: LogIndex, line: number): number {
  let [low, high] = [0, index.marks.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((index.marks[middle]?.line ?? 0) <= line) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The block of a number. */
export function blockAt(index: LogIndex, number: number): Block {
  const { line, at } = index.marks[number] ?? { line: 0, at: 0 };
  const next = index.marks[number + 1] ?? { line: lineCount(index), at: index.end };
  return { line, lines: next.line - line, from: at, to: next.at };
}
