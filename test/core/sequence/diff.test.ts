import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { diffSequences, isEmptyDiff } from "../../../lib/core/sequence/diff";
import type { Step } from "../../../lib/core/sequence/schema";
import { sequenceOf } from "../../rig/sequence";

const one = sequenceOf(
  [{ id: "a", command: ["x"] }, { id: "b", depends_on: ["a"], env: { A: "1", B: "2" } }, { id: "c" }],
  [{ id: "g", name: "Go?" }],
);

describe("the difference between two sequences", () => {
  test("names what came, went and changed, field by field", () => {
    const other = {
      ...sequenceOf([
        { id: "a", command: ["y"] },
        { id: "b", env: { B: "2", A: "1" } },
        { id: "d", name: "D" },
      ]),
      name: "new",
    };
    expect(diffSequences(one, other)).toEqual({
      fields: [{ field: "name", before: "rig", after: "new" }],
      nodes: [
        {
          kind: "step",
          id: "a",
          change: "changed",
          fields: [{ field: "command", before: ["x"], after: ["y"] }],
        },
        {
          kind: "step",
          id: "b",
          change: "changed",
          fields: [{ field: "depends_on", before: ["a"], after: null }],
        },
        { kind: "step", id: "d", change: "added", fields: [{ field: "name", before: null, after: "D" }] },
        { kind: "step", id: "c", change: "removed", fields: [] },
        { kind: "gate", id: "g", change: "removed", fields: [{ field: "name", before: "Go?", after: null }] },
      ],
      reordered: false,
    });
  });

  test("notices moved steps, and nothing else about them", () => {
    const moved = { ...one, steps: [...(one.steps ?? [])].reverse() };
    expect(diffSequences(one, moved)).toEqual({ fields: [], nodes: [], reordered: true });
  });

  test("backwards is what forwards is, with the ends exchanged", () => {
    const ids = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e"));
    const steps = ids.chain((list) =>
      fc.tuple(
        ...list.map((id) => fc.record({ id: fc.constant(id), priority: fc.integer({ min: 0, max: 3 }) })),
      ),
    );
    fc.assert(
      fc.property(steps, steps, (before, after) => {
        const [old, now] = [sequenceOf(before as Step[]), sequenceOf(after as Step[])];
        const forth = diffSequences(old, now);
        const back = diffSequences(now, old);
        const keys = (diff: typeof forth) => diff.nodes.map(({ id, change }) => `${id} ${change}`).sort();
        const turned = back.nodes.map(({ id, change }) => ({
          id,
          change: change === "added" ? "removed" : change === "removed" ? "added" : change,
        }));
        expect(turned.map(({ id, change }) => `${id} ${change}`).sort()).toEqual(keys(forth));
        expect(isEmptyDiff(diffSequences(old, old))).toBe(true);
      }),
    );
  });
});
