"use client";

import { useReactFlow } from "@xyflow/react";
import { type KeyboardEvent, useCallback } from "react";
import { stepBack } from "../commands/step-back";
import { useDoing } from "../state/doing";
import { focusNode, focusSelected } from "../state/focus";
import { chooseGroup, mark, selection, useView } from "../state/view";
import { firstOf } from "./camera";
import { groupBox, groupOfBox } from "./elements";
import { foldedGroup } from "./folding";
import type { Layout } from "./layout";
import { close } from "./leading";
import { neighbour } from "./neighbour";
import { useGesture } from "./picture";
import type { Box } from "./plan";

const leading = new Set([
  "ArrowUp",
  "ArrowDown",
  "ArrowLeft",
  "ArrowRight",
  "Home",
  "End",
  "PageUp",
  "PageDown",
]);

/** The node that a key leads to from the canvas itself: the one that had the focus or was selected last, or the first. */
function entrance(layout: Layout, { key, target, currentTarget }: KeyboardEvent): string | undefined {
  if (target !== currentTarget || !leading.has(key)) return undefined;
  const { stop } = useGesture.getState();
  return stop !== null && placeOf(layout, stop) ? stop : firstOf(layout);
}

/** Where a node, or the border of a group, stands. */
const placeOf = (layout: Layout, id: string): Box | undefined =>
  layout.boxes.get(id) ?? layout.groups.find((group) => groupBox(group.key) === id);

/** Puts a node into the selection, or takes it out again. */
function toggle(id: string): void {
  const chosen = selection(useView.getState());
  useView.setState({ edge: null });
  mark(chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id]);
}

/** Lets the keys move the focus from node to node, `order` being that of the work, Enter expand a collapsed group, Space choose a group, and with Ctrl or Shift add to the selection. */
export function useSteering(
  layout: Layout,
  order: readonly string[],
): (event: KeyboardEvent<HTMLElement>) => void {
  const flow = useReactFlow();
  const { toggleGroup } = useDoing();
  return useCallback(
    (event) => {
      const id = (event.target as HTMLElement).closest<HTMLElement>(".react-flow__node")?.dataset.id;
      if (id !== undefined && event.key === "Escape") {
        // React Flow would take the focus away from the node, or even select it.
        event.stopPropagation();
        if (stepBack()) event.preventDefault();
        return;
      }
      const group = id === undefined ? undefined : foldedGroup(id);
      if (
        group !== undefined &&
        event.key === "Enter" &&
        (event.target as HTMLElement).matches(".react-flow__node")
      ) {
        useGesture.setState({ folding: group });
        toggleGroup(group);
        return;
      }
      const around = id === undefined ? undefined : groupOfBox(id);
      const onNode = (event.target as HTMLElement).matches(".react-flow__node");
      const isPressed = event.key === " " || (event.key === "Enter" && around !== undefined);
      if ((around ?? group) !== undefined && onNode && isPressed) {
        event.preventDefault();
        chooseGroup(around ?? group ?? "");
        return;
      }
      const isAdded = event.key === " " && (event.ctrlKey || event.metaKey || event.shiftKey);
      if (id !== undefined && isAdded && onNode && layout.boxes.has(id)) {
        event.preventDefault();
        event.stopPropagation();
        toggle(id);
        return;
      }
      const isPlain = !event.ctrlKey && !event.metaKey && !event.shiftKey;
      if (event.key === "Enter" && isPlain && onNode && selection(useView.getState()).join() === id) {
        // What is selected already is gone into; React Flow would select it once more.
        event.preventDefault();
        event.stopPropagation();
        useView.setState({ inspectorOpen: true, side: "inspector" });
        focusSelected();
        return;
      }
      // React Flow would move the selected node by these keys.
      if (onNode && event.key.startsWith("Arrow")) event.stopPropagation();
      const next = id === undefined ? entrance(layout, event) : neighbour(layout, order, id, event.key);
      const box = next === undefined ? undefined : placeOf(layout, next);
      if (!next || !box) return;
      event.preventDefault();
      const there = document.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(next)}"]`);
      if (there) {
        there.focus();
        return;
      }
      // What is out of sight, or too far away, is not in the page yet.
      const zoom = order.length > 0 ? flow.getZoom() : Math.max(flow.getZoom(), close);
      void flow.setCenter(box.x + box.width / 2, box.y + box.height / 2, { zoom });
      focusNode(next);
    },
    [flow, layout, order, toggleGroup],
  );
}
