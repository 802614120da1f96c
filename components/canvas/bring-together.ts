import type { Spot } from "../../lib/core/layout";
import { boxGroups } from "./groups";
import { type Direction, layoutGraph, type Placed } from "./layout";
import { type Box, edgesOf, flipBox, gaps, type PlanNode, sizes } from "./plan";
import { nearestOutside } from "./settle";

/** With more than about another step between them, two steps are not seen as standing together. */
const room = { x: sizes.step.width / 2, y: sizes.step.height };
/** In a larger graph a layout is not made only to look at it. */
const lookedAt = 300;

/** Whether the steps of a group stand so far apart that its border falls into parts, or holds nothing between them. */
export function isFarApart(plan: PlanNode[], boxes: ReadonlyMap<string, Box>, group: string): boolean {
  const parts = boxGroups(plan, new Map(boxes)).filter((part) => part.group === group);
  const [whole] = parts;
  if (!whole || parts.length > 1) return parts.length > 1;
  const members = whole.members.flatMap((id) => boxes.get(id) ?? []);
  const [first, ...rest] = members;
  const reached = first ? [first] : [];
  let left = rest;
  // What is gone through grows by all that stand beside it.
  for (const box of reached) {
    reached.push(...left.filter((other) => isBeside(box, other)));
    left = left.filter((other) => !isBeside(box, other));
  }
  return left.length > 0;
}

const isBeside = (a: Box, b: Box) =>
  Math.max(a.x - b.x - b.width, b.x - a.x - a.width) <= room.x &&
  Math.max(a.y - b.y - b.height, b.y - a.y - a.height) <= room.y;

/** The picture in which steps are brought together. */
interface Picture {
  plan: PlanNode[];
  boxes: ReadonlyMap<string, Box>;
  direction: Direction;
}

/**
 * New places for steps, side by side, after all that they wait for and over no other box; those that stay are `fixed`, and
 * the others come to stand beside them.
 */
export function together(
  { plan, boxes, direction }: Picture,
  ids: readonly string[],
  fixed: ReadonlySet<string> = new Set(),
): Record<string, Spot> {
  const turn = direction === "down" ? flipBox : (box: Box) => box;
  const at = new Map([...boxes].map(([id, box]) => [id, turn(box)]));
  const boxesOf = (some: readonly string[]) => some.flatMap((id) => at.get(id) ?? []);
  const moving = ids.filter((id) => at.has(id) && !fixed.has(id));
  const heightOf = (id: string) => (at.get(id)?.y ?? 0) + (at.get(id)?.height ?? 0) / 2;
  moving.sort((a, b) => heightOf(a) - heightOf(b));
  const own = boxesOf(moving);
  const anchors = boxesOf(ids.filter((id) => fixed.has(id)));
  const [{ x: wanted } = { x: 0 }] = middleOf(anchors.length > 0 ? anchors : own);
  if (own.length === 0) return {};
  const width = Math.max(...own.map((box) => box.width));
  const height = own.reduce((sum, box) => sum + box.height + gaps.row, -gaps.row);

  const edges = edgesOf(plan);
  const moved = new Set(moving);
  const needs = boxesOf(edges.flatMap(({ source, target }) => (moved.has(target) ? [source] : [])));
  const nexts = boxesOf(edges.flatMap(({ source, target }) => (moved.has(source) ? [target] : [])));
  const least = Math.max(...needs.map((box) => box.x + box.width + gaps.column));
  const most = Math.min(...nexts.map((box) => box.x - gaps.column - width));
  const x = Math.max(Math.min(wanted, most), least);

  const taken = [...at].flatMap(([id, box]): [number, number][] => {
    if (moved.has(id)) return [];
    // Between strangers there is the border, too.
    const pad = ids.includes(id) ? 0 : gaps.groupTop;
    if (box.x - pad >= x + width || x >= box.x + box.width + pad) return [];
    return [[box.y - gaps.row - pad - height, box.y + box.height + gaps.row + pad]];
  });
  const below = Math.max(...anchors.map((box) => box.y + box.height + gaps.row));
  const level = own.reduce((sum, box) => sum + box.y + box.height / 2, 0) / own.length - height / 2;
  let y = nearestOutside(anchors.length > 0 ? below : level, taken);
  return Object.fromEntries(
    moving.flatMap((id): [string, Spot][] => {
      const box = at.get(id);
      if (!box) return [];
      const put = turn({ ...box, x: x + (width - box.width) / 2, y });
      y += box.height + gaps.row;
      return [[id, { x: Math.round(put.x), y: Math.round(put.y) }]];
    }),
  );
}

/** The one in the middle, from left to right. */
const middleOf = (boxes: Box[]) => {
  const sorted = [...boxes].sort((a, b) => a.x - b.x);
  return sorted.slice(Math.floor((sorted.length - 1) / 2));
};

/**
 * What making a group of steps means for their places: those that nobody placed come to stand beside the others, where
 * they would be far apart; `apart` are they still where a person put them so. What is laid out by itself gathers them anyway.
 */
export function placesOfGroup(
  plan: PlanNode[],
  ids: readonly string[],
  placed: Placed,
): { positions: Record<string, Spot>; apart: boolean } {
  const isPlaced = plan.some(({ id }) => placed.positions[id] !== undefined);
  const none = { positions: {}, apart: false };
  if (!isPlaced || plan.length > lookedAt) return none;
  // Ids hold no space, so it is the name of no other.
  const group = "the new one";
  const grouped = plan.map((node) => (ids.includes(node.id) ? { ...node, group } : node));
  const isApart = (positions: Placed["positions"]) =>
    isFarApart(grouped, layoutGraph(grouped, { ...placed, positions }).boxes, group);
  if (!isApart(placed.positions)) return none;
  const { boxes, direction } = layoutGraph(grouped, placed);
  const fixed = new Set(ids.filter((id) => placed.positions[id] !== undefined));
  const positions = together({ plan: grouped, boxes, direction }, ids, fixed);
  return { positions, apart: isApart({ ...placed.positions, ...positions }) };
}
