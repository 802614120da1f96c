import { expect, test } from "bun:test";
import { pullAt } from "../../components/canvas/edge-pan";

const room = { width: 900, height: 500 };

test("a graph moves only for a pointer at its very edge, or beyond it", () => {
  expect(pullAt({ x: 450, y: 250 }, room)).toEqual({ x: 0, y: 0 });
  // Where the handle of the last node stands.
  expect(pullAt({ x: 880, y: 250 }, room)).toEqual({ x: 0, y: 0 });
  expect(pullAt({ x: 899, y: 250 }, room).x).toBeLessThan(0);
  expect(pullAt({ x: 2, y: -20 }, room).x).toBeGreaterThan(0);
  expect(pullAt({ x: 450, y: -20 }, room)).toEqual({ x: 0, y: pullAt({ x: 450, y: -20 }, room).y });
});

test("the farther out, the faster, up to a pace that the eye can follow", () => {
  const at = (x: number) => -pullAt({ x, y: 250 }, room).x;
  expect(at(895)).toBeLessThan(at(910));
  expect(at(1000)).toBe(at(2000));
  expect(at(2000)).toBeLessThan(10);
});
