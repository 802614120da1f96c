import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Failure } from "../../../lib/core/failure";
import { renderFailure } from "../../../lib/core/failure-table";
import {
  buildGraph,
  checkGraph,
  needsOf,
  stepsBefore,
  topologicalOrder,
} from "../../../lib/core/sequence/graph";
import type { Sequence } from "../../../lib/core/sequence/schema";
import { sequence } from "../rig/arbitrary-plan";
import { holds } from "../rig/holds";
import { gate, node, sequenceOf } from "../rig/plans";

const orderOf = (given: Sequence) => {
  const order = topologicalOrder(buildGraph(given));
  if (!order.ok) throw new Error(JSON.stringify(order.failure));
  return order.value;
};

function failureOf(given: Sequence): Failure {
  const checked = checkGraph(given);
  if (checked.ok) throw new Error("no fault was found");
  return checked.failure;
}

const cycleOf = (given: Sequence) => {
  const failure = failureOf(given);
  return failure.code === "dep.cycle" ? failure.path : failure;
};

describe("the order of", () => {
  test("nothing is empty", () => expect(orderOf(sequenceOf([]))).toEqual([]));

  test("a diamond is top, sides as in the file, bottom", () => {
    const diamond = [node("d", ["b", "c"]), node("c", ["a"]), node("b", ["a"]), node("a")];
    expect(orderOf(sequenceOf(diamond))).toEqual(["a", "c", "b", "d"]);
  });

  test("any sequence has each node once, behind all that it needs", () => {
    holds(
      fc.property(sequence, (given) => {
        const graph = buildGraph(given);
        const order = orderOf(given);
        expect(order.toSorted()).toEqual([...graph.nodes.keys()].toSorted());
        for (const { id, needs } of graph.nodes.values())
          for (const need of needs) expect(order.indexOf(need)).toBeLessThan(order.indexOf(id));
      }),
    );
  });
});

describe("a circle", () => {
  test("of one is shown as such", () => expect(cycleOf(sequenceOf([node("a", ["a"])]))).toEqual(["a", "a"]));

  test("of three is found along what needs what, and told with arrows as the canvas draws them", () => {
    const failure = failureOf(sequenceOf([node("a", ["b"]), node("b", ["c"]), node("c", ["a"])]));
    expect(failure).toEqual({ code: "dep.cycle", path: ["a", "b", "c", "a"] });
    expect(renderFailure(failure).message).toBe("the dependencies form a circle: a → c → b → a");
  });

  test("through a gate or a synthesis is one too", () => {
    expect(cycleOf(sequenceOf([node("a", ["g"])], [gate("g", ["a"])]))).toEqual(["a", "g", "a"]);
    const fused = [node("a", ["s"]), node("s", [], { fusion_synth: true, fusion_candidates: ["a"] })];
    expect(cycleOf(sequenceOf(fused))).toEqual(["a", "s", "a"]);
  });

  test("is the shorter of two", () => {
    const long = [node("a", ["b"]), node("b", ["c"]), node("c", ["a"])];
    expect(cycleOf(sequenceOf([...long, node("x", ["y"]), node("y", ["x"])]))).toEqual(["x", "y", "x"]);
    expect(cycleOf(sequenceOf([node("x", ["y"]), node("y", ["x"]), node("z", ["z"])]))).toEqual(["z", "z"]);
  });

  test("of a thousand is found, and short-cut where it can be", () => {
    const ring = Array.from({ length: 1000 }, (_, i) => node(`n${i}`, [`n${(i + 1) % 1000}`]));
    expect(cycleOf(sequenceOf(ring))).toHaveLength(1001);
    expect(
      cycleOf(sequenceOf([...ring, node("m", ["n0"])].with(999, node("n999", ["n0", "n990"])))),
    ).toHaveLength(11);
  });

  test("is found behind any number of nodes that wait for it, side by side or in a row", () => {
    const pair = [node("x", ["y"]), node("y", ["x"])];
    const crowd = Array.from({ length: 3000 }, (_, i) => node(`n${i}`, ["x"]));
    expect(cycleOf(sequenceOf([...crowd, ...pair]))).toEqual(["x", "y", "x"]);
    const row = Array.from({ length: 3000 }, (_, i) => node(`n${i}`, [i === 2999 ? "x" : `n${i + 1}`]));
    expect(cycleOf(sequenceOf([...row, ...pair]))).toEqual(["x", "y", "x"]);
  });

  test("is found, if not the shortest, even where looking for the shortest would take too long", () => {
    const ring = Array.from({ length: 3000 }, (_, i) => node(`n${i}`, [`n${(i + 1) % 3000}`]));
    expect(cycleOf(sequenceOf([...ring, node("x", ["y"]), node("y", ["x"])]))).toHaveLength(3001);
  });

  test("that is shown is a true one, and none is shorter", () => {
    const edges = fc.array(fc.tuple(fc.nat(6), fc.nat(6)), { minLength: 1, maxLength: 14 });
    holds(
      fc.property(edges, (pairs) => {
        const needs = (n: number) => pairs.filter(([from]) => from === n).map(([, to]) => `n${to}`);
        const given = sequenceOf([0, 1, 2, 3, 4, 5, 6].map((n) => node(`n${n}`, [...new Set(needs(n))])));
        const checked = checkGraph(given);
        const shortest = shortestCircle(pairs);
        expect(checked.ok).toBe(shortest === undefined);
        if (checked.ok || shortest === undefined) return;
        const path = cycleOf(given) as string[];
        expect(path).toHaveLength(shortest + 1);
        expect(path.at(-1)).toBe(path[0] as string);
        for (const [i, id] of path.slice(0, -1).entries())
          expect(needs(Number(id.slice(1)))).toContain(path[i + 1] as string);
      }),
      500,
    );
  });
});

/** Length of the shortest circle, by taking powers of the adjacency relation. */
function shortestCircle(pairs: [number, number][]): number | undefined {
  let reached = new Set(pairs.map(([from, to]) => `${from} ${to}`));
  for (let length = 1; length <= 7; length++) {
    if ([0, 1, 2, 3, 4, 5, 6].some((n) => reached.has(`${n} ${n}`))) return length;
    const next = new Set<string>();
    for (const step of reached)
      for (const [from, to] of pairs) if (step.endsWith(` ${from}`)) next.add(`${step.split(" ")[0]} ${to}`);
    reached = next;
  }
  return undefined;
}

describe("a name that points nowhere", () => {
  test("is refused with the nearest one, but never with the node itself", () => {
    expect(failureOf(sequenceOf([node("build"), node("test", ["bild"])]))).toEqual({
      code: "dep.unknown",
      id: "bild",
      by: "test",
      nearest: "build",
    });
    expect(failureOf(sequenceOf([node("build", ["bild"])]))).toEqual({
      code: "dep.unknown",
      id: "bild",
      by: "build",
    });
  });

  test("is refused in gates and among candidates, and before a circle is looked for", () => {
    expect(failureOf(sequenceOf([], [gate("g", ["zz"])]))).toMatchObject({ code: "dep.unknown", by: "g" });
    const synthesis = node("s", [], { fusion_synth: true, fusion_candidates: ["zz"] });
    expect(failureOf(sequenceOf([synthesis]))).toMatchObject({ code: "dep.unknown", id: "zz" });
    expect(failureOf(sequenceOf([node("a", ["a"]), node("b", ["zz"])]))).toMatchObject({
      code: "dep.unknown",
    });
  });
});

describe("what a step needs", () => {
  test("are its dependencies and, for a synthesis, its candidates, each once", () => {
    expect(needsOf(node("a"))).toEqual([]);
    expect(needsOf(node("a", ["b", "b", "c"]))).toEqual(["b", "c"]);
    const candidates = { fusion_candidates: ["b", "d"] };
    expect(needsOf(node("s", ["b"], { fusion_synth: true, ...candidates }))).toEqual(["b", "d"]);
    expect(needsOf(node("s", ["b"], candidates))).toEqual(["b"]);
  });

  test("comes from the steps before it, through any number of gates", () => {
    const graph = buildGraph(
      sequenceOf([node("a"), node("b"), node("c", ["h", "b"])], [gate("g", ["a"]), gate("h", ["g", "b"])]),
    );
    expect(stepsBefore(graph, "c").toSorted()).toEqual(["a", "b"]);
    expect(stepsBefore(graph, "a")).toEqual([]);
    expect(stepsBefore(graph, "nobody")).toEqual([]);
  });

  test("is turned round in the graph's dependents", () => {
    const { dependents } = buildGraph(sequenceOf([node("a"), node("b", ["a"])], [gate("g", ["a"])]));
    expect([...dependents]).toEqual([["a", ["b", "g"]]]);
  });
});
