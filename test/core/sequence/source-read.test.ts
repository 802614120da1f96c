import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Failure, FailureCode } from "../../../lib/core/failure";
import { readSource } from "../../../lib/core/sequence/source";

function refusal(text: string): Failure {
  const result = readSource(text, "sequence.yaml");
  if (result.ok) throw new Error(`was read as ${JSON.stringify(result.value).slice(0, 200)}`);
  return result.failure;
}

function value(text: string): unknown {
  const result = readSource(text, "sequence.yaml");
  if (!result.ok) throw new Error(JSON.stringify(result.failure));
  return result.value;
}

/** Code, line and column of a refusal, and what its caret points at. */
function summary(text: string): [FailureCode, number | undefined, number | undefined, string | undefined] {
  const { code, place } = refusal(text);
  const pointed = place?.excerpt?.slice(place.column - 1, place.column - 1 + (place.length ?? 0));
  return [code, place?.line, place?.column, pointed];
}

const lines = (count: number, line: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => line(i)).join("");

describe("reading a hostile or broken file", () => {
  test.each([
    ["an empty file", ""],
    ["blank lines", "\n\n  \n"],
    ["only comments", "# one\n# two\n"],
    ["null", "null\n"],
    ["a tilde", "~"],
    ["a bare document mark", "---\n"],
  ])("says that %s is empty", (_, text) => {
    expect(refusal(text)).toEqual({ code: "sequence.empty", file: "sequence.yaml" });
  });

  test.each([
    ["a tab in the indentation", "steps:\n\t- id: a\n", "sequence.syntax", 2, 1, "\t"],
    ["a quote that is never closed", 'name: "abc\nsteps: []\n', "sequence.syntax", 1, 7, '"'],
    ["a quote that ends with the file", "name: 'abc", "sequence.syntax", 1, 7, "'"],
    ["a second document", "a: 1\n---\nb: 2\n", "sequence.forbidden", 2, 1, "---"],
    ["a second document after an end mark", "a: 1\n...\nb: 2\n", "sequence.forbidden", 3, 1, "b"],
    ["an anchor", "a: &x [1]\nb: *x\n", "sequence.forbidden", 1, 4, "&x"],
    ["an anchor that refers to itself", "a: &x [*x]\n", "sequence.forbidden", 1, 4, "&x"],
    ["an alias", "a: *x\n", "sequence.forbidden", 1, 4, "*x"],
    ["a merge key", "b:\n  <<: {y: 1}\n", "sequence.forbidden", 2, 3, "<<"],
    ["the key __proto__", "__proto__: 1\n", "sequence.forbidden", 1, 1, "__proto__"],
    ["the key constructor", "a:\n  'constructor': 1\n", "sequence.forbidden", 2, 3, "'constructor'"],
    ["the key prototype", "a: {prototype: 1}\n", "sequence.forbidden", 1, 5, "prototype"],
    ["an unknown tag", "a: !!js/function 'x'\n", "sequence.forbidden", 1, 4, "!!js/function"],
    ["a known tag", "a: !!str 1\n", "sequence.forbidden", 1, 4, "!!str"],
    ["a directive", "%YAML 1.1\n---\na: yes\n", "sequence.forbidden", 1, 1, "%YAML 1.1"],
    ["an explicit key", "? a\n: b\n", "sequence.forbidden", 1, 1, "?"],
    ["a key that is a number", "1: a\n", "sequence.forbidden", 1, 1, "1"],
    ["a key that is null", "~: a\n", "sequence.forbidden", 1, 1, "~"],
    ["a key that is a list", "[a]: b\n", "sequence.forbidden", 1, 1, "[a]"],
    [
      "a number that would lose digits",
      "id: 12345678901234567890\n",
      "sequence.invalid",
      1,
      5,
      "12345678901234567890",
    ],
    ["not a number", "a: .nan\n", "sequence.invalid", 1, 4, ".nan"],
    ["an infinite number", "a: 1e309\n", "sequence.invalid", 1, 4, "1e309"],
    ["half a character", 'a: "\\ud800"\n', "sequence.invalid", 1, 4, '"\\ud800"'],
    ["a lone carriage return", "a: 1\rb: 2\n", "sequence.encoding", 1, 5, "\ufffd"],
    ["a control character", "a: \x1b[0m\n", "sequence.encoding", 1, 4, "\ufffd"],
    ["a NUL", "a: x\0\n", "sequence.encoding", 1, 5, "\ufffd"],
    ["a list that is never closed", "a: [x, y\nb: 1\n", "sequence.syntax", 1, 4, "["],
    ["a bracket closed by another", "a: [x}\n", "sequence.syntax", 1, 6, "}"],
    ["a bracket that closes nothing", "a: [x]]\n", "sequence.syntax", 1, 7, "]"],
    ["an item within brackets", "a: [- x]\n", "sequence.syntax", 1, 5, "-"],
    ["a list on its key's line", "a: - x\n", "sequence.syntax", 1, 4, "-"],
    ["two colons on a line", "a: b: c\n", "sequence.syntax", 1, 5, ":"],
    ["a colon without a key", ": b\n", "sequence.syntax", 1, 1, ":"],
    ["a key over two lines", "'a\n b': c\n", "sequence.syntax", 2, 4, ":"],
    ["text where a key should be", "name: x\nfoo\n", "sequence.syntax", 2, 1, "foo"],
    ["text that begins with @", "a: @x\n", "sequence.syntax", 1, 4, "@"],
    ["keys in different columns", "a:\n  b: 1\n c: 2\n", "sequence.syntax", 3, 1, " "],
  ] as const)("points at %s", (_, text, code, line, column, pointed) => {
    expect(summary(text)).toEqual([code, line, column, pointed]);
  });

  test("shows both places of a duplicate key", () => {
    expect(refusal("id: a\nname: x\nid: b\n")).toEqual({
      code: "sequence.duplicate_key",
      key: "id",
      first: { file: "sequence.yaml", line: 1, column: 1, excerpt: "id: a", length: 2 },
      place: { file: "sequence.yaml", line: 3, column: 1, excerpt: "id: b", length: 2 },
    });
  });

  test("finds duplicate keys in steps and in flow maps", () => {
    expect(summary("steps:\n  - id: x\n    'id': y\n")).toEqual(["sequence.duplicate_key", 3, 5, "'id'"]);
    expect(summary("env: {A: 1, A: 2}\n")).toEqual(["sequence.duplicate_key", 1, 13, "A"]);
  });

  test("names the value that is wrong", () => {
    expect(refusal("steps:\n  - id: a\n    timeout_ms: 99999999999999999999\n")).toMatchObject({
      where: "steps[0].timeout_ms",
      hint: 'write "99999999999999999999" to keep it as text',
    });
  });

  test.each([
    ["flow lists", `a: ${"[".repeat(20_000)}`],
    ["closed flow lists", `a: ${"[".repeat(20_000)}${"]".repeat(20_000)}`],
    ["flow maps", "{a: ".repeat(20_000)],
    ["dashes on a line", `${"- ".repeat(20_000)}x`],
    ["indented maps", lines(2000, (i) => `${" ".repeat(i)}a:\n`)],
    [
      "indented lists in their key's column",
      lines(100, (i) => `${" ".repeat(2 * i)}a:\n${" ".repeat(2 * i)}-\n`),
    ],
  ])("refuses %s nested too deep", (_, text) => {
    expect(refusal(text)).toMatchObject({ code: "sequence.too_large", limit: "64 levels" });
  });

  test("takes 64 levels, and not 65", () => {
    const nested = (depth: number) => lines(depth, (i) => `${" ".repeat(i)}a:\n`);
    expect(readSource(nested(64), "f").ok).toBe(true);
    expect(refusal(nested(65)).code).toBe("sequence.too_large");
    expect(readSource(`# odd\n${nested(64)}${" ".repeat(64)}>\n${" ".repeat(65)}x\n`, "f").ok).toBe(true);
  });

  test("refuses colons and quotes by which the parser would nest without end", () => {
    expect(refusal("a: ".repeat(20_000)).code).toBe("sequence.syntax");
    expect(refusal(": ".repeat(20_000)).code).toBe("sequence.syntax");
    expect(refusal("a: b:\n".repeat(20_000)).code).toBe("sequence.syntax");
    expect(refusal("':  \tb:\n".repeat(20_000)).code).toBe("sequence.syntax");
    expect(refusal("a: [\n]: [\n]: [\n".repeat(20_000)).code).toBe("sequence.syntax");
  });

  test.each([
    ["values", `a: [${"1,".repeat(500_001)}]`, "500,000 keys and values"],
    ["commas", `a: [${",".repeat(500_001)}]`, "500,000 keys and values"],
    ["empty items", "-\n".repeat(400_000) + "- -\n".repeat(50_001), "500,000 keys and values"],
    ["keys", lines(250_001, (i) => `k${i}: 1\n`), "500,000 keys and values"],
    ["lines", `${"\n".repeat(500_001)}a: 1\n`, "500,000 lines"],
  ])("refuses too many %s", (_, text, limit) => {
    expect(refusal(text)).toMatchObject({ code: "sequence.too_large", limit });
  });

  // Two seconds of computing; the library's own check of keys, which is quadratic, would take more than twenty.
  test("answers 40,000 keys, and 40,000 keys that only the full reader understands", () => {
    const keys = lines(40_000, (i) => `k${i}: 1\n`);
    expect(Object.keys(value(keys) as object)).toHaveLength(40_000);
    expect(Object.keys(value(`${keys}x: >\n  folded\n`) as object)).toHaveLength(40_001);
    expect(summary(`${keys}k7: >\n  folded\n`)).toEqual(["sequence.duplicate_key", 40_001, 1, "k7"]);
  }, 20_000);

  test("leaves JavaScript's own objects alone", () => {
    refusal('{"__proto__": {"polluted": true}}');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test("shows no control character and no turned-around text in an excerpt", () => {
    const { place } = refusal("a: \u202e\x1b[31m @\n");
    expect(place?.excerpt).toBe("a: \ufffd\ufffd[31m @");
  });

  test("cuts a long line for the excerpt, and leaves it out where the place is behind the cut", () => {
    expect(refusal(`a: @${"x".repeat(9999)}`).place?.excerpt).toHaveLength(240);
    expect(refusal(`a: [${"x, ".repeat(999)}- ]`).place).toEqual({
      file: "sequence.yaml",
      line: 1,
      column: 3002,
    });
  });

  test("answers any mixture of YAML's marks without throwing", () => {
    const mark = fc.constantFrom(
      ..." |  |\n|\n |\n  |: |:|- |-| #|[|]|{|}|,|\"|'|> |a|key: |'x'|[a]|{b: c}|a\n b|&a |*a|!t |? |\t|---\n|...\n|%|\r\n|\ufeff".split(
        "|",
      ),
      "|\n",
    );
    fc.assert(
      fc.property(fc.array(mark, { maxLength: 12 }), fc.integer({ min: 1, max: 120 }), (marks, times) => {
        const result = readSource(marks.join("").repeat(times), "f");
        expect(result.ok || result.failure.code.startsWith("sequence.")).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe("reading what is fine", () => {
  test("takes a byte order mark, CRLF and no last line break", () => {
    expect(value("\ufeffa: 1\r\nb:\r\n  - x\r\n  - |\r\n    y\r\n    z")).toEqual({
      a: 1,
      b: ["x", "y\nz\n"],
    });
    expect(value("\ufeffa: >\r\n  1\r\n  2\r\n")).toEqual({ a: "1 2\n" });
  });

  test("takes one document with its marks", () => {
    expect(value("# c\n---\na: 1\n...\n# c\n")).toEqual({ a: 1 });
  });

  test("follows YAML 1.2: no yes, no old octal numbers, no dates", () => {
    expect(
      value(
        "a: yes\nb: 0o17\nc: 017\nd: 0x1F\ne: 1_000\nf: 2026-01-01T00:00:00Z\ng: 12:30\nh: NO\ni: 1e3\nj: .5\nk: ~",
      ),
    ).toEqual({
      a: "yes",
      b: 15,
      c: 17,
      d: 31,
      e: "1_000",
      f: "2026-01-01T00:00:00Z",
      g: "12:30",
      h: "NO",
      i: 1000,
      j: 0.5,
      k: null,
    });
  });

  test("takes a quoted << as a key like any other", () => {
    expect(value('a: {"<<": 1}')).toEqual({ a: { "<<": 1 } });
  });

  test("takes megabytes in one scalar", () => {
    for (const text of [
      `"${"x".repeat(4e6)}"`,
      `'${"''".repeat(2e6)}'`,
      "x ".repeat(2e6),
      `[${"x ".repeat(2e6)}]`,
    ]) {
      expect(readSource(`a: ${text}\n`, "f").ok).toBe(true);
    }
  });
});
