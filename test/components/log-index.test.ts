import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  addPart,
  blankLog,
  blockAt,
  blockOf,
  type LogIndex,
  lineCount,
  resumeAt,
} from "../../components/state/log-index";

const newline = 10;

/** Counts as the server does, but with a mark after every so many lines and at most so many bytes at a time. */
function count(bytes: Uint8Array, from: number, every: number, most: number) {
  const part = bytes.subarray(from, from + most);
  const marks: [number, number][] = [];
  let lines = 0;
  for (const [at, byte] of part.entries()) {
    if (byte !== newline) continue;
    lines += 1;
    if (lines % every === 0) marks.push([lines, from + at + 1]);
  }
  const ended = part.at(-1) === newline;
  return { size: bytes.length, from, bytes: part.length, lines, ended, marks };
}

/** Reads on to the end of a log. */
function readOn(index: LogIndex, bytes: Uint8Array, every: number, most: number): LogIndex {
  let now = index;
  while (now.end < bytes.length || now.size > bytes.length) {
    const { from, ends } = resumeAt(now);
    now = addPart(now, ends, count(bytes, from, every, most));
  }
  return now;
}

const log = fc
  .array(fc.constantFrom("a", "bc", "", "long line", "ü"), { maxLength: 60 })
  .chain((lines) => fc.boolean().map((ended) => lines.join("\n") + (ended && lines.length > 0 ? "\n" : "")));

describe("the index of a log", () => {
  test("knows every line's place, however it was counted and however it grew", () => {
    fc.assert(
      fc.property(
        log,
        fc.nat(),
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 400, max: 2000 }),
        (text, cut, every, most) => {
          const bytes = new TextEncoder().encode(text);
          const first = readOn(blankLog, bytes.subarray(0, cut % (bytes.length + 1)), every, most);
          const index = readOn(first, bytes, every, most);
          const lines = text.split("\n");
          if (lines.at(-1) === "") lines.pop();
          expect(lineCount(index)).toBe(lines.length);
          for (const line of lines.keys()) {
            const block = blockAt(index, blockOf(index, line));
            const own = new TextDecoder().decode(bytes.subarray(block.from, block.to)).split("\n");
            expect(own[line - block.line]).toBe(lines[line] as string);
            expect(line - block.line).toBeLessThan(block.lines);
          }
        },
      ),
    );
  });

  test("begins anew when the file has become shorter, for then it is another one", () => {
    const before = readOn(blankLog, new TextEncoder().encode("one\ntwo\n"), 1, 100);
    expect(addPart(before, 0, count(new TextEncoder().encode("x\n"), 0, 1, 100))).toEqual(blankLog);
  });
});
