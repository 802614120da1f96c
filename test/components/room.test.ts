import { describe, expect, test } from "bun:test";
import { type Direction, layoutGraph } from "../../components/canvas/layout";
import { sizes } from "../../components/canvas/plan";
import { roomIn } from "../../components/canvas/room";
import { meets } from "../../components/canvas/settle";
import type { Spot } from "../../lib/core/layout";
import { planNode as node } from "../rig/plan-node";

const chain = [node("a"), node("b", ["a"]), node("c", ["b"]), node("aside")];
/** The chain with a gate put into its first arrow. */
const after = [node("a"), node("gate", ["a"]), node("b", ["gate"]), node("c", ["b"]), node("aside")];
const tight: Record<string, Spot> = {
  a: { x: 900, y: 700 },
  b: { x: 1180, y: 700 },
  c: { x: 1460, y: 700 },
  aside: { x: 1180, y: 900 },
};
const roomFor = (positions: Record<string, Spot>, direction: Direction = "right") => {
  const { boxes } = layoutGraph(chain, { positions, direction });
  return roomIn({ plan: chain, boxes, direction, positions }, ["a", "b"], sizes.gate);
};
const drawn = (positions: Record<string, Spot>, direction: Direction = "right") => {
  const { boxes } = layoutGraph(after, { positions, direction });
  const all = [...boxes.values()];
  const over = all.filter((one, i) => all.slice(i + 1).some((other) => meets(one, other)));
  return { of: (id: string) => boxes.get(id) ?? { x: 0, y: 0, width: 0, height: 0 }, over };
};

describe("what a person puts into an arrow between steps that they placed", () => {
  test("stands between its ends, level with them: what comes after it moves on, nothing else", () => {
    const moved = roomFor(tight);
    expect(Object.keys(moved).sort()).toEqual(["b", "c"]);
    const { of, over } = drawn({ ...tight, ...moved });
    expect(over).toEqual([]);
    expect(of("gate").y).toBe(700);
    expect(of("gate").x).toBeGreaterThan(of("a").x + of("a").width);
    expect(of("gate").x + of("gate").width).toBeLessThan(of("b").x);
    expect(of("c").x - of("b").x).toBe(280);
    expect(of("a")).toMatchObject(tight.a as Spot);
    expect(of("aside")).toMatchObject(tight.aside as Spot);
  });

  test("takes with it what would be in the way", () => {
    const inTheWay = { ...tight, aside: { x: 1750, y: 720 } };
    const moved = roomFor(inTheWay);
    expect(Object.keys(moved).sort()).toEqual(["aside", "b", "c"]);
    expect(drawn({ ...inTheWay, ...moved }).over).toEqual([]);
  });

  test("moves nothing where there is room, or where nobody placed what comes after it", () => {
    expect(roomFor({ ...tight, b: { x: 1500, y: 700 }, c: { x: 1800, y: 700 } })).toEqual({});
    expect(roomFor({ a: tight.a as Spot })).toEqual({});
    // It stands behind already.
    expect(roomFor({ ...tight, b: { x: 400, y: 700 } })).toEqual({});
  });

  test("moves it down where arrows lead down", () => {
    const down = { a: { x: 700, y: 900 }, b: { x: 700, y: 1000 }, c: { x: 700, y: 1100 } };
    const moved = roomFor(down, "down");
    expect(moved).toMatchObject({ b: { x: 700 }, c: { x: 700 } });
    const { of } = drawn({ ...down, ...moved }, "down");
    expect(of("gate").y).toBeGreaterThan(of("a").y + of("a").height);
    expect(of("gate").y + of("gate").height).toBeLessThan(of("b").y);
    expect(of("gate").x + of("gate").width / 2).toBe(of("b").x + of("b").width / 2);
  });
});
