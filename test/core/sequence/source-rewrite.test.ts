import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Json } from "../../../lib/core/json";
import { rewriteSource } from "../../../lib/core/sequence/source";
import { written } from "./source-arbitrary";
import { type JsonMap, read } from "./source-difference";
import { trickyText } from "./source-shape";
import { behind, expectSurvival, isAbout, isWithin, linesOf, touches } from "./source-survival";
import type { Written } from "./source-writer";

const number = fc
  .double({ noNaN: true, noDefaultInfinity: true })
  .filter((n) => Math.abs(n) < 1e15 && !Object.is(n, -0));
const scalar = fc.oneof(trickyText, fc.integer(), fc.boolean(), number);
const pick = fc.nat(1000);

function stepsOf(value: JsonMap): JsonMap[] {
  return value.steps as JsonMap[];
}

function chosen<T>(items: readonly T[], number: number): T {
  return items[number % items.length] as T;
}

/** Rewrites, and holds what every edit must: the new meaning, the byte order mark, the line breaks. */
function rewrite(w: Written, next: JsonMap): string {
  const result = rewriteSource(w.text, next);
  expect(read(result)).toEqual(next);
  expect(result.startsWith("\ufeff")).toBe(w.text.startsWith("\ufeff"));
  if (w.eol === "\r\n") expect(result.replaceAll("\r\n", "")).not.toContain("\n");
  return result;
}

function newStep(id: string): fc.Arbitrary<JsonMap> {
  return fc
    .record({
      name: trickyText,
      command: fc.array(trickyText, { maxLength: 3 }),
      env: fc.dictionary(fc.constantFrom("A", "B"), trickyText),
    })
    .map((rest) => ({ id, ...rest }));
}

describe("rewriting a generated document", () => {
  test("to the same meaning gives the same bytes", () => {
    fc.assert(fc.property(written, (w) => expect(rewriteSource(w.text, read(w.text))).toBe(w.text)));
  });

  test("with a changed scalar touches only that value's lines, and keeps the comment behind it", () => {
    fc.assert(
      fc.property(written, pick, pick, scalar, (w, n, m, value) => {
        const next = read(w.text);
        const index = n % stepsOf(next).length;
        const step = stepsOf(next)[index] as JsonMap;
        const keys = Object.keys(step).filter((key) => key !== "id" && typeof step[key] !== "object");
        if (keys.length === 0) return;
        const key = chosen(keys, m);
        step[key] = value;
        const path = `steps/s${index}/${key}`;
        const result = rewrite(w, next);
        const own = w.lines.filter((line) => line.owner === path && line.role === "value");
        expectSurvival(
          w.lines.filter((line) => !own.includes(line)),
          result,
        );
        expect(result).toContain(behind(own[0]));
        if (typeof value !== "string" || !value.includes("\n"))
          expect(linesOf(result).length).toBeLessThanOrEqual(linesOf(w.text).length + 1);
      }),
    );
  });

  test("with a new key loses no line", () => {
    fc.assert(
      fc.property(written, pick, pick, scalar, (w, n, m, value) => {
        const next = read(w.text);
        const steps = stepsOf(next);
        const index = n % steps.length;
        const entries = Object.entries(steps[index] as JsonMap);
        entries.splice(1 + (m % entries.length), 0, ["model", value]);
        steps[index] = Object.fromEntries(entries);
        const result = rewrite(w, next);
        expectSurvival(w.lines, result);
        expect(Object.keys(stepsOf(read(result))[index] as JsonMap)).toEqual(entries.map(([key]) => key));
      }),
    );
  });

  test("without a key loses only that key's lines and the comments right above them", () => {
    fc.assert(
      fc.property(written, pick, pick, (w, n, m) => {
        const next = read(w.text);
        const index = n % stepsOf(next).length;
        const step = stepsOf(next)[index] as JsonMap;
        const keys = Object.keys(step).filter((key) => key !== "id");
        if (keys.length === 0) return;
        const key = chosen(keys, m);
        delete step[key];
        const kept = w.lines.filter((line) => line.text !== "" && !isAbout(line, `steps/s${index}/${key}`));
        expectSurvival(kept, rewrite(w, next));
      }),
    );
  });

  test("with a dependency more touches only that place", () => {
    fc.assert(
      fc.property(
        written,
        pick,
        trickyText.filter((text) => text.length < 40 && !text.includes("\n")),
        (w, n, dep) => {
          const next = read(w.text);
          const index = n % stepsOf(next).length;
          const step = stepsOf(next)[index] as JsonMap;
          const list = step.depends_on as Json[] | undefined;
          if (!list) return;
          list.push(dep);
          const result = rewrite(w, next);
          const own = w.lines.filter(
            (line) => isAbout(line, `steps/s${index}/depends_on`) && line.role === "value",
          );
          const more = linesOf(result).length - linesOf(w.text).length;
          const isBlock = own.length > 1 && !own.at(-1)?.text.trim().startsWith("]");
          const touched = own.length === 1 ? own : isBlock ? [] : own.slice(-2, -1);
          expectSurvival(
            w.lines.filter((line) => !touched.includes(line)),
            result,
          );
          expect(more).toBe(own.length === 1 ? 0 : 1);
          for (const line of touched) expect(result).toContain(behind(line));
        },
      ),
    );
  });

  test("with a dependency less touches only that place", () => {
    fc.assert(
      fc.property(written, pick, pick, (w, n, m) => {
        const next = read(w.text);
        const index = n % stepsOf(next).length;
        const step = stepsOf(next)[index] as JsonMap;
        const list = step.depends_on as Json[] | undefined;
        if (!list || list.length < 2 || new Set(list).size < list.length) return;
        const gone = m % list.length;
        list.splice(gone, 1);
        const path = `steps/s${index}/depends_on`;
        const own = w.lines.filter((line) => isAbout(line, path) && line.role === "value");
        const kept = w.lines.filter((line) =>
          own.length > 1 ? !touches(line, path, gone, own) : !own.includes(line),
        );
        expectSurvival(kept, rewrite(w, next));
      }),
    );
  });

  test("with a new step loses no line, and leaves it in its place", () => {
    fc.assert(
      fc.property(written, pick, newStep("added"), (w, n, step) => {
        const next = read(w.text);
        const at = n % (stepsOf(next).length + 1);
        stepsOf(next).splice(at, 0, step);
        expectSurvival(w.lines, rewrite(w, next));
      }),
    );
  });

  test("without a step loses only that step's lines and comments", () => {
    fc.assert(
      fc.property(written, pick, (w, n) => {
        const next = read(w.text);
        if (stepsOf(next).length < 2) return;
        const index = n % stepsOf(next).length;
        stepsOf(next).splice(index, 1);
        const kept = w.lines.filter((line) => line.text !== "" && !isAbout(line, `steps/s${index}`));
        const own = kept.filter((line) => !isWithin(w, line, index));
        expectSurvival(own, rewrite(w, next));
      }),
    );
  });

  test("with steps in another order only moves lines", () => {
    fc.assert(
      fc.property(written, fc.array(pick, { minLength: 4, maxLength: 4 }), (w, order) => {
        const next = read(w.text);
        const rank = (step: JsonMap) => order[Number(String(step.id).slice(1))] ?? 0;
        next.steps = [...stepsOf(next)].sort((a, b) => rank(a) - rank(b));
        const result = rewrite(w, next);
        expect(linesOf(result).toSorted()).toEqual(linesOf(w.text).toSorted());
      }),
    );
  });

  test("by several edits at once means what they mean together", () => {
    fc.assert(
      fc.property(
        written,
        fc.array(fc.tuple(fc.nat(6), pick, pick, scalar), { minLength: 1, maxLength: 6 }),
        (w, edits) => {
          const next = read(w.text);
          for (const [kind, n, m, value] of edits) edit(next, kind, n, m, value);
          rewrite(w, next);
        },
      ),
      { numRuns: 300 },
    );
  });
});

function edit(next: JsonMap, kind: number, n: number, m: number, value: Json): void {
  const steps = stepsOf(next);
  const step = chosen(steps, n);
  const keys = Object.keys(step ?? {}).filter((key) => key !== "id");
  if (kind === 0) next[chosen(["name", "description", "extra", "env"], m)] = value;
  else if (kind === 1)
    steps.splice(n % (steps.length + 1), 0, { id: `new-${steps.length}-${n}-${m}`, name: value });
  else if (!step) return;
  else if (kind === 2 && keys.length > 0) step[chosen(keys, m)] = value;
  else if (kind === 3 && keys.length > 0) delete step[chosen(keys, m)];
  else if (kind === 4)
    step[chosen(["depends_on", "retry", "tags"], m)] = chosen<Json>(
      [[value, "x"], { limit: 2, when: value }, [{ a: value }], [], {}],
      n,
    );
  else if (kind === 5) steps.splice(n % steps.length, 1);
  else if (kind === 6) steps.reverse();
}
