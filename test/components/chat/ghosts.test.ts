import { expect, test } from "bun:test";
import * as fc from "fast-check";
import { topological } from "../../../components/canvas/order";
import { edgesOf, type PlanNode } from "../../../components/canvas/plan";
import { ghostPlan } from "../../../components/chat/ghosts";
import { diffSequences } from "../../../lib/core/sequence/diff";
import type { Sequence } from "../../../lib/core/sequence/schema";

type Needs = Record<string, string[]>;
const sequence = (needs: Needs): Sequence => ({
  version: 1,
  name: "x",
  steps: Object.entries(needs).map(([id, depends_on]) => ({ id, command: ["true"], depends_on })),
});
const planOf = (needs: Needs): PlanNode[] =>
  Object.entries(needs).map(([id, of]) => ({ id, kind: "step", name: id, group: null, needs: of }));
const ghostsOf = (before: Needs, after: Needs) =>
  ghostPlan(planOf(before), diffSequences(sequence(before), sequence(after)));

test("a step put between two others is new, and so are its arrows; the one it replaces goes", () => {
  const { plan, nodes, edges } = ghostsOf(
    { build: [], deploy: ["build"] },
    { build: [], lint: ["build"], deploy: ["lint"] },
  );
  expect(plan.map(({ id }) => id)).toEqual(["build", "deploy", "lint"]);
  expect([...nodes]).toEqual([
    ["lint", "added"],
    ["deploy", "changed"],
  ]);
  expect(Object.fromEntries(edges)).toEqual({
    "lint→deploy": "added",
    "build→deploy": "removed",
    "build→lint": "added",
  });
});

test("a new step says what it would run: its command, its agent and what that is told, or that it has nothing yet", () => {
  const after: Sequence = {
    version: 1,
    name: "x",
    steps: [
      { id: "lint", command: ["npm", "run", "a b"] },
      { id: "fix", model: "claude-code" },
      { id: "look", model: "codex" },
      { id: "part", sequence: "sub.yaml" },
      { id: "bare" },
    ],
    gates: [{ id: "ship", name: "Ship" }],
  };
  const told = { prompts: { fix: "Mend it.\nAll of it." }, bare: ["bare"] };
  const { runs } = ghostPlan([], diffSequences({ version: 1, name: "x" }, after), told);
  expect(Object.fromEntries(runs)).toEqual({
    lint: "npm run 'a b'",
    fix: "claude-code: Mend it.",
    look: "codex",
    part: "sub.yaml",
    bare: "no command yet",
  });
});

test("a removed step stays to be seen, with the arrows that go with it", () => {
  const { plan, nodes, edges } = ghostsOf({ a: [], b: ["a"], c: ["b"] }, { a: [], c: ["a"] });
  expect(plan).toHaveLength(3);
  expect(nodes.get("b")).toBe("removed");
  expect(Object.fromEntries(edges)).toEqual({ "a→b": "removed", "b→c": "removed", "a→c": "added" });
});

test("an arrow that is turned round does not make the picture go in a circle", () => {
  const { plan, edges } = ghostsOf({ a: [], b: ["a"] }, { a: ["b"], b: [] });
  expect(edgesOf(plan).map(({ id }) => id)).toEqual(["b→a"]);
  expect(Object.fromEntries(edges)).toEqual({ "b→a": "added" });
});

test("changes that do not fit what is there any more are passed over", () => {
  const changes = diffSequences(sequence({ a: [], gone: [] }), sequence({ a: [], b: [] }));
  const { nodes, plan } = ghostPlan(planOf({ a: [], b: [] }), changes);
  expect(nodes.size).toBe(0);
  expect(plan).toHaveLength(2);
});

/** An acyclic graph over some of a few names: each needs only names before it. */
const graph = fc
  .array(fc.tuple(fc.boolean(), fc.array(fc.nat({ max: 7 }), { maxLength: 3 })), {
    minLength: 8,
    maxLength: 8,
  })
  .chain((rows) => fc.boolean().map((turned) => ({ rows, turned })))
  .map(({ rows, turned }): Needs => {
    const names = rows.map((_, i) => `n${turned ? 7 - i : i}`);
    const there = names.filter((_, i) => rows[i]?.[0]);
    return Object.fromEntries(
      there.map((name) => {
        const i = names.indexOf(name);
        const needs = (rows[i]?.[1] ?? []).filter((j) => j < i).map((j) => names[j] ?? "");
        return [name, [...new Set(needs)].filter((need) => there.includes(need))];
      }),
    );
  });

test("whatever changes, what is left of the marks is the new graph, and it can be laid out", () => {
  fc.assert(
    fc.property(graph, graph, (before, after) => {
      const { plan, nodes, edges } = ghostsOf(before, after);
      const kept = edgesOf(plan).filter(({ id }) => edges.get(id) !== "removed");
      const wanted = edgesOf(planOf(after)).map(({ id }) => id);
      expect(kept.map(({ id }) => id).sort()).toEqual(wanted.sort());
      const stay = plan.filter(({ id }) => nodes.get(id) !== "removed").map(({ id }) => id);
      expect(stay.sort()).toEqual(Object.keys(after).sort());
      const place = new Map(topological(plan, edgesOf(plan)).map((id, i) => [id, i]));
      for (const { source, target } of edgesOf(plan))
        expect(place.get(source) ?? 0).toBeLessThan(place.get(target) ?? 0);
    }),
    { numRuns: 300 },
  );
});
