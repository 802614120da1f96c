import { afterEach, describe, expect, test } from "bun:test";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { boundedLines } from "../../../lib/io/files/bounded-lines";

const folder = fs.mkdtempSync(join(tmpdir(), "threados-lines-"));
const path = join(folder, "log");
afterEach(() => fs.rmSync(path, { force: true }));

const wide = { maxLineBytes: 1 << 20, maxBytes: 1 << 24 };
const linesOf = (text: string | Uint8Array, limits = wide) => {
  fs.writeFileSync(path, text);
  return [...boundedLines(path, limits)];
};

describe("a log read by lines", () => {
  test("gives every line, the unfinished last one too", () => {
    expect(linesOf("a\n\nb\nlast")).toEqual(["a", "", "b", "last"]);
    expect(linesOf("a\n")).toEqual(["a"]);
    expect(linesOf("")).toEqual([]);
    expect([...boundedLines(join(folder, "absent"), wide)]).toEqual([]);
  });

  test("passes over lines that are too long and goes on behind them", () => {
    const long = "x".repeat(3 << 20);
    expect(linesOf(`a\n${long}\nb\n${long}`)).toEqual(["a", "b"]);
  });

  test("keeps lines whole that stand across the pieces in which it is read", () => {
    const long = "é".repeat(400_000);
    expect(linesOf(`${long}\n${long}\nend\n`, { ...wide, maxLineBytes: 1 << 22 })).toEqual([
      long,
      long,
      "end",
    ]);
  });

  test("of a file that is too large gives the beginning and the end", () => {
    const lines = Array.from({ length: 2000 }, (_, index) => `line ${index}`);
    const read = linesOf(lines.join("\n"), { ...wide, maxBytes: 1000 });
    expect(read[0]).toBe("line 0");
    expect(read.at(-1)).toBe("line 1999");
    expect(read.length).toBeLessThan(120);
  });

  test("agrees with a plain split, whatever the lines", () => {
    const line = fc.string({ unit: "grapheme" }).map((text) => text.replaceAll("\n", ""));
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        expect(linesOf(lines.map((one) => `${one}\n`).join(""))).toEqual(lines);
      }),
    );
  });
});
