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

const radius = 9;

/** A line along level and upright stretches, with rounded corners: it leads back to where it came from. */
export function bent(points: Point[]): string {
  return points.reduce((path, point, i) => {
    const [before, after] = [points[i - 1], points[i + 1]];
    if (!before) return `M${point.x} ${point.y}`;
    if (!after) return `${path}L${point.x} ${point.y}`;
    const [into, out] = [towards(point, before), towards(point, after)];
    return `${path}L${into.x} ${into.y}Q${point.x} ${point.y} ${out.x} ${out.y}`;
  }, "");
}

/** The point at a corner's radius from it, in the direction of another one, or halfway to that. */
function towards(corner: Point, other: Point): Point {
  const far = Math.hypot(other.x - corner.x, other.y - corner.y);
  const share = far === 0 ? 0 : Math.min(radius, far / 2) / far;
  return { x: corner.x + (other.x - corner.x) * share, y: corner.y + (other.y - corner.y) * share };
}

/** Half the way forward; backwards, where people put a node before what it waits for, wide enough to be seen. */
const bendOf = (from: number, to: number) =>
  to >= from ? (to - from) / 2 : Math.min(160, (from - to) / 2 + 40);
