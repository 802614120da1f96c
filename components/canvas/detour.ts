import type { Box, Point } from "./plan";
import { nearestOutside } from "./settle";

/** Kept free between an arrow and what it leads around. */
const clear = 10;
/** How far out an arrow goes before it leads back: half of the room between columns. */
const turn = 24;
/** How finely an arrow is looked at. */
const looks = 24;

/**
 * The points that an arrow passes so that it crosses none of the boxes: to the right it keeps its route if that is free,
 * and else goes level through each column of boxes in its way.
 */
export function detour(from: Box, to: Box, route: Point[], boxes: readonly Box[]): Point[] {
  const start = { x: from.x + from.width, y: from.y + from.height / 2 };
  const end = { x: to.x, y: to.y + to.height / 2 };
  if (end.x <= start.x) return wayBack(from, to, boxes);
  const strangers = boxes.filter(
    (box) => box !== from && box !== to && box.x < end.x && start.x < box.x + box.width,
  );
  if (!crosses([start, ...route, end], strangers)) return route;
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

/**
 * The corners of an arrow that leads back, to what somebody put before what it waits for: out to the right, along a free
 * height to the left, and in from there.
 */
function wayBack(from: Box, to: Box, boxes: readonly Box[]): Point[] {
  const [right, left] = [from.x + from.width + turn, to.x - turn];
  const [upper, lower] = from.y < to.y ? [from, to] : [to, from];
  const gap = lower.y - (upper.y + upper.height);
  // Between both, where there is room; else below.
  const wish =
    gap >= clear ? lower.y - gap / 2 : Math.max(from.y + from.height, to.y + to.height) + 2 * clear;
  const margin = Math.min(clear, gap >= clear ? gap / 2 : clear);
  const taken = boxes
    .filter((box) => box.x < right && left < box.x + box.width)
    .map((box): [number, number] => [box.y - margin, box.y + box.height + margin]);
  const y = nearestOutside(wish, taken);
  return [
    { x: right, y: from.y + from.height / 2 },
    { x: right, y },
    { x: left, y },
    { x: left, y: to.y + to.height / 2 },
  ];
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
