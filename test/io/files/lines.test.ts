import { afterEach, describe, expect, test } from "bun:test";
import * as fs from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { cutTornBytes, linesBackwards, linesForwards, tornBytes } from "../../../lib/io/files/lines";
import { scratch, sweep } from "../../rig/scratch";

afterEach(sweep);

/** Whole lines as `split` sees them: what stands behind the last newline is none. */
const whole = (text: string) => text.split("\n").slice(0, -1);

const long = fc.integer({ min: 0, max: 200_000 }).map((length) => "ü".repeat(length / 2));
const texts = fc
  .array(fc.oneof(fc.string({ unit: "grapheme" }), fc.constantFrom("", "\n", "\n\n", "€"), long), {
    maxLength: 6,
  })
  .map((parts) => parts.join("\n"));

describe("lines", () => {
  test("forwards are what split gives, with their numbers", () => {
    const path = join(scratch(), "log");
    fc.assert(
      fc.property(texts, (text) => {
        fs.writeFileSync(path, text);
        const found = Array.from(linesForwards(path), ({ bytes, number }) => ({
          line: bytes.toString("utf8"),
          number,
        }));
        expect(found.map(({ line }) => line)).toEqual(whole(text));
        expect(found.map(({ number }) => number)).toEqual(found.map((_, i) => i + 1));
      }),
      { numRuns: 100 },
    );
  });

  test("backwards are the same from the last to the first", () => {
    const path = join(scratch(), "log");
    fc.assert(
      fc.property(texts, (text) => {
        fs.writeFileSync(path, text);
        expect([...linesBackwards(path)]).toEqual(whole(text).reverse());
      }),
      { numRuns: 100 },
    );
  });

  test("of a missing file are none, and neither has it a torn end", () => {
    const path = join(scratch(), "missing");
    expect([[...linesForwards(path)], [...linesBackwards(path)], tornBytes(path)]).toEqual([[], [], 0]);
  });

  test("of a file that can't be opened are not none: the error names it", () => {
    const path = join(scratch(), "circle");
    fs.symlinkSync(path, path);
    for (const lines of [linesForwards, linesBackwards])
      expect(() => [...lines(path)]).toThrow(expect.objectContaining({ code: "ELOOP", path }));
  });

  test("left half-way keep no file open", () => {
    const path = join(scratch(), "log");
    fs.writeFileSync(path, "a\nb\nc\n");
    const count = () => fs.readdirSync("/proc/self/fd").length;
    const before = count();
    for (let i = 0; i < 20; i++) {
      for (const _ of linesForwards(path)) break;
      for (const _ of linesBackwards(path)) break;
    }
    expect(count()).toBe(before);
  });
});

test("a torn end is measured in bytes, cut off and kept beside the file, however long it is", () => {
  const path = join(scratch(), "log");
  fc.assert(
    fc.property(texts, (text) => {
      fs.writeFileSync(path, text);
      const kept = text.slice(0, text.lastIndexOf("\n") + 1);
      const torn = tornBytes(path);
      expect(torn).toBe(Buffer.byteLength(text) - Buffer.byteLength(kept));
      if (torn === 0) return;
      cutTornBytes(path, torn);
      expect(fs.readFileSync(path, "utf8")).toBe(kept);
      expect(fs.readFileSync(`${path}.torn-${Buffer.byteLength(kept)}`, "utf8")).toBe(
        text.slice(kept.length),
      );
      expect(tornBytes(path)).toBe(0);
    }),
    { numRuns: 60 },
  );
});
