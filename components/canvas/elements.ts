import { type Edge, type Node, type NodeHandle, Position } from "@xyflow/react";
import { foldedGroup } from "./folding";
import type { Direction, Layout } from "./layout";
import { topological } from "./order";
import { type Box, edgesOf, type PlanNode, type Point } from "./plan";

/** A boundary around members of a group. */
export type GroupNode = Node<{ group: string; members: string[] }, "boundary">;
/** A step or gate; all that changes during a run is read from the status by id, so that this array stays as it is. */
export type TaskNode = Node<Record<string, never>, "step" | "gate" | "fusion" | "nest" | "folded">;
/** Whatever React Flow draws as a box here. */
export type CanvasNode = TaskNode | GroupNode;
/** An arrow with the way it takes. */
export type ThreadEdge = Edge<{ route: Point[]; implied: boolean; down: boolean }, "thread">;

const boundary = "group ";

/** The id of the boundary around a group; no id of a step holds a space. */
export const groupBox = (key: string) => `${boundary}${key}`;

/** The group that a boundary stands around; one that is drawn in parts has the place of each part in its key. */
export const groupOfBox = (id: string) =>
  id.startsWith(boundary) ? id.slice(boundary.length).split(" ")[0] : undefined;

/** The Tab key passes it by; where it comes in is said later. */
const passed = { tabIndex: -1 };

/** The id of what says on a node how it stands. */
export const standingId = (id: string) => `standing-${id.replaceAll(" ", ".")}`;

/** What describes a node to who can't see it: how it stands, then what the keys do there, which React Flow writes. */
const describedBy = (id: string) => ({ "aria-describedby": `${standingId(id)} react-flow__node-desc-1` });

/** It stands for others, which are to be seen before anything is done with them. */
const fixed = { selectable: false, draggable: false, connectable: false };

/** The boxes for React Flow, with sizes and handles given, so that the first frame is complete. */
export function nodesOf(plan: PlanNode[], layout: Layout): CanvasNode[] {
  const groups = layout.groups.map(
    (box): GroupNode => ({
      id: groupBox(box.key),
      type: "boundary",
      ...place(box),
      data: { group: box.group, members: box.members },
      zIndex: -1,
      selectable: false,
      connectable: false,
      handles: [],
      ariaLabel: `group ${box.group}`,
      domAttributes: passed,
    }),
  );
  const known = new Map(plan.map((node) => [node.id, node]));
  // In the order of the work, a group before its first step: so Page Down goes through them.
  const drawn = new Set<object>();
  return topological(plan, edgesOf(plan)).flatMap((id): CanvasNode[] => {
    const node = known.get(id);
    const box = layout.boxes.get(id);
    if (!node || !box) return [];
    const starts = groups.filter(({ data }) => data.members.includes(id) && !drawn.has(data));
    for (const { data } of starts) drawn.add(data);
    return [
      ...starts,
      {
        id: node.id,
        type: node.look ?? node.kind,
        ...place(box),
        data: {},
        domAttributes: { ...passed, ...describedBy(node.id) },
        handles: handlesOf(box, layout.direction),
        ...(node.look === "folded"
          ? { ...fixed, ariaLabel: `group ${node.name}, collapsed` }
          : { ariaLabel: `${node.kind} ${node.name}` }),
      },
    ];
  });
}

/** The arrows for React Flow. */
export function threadsOf(layout: Layout): ThreadEdge[] {
  const down = layout.direction === "down";
  return layout.edges.map(({ id, source, target, route, implied }) => ({
    id,
    source,
    target,
    type: "thread",
    data: { route, implied, down },
    focusable: false,
    reconnectable: false,
    ...(foldedGroup(source) === undefined && foldedGroup(target) === undefined ? {} : { selectable: false }),
  }));
}

function place({ x, y, width, height }: Box) {
  // With `measured` given, arrows are there in the first frame.
  return { position: { x, y }, width, height, measured: { width, height } };
}

function handlesOf({ width, height }: Box, direction: Direction): NodeHandle[] {
  const size = { width: 0, height: 0 };
  if (direction === "down")
    return [
      { type: "target", position: Position.Top, x: width / 2, y: 0, ...size },
      { type: "source", position: Position.Bottom, x: width / 2, y: height, ...size },
    ];
  return [
    { type: "target", position: Position.Left, x: 0, y: height / 2, ...size },
    { type: "source", position: Position.Right, x: width, y: height / 2, ...size },
  ];
}
