import type { Spot } from "../../lib/core/layout";
import { placeWithDagre } from "./dagre";
import { detour } from "./detour";
import { boxGroups, type GroupBox, labelOf } from "./groups";
import { placeLayered } from "./layered";
import { splitImplied } from "./order";
import { type Box, edgesOf, flipBox, type PlanEdge, type PlanNode, type Point, sizeOf } from "./plan";
import { settle } from "./settle";
import { type Stretch, shown, stretchFor } from "./stretch";

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
  /** Room that is made for the moment, around what people placed. */
  stretches: readonly Stretch[];
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
/** So many pairs of arrows and boxes can be looked at without being waited for. */
const detourLimit = 60_000;
const nowhere: Placed = { positions: {} };

/** Ids of arrows that a picture is about. */
export type Told = ReadonlyMap<string, unknown>;

/**
 * Places the graph: the better picture for what a person draws, a linear one for what a program makes. Arrows in
 * `told` are drawn even if they follow from others.
 */
export function layoutGraph(nodes: PlanNode[], placed: Placed = nowhere, told: Told = new Map()): Layout {
  const direction = placed.direction ?? "right";
  const isTurned = direction === "down";
  const split = splitImplied(nodes, edgesOf(nodes));
  const needed = [...split.needed, ...split.implied.filter(({ id }) => told.has(id))];
  const implied = split.implied.filter(({ id }) => !told.has(id));
  const byHand = nodes.some(({ id }) => placed.positions[id] !== undefined);
  // Around what people placed, room for what is opened up is made in the finished picture; else it is part of it.
  const plan = byHand ? nodes.map(closed) : nodes;
  const place = nodes.length <= dagreLimit ? placeWithDagre : placeLayered;
  const { boxes, routes } = isTurned ? place(plan, needed, "turned") : place(plan, needed);
  const turn = isTurned ? flipBox : (box: Box) => box;
  const positions = new Map(
    Object.entries(placed.positions).map(([id, spot]) => [id, isTurned ? flip(spot) : spot]),
  );
  const put = settle({ nodes: plan, boxes, positions, turn });
  const stretches = byHand ? stretchFor(boxes, nestsOf(nodes, isTurned ? "turned" : undefined)) : [];
  const groups = boxGroups(nodes, turnedAll(boxes, turn));
  const labels = groups.map((group) => ({ box: turn(labelOf(group)), members: new Set(group.members) }));
  const looked = needed.length * (boxes.size + labels.length) <= detourLimit;
  const drawn = [
    ...needed.map((edge) => {
      const known = put.has(edge.source) || put.has(edge.target) ? [] : (routes.get(edge.id) ?? []);
      const route = known.map((point) => shown(point, stretches));
      const [from, to] = [boxes.get(edge.source), boxes.get(edge.target)];
      // An arrow may have to pass the name of the group that it begins or ends in.
      const foreign = labels.filter(({ members }) => !members.has(edge.source) && !members.has(edge.target));
      const free =
        looked && from && to
          ? detour(from, to, route, [...boxes.values(), ...foreign.map(({ box }) => box)])
          : route;
      return { ...edge, route: isTurned ? free.map(flip) : free, implied: false };
    }),
    ...implied.map((edge) => ({ ...edge, route: [], implied: true })),
  ];
  return {
    direction,
    boxes: turnedAll(boxes, turn),
    groups,
    edges: drawn,
    stretches: isTurned ? stretches.map(flipStretch) : stretches,
  };
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

const flip = ({ x, y }: Point): Point => ({ x: y, y: x });
const flipStretch = ({ right, bottom, by }: Stretch): Stretch => ({
  right: bottom,
  bottom: right,
  by: flip(by),
});

/** What was laid out for arrows to the right, as it is drawn. */
const turnedAll = (boxes: Map<string, Box>, turn: (box: Box) => Box) =>
  new Map([...boxes].map(([id, box]) => [id, turn(box)]));

/** A step that is opened up, as it is without. */
function closed(node: PlanNode): PlanNode {
  if (node.look !== "nest") return node;
  const { look: _, size: __, ...rest } = node;
  return rest;
}

/** The sizes of what is opened up. */
const nestsOf = (nodes: PlanNode[], turned?: "turned") =>
  new Map(nodes.filter(({ look }) => look === "nest").map((node) => [node.id, sizeOf(node, turned)]));
