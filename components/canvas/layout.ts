import type { Spot } from "../../lib/core/layout";
import { placeWithDagre } from "./dagre";
import { boxGroups, type GroupBox } from "./groups";
import { placeLayered } from "./layered";
import { splitImplied } from "./order";
import {
  type Box,
  edgesOf,
  gaps,
  type Placement,
  type PlanEdge,
  type PlanNode,
  type Point,
  sizeOf,
} from "./plan";

/** A drawn arrow; an implied one follows from others and shows only when one of its ends is selected. */
interface LaidEdge extends PlanEdge {
  route: Point[];
  implied: boolean;
}

/** Where arrows lead. */
export type Direction = "right" | "down";

/** The whole picture, in canvas coordinates. */
export interface Layout {
  direction: Direction;
  boxes: Map<string, Box>;
  edges: LaidEdge[];
  groups: GroupBox[];
}

/** Where people put things; what is missing is placed by itself. */
export interface Placed {
  direction?: Direction | undefined;
  positions: Record<string, Spot>;
  /** Groups that are shown as one box. */
  collapsed?: readonly string[] | undefined;
}

/** Up to here dagre is quick enough to run between two frames or nearly so; beyond, its time explodes. */
const dagreLimit = 150;
const nowhere: Placed = { positions: {} };

/** Ids of arrows that a picture is about. */
export type Told = ReadonlyMap<string, unknown>;

/**
 * Places the graph: the better picture for what a person draws, a linear one for what a program makes. Arrows in
 * `told` are drawn even if they follow from others.
 */
export function layoutGraph(nodes: PlanNode[], placed: Placed = nowhere, told: Told = new Map()): Layout {
  const direction = placed.direction ?? "right";
  const split = splitImplied(nodes, edgesOf(nodes));
  const needed = [...split.needed, ...split.implied.filter(({ id }) => told.has(id))];
  const implied = split.implied.filter(({ id }) => !told.has(id));
  const place = nodes.length <= dagreLimit ? placeWithDagre : placeLayered;
  const { boxes, routes } =
    direction === "right" ? place(nodes, needed) : turned(nodes, place(nodes, needed, "turned"));
  const pinned = pin(boxes, placed.positions);
  const drawn = [
    ...needed.map((edge) => {
      const free = !pinned.has(edge.source) && !pinned.has(edge.target);
      return { ...edge, route: free ? (routes.get(edge.id) ?? []) : [], implied: false };
    }),
    ...implied.map((edge) => ({ ...edge, route: [], implied: true })),
  ];
  return { direction, boxes, groups: boxGroups(nodes, boxes), edges: drawn };
}

/** A picture in which some boxes stand somewhere else for the moment: while they are dragged. */
export function moved(layout: Layout, nodes: PlanNode[], spots: ReadonlyMap<string, Spot>): Layout {
  if (spots.size === 0) return layout;
  const boxes = new Map(layout.boxes);
  for (const [id, spot] of spots) {
    const box = boxes.get(id);
    if (box) boxes.set(id, { ...box, ...spot });
  }
  const edges = layout.edges.map((edge) =>
    edge.route.length > 0 && (spots.has(edge.source) || spots.has(edge.target))
      ? { ...edge, route: [] }
      : edge,
  );
  return { ...layout, boxes, edges, groups: boxGroups(nodes, boxes) };
}

/** What was laid out for arrows to the right, for arrows that lead down. */
function turned(nodes: PlanNode[], { boxes, routes }: Placement): Placement {
  const known = new Map(nodes.map((node) => [node.id, node]));
  const flip = ({ x, y }: Point): Point => ({ x: y, y: x });
  return {
    boxes: new Map(
      [...boxes].map(([id, box]) => {
        const node = known.get(id);
        return [id, { ...box, ...flip(box), ...(node ? sizeOf(node) : {}) }] as const;
      }),
    ),
    routes: new Map([...routes].map(([id, points]) => [id, points.map(flip)] as const)),
  };
}

/** Moves boxes to where people put them, and lets what was not put anywhere make room; the ids that were moved. */
function pin(boxes: Map<string, Box>, positions: Record<string, Spot>): Set<string> {
  const changed = new Set<string>();
  const fixed: Box[] = [];
  for (const [id, spot] of Object.entries(positions)) {
    const box = boxes.get(id);
    if (!box) continue;
    const there = { ...box, x: spot.x, y: spot.y };
    boxes.set(id, there);
    fixed.push(there);
    changed.add(id);
  }
  if (fixed.length === 0) return changed;
  for (const [id, box] of boxes) {
    if (changed.has(id)) continue;
    const free = besides(box, fixed);
    if (free === box) continue;
    boxes.set(id, free);
    fixed.push(free);
    changed.add(id);
  }
  return changed;
}

/** The box itself, or the nearest place below where it meets none of the others. */
function besides(box: Box, others: readonly Box[]): Box {
  let at = box;
  for (let round = 0; round <= others.length; round++) {
    const met = others.find((other) => meets(at, other));
    if (!met) return at;
    at = { ...at, y: met.y + met.height + gaps.row };
  }
  return at;
}

const meets = (a: Box, b: Box) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
