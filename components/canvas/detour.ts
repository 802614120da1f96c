import type { Box, Point } from "./plan";
import { nearestOutside } from "./settle";

/** Kept free between an arrow and what it leads around. */
const clear = 10;
/** How finely an arrow is looked at. */
const looks = 24;

/**
 * The points that an arrow to the right passes so that it crosses none of the boxes: it keeps its route if that is free,
 * and else goes level through each column of boxes in its way.
 */
export function detour(from: Box, to: Box, route: Point[], boxes: readonly Box[]): Point[] {
  const start = { x: from.x + from.width, y: from.y + from.height / 2 };
  const end = { x: to.x, y: to.y + to.height / 2 };
  const strangers = boxes.filter(
    (box) => box !== from && box !== to && box.x < end.x && start.x < box.x + box.width,
  );
  if (end.x <= start.x || !crosses([start, ...route, end], strangers)) return route;
  const points: Point[] = [];
  let y = start.y;
  for (const column of columnsOf(strangers)) {
    const [left, right] = [column.left - clear, column.right + clear];
    const [begins, ends] = [left <= start.x, end.x <= right];
    // What stands above or below both ends leaves no way around.
    if (begins && ends) return route;
    y = begins ? start.y : ends ? end.y : levelIn(column, y, end.y);
    if (!begins) points.push({ x: left, y });
    if (!ends) points.push({ x: right, y });
  }
  return points;
}

/** The height at which to pass a column: level with where the arrow comes from, or goes to, wherever that is free. */
function levelIn({ boxes }: Column, from: number, to: number): number {
  const taken = boxes.map((box): [number, number] => [box.y - clear, box.y + box.height + clear]);
  const [near, far] = [nearestOutside(from, taken), nearestOutside(to, taken)];
  const way = (y: number) => Math.abs(y - from) + Math.abs(y - to);
  return way(near) <= way(far) ? near : far;
}

interface Column {
  left: number;
  right: number;
  boxes: Box[];
}

/** Boxes with something above or below each other, from left to right. */
function columnsOf(boxes: readonly Box[]): Column[] {
  const columns: Column[] = [];
  for (const box of [...boxes].sort((a, b) => a.x - b.x)) {
    const last = columns.at(-1);
    // Between columns there is room for an arrow to change its height.
    if (last && box.x < last.right + 2 * clear) {
      last.boxes.push(box);
      last.right = Math.max(last.right, box.x + box.width);
    } else columns.push({ left: box.x, right: box.x + box.width, boxes: [box] });
  }
  return columns;
}

/** Whether the curve through the points lies over one of the boxes. */
function crosses(points: Point[], boxes: readonly Box[]): boolean {
  if (boxes.length === 0) return false;
  return points.some((to, i) => {
    const from = points[i - 1];
    if (!from) return false;
    return Array.from({ length: looks + 1 }, (_, n) => on(from, to, n / looks)).some((point) =>
      boxes.some(
        ({ x, y, width, height }) =>
          point.x > x && point.x < x + width && point.y > y && point.y < y + height,
      ),
    );
  });
}

/** A point on the drawn curve, which leaves and enters level, halfway between in breadth. */
function on(from: Point, to: Point, t: number): Point {
  const [a, b, c, d] = [(1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t ** 2, t ** 3];
  const middle = (from.x + to.x) / 2;
  return {
    x: a * from.x + (b + c) * middle + d * to.x,
    y: (a + b) * from.y + (c + d) * to.y,
  };
}
