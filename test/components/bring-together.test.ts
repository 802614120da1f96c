import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { isFarApart, placesOfGroup, together } from "../../components/canvas/bring-together";
import { type Direction, layoutGraph } from "../../components/canvas/layout";
import { meets } from "../../components/canvas/settle";
import type { Spot } from "../../lib/core/layout";
import { planNode as node } from "../rig/plan-node";

const plan = [node("a"), node("b", ["a"]), node("c", ["b"]), node("x"), node("y"), node("z", ["a"])];
const grouped = (ids: string[]) =>
  plan.map((each) => (ids.includes(each.id) ? { ...each, group: "g" } : each));
const drawn = (ids: string[], positions: Record<string, Spot>, direction: Direction = "right") =>
  layoutGraph(grouped(ids), { positions, direction });

const far = { x: { x: 0, y: 0 }, y: { x: 1400, y: 900 } };
const spot = fc.record({ x: fc.nat(2000), y: fc.nat(1500) }, { noNullPrototype: true });
const direction = fc.constantFrom<Direction>("right", "down");

describe("steps that are brought together", () => {
  test("stand side by side after all that they wait for, over no other box, wherever they stood", () => {
    const spots = fc.record(
      { a: spot, b: spot, c: spot, x: spot, y: spot, z: spot },
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(spots, direction, (positions, direction) => {
        const ids = ["x", "y", "z"];
        const { boxes } = drawn(ids, positions, direction);
        const moved = { ...positions, ...together({ plan, boxes, direction }, ids) };
        const after = drawn(ids, moved, direction);
        const [along, size] = direction === "right" ? (["x", "width"] as const) : (["y", "height"] as const);
        for (const id of ids)
          for (const [other, box] of after.boxes) {
            const own = after.boxes.get(id);
            if (own && other !== id) expect(meets(own, box)).toBe(false);
          }
        const [a, z] = [after.boxes.get("a"), after.boxes.get("z")];
        expect(z?.[along]).toBeGreaterThan((a?.[along] ?? 0) + (a?.[size] ?? 0));
        expect(isFarApart(grouped(ids), after.boxes, "g")).toBe(false);
      }),
      { numRuns: 40 },
    );
  });

  test("come to stand beside those that stay", () => {
    const { boxes } = drawn(["x", "z"], far);
    const { z, ...others } = together({ plan, boxes, direction: "right" }, ["y", "z"], new Set(["y"]));
    expect(others).toEqual({});
    expect(z).toEqual({ x: far.y.x, y: far.y.y + 72 + 22 });
  });
});

describe("a group that is made", () => {
  test("moves none of its steps that a person placed, and says where they stand far apart", () => {
    expect(placesOfGroup(plan, ["x", "y"], { positions: far })).toEqual({ positions: {}, apart: true });
    const near = { x: { x: 0, y: 0 }, y: { x: 0, y: 120 } };
    expect(placesOfGroup(plan, ["x", "y"], { positions: near })).toEqual({ positions: {}, apart: false });
  });

  test("takes a step that nobody placed beside the one that was, if that stands far away", () => {
    const { positions, apart } = placesOfGroup(plan, ["y", "z"], { positions: { y: far.y } });
    expect(Object.keys(positions)).toEqual(["z"]);
    expect(apart).toBe(false);
  });

  test("leaves a graph that nobody touched to the layout", () => {
    expect(placesOfGroup(plan, ["x", "c"], { positions: {} })).toEqual({ positions: {}, apart: false });
  });
});
