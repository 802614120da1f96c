import { describe, expect, test } from "bun:test";
import * as fc from "fast-check";
import { foldedGroup, foldedId, foldGroups, standingOfGroup } from "../../components/canvas/folding";
import { reasonAgainst } from "../../components/canvas/judge";
import { layoutGraph } from "../../components/canvas/layout";
import { edgesOf } from "../../components/canvas/plan";
import type { StatusDocument } from "../../components/state/wire";
import { planNode as node } from "../rig/plan-node";

const plan = [
  node("plan"),
  node("one", ["plan"], { group: "ways" }),
  node("two", ["plan", "other"], { group: "ways" }),
  node("other"),
  node("last", ["one", "two", "plan"]),
];

describe("a collapsed group", () => {
  test("is one box that takes over the arrows of its members, each once", () => {
    const folded = foldGroups(plan, ["ways"]);
    expect(folded.map(({ id }) => id)).toEqual(["plan", foldedId("ways"), "other", "last"]);
    expect(edgesOf(folded).map(({ id }) => id)).toEqual([
      "plan→folded ways",
      "other→folded ways",
      "folded ways→last",
      "plan→last",
    ]);
    expect(foldedGroup(foldedId("ways"))).toBe("ways");
    expect(foldedGroup("ways")).toBeUndefined();
  });

  test("changes nothing of the graph that is there, and nothing where no such group is", () => {
    const before = structuredClone(plan);
    foldGroups(plan, ["ways"]);
    expect(plan).toEqual(before);
    expect(foldGroups(plan, ["gone"])).toBe(plan);
    expect(foldGroups(plan)).toBe(plan);
  });

  test("has a place in every picture, and no arrow leads to what is inside of it", () => {
    const graphs = fc.array(
      fc.record({
        needs: fc.array(fc.nat(), { maxLength: 4 }),
        group: fc.option(fc.constantFrom("g", "h")),
      }),
      { minLength: 1, maxLength: 30 },
    );
    fc.assert(
      fc.property(graphs, fc.subarray(["g", "h"]), (all, collapsed) => {
        const whole = all.map(({ needs, group }, i) =>
          node(`n${i}`, i === 0 ? [] : [...new Set(needs.map((need) => `n${need % i}`))], { group }),
        );
        const folded = foldGroups(whole, collapsed);
        const layout = layoutGraph(folded);
        expect([...layout.boxes.keys()].sort()).toEqual(folded.map(({ id }) => id).sort());
        for (const { needs } of folded) for (const need of needs) expect(layout.boxes.has(need)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test("can't be tied to anything", () => {
    expect(reasonAgainst(plan, "plan", foldedId("ways"))).toContain("group 'ways' is collapsed");
    expect(reasonAgainst(plan, foldedId("ways"), "plan")).toContain("group 'ways' is collapsed");
  });
});

describe("how a group stands", () => {
  const stand = (...statuses: string[]) =>
    standingOfGroup(
      {
        steps: [
          ...statuses.map((status, i) => ({ id: `s${i}`, status, reason: null, group_id: "g" })),
          { id: "instance", status: "FAILED", reason: null, group_id: "g", of: "s0" },
          { id: "alone", status: "FAILED", reason: null, group_id: null },
        ],
        gates: [],
      } as unknown as StatusDocument,
      "g",
    );

  test.each([
    [["DONE", "FAILED", "RUNNING"], "Failed", 1],
    [["DONE", "RUNNING", "BLOCKED"], "Running", 1],
    [["READY", "BLOCKED"], "Ready", 0],
    [["DONE", "SKIPPED", "DONE"], "Done", 2],
    [["SKIPPED"], "Skipped", 0],
  ])("of %p it is %s", (statuses, word, done) => {
    expect(stand(...statuses)).toMatchObject({ word, done, total: statuses.length });
  });

  test("says how many failed, whatever else goes on", () => {
    expect(stand("FAILED", "RUNNING", "DONE", "FAILED")).toMatchObject({ failed: 2, done: 1, total: 4 });
    expect(stand("RUNNING", "DONE")).toMatchObject({ failed: 0 });
  });

  test("is nothing where nobody is in it", () => {
    expect(stand()).toBeUndefined();
  });
});
