import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { type Limits, makePlan } from "../../../lib/core/engine/plan";
import type { Sequence } from "../../../lib/core/sequence/schema";
import { gate, node, roomy, sequenceOf, sha256 } from "../rig/plans";

const digests = [sha256, (text: string) => text, (text: string) => `${text.length}`] as const;
const limits: readonly Limits[] = [
  roomy,
  { ...roomy, maxConcurrent: 1 },
  { ...roomy, timeoutDefaultMs: 5 },
  { ...roomy, maxFanout: 2 },
];

const steps = sequenceOf([node("a", [], { name: "A" }), node("b", ["a"], { priority: 2 })]).steps ?? [];
const more = { ...sequenceOf([], [gate("g", ["a"])]), steps };
/** They share their steps, as one edit shares them with the next. */
const sequences: readonly Sequence[] = [
  { ...more, gates: [] },
  more,
  { ...more, steps: steps.map((step) => (step.id === "a" ? { ...step, name: "Other" } : step)) },
];

/** Of a sequence that was never seen there is nothing to remember. */
const derivedAnew: typeof makePlan = (sequence, ...rest) => makePlan(structuredClone(sequence), ...rest);

describe("a plan", () => {
  const sequence = sequenceOf([node("a", [], { name: "A" })], [gate("g", ["a"])]);
  const before = makePlan(sequence, "r", roomy, sha256);

  test("is the same for the same of everything", () => {
    expect(makePlan(sequence, "r", { ...roomy }, sha256)).toBe(before);
  });

  test.each<[string, [Sequence, string, Limits, (text: string) => string]]>([
    ["revision", [sequence, "other", roomy, sha256]],
    ["limit", [sequence, "r", { ...roomy, maxConcurrent: 1 }, sha256]],
    ["limit where there was none", [sequence, "r", { ...roomy, maxOrchestrated: 1 }, sha256]],
    ["digest", [sequence, "r", roomy, (text) => `other ${text}`]],
  ])("is another for another %s of the same sequence", (_, asked) => {
    expect(makePlan(sequence, "r", roomy, sha256)).toEqual(before);
    const other = makePlan(...asked);
    expect(other).not.toEqual(before);
    expect(other).toEqual(derivedAnew(...asked));
  });

  test("is what it would be of a sequence never seen, whatever was asked for before", () => {
    const asked = fc.tuple(
      fc.constantFrom(...sequences),
      fc.constantFrom("r", "other"),
      fc.constantFrom(...limits),
      fc.constantFrom(...digests),
    );
    fc.assert(
      fc.property(fc.array(asked, { minLength: 2, maxLength: 10 }), (series) => {
        for (const each of series) expect(makePlan(...each)).toEqual(derivedAnew(...each));
      }),
    );
  });
});
