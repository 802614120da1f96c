import { describe, expect, test } from "bun:test";
import { type Alignment, aligned } from "../../components/canvas/align";
import type { Box } from "../../components/canvas/plan";

const boxes = new Map<string, Box>([
  ["a", { x: 0, y: 0, width: 100, height: 40 }],
  ["b", { x: 30, y: 100, width: 60, height: 40 }],
  ["c", { x: 400, y: 30, width: 100, height: 60 }],
]);
const all = ["a", "b", "c"];

describe("several boxes are put in line", () => {
  test.each<[Alignment, Record<string, { x: number; y: number }>]>([
    ["left", { b: { x: 0, y: 100 }, c: { x: 0, y: 30 } }],
    ["centre", { a: { x: 200, y: 0 }, b: { x: 220, y: 100 }, c: { x: 200, y: 30 } }],
    ["right", { a: { x: 400, y: 0 }, b: { x: 440, y: 100 } }],
    ["top", { b: { x: 30, y: 0 }, c: { x: 400, y: 0 } }],
    ["middle", { a: { x: 0, y: 50 }, b: { x: 30, y: 50 }, c: { x: 400, y: 40 } }],
    ["bottom", { a: { x: 0, y: 100 }, c: { x: 400, y: 80 } }],
  ])("by %s; what stands there already is left out", (how, spots) => {
    expect(aligned(boxes, all, how)).toEqual(spots);
  });

  test("with the same room between neighbours, and never over one another", () => {
    expect(aligned(boxes, all, "across")).toEqual({ b: { x: 220, y: 100 } });
    expect(aligned(boxes, all, "down")).toEqual({ c: { x: 400, y: 52 }, b: { x: 30, y: 124 } });
  });

  test("one alone stays where it is", () => {
    expect(aligned(boxes, ["a"], "right")).toEqual({});
  });
});
