"use client";

import { useNodeId, useStore } from "@xyflow/react";
import { useEffect, useMemo } from "react";
import { useView } from "../state/view";
import type { CanvasNode } from "./elements";
import { useGesture } from "./picture";

/** How the drawn nodes lie in the page. */
interface Shown {
  /** Only what can be seen is in the page. */
  partly: boolean;
  /** Only what is selected, or under the pointer, is in the page. */
  far: boolean;
}

/**
 * The graph is one stop of the Tab key: the node that was focused or selected last, else the first in the order of the
 * work. Gives the nodes with that stop; where its node is not in the page, the canvas itself has to be it.
 */
export function useStop(
  nodes: CanvasNode[],
  { partly, far }: Shown,
): { nodes: CanvasNode[]; isCanvas: boolean } {
  const last = useGesture((gesture) => gesture.stop);
  const selected = useView((view) => view.selected);
  useEffect(() => {
    if (selected !== null && useGesture.getState().boxes.has(selected))
      useGesture.setState({ stop: selected });
  }, [selected]);
  const stop = useMemo(
    () => nodes.find(({ id }) => id === last) ?? (far ? undefined : nodes[0]),
    [nodes, last, far],
  );
  const id = stop?.id;
  useEffect(() => {
    if (id !== undefined) useGesture.setState({ stop: id });
  }, [id]);
  const isCanvas = useStore(({ transform: [left, top, zoom], width, height }) => {
    if (stop === undefined) return true;
    const [x, y] = [left + stop.position.x * zoom, top + stop.position.y * zoom];
    const isSeen =
      x < width && y < height && x + (stop.width ?? 0) * zoom > 0 && y + (stop.height ?? 0) * zoom > 0;
    return partly && !isSeen;
  });
  const stopped = useMemo(
    () =>
      nodes.map((node) =>
        node.id === id ? { ...node, domAttributes: { ...node.domAttributes, tabIndex: 0 } } : node,
      ),
    [nodes, id],
  );
  return { nodes: stopped, isCanvas };
}

/** How the Tab key comes to a node's own controls: only to those of the node at which it comes into the graph. */
export function useReach(): 0 | -1 {
  const id = useNodeId();
  return useGesture(({ stop }) => stop === id) ? 0 : -1;
}
