import { describe, expect, test } from "bun:test";
import * as fc from "fast-check";
import { placeWithDagre } from "../../components/canvas/dagre";
import { placeLayered } from "../../components/canvas/layered";
import { carried, layoutGraph, moved } from "../../components/canvas/layout";
import { splitImplied, topological } from "../../components/canvas/order";
import { type Box, edgesOf, gaps, type PlanNode } from "../../components/canvas/plan";
import { planNode as node } from "../rig/plan-node";

//            ┌─ a ─┐
//   survey ──┼─ b ─┼─ numbers ─┐
//       │    └─ c ─┘           ├─ verdict ─ gate ─ report
//       └───────────── story ──┘
const demo = [
  node("survey"),
  ...["a", "b", "c"].map((id) => node(id, ["survey"], { group: "inspect" })),
  node("numbers", ["survey", "a", "b", "c"]),
  node("story", ["survey"]),
  node("verdict", ["numbers", "story"]),
  node("gate", ["verdict"]),
  node("report", ["gate", "survey", "a"]),
];

/** Graphs without circles, as programs write them: each node needs some of those before it. */
const graphs = fc
  .array(
    fc.record({ needs: fc.array(fc.nat(), { maxLength: 4 }), group: fc.option(fc.constantFrom("g", "h")) }),
    {
      minLength: 1,
      maxLength: 60,
    },
  )
  .map((all) =>
    all.map(({ needs, group }, i) =>
      node(`n${i}`, i === 0 ? [] : [...new Set(needs.map((need) => `n${need % i}`))], { group }),
    ),
  );

const places = { dagre: placeWithDagre, layered: placeLayered };
const neededOf = (plan: PlanNode[]) => splitImplied(plan, edgesOf(plan)).needed;
const box = (boxes: Map<string, Box>, id: string): Box =>
  boxes.get(id) ?? { x: NaN, y: NaN, width: 0, height: 0 };
const meet = (a: Box, b: Box) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

describe.each(Object.entries(places))("the %s layout", (_name, place) => {
  test("every arrow points to the right and no two boxes meet", () => {
    fc.assert(
      fc.property(graphs, (plan) => {
        const needed = neededOf(plan);
        const { boxes } = place(plan, needed);
        for (const { source, target } of needed) {
          expect(box(boxes, source).x + box(boxes, source).width).toBeLessThan(box(boxes, target).x);
        }
        const all = [...boxes.values()];
        expect(all).toHaveLength(plan.length);
        for (const [i, a] of all.entries()) for (const b of all.slice(i + 1)) expect(meet(a, b)).toBe(false);
      }),
      { numRuns: 40 },
    );
  });

  test("siblings stand in the order of the file", () => {
    const { boxes } = place(demo, neededOf(demo));
    const heights = ["a", "b", "c"].map((id) => box(boxes, id).y);
    expect(heights).toEqual([...heights].sort((p, q) => p - q));
  });

  test("a group that is made moves only what its border needs the room of", () => {
    // Two chains side by side, of which the first one fans out.
    const plan = [
      ...demo.map((each) => ({ ...each, group: null })),
      ...["p", "q", "r", "s"].map((id, i, all) => node(id, i === 0 ? [] : [all[i - 1] ?? ""])),
    ];
    const grouped = plan.map((each) => (["a", "b"].includes(each.id) ? { ...each, group: "pair" } : each));
    const [before, after] = [plan, grouped].map((each) => place(each, neededOf(each)).boxes);
    if (!before || !after) throw new Error("there is no picture");
    const column = box(before, "a").x;
    for (const { id } of plan)
      if (box(before, id).x !== column) expect([id, box(after, id)]).toEqual([id, box(before, id)]);
    for (const id of ["a", "b", "c"]) expect(box(after, id).x).toBe(column);
    const apart = ["a", "b"].map((id) => Math.abs(box(after, "c").y - box(after, id).y));
    expect(Math.min(...apart)).toBeGreaterThan(71 + gaps.row + gaps.group);
    const placed = { positions: { report: { x: 1900, y: 40 } } };
    const [drawn, redrawn] = [plan, grouped].map((each) => layoutGraph(each, placed).boxes);
    for (const id of ["survey", "verdict", "gate", "report"])
      expect(box(redrawn ?? new Map(), id)).toEqual(box(drawn ?? new Map(), id));
  });

  test("the same graph gives the same picture", () => {
    expect(place(demo, neededOf(demo))).toEqual(place(demo, neededOf(demo)));
  });
});

describe("the layered layout", () => {
  test("an arrow over several columns passes between the boxes of each", () => {
    fc.assert(
      fc.property(graphs, (plan) => {
        const { boxes, routes } = placeLayered(plan, neededOf(plan));
        for (const route of routes.values()) {
          for (let i = 0; i + 1 < route.length; i += 2) {
            const [from, to] = [route[i], route[i + 1]];
            if (!from || !to) continue;
            const line = { x: from.x, y: from.y, width: to.x - from.x, height: 0.01 };
            for (const each of boxes.values()) expect(meet(line, each)).toBe(false);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  test("a chain stands level and a circle, which no valid file has, still gets its places", () => {
    const chain = Array.from({ length: 300 }, (_, i) => node(`n${i}`, i ? [`n${i - 1}`] : []));
    expect(new Set([...layoutGraph(chain).boxes.values()].map(({ y }) => y)).size).toBe(1);
    const circle = [node("a", ["b"]), node("b", ["a"]), node("c", ["a"])];
    expect(placeLayered(circle, edgesOf(circle)).boxes.size).toBe(3);
  });
});

describe("arrows that follow from others", () => {
  const { needed, implied } = splitImplied(demo, edgesOf(demo));

  test("are told apart", () => {
    expect(implied.map(({ id }) => id)).toEqual(["survey→numbers", "survey→report", "a→report"]);
  });

  test("can be left out without changing what comes before what", () => {
    fc.assert(
      fc.property(graphs, (plan) => {
        const reach = (edges: { source: string; target: string }[]) => {
          const above = new Map<string, Set<string>>(plan.map(({ id }) => [id, new Set()]));
          for (const id of topological(plan, edges as never)) {
            for (const { source } of edges.filter((edge) => edge.target === id)) {
              above.get(id)?.add(source);
              for (const far of above.get(source) ?? []) above.get(id)?.add(far);
            }
          }
          return above;
        };
        const all = edgesOf(plan);
        const few = neededOf(plan);
        expect(reach(few)).toEqual(reach(all));
        for (const edge of few) expect(reach(few.filter((other) => other !== edge))).not.toEqual(reach(all));
      }),
      { numRuns: 30 },
    );
  });

  test("pointing at nothing or named twice, they are not drawn at all", () => {
    expect(edgesOf([node("a"), node("b", ["a", "a", "gone"])]).map(({ id }) => id)).toEqual(["a→b"]);
    expect(needed.some(({ id }) => id === "gate→report")).toBe(true);
  });
});

describe("the boundary of a group", () => {
  test("holds its members with room to spare", () => {
    const { groups, boxes } = layoutGraph(demo);
    expect(groups.map(({ group, members }) => [group, members])).toEqual([["inspect", ["a", "b", "c"]]]);
    for (const id of ["a", "b", "c"]) {
      expect(box(boxes, id).x - (groups[0]?.x ?? 0)).toBe(gaps.group);
    }
  });

  test("is one, and meets no other, in a graph that a person draws", () => {
    fc.assert(
      fc.property(graphs, fc.constantFrom("right" as const, "down" as const), (plan, direction) => {
        // Members of a group wait for none of each other.
        const flat = plan.map((each) => ({
          ...each,
          group: each.needs.length > 0 && each.needs.every((need) => need === "n0") ? each.group : null,
        }));
        const { groups } = layoutGraph(flat, { direction, positions: {} });
        expect(groups.length).toBe(new Set(groups.map(({ group }) => group)).size);
        for (const [i, one] of groups.entries())
          for (const other of groups.slice(i + 1)) expect(meet(one, other)).toBe(false);
      }),
      { numRuns: 40 },
    );
  });

  test("takes all of the group with it when it is dragged, also where it is drawn in parts", () => {
    // A stranger stands between the two of them.
    const plan = [node("one", [], { group: "g" }), node("other"), node("two", [], { group: "g" })];
    const positions = { one: { x: 0, y: 0 }, other: { x: 300, y: 0 }, two: { x: 600, y: 0 } };
    const layout = layoutGraph(plan, { positions });
    expect(layout.groups.map(({ key }) => key)).toEqual(["g 0", "g 1"]);
    for (const border of layout.groups) {
      const to = { x: border.x + 40, y: border.y + 200 };
      const spots = carried(layout, border, to);
      expect([...spots]).toEqual([
        ["one", { x: 40, y: 200 }],
        ["two", { x: 640, y: 200 }],
      ]);
      const shown = moved(layout, plan, spots, { border, to });
      expect(shown.groups).toEqual(
        layout.groups.map((part) => ({ ...part, x: part.x + 40, y: part.y + 200 })),
      );
      expect(box(shown.boxes, "other")).toEqual(box(layout.boxes, "other"));
    }
  });

  test("never holds a stranger", () => {
    fc.assert(
      fc.property(graphs, fc.boolean(), (plan, big) => {
        const filler = big ? Array.from({ length: 160 }, (_, i) => node(`f${i}`)) : [];
        const { groups, boxes } = layoutGraph([...plan, ...filler]);
        for (const each of groups) {
          for (const other of plan) {
            if (other.group === each.group) continue;
            expect(meet(each, box(boxes, other.id))).toBe(false);
          }
        }
      }),
      { numRuns: 40 },
    );
  });
});
