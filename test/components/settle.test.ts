import { describe, expect, test } from "bun:test";
import * as fc from "fast-check";
import { labelOf } from "../../components/canvas/groups";
import { type Layout, layoutGraph } from "../../components/canvas/layout";
import { type Box, sizes } from "../../components/canvas/plan";
import { meant, shown } from "../../components/canvas/stretch";
import type { Spot } from "../../lib/core/layout";
import { planNode as node } from "../rig/plan-node";

const boxOf = ({ boxes }: Layout, id: string): Box => {
  const box = boxes.get(id);
  if (!box) throw new Error(`${id} has no place`);
  return box;
};
const meet = (a: Box, b: Box) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
const met = (layout: Layout) => {
  const all = [...layout.boxes];
  return all.flatMap(([id, box], i) =>
    all.slice(i + 1).flatMap(([other, there]) => (meet(box, there) ? [`${id} and ${other}`] : [])),
  );
};

/** A chain that somebody laid out far from where it would stand by itself. */
const chain = [node("a"), node("b", ["a"]), node("c", ["b"])];
const far: Record<string, Spot> = { a: { x: 900, y: 700 }, b: { x: 1500, y: 700 }, c: { x: 1800, y: 900 } };

describe("what nobody placed, among what somebody placed", () => {
  test("a gate that is put into an arrow stands between its ends, level with them", () => {
    const plan = [node("a"), node("gate", ["a"]), node("b", ["gate"]), node("c", ["b"])];
    const layout = layoutGraph(plan, { positions: far });
    const gate = boxOf(layout, "gate");
    expect(gate).toMatchObject({ y: 700 });
    expect(gate.x).toBeGreaterThan(900 + sizes.step.width);
    expect(gate.x + gate.width).toBeLessThan(1500);
    for (const [id, spot] of Object.entries(far)) expect(boxOf(layout, id)).toMatchObject(spot);
  });

  test("with no room between them it stands beside, still after what it waits for", () => {
    const close = { a: { x: 900, y: 700 }, b: { x: 1180, y: 700 }, c: { x: 1460, y: 700 } };
    const plan = [node("a"), node("gate", ["a"]), node("b", ["gate"]), node("c", ["b"])];
    const layout = layoutGraph(plan, { positions: close });
    expect(boxOf(layout, "gate").x).toBeGreaterThan(900 + sizes.step.width);
    expect(met(layout)).toEqual([]);
    expect(boxOf(layout, "b")).toMatchObject(close.b);
  });

  test("where arrows lead down it stands below", () => {
    const down = { a: { x: 700, y: 900 }, b: { x: 700, y: 1500 }, c: { x: 900, y: 1800 } };
    const plan = [node("a"), node("gate", ["a"]), node("b", ["gate"]), node("c", ["b"])];
    const layout = layoutGraph(plan, { direction: "down", positions: down });
    const gate = boxOf(layout, "gate");
    expect(gate.y).toBeGreaterThan(900 + sizes.step.height);
    expect(gate.y + gate.height).toBeLessThan(1500);
    expect(gate.x + gate.width / 2).toBe(700 + sizes.step.width / 2);
  });

  test("one node that is moved leaves all others where they are", () => {
    const before = layoutGraph(chain);
    const { x, y } = boxOf(before, "b");
    const after = layoutGraph(chain, { positions: { b: { x, y: y + 300 } } });
    expect(boxOf(after, "a")).toEqual(boxOf(before, "a"));
    expect(boxOf(after, "c")).toEqual(boxOf(before, "c"));
  });

  const graphs = fc
    .record({
      nodes: fc.array(
        fc.record({
          needs: fc.array(fc.nat(), { maxLength: 3 }),
          group: fc.option(fc.constantFrom("g", "h"), { freq: 2 }),
          place: fc.option(fc.record({ x: fc.nat(6), y: fc.nat(12) })),
        }),
        { minLength: 2, maxLength: 20 },
      ),
      down: fc.boolean(),
    })
    .map(({ nodes, down }) => {
      const plan = nodes.map(({ needs, group }, i) =>
        node(`n${i}`, i === 0 ? [] : [...new Set(needs.map((need) => `n${need % i}`))], { group }),
      );
      const taken = new Set<string>();
      const positions: Record<string, Spot> = {};
      for (const [i, { place }] of nodes.entries()) {
        if (!place || taken.has(`${place.x} ${place.y}`)) continue;
        taken.add(`${place.x} ${place.y}`);
        positions[`n${i}`] = { x: place.x * 240, y: place.y * 80 };
      }
      return { plan, positions, direction: down ? ("down" as const) : ("right" as const) };
    });

  test("stands after all it waits for, over no node and no name of a group; what was placed stays", () => {
    fc.assert(
      fc.property(graphs, ({ plan, positions, direction }) => {
        const layout = layoutGraph(plan, { positions, direction });
        for (const [id, spot] of Object.entries(positions)) expect(boxOf(layout, id)).toMatchObject(spot);
        expect(met(layout)).toEqual([]);
        for (const { id, needs, group } of plan) {
          if (positions[id]) continue;
          const box = boxOf(layout, id);
          for (const need of needs) {
            const other = boxOf(layout, need);
            if (direction === "right") expect(box.x).toBeGreaterThan(other.x + other.width);
            else expect(box.y).toBeGreaterThan(other.y + other.height);
          }
          const foreign = layout.groups.filter((other) => other.group !== group).map(labelOf);
          expect(foreign.filter((label) => meet(label, box))).toEqual([]);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe("a step that is opened up among what somebody placed", () => {
  const plan = [
    node("a"),
    node("sub", ["a"], { look: "nest", size: { width: 640, height: 300 } }),
    node("other", ["a"]),
    node("end", ["sub", "other"]),
  ];
  const positions = {
    a: { x: 0, y: 0 },
    sub: { x: 300, y: 0 },
    other: { x: 300, y: 100 },
    end: { x: 600, y: 40 },
  };
  const opened = layoutGraph(plan, { positions });

  test("has its room, without anything beneath it", () => {
    expect(boxOf(opened, "sub")).toEqual({ x: 300, y: 0, width: 640, height: 300 });
    expect(met(opened)).toEqual([]);
    expect(boxOf(opened, "a")).toMatchObject(positions.a);
  });

  test("moves nothing for good", () => {
    const closed = plan.map(({ look: _, size: __, ...rest }) => rest);
    const after = layoutGraph(closed, { positions });
    for (const [id, spot] of Object.entries(positions)) {
      expect(boxOf(after, id)).toMatchObject(spot);
      // Somebody who takes hold of what was moved aside, and lets it go, has not moved it.
      expect(meant(boxOf(opened, id), opened.stretches)).toEqual(spot);
    }
    expect(shown({ x: 0, y: 0 }, opened.stretches)).toEqual({ x: 0, y: 0 });
  });

  test("makes room where arrows lead down, too", () => {
    const down = layoutGraph(plan, { positions, direction: "down" });
    expect(boxOf(down, "sub")).toEqual({ x: 300, y: 0, width: 640, height: 300 });
    expect(met(down)).toEqual([]);
    expect(meant(boxOf(down, "end"), down.stretches)).toEqual(positions.end);
  });
});

describe("an arrow", () => {
  const levels = ({ edges }: Layout, id: string) =>
    edges.find((edge) => edge.id === id)?.route.map(({ y }) => y) ?? [];

  test("leads around what somebody placed in its way", () => {
    const plan = [node("a"), node("wall", ["a"]), node("z", ["a"])];
    const positions = { a: { x: 0, y: 0 }, wall: { x: 400, y: 0 }, z: { x: 800, y: 0 } };
    const ys = levels(layoutGraph(plan, { positions }), "a→z");
    expect(ys.length).toBeGreaterThan(0);
    for (const y of ys) expect(y < 0 || y > sizes.step.height).toBe(true);
  });

  test.each(["right", "down"] as const)(
    "into a group, which may have to pass its name, leads straight there (%s)",
    (direction) => {
      const group = (id: string) => node(id, ["a"], { group: "g" });
      const plan = [node("a"), group("b"), group("c"), group("d"), node("e", ["a"]), node("z", ["e", "c"])];
      const { edges } = layoutGraph(plan, { direction, positions: {} });
      for (const id of ["b", "c", "d"])
        expect(edges.find((edge) => edge.id === `a→${id}`)?.route).toEqual([]);
    },
  );

  test("ends level with what it leads to, where something wide stands beside that", () => {
    const wide = { look: "nest" as const, size: { width: 640, height: 300 } };
    const plan = [node("a"), node("b", ["a"]), node("sub", ["b"], wide), node("gate", ["a"])];
    const positions = {
      a: { x: 0, y: 0 },
      b: { x: 300, y: 0 },
      sub: { x: 600, y: 0 },
      gate: { x: 700, y: 110 },
    };
    const layout = layoutGraph(plan, { positions });
    const gate = boxOf(layout, "gate");
    const route = layout.edges.find((edge) => edge.id === "a→gate")?.route ?? [];
    const xs = route.map(({ x }) => x);
    expect(xs).toEqual([...xs].sort((p, q) => p - q));
    expect(xs.at(-1) ?? 0).toBeLessThanOrEqual(gate.x);
  });

  test.each([
    ["a row below", { x: 20, y: 94 }],
    ["far above", { x: 600, y: -400 }],
    ["level with it", { x: 700, y: 0 }],
  ])("back to what somebody put before it crosses nothing on its way (%s)", (_where, spot) => {
    const plan = [node("late"), node("first", ["late"]), node("between")];
    const positions = { first: { x: 0, y: 0 }, between: { x: 300, y: 0 }, late: spot };
    const layout = layoutGraph(plan, { positions });
    const route = layout.edges.find(({ id }) => id === "late→first")?.route ?? [];
    expect(route).toHaveLength(4);
    const [from, to] = [boxOf(layout, "late"), boxOf(layout, "first")];
    const points = [
      { x: from.x + from.width, y: from.y + from.height / 2 },
      ...route,
      { x: to.x, y: to.y + to.height / 2 },
    ];
    for (const [i, b] of points.entries()) {
      const a = points[i - 1];
      if (!a) continue;
      expect(a.x === b.x || a.y === b.y).toBe(true);
      const line = {
        ...{ x: Math.min(a.x, b.x), y: Math.min(a.y, b.y) },
        ...{ width: Math.abs(a.x - b.x), height: Math.abs(a.y - b.y) },
      };
      expect([...layout.boxes.values()].filter((box) => meet(box, line))).toEqual([]);
    }
  });

  test("leaves the column of an opened step before it changes its height", () => {
    const plan = [
      node("a"),
      node("sub", ["a"], { look: "nest", size: { width: 640, height: 300 } }),
      node("gate", ["a"]),
      node("end", ["sub", "gate"]),
    ];
    const layout = layoutGraph(plan);
    const sub = boxOf(layout, "sub");
    const route = layout.edges.find((edge) => edge.id === "gate→end")?.route ?? [];
    expect(route.at(-1)?.x ?? 0).toBeGreaterThanOrEqual(sub.x + sub.width);
    const gate = boxOf(layout, "gate");
    expect(new Set(route.map(({ y }) => y))).toEqual(new Set([gate.y + gate.height / 2]));
  });
});
