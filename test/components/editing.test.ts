import { describe, expect, test } from "bun:test";
import * as fc from "fast-check";
import { fits } from "../../components/canvas/dim";
import { duplicate, freeId, idFrom, insert, reconnect, remove } from "../../components/canvas/edits";
import { afterOf, barredFrom, reasonAgainst } from "../../components/canvas/judge";
import { layoutGraph, moved } from "../../components/canvas/layout";
import type { PlanNode } from "../../components/canvas/plan";
import { addingCalls, type Draft, faultsOf, promptCalls, sequenceFile } from "../../components/forms/adding";
import type { Sequence } from "../../lib/core/sequence/schema";
import { edit } from "../core/rig/acting";
import { planNode as node } from "../rig/plan-node";

// a ─ b ─ c ─ gate ─ d
const plan = [node("a"), node("b", ["a"]), node("c", ["b"]), node("d", ["gate"]), node("gate", ["c"])];

const sequenceOf = (plan: PlanNode[]): Sequence => ({
  version: 1,
  name: "s",
  steps: plan.filter((n) => n.kind === "step").map(({ id, needs }) => ({ id, depends_on: needs })),
  gates: plan.filter((n) => n.kind === "gate").map(({ id, needs }) => ({ id, name: id, depends_on: needs })),
});

/** What each node waits for after the calls. */
function after(plan: PlanNode[], calls: { action: string; input: object }[]): Record<string, string[]> {
  const result = edit("sequence.change", sequenceOf(plan), { calls });
  if (!result.ok) throw new Error(JSON.stringify(result.failure));
  const nodes = [...(result.value.steps ?? []), ...(result.value.gates ?? [])];
  return Object.fromEntries(nodes.map(({ id, depends_on }) => [id, depends_on ?? []]));
}

describe("a removed node", () => {
  test("leaves its place to what it waited for, so that nothing starts earlier than before", () => {
    expect(after(plan, remove(plan, ["b"], {}))).toEqual({ a: [], c: ["a"], d: ["gate"], gate: ["c"] });
    expect(after(plan, remove(plan, ["gate"], {}))).toEqual({ a: [], b: ["a"], c: ["b"], d: ["c"] });
    expect(after(plan, remove(plan, ["b", "c", "gate"], {}))).toEqual({ a: [], d: ["a"] });
  });

  test("is no longer shown by gates", () => {
    const calls = remove(plan, ["b"], { gate: ["b", "c"], other: ["b"] });
    expect(calls).toContainEqual({ action: "gate.edit", input: { id: "gate", shows: ["c"] } });
    expect(calls).toContainEqual({ action: "gate.edit", input: { id: "other", unset: ["shows"] } });
  });

  test("whatever is removed, the order of what is left is the same", () => {
    const graphs = fc
      .array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: 1, maxLength: 12 })
      .map((needs) =>
        needs.map((some, i) =>
          node(`n${i}`, i === 0 ? [] : [...new Set(some.map((need) => `n${need % i}`))]),
        ),
      );
    const reach = (needs: Record<string, string[]>, id: string): Set<string> => {
      const found = new Set(needs[id]);
      for (const at of found) for (const need of needs[at] ?? []) found.add(need);
      return found;
    };
    fc.assert(
      fc.property(graphs, fc.array(fc.nat(), { maxLength: 4 }), (graph, picks) => {
        const ids = [...new Set(picks.map((pick) => `n${pick % graph.length}`))];
        if (ids.length === 0) return;
        const before = Object.fromEntries(graph.map(({ id, needs }) => [id, needs]));
        const now = after(graph, remove(graph, ids, {}));
        for (const id of Object.keys(now)) {
          const expected = [...reach(before, id)].filter((other) => !ids.includes(other)).sort();
          expect([...reach(now, id)].sort()).toEqual(expected);
        }
      }),
    );
  });
});

describe("an arrow", () => {
  const edge = { id: "b→c", source: "b", target: "c" };

  test("takes a node in between", () => {
    const wide = [...plan, node("new")];
    expect(after(wide, insert(wide, "new", edge))).toMatchObject({ new: ["b"], c: ["new"] });
    const tied = [...plan.slice(0, 2), node("c", ["b", "new"]), node("new", ["b"])];
    expect(after(tied, insert(tied, "new", edge))).toMatchObject({ new: ["b"], c: ["new"] });
  });

  test("is moved to other ends in one go, or not at all where nothing changes", () => {
    expect(after(plan, reconnect(edge, { source: "a", target: "c" }))).toMatchObject({ c: ["a"] });
    expect(reconnect(edge, edge)).toEqual([]);
  });

  test("that can't be is refused in core's words, before it is drawn", () => {
    expect(reasonAgainst(plan, "a", "a")).toContain("itself");
    expect(reasonAgainst(plan, "a", "b")).toContain("already");
    expect(reasonAgainst(plan, "d", "a")).toContain("a → b → c → gate → d → a");
    expect(reasonAgainst(plan, "a", "d")).toBeUndefined();
  });

  test("is barred exactly where it would be refused", () => {
    for (const { id: source } of plan) {
      const refused = plan
        .filter(({ id }) => reasonAgainst(plan, source, id) !== undefined)
        .map(({ id }) => id);
      expect([...barredFrom(plan, source)].sort()).toEqual(refused.sort());
    }
    expect([...afterOf(plan, "b")].sort()).toEqual(["c", "d", "gate"]);
  });
});

describe("ids", () => {
  test("are made of names, and are free", () => {
    expect(idFrom("Build the Thing!", "step")).toBe("build-the-thing");
    expect(idFrom("Überprüfen", "step")).toBe("uberprufen");
    expect(idFrom("…", "step")).toBe("step");
    expect(freeId("a", new Set(["a", "a-2"]))).toBe("a-3");
    expect(duplicate(plan, ["a", "gate", "b"])).toMatchObject({ made: ["a-copy", "b-copy"] });
    const named = plan.map((node) => (node.id === "a" ? { ...node, name: "Again" } : node));
    expect(duplicate(named, ["a"]).calls).toEqual([
      { action: "step.clone", input: { id: "a", new: "a-copy" } },
      { action: "step.edit", input: { id: "a-copy", name: "Again (copy)" } },
    ]);
  });
});

describe("a draft", () => {
  const draft: Draft = {
    kind: "step",
    name: "N",
    id: "n",
    model: "shell",
    command: "x y",
    prompt: "",
    sequence: "",
    needs: ["a"],
  };

  test("says what is missing, by field", () => {
    const taken = ["a", "N"];
    expect(faultsOf({ ...draft, command: "" }, taken)).toEqual({
      id: "The id 'n' is taken.",
      command: "Say what it runs.",
    });
    expect(faultsOf({ ...draft, id: "no such", command: "'open" }, taken)).toMatchObject({
      id: expect.stringContaining("ids start with"),
      command: expect.stringContaining("quote"),
    });
    expect(faultsOf({ ...draft, kind: "gate", name: " " }, ["a"])).toHaveProperty("name");
    expect(faultsOf(draft, ["a"])).toEqual({});
  });

  test("says what it can't wait for, instead of leaving it out", () => {
    expect(faultsOf({ ...draft, needs: ["a", "bild"] }, ["a", "build"])).toEqual({
      needs: "There is no step or gate 'bild'. Did you mean 'build'?",
    });
    expect(faultsOf({ ...draft, needs: ["b"] }, ["a", "b"], new Set(["b"])).needs).toContain(
      "comes after it",
    );
  });

  test("may run the steps of a file in its place, and nothing besides", () => {
    const nest = { ...draft, model: sequenceFile, command: "", sequence: "sequences/check.yaml" };
    expect(faultsOf(nest, ["a"])).toEqual({});
    expect(faultsOf({ ...nest, sequence: "" }, ["a"])).toHaveProperty("sequence");
    expect(faultsOf({ ...nest, sequence: "/etc/check.yaml" }, ["a"])).toHaveProperty("sequence");
    expect(addingCalls(nest, { feeds: [] })[0]?.input).toEqual({
      id: "n",
      name: "N",
      sequence: "sequences/check.yaml",
      depends_on: ["a"],
    });
    expect(promptCalls({ ...nest, prompt: "typed before" })).toEqual([]);
  });

  test("becomes edits that tie it in where it was asked for", () => {
    const into = after(
      [...plan.slice(0, 2)],
      addingCalls({ ...draft, needs: ["a"] }, { feeds: [], into: ["a", "b"] }),
    );
    expect(into).toEqual({ a: [], b: ["n"], n: ["a"] });
    const before = after([...plan.slice(0, 2)], addingCalls({ ...draft, needs: [] }, { feeds: ["a"] }));
    expect(before).toMatchObject({ a: ["n"] });
    expect(addingCalls({ ...draft, kind: "gate" }, { feeds: [] })[0]?.action).toBe("gate.insert");
  });
});

describe("places", () => {
  test("that people chose are kept; whatever else would lie below makes room", () => {
    const own = layoutGraph(plan).boxes.get("b");
    const layout = layoutGraph(plan, { positions: { d: { x: own?.x ?? 0, y: own?.y ?? 0 } } });
    expect(layout.boxes.get("d")).toMatchObject({ x: own?.x, y: own?.y });
    expect(layout.boxes.get("b")?.y).toBeGreaterThan((own?.y ?? 0) + 71);
  });

  test("lead down as well as to the right", () => {
    const { boxes, edges } = layoutGraph(plan, { positions: {}, direction: "down" });
    for (const { source, target } of edges)
      expect((boxes.get(source)?.y ?? 0) + 72).toBeLessThan(boxes.get(target)?.y ?? 0);
    expect(boxes.get("a")).toMatchObject({ width: 232, height: 72 });
  });

  test("follow what is dragged, and what is dragged alone", () => {
    const layout = layoutGraph(plan);
    const now = moved(layout, plan, new Map([["a", { x: 500, y: 500 }]]));
    expect(now.boxes.get("a")).toMatchObject({ x: 500, y: 500 });
    expect(now.boxes.get("b")).toEqual(layout.boxes.get("b") as never);
    expect(moved(layout, plan, new Map())).toBe(layout);
  });
});

test("a search fits when all of its words stand in id or name", () => {
  expect(fits("build ui", "ui", "Build it")).toBe(true);
  expect(fits("build x", "ui", "Build it")).toBe(false);
});
