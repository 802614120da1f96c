import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { evaluate, type Lookup } from "../../../lib/core/expression/expression";
import { parseExpression } from "../../../lib/core/expression/parse";

const world = { a: 1, b: "x", c: null, d: { e: [10, { "f g": true }], "3x": "three" }, yes: true, no: false };

const lookUp: Lookup = (root, path) => {
  if (root === "broken") return { ok: false, problem: "it can't be known" };
  let at: unknown = (world as Record<string, unknown>)[root] ?? null;
  for (const part of path) at = (at as Record<string, unknown> | null)?.[part] ?? null;
  return { ok: true, value: at as never };
};

function said(source: string): unknown {
  const parsed = parseExpression(source);
  if (!parsed.ok) return `${parsed.column}: ${parsed.problem}`;
  const outcome = evaluate(parsed.expression, lookUp);
  return outcome.ok ? outcome.value : outcome.problem;
}

test.each([
  ["a == 1", true],
  ["a == '1'", false],
  ['a != 2 and b == "x"', true],
  ["a < 2", true],
  ["a >= -1.5e0", true],
  ["'abc' < 'abd'", true],
  ["not a == 1", false],
  ["!(a == 2) && yes", true],
  ["no or yes and no", false],
  ["(no or yes) and yes", true],
  ["no || yes", true],
  ["d.e[0] == 10", true],
  ["d.e[1]['f g']", true],
  ["d.3x == 'three'", true],
  ["missing.at.all == null", true],
  ["d.e[7] == null", true],
  ["d == d", true],
  ["d.e == d", false],
  ["c == false", false],
  ["no and broken", false],
  ["yes or broken", true],
  ["yes and broken", "it can't be known"],
  ["a < 'x'", "< can't compare a number with a string"],
  ["c > 1", "> can't compare a null with a number"],
  ["'it\\'s' == \"it's\"", true],
])("%s gives %j", (source, value) => expect(said(source)).toEqual(value));

test.each([
  ["", 1, "expected a value, but it ends here"],
  ["a =", 3, "write == to compare"],
  ["a ==", 5, "expected a value, but it ends here"],
  ["a == 1 b", 8, "expected an operator or the end, but found b"],
  ["(a", 3, "expected ')', but it ends here"],
  ["'open", 1, "this text is not closed"],
  ["1 < 2 < 3", 7, "comparisons can't be chained; join them with `and`"],
  ["a.", 3, "a name must follow the dot"],
  ["a[x]", 3, "expected a number or a quoted key, but found x"],
  ["a; b", 2, "; can't stand here"],
  ["a toString b", 3, "expected an operator or the end, but found toString"],
  ["process.exit()", 13, "expected an operator or the end, but found ("],
  [`${"(".repeat(80)}a`, 51, "it is nested too deeply"],
  ["x".repeat(3000), 2000, "it is longer than 2000 characters"],
])("%s is refused at column %d", (source, column, problem) => {
  expect(parseExpression(source)).toEqual({ ok: false, column, problem });
});

describe("any text", () => {
  const parts = fc.constantFrom(
    "a",
    "b",
    "1",
    "'t'",
    "==",
    "<",
    "and",
    "or",
    "not",
    "!",
    "(",
    ")",
    ".",
    "[",
    "]",
    "0",
    " ",
    "steps.x",
    "constructor",
    "__proto__",
  );
  test("is either read and worked out, or refused at a column within it", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(parts, { maxLength: 30 }).map((all) => all.join(" ")),
        ),
        (source) => {
          const parsed = parseExpression(source);
          if (parsed.ok) expect(evaluate(parsed.expression, lookUp)).toHaveProperty("ok");
          else {
            expect(parsed.column).toBeGreaterThanOrEqual(1);
            expect(parsed.column).toBeLessThanOrEqual(source.length + 1);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  test("reads the same with and without spaces around signs", () => {
    const operand = fc.constantFrom("a", "b", "d.e[0]", "1", "'x'");
    const sign = fc.constantFrom("==", "!=", "&&", "||");
    fc.assert(
      fc.property(operand, fc.array(fc.tuple(sign, operand), { maxLength: 1 }), (first, rest) => {
        const write = (gap: string) => [first, ...rest.flat()].join(gap);
        expect(said(write(""))).toEqual(said(write("  ")));
      }),
    );
  });
});
