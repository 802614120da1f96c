import { gatherGroups, spaceOut } from "./bands";
import { topological } from "./order";
import { type Box, gaps, type Placement, type PlanEdge, type PlanNode, type Point, sizeOf } from "./plan";

/** One place in a column: a box, or the point where a long arrow passes. */
interface Slot {
  id: string;
  rank: number;
  width: number;
  height: number;
  group: string | null;
  /** Neighbours in the column before and the column after. */
  before: Slot[];
  after: Slot[];
  /** Height of the centre; while columns are being ordered, the share of the column that stands above it. */
  y: number;
}

const sweeps = 6;
/** Beyond that many, points of long arrows would cost more than they please; long arrows then go straight. */
const passingLimit = 20_000;

/**
 * Places a graph of any size in time linear in its size: columns by longest path, order within a column by a few
 * barycentre sweeps, heights by least squares; at last the members of a group are gathered within a column.
 */
export function placeLayered(nodes: PlanNode[], edges: PlanEdge[], turned?: "turned"): Placement {
  const ranks = rank(nodes, edges);
  const slots = new Map<string, Slot>();
  for (const node of nodes) {
    slots.set(node.id, slot(node.id, ranks.get(node.id) ?? 0, sizeOf(node, turned), node.group));
  }
  const columns: Slot[][] = [];
  for (const each of slots.values()) column(columns, each.rank).push(each);
  const passing = link(slots, edges, columns);
  for (const each of columns) spread(each);
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const down = sweep % 2 === 0;
    for (const each of down ? columns : [...columns].reverse()) arrange(each, down ? "before" : "after");
  }
  for (const each of columns) spaceOut(each, () => 0);
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const down = sweep % 2 === 0;
    for (const each of down ? columns : [...columns].reverse()) {
      spaceOut(each, (s) => mean(down ? s.before : s.after) ?? mean(down ? s.after : s.before) ?? s.y);
    }
  }
  const top = Math.min(...[...slots.values()].map((s) => s.y - s.height / 2));
  for (const each of columns) gatherGroups(each);
  return measure(nodes, columns, slots, passing, top, turned ? gaps.columnTurned : gaps.column);
}

function slot(id: string, rank: number, size: { width: number; height: number }, group: string | null): Slot {
  return { id, rank, ...size, group, before: [], after: [], y: 0 };
}

function column(columns: Slot[][], rank: number): Slot[] {
  while (columns.length <= rank) columns.push([]);
  return columns[rank] as Slot[];
}

/** Longest path from the left; what needs nothing moves right, next to the first that needs it. */
function rank(nodes: PlanNode[], edges: PlanEdge[]): Map<string, number> {
  const ranks = new Map(nodes.map((node) => [node.id, 0]));
  const next = new Map<string, string[]>(nodes.map((node) => [node.id, []]));
  const needy = new Set<string>();
  for (const { source, target } of edges) {
    next.get(source)?.push(target);
    needy.add(target);
  }
  const order = topological(nodes, edges);
  const at = (id: string) => ranks.get(id) ?? 0;
  const seen = new Set<string>();
  for (const id of order) {
    seen.add(id);
    for (const target of next.get(id) ?? []) {
      if (!seen.has(target)) ranks.set(target, Math.max(at(target), at(id) + 1));
    }
  }
  for (const id of order) {
    const first = Math.min(...(next.get(id) ?? []).map(at));
    if (!needy.has(id) && Number.isFinite(first)) ranks.set(id, Math.max(at(id), first - 1));
  }
  return ranks;
}

/** Ties neighbours together; an arrow over several columns gets a passing point in each between. */
function link(slots: Map<string, Slot>, edges: PlanEdge[], columns: Slot[][]): Map<string, Slot[]> {
  const passing = new Map<string, Slot[]>();
  const span = ({ source, target }: PlanEdge) =>
    (slots.get(target)?.rank ?? 0) - (slots.get(source)?.rank ?? 0);
  const wanted = edges.reduce((sum, edge) => sum + Math.max(0, span(edge) - 1), 0);
  for (const edge of edges) {
    const source = slots.get(edge.source);
    const target = slots.get(edge.target);
    if (!source || !target || target.rank <= source.rank) continue;
    const chain: Slot[] = [];
    for (let r = source.rank + 1; r < target.rank && wanted <= passingLimit; r++) {
      const point = slot(edge.id, r, { width: 0, height: 8 }, null);
      column(columns, r).push(point);
      chain.push(point);
    }
    const path = [source, ...chain, target];
    for (let i = 1; i < path.length; i++) {
      path[i - 1]?.after.push(path[i] as Slot);
      path[i]?.before.push(path[i - 1] as Slot);
    }
    if (chain.length > 0) passing.set(edge.id, chain);
  }
  return passing;
}

/** Orders a column by where its neighbours on one side stand. */
function arrange(slots: Slot[], side: "before" | "after"): void {
  const wishes = new Map(slots.map((s) => [s, mean(s[side]) ?? s.y]));
  // A stable sort: equals keep the order they have.
  slots.sort((a, b) => (wishes.get(a) ?? 0) - (wishes.get(b) ?? 0));
  spread(slots);
}

function spread(slots: Slot[]): void {
  slots.forEach((s, index) => {
    s.y = (index + 0.5) / slots.length;
  });
}

function measure(
  nodes: PlanNode[],
  columns: Slot[][],
  slots: Map<string, Slot>,
  passing: Map<string, Slot[]>,
  top: number,
  gap: number,
): Placement {
  const lefts: number[] = [];
  let x = 0;
  for (const each of columns) {
    lefts.push(x);
    x += columnWidth(each) + gap;
  }
  const boxes = new Map<string, Box>();
  for (const { id } of nodes) {
    const s = slots.get(id);
    if (!s) continue;
    const left = (lefts[s.rank] ?? 0) + (columnWidth(columns[s.rank] ?? []) - s.width) / 2;
    boxes.set(id, { x: left, y: s.y - s.height / 2 - top, width: s.width, height: s.height });
  }
  const routes = new Map<string, Point[]>();
  for (const [id, chain] of passing) {
    routes.set(
      id,
      chain.flatMap((s) => {
        const left = lefts[s.rank] ?? 0;
        const y = s.y - top;
        return [
          { x: left, y },
          { x: left + columnWidth(columns[s.rank] ?? []), y },
        ];
      }),
    );
  }
  return { boxes, routes };
}

function columnWidth(slots: Slot[]): number {
  let widest = 0;
  for (const s of slots) widest = Math.max(widest, s.width);
  return widest;
}

function mean(slots: Slot[]): number | undefined {
  return slots.length === 0 ? undefined : average(slots.map((s) => s.y));
}

function average(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
