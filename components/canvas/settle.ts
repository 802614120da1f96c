import { boxGroups, labelOf } from "./groups";
import { topological } from "./order";
import { type Box, edgesOf, gaps, gather, type PlanNode, type Point } from "./plan";

/** Less room than this before a box, and an arrow into it can't be seen to lead forward. */
const leastAhead = 24;
/** Kept free beside what makes room. */
const aside = 16;

/** In a larger graph the borders of groups are looked at once, not after each step that has moved them. */
const exactUpTo = 300;

/** A name that is left may come to stand elsewhere; so often is looked. */
const mostRounds = 4;

/** A picture whose arrows lead to the right, and how to see it as the person does. */
interface Picture {
  nodes: PlanNode[];
  boxes: Map<string, Box>;
  /** Where people put what. */
  positions: ReadonlyMap<string, Point>;
  /** Turns a box of the picture into the one that is drawn, and back. */
  turn(box: Box): Box;
}

/**
 * Moves boxes to where people put them, and everything else out of their way: whatever nobody placed stands after all
 * that it waits for, and meets no other box and no border of a group that it is not in. Gives the ids that were moved.
 */
export function settle({ nodes, boxes, positions, turn }: Picture): Set<string> {
  const moved = new Set<string>();
  const pinned = new Set<string>();
  const shifts: Point[] = [];
  for (const [id, spot] of positions) {
    const box = boxes.get(id);
    if (!box) continue;
    shifts.push({ x: spot.x - box.x, y: spot.y - box.y });
    boxes.set(id, { ...box, ...spot });
    pinned.add(id);
    moved.add(id);
  }
  if (pinned.size === 0) return moved;
  const edges = edgesOf(nodes);
  const before = gather(edges, (edge) => edge.target);
  const after = gather(edges, (edge) => edge.source);
  const known = new Map(nodes.map((node) => [node.id, node]));
  // Where most was put by hand, the picture is a person's, and the automatic one says little about where to look.
  const byHand = 2 * pinned.size >= nodes.length;
  const drift = mean(shifts);
  const done = new Set(pinned);
  const inTheWay = [...pinned].flatMap((id) => boxes.get(id) ?? []);
  let frames: Frame[] | undefined;

  const at = (ids: string[]) => ids.flatMap((id) => boxes.get(id) ?? []);
  for (const id of topological(nodes, edges)) {
    const box = boxes.get(id);
    const node = known.get(id);
    if (!box || !node || pinned.has(id)) continue;
    const needs = at((before.get(id) ?? []).map((edge) => edge.source));
    const next = at((after.get(id) ?? []).flatMap(({ target }) => (done.has(target) ? [target] : [])));
    const least = Math.max(...needs.map((need) => need.x + need.width));
    done.add(id);
    let wish = box;
    if (needs.length > 0 && (byHand || box.x < least + leastAhead))
      wish = { ...box, x: least + gaps.column, y: level([...needs, ...next], box) };
    else if (byHand && next.length > 0)
      wish = {
        ...box,
        x: Math.min(...next.map(({ x }) => x)) - gaps.column - box.width,
        y: level(next, box),
      };
    else if (byHand) wish = { ...box, x: box.x + drift.x, y: box.y + drift.y };
    const stays = wish === box;
    // What stays where it is moves only for what was put, or moved, over it.
    if (stays && !inTheWay.some((other) => meets(box, other))) continue;
    frames ??= framesOf(nodes, boxes, turn);
    const others = [...(byHand ? done : boxes.keys())];
    const obstacles = [
      ...at(others.filter((other) => other !== id)),
      ...frames.filter(({ group }) => group !== node.group).map(({ box }) => box),
    ];
    const free = nearestFree(wish, obstacles, paddingOf(node, turn));
    if (free.x === box.x && free.y === box.y) continue;
    boxes.set(id, free);
    moved.add(id);
    inTheWay.push(free);
    if (node.group !== null && nodes.length <= exactUpTo) frames = undefined;
  }
  if (nodes.length <= exactUpTo) leaveNames({ nodes, boxes, turn }, pinned, moved);
  return moved;
}

/** Where groups stand, in parts maybe, is known only now: what stands on the name of one moves once more. */
function leaveNames(
  { nodes, boxes, turn }: Omit<Picture, "positions">,
  pinned: ReadonlySet<string>,
  moved: Set<string>,
): void {
  for (let round = 0; round < mostRounds; round++) {
    let frames = framesOf(nodes, boxes, turn);
    let isClear = true;
    for (const node of nodes) {
      const box = boxes.get(node.id);
      if (!box || pinned.has(node.id)) continue;
      const foreign = frames.filter(({ group }) => group !== node.group);
      if (!foreign.some(({ label }) => meets(label, box))) continue;
      const others = [...boxes].flatMap(([id, other]) => (id === node.id ? [] : [other]));
      const obstacles = [...others, ...foreign.map(({ box }) => box)];
      boxes.set(node.id, nearestFree(box, obstacles, paddingOf(node, turn)));
      moved.add(node.id);
      frames = framesOf(nodes, boxes, turn);
      isClear = false;
    }
    if (isClear) return;
  }
}

interface Frame {
  group: string;
  box: Box;
  label: Box;
}

const framesOf = (nodes: PlanNode[], boxes: Map<string, Box>, turn: Picture["turn"]): Frame[] =>
  nodes.every(({ group }) => group === null)
    ? []
    : boxGroups(nodes, new Map([...boxes].map(([id, box]) => [id, turn(box)]))).map((frame) => ({
        group: frame.group,
        box: turn(frame),
        label: turn(labelOf(frame)),
      }));

/** How much more room than its own a node takes: a member of a group brings its part of the border with it. */
function paddingOf({ group }: PlanNode, turn: Picture["turn"]): Box {
  if (group === null) return { x: 0, y: 0, width: 0, height: 0 };
  const { group: side, groupTop: top } = gaps;
  return turn({ x: side, y: top, width: 2 * side, height: top + side });
}

/** The nearest place above or below, or the wished one itself, where a box meets nothing. */
function nearestFree(wish: Box, obstacles: readonly Box[], pad: Box): Box {
  const own = {
    x: wish.x - pad.x,
    y: wish.y - pad.y,
    width: wish.width + pad.width,
    height: wish.height + pad.height,
  };
  const taken = obstacles
    .filter(({ x, width }) => x - aside < own.x + own.width && own.x < x + width + aside)
    .map(({ y, height }): [number, number] => [y - gaps.row - own.height, y + height + gaps.row]);
  return { ...wish, y: nearestOutside(own.y, taken) + pad.y };
}

/** The number itself, or the nearest one that lies within none of the stretches, which are given by their ends. */
export function nearestOutside(wanted: number, stretches: readonly (readonly [number, number])[]): number {
  let [low, high] = [wanted, wanted];
  for (const [from, to] of [...stretches].sort(([a], [b]) => a - b)) if (from < high && high < to) high = to;
  for (const [from, to] of [...stretches].sort((a, b) => b[1] - a[1])) if (from < low && low < to) low = from;
  return high - wanted <= wanted - low ? high : low;
}

/** The height at which a box stands level with the middle of others. */
const level = (others: Box[], { height }: Box) =>
  others.reduce((sum, other) => sum + other.y + other.height / 2, 0) / others.length - height / 2;

const mean = (points: Point[]): Point => ({
  x: points.reduce((sum, { x }) => sum + x, 0) / points.length,
  y: points.reduce((sum, { y }) => sum + y, 0) / points.length,
});

/** Whether two boxes lie over each other. */
export const meets = (a: Box, b: Box) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
