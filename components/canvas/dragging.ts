"use client";

import type { EdgeChange, NodeChange, OnNodeDrag } from "@xyflow/react";
import {
  type KeyboardEvent,
  type MouseEvent as PointerMouse,
  useCallback,
  useMemo,
  useRef,
  useState,
} from "react";
import type { Spot } from "../../lib/core/layout";
import { useDoing } from "../state/doing";
import { tell } from "../state/news";
import { mark, selection, useView } from "../state/view";
import { insert } from "./edits";
import { type CanvasNode, groupBox, groupOfBox, type ThreadEdge } from "./elements";
import { foldedGroup } from "./folding";
import type { GroupBox } from "./groups";
import { carried, type Layout, moved } from "./layout";
import { spotAt, useGesture } from "./picture";
import type { PlanNode, Point } from "./plan";
import { regroup, regroupingAt } from "./regroup";
import { useRoom } from "./room";

/** What is being dragged: boxes, or a group by its border. */
interface Drag {
  spots: ReadonlyMap<string, Spot>;
  by?: { border: GroupBox; to: Point };
}

const none: Drag = { spots: new Map() };

/** So far a key moves a group, as it does a step; with Shift four times as far. */
const stepPx = 5;
const keyWays: Record<string, Point> = {
  ArrowLeft: { x: -stepPx, y: 0 },
  ArrowRight: { x: stepPx, y: 0 },
  ArrowUp: { x: 0, y: -stepPx },
  ArrowDown: { x: 0, y: stepPx },
};

/**
 * Moving boxes about: where they are let go they stay, and on an arrow they are put into it; a group is moved as a whole,
 * by its border. `plan` is what is drawn, `known` what is there.
 */
export function useDragging(plan: PlanNode[], known: PlanNode[], layout: Layout) {
  const { edit, place } = useDoing();
  const [drag, setDrag] = useState(none);
  const room = useRoom();
  const isPulled = useRef(false);
  const dropped = useRef<Record<string, Spot>>({});
  const latest = useRef({ plan, known, layout, room });
  latest.current = { plan, known, layout, room };
  const shown = useMemo(() => moved(layout, plan, drag.spots, drag.by), [layout, plan, drag]);

  const onNodesChange = useCallback(
    (changes: NodeChange<CanvasNode>[]) => {
      takeSelection(changes);
      const moves = changes.flatMap((change) =>
        change.type === "position" && change.position ? [{ ...change, position: change.position }] : [],
      );
      if (moves.length === 0) return;
      const [by] = moves.flatMap(({ id, position: to }) => {
        const border = borderOf(latest.current.layout, id);
        return border ? [{ border, to }] : [];
      });
      const spots = by
        ? carried(latest.current.layout, by.border, by.to)
        : new Map(moves.map(({ id, position }) => [id, position]));
      if (moves.every((change) => change.dragging !== false)) {
        isPulled.current = true;
        setDrag((before) => ({ spots: new Map([...before.spots, ...spots]), ...(by ? { by } : {}) }));
        return;
      }
      setDrag(none);
      // What was not pulled was moved by a key.
      const nudge = !isPulled.current;
      isPulled.current = false;
      const { regrouping, into } = useGesture.getState();
      const positions = Object.fromEntries([...spots].map(([id, position]) => [id, spotAt(position)]));
      // What else it means is done as it is let go, in the same moment: they are one change.
      dropped.current = positions;
      if (regrouping !== null || into !== null) return;
      place({ positions }, by ? { words: `move group ${by.border.group}` } : { nudge });
    },
    [place],
  );

  /** Moves the group on whose border the focus is. */
  const onMoveKey = useCallback(
    (event: KeyboardEvent) => {
      const way = keyWays[event.key];
      const { layout } = latest.current;
      const border = borderOf(layout, (event.target as HTMLElement).dataset.id ?? "");
      if (!way || !border) return;
      event.preventDefault();
      const far = event.shiftKey ? 4 : 1;
      const spots = carried(layout, border, { x: border.x + far * way.x, y: border.y + far * way.y });
      const positions = Object.fromEntries([...spots].map(([id, spot]) => [id, spotAt(spot)]));
      place({ positions }, { words: `move group ${border.group}`, nudge: true });
    },
    [place],
  );

  const onNodeDrag: OnNodeDrag<CanvasNode> = useCallback((event, node, nodes) => {
    const { plan, layout } = latest.current;
    if (groupOfBox(node.id) !== undefined) return;
    const ids = nodes.map(({ id }) => id);
    const box = layout.boxes.get(node.id);
    const stays = "altKey" in event && event.altKey;
    const regrouping =
      box && !stays ? regroupingAt(plan, layout.boxes, ids, { ...box, ...node.position }) : null;
    const into = nodes.length === 1 && !regrouping ? arrowUnder(event, node.id, layout) : null;
    const now = useGesture.getState();
    if (now.into !== into) useGesture.setState({ into });
    if (JSON.stringify(now.regrouping) !== JSON.stringify(regrouping)) useGesture.setState({ regrouping });
  }, []);

  const onNodeDragStop: OnNodeDrag<CanvasNode> = useCallback(
    (_event, node, nodes) => {
      const { into, regrouping } = useGesture.getState();
      useGesture.setState({ into: null, regrouping: null });
      if (regrouping?.reason !== undefined) tell("failed", regrouping.reason);
      else if (regrouping) {
        const ids = nodes.map(({ id }) => id);
        const calls = regroup(latest.current.known, ids, regrouping.group);
        void edit(calls, { places: { positions: dropped.current } });
      }
      if (into === null) return;
      const edge = latest.current.layout.edges.find(({ id }) => id === into);
      const box = latest.current.layout.boxes.get(node.id);
      if (!edge || !box) return;
      const { width, height } = box;
      const room = latest.current.room([edge.source, edge.target], { id: node.id, width, height });
      // Put into an arrow, a node finds its place by itself.
      const positions = { ...room, [node.id]: null };
      void edit(insert(latest.current.known, node.id, edge), { places: { positions } });
    },
    [edit],
  );

  return { shown, onNodesChange, onNodeDrag, onNodeDragStop, onMoveKey };
}

/** The border around a group, or a part of it, that is drawn as this box. */
const borderOf = ({ groups }: Layout, id: string) => groups.find(({ key }) => groupBox(key) === id);

/** The arrow under the pointer that the node could be put into. */
function arrowUnder(
  event: MouseEvent | TouchEvent | PointerMouse,
  id: string,
  layout: Layout,
): string | null {
  if (!("clientX" in event)) return null;
  for (const element of document.elementsFromPoint(event.clientX, event.clientY)) {
    const found = element.closest<SVGElement>(".react-flow__edge")?.dataset.id;
    const edge = layout.edges.find((each) => each.id === found);
    if (!edge || edge.implied || edge.source === id || edge.target === id) continue;
    if (foldedGroup(edge.source) === undefined && foldedGroup(edge.target) === undefined) return edge.id;
  }
  return null;
}

function takeSelection(changes: NodeChange<CanvasNode>[]): void {
  // What is gone by now, such as a copy that was undone, is no part of the selection any more.
  const { boxes } = useGesture.getState();
  const ids = new Set(selection(useView.getState()).filter((id) => boxes.has(id)));
  let changed = false;
  for (const change of changes) {
    if (change.type !== "select") continue;
    changed = true;
    if (change.selected) ids.add(change.id);
    else ids.delete(change.id);
  }
  if (changed) mark([...ids]);
}

/** Selecting arrows. */
export function onEdgesChange(changes: EdgeChange<ThreadEdge>[]): void {
  let { edge } = useView.getState();
  const before = edge;
  for (const change of changes) {
    if (change.type !== "select") continue;
    if (change.selected) edge = change.id;
    else if (edge === change.id) edge = null;
  }
  if (edge !== before) useView.setState({ edge });
}
