import type { Point } from "./plan";

/** A line that leaves and enters every point level, and goes straight where two points share a height. */
export function curve(points: Point[]): string {
  let path = "";
  let before: Point | undefined;
  for (const point of points) {
    if (!before) path = `M${point.x} ${point.y}`;
    else if (before.y === point.y) path += `H${point.x}`;
    else {
      const bend = bendOf(before.x, point.x);
      path += `C${before.x + bend} ${before.y} ${point.x - bend} ${point.y} ${point.x} ${point.y}`;
    }
    before = point;
  }
  return path;
}

/** The same for arrows that lead down. */
export function curveDown(points: Point[]): string {
  let path = "";
  let before: Point | undefined;
  for (const point of points) {
    if (!before) path = `M${point.x} ${point.y}`;
    else if (before.x === point.x) path += `V${point.y}`;
    else {
      const bend = bendOf(before.y, point.y);
      path += `C${before.x} ${before.y + bend} ${point.x} ${point.y - bend} ${point.x} ${point.y}`;
    }
    before = point;
  }
  return path;
}

/** Half the way forward; backwards, where people put a node before what it waits for, wide enough to be seen. */
const bendOf = (from: number, to: number) =>
  to >= from ? (to - from) / 2 : Math.min(160, (from - to) / 2 + 40);
