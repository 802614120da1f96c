import { expect, test } from "bun:test";
import fc from "fast-check";
import type { Json } from "../../../lib/core/json";
import { mostNodes, SequenceFile } from "../../../lib/core/sequence/schema";
import { readShape } from "../../../lib/core/sequence/shape";

type Map = { [key: string]: Json };
type Edit = (steps: Json[], at: number) => void;

/** Fails unless a value is read as the schema alone reads it: what is said, its order, and what is wrong where. */
function agrees(value: Json): boolean {
  const alone = SequenceFile.safeParse(value);
  const read = readShape(value);
  expect(read.error?.issues).toEqual(alone.error?.issues as never);
  expect(read).toStrictEqual(alone);
  expect(JSON.stringify(read.data)).toBe(JSON.stringify(alone.data));
  return read.success;
}

const around = (steps: Json, more: Map = {}): Json => ({ version: 1, name: "n", steps, ...more });

const someStep: fc.Arbitrary<Json> = fc.oneof(
  fc.record(
    {
      id: fc.constantFrom("a", "b", "c"),
      command: fc.constantFrom<Json>(["true"], ["false"], "ls"),
      priority: fc.integer({ min: -2, max: 2 }),
      env: fc.constantFrom<Json>({ K: "1", L: "2" }, { L: "2", K: "1" }, { K: "1" }),
      outputs: fc.constantFrom<Json>({ schema: { default: null } }, { schema: { default: [1, { a: 2 }] } }),
    },
    { requiredKeys: ["id"] },
  ),
  fc.constantFrom<Json>({ command: ["true"], id: "a" }, { id: "a", command: ["true"] }),
);

const wrong = fc.constantFrom<Json>(
  null,
  "a",
  [],
  {},
  { id: 1 },
  { id: "a", comand: ["true"] },
  { id: "b", retry: { limit: -1 } },
  { id: "c", env: { K: 1 } },
);

/** Each changes the list where it stands: what was read before must have kept nothing of it but what it said. */
const edit: fc.Arbitrary<Edit> = fc.oneof(
  someStep.map(
    (step): Edit =>
      (steps, at) =>
        void steps.splice(at, 1, step),
  ),
  someStep.map(
    (step): Edit =>
      (steps, at) =>
        void steps.splice(at, 0, step),
  ),
  wrong.map(
    (step): Edit =>
      (steps, at) =>
        void steps.splice(at, 1, step),
  ),
  fc.constantFrom<Edit>(
    (steps, at) => void steps.splice(at, 1),
    (steps, at) => void steps.splice(at, 0, structuredClone(steps[at] ?? { id: "d" })),
    (steps) => void steps.reverse(),
    (steps, at) => void steps.push(...steps.splice(0, at)),
    (steps, at) => {
      const step = steps[at];
      if (typeof step === "object" && step !== null && !Array.isArray(step)) step.command = ["other"];
    },
  ),
);

const frame = fc.constantFrom<Map>({}, {}, { name: "other" }, { gates: [{ id: "g", name: 7 }] }, { odd: 1 });

test("a text after the other is read as if it were the first, whatever became of its steps", () => {
  let taken = 0;
  fc.assert(
    fc.property(
      fc.array(someStep, { maxLength: 5 }),
      fc.array(fc.tuple(edit, fc.nat(), frame), { maxLength: 12 }),
      (start, edits) => {
        const steps = structuredClone(start);
        agrees(around(steps));
        for (const [change, at, more] of edits) {
          change(steps, at % (steps.length + 1));
          if (agrees(around(steps, more))) taken += 1;
        }
      },
    ),
    { numRuns: 300 },
  );
  expect(taken).toBeGreaterThan(100);
});

test("what is wrong is told by its place among all steps, also where the others were read before", () => {
  const good = [{ id: "a" }, { id: "b" }, { id: "c" }];
  expect(agrees(around(good))).toBe(true);
  expect(agrees(around([...good, { id: "d", comand: ["x"] }]))).toBe(false);
  expect(readShape(around([...good, { id: 4 }])).error?.issues[0]?.path).toEqual(["steps", 3, "id"]);
  expect(agrees(around(good.toReversed()))).toBe(true);
});

test.each<[string, Json]>([
  ["nothing", null],
  ["a word", "steps"],
  ["a list", [{ id: "a" }]],
  ["steps left empty", around(null)],
  ["no steps", around([])],
  ["steps that are a map", around({ a: { id: "a" } })],
  ["steps alone", { steps: [{ id: "a" }] }],
])("%s is read as the schema reads it", (_, value) => {
  agrees(around([{ id: "a" }]));
  agrees(value);
  agrees(around([{ id: "a" }]));
});

test("more steps than a file may have are refused, also where each of them was read before", () => {
  const most = Array.from({ length: mostNodes }, (_, at) => ({ id: `s${at}` }));
  expect(readShape(around(most)).success).toBe(true);
  expect(agrees(around([...most, { id: "s0" }]))).toBe(false);
  expect(agrees(around([...most, { id: "more" }]))).toBe(false);
});
