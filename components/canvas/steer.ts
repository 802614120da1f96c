"use client";

import { useReactFlow } from "@xyflow/react";
import { type KeyboardEvent, useCallback } from "react";
import { stepBack } from "../commands/step-back";
import { useDoing } from "../state/doing";
import { focusSelected } from "../state/focus";
import { chooseGroup, selection, useView } from "../state/view";
import { firstOf } from "./camera";
import { groupBox, groupOfBox } from "./elements";
import { foldedGroup } from "./folding";
import type { Layout } from "./layout";
import { useGesture } from "./picture";
import type { Box } from "./plan";

/** The node that an arrow key leads to: along the arrows of the graph sideways, within the column up and down. */
export function neighbour(layout: Layout, id: string, key: string): string | undefined {
  const members = layout.groups.find((group) => groupBox(group.key) === id)?.members;
  if (members && key.startsWith("Arrow")) return members[0];
  const from = layout.boxes.get(id);
  if (!from) return undefined;
  switch (key) {
    case "ArrowRight":
      return nearest(
        layout,
        from,
        layout.edges.filter((edge) => edge.source === id && !edge.implied).map((edge) => edge.target),
      );
    case "ArrowLeft":
      return nearest(
        layout,
        from,
        layout.edges.filter((edge) => edge.target === id && !edge.implied).map((edge) => edge.source),
      );
    case "ArrowDown":
    case "ArrowUp": {
      const sign = key === "ArrowDown" ? 1 : -1;
      const column = [...layout.boxes].filter(
        ([, box]) => (box.y - from.y) * sign > 0 && box.x < from.x + from.width && from.x < box.x + box.width,
      );
      return nearest(
        layout,
        from,
        column.map(([other]) => other),
      );
    }
    default:
      return undefined;
  }
}

function nearest(layout: Layout, from: Box, ids: string[]): string | undefined {
  const distance = (id: string) => Math.abs((layout.boxes.get(id)?.y ?? 0) - from.y);
  return ids.reduce<string | undefined>(
    (best, id) => (best === undefined || distance(id) < distance(best) ? id : best),
    undefined,
  );
}

/** The node that an arrow key leads to from the canvas itself: the selected one, or the first. */
function entrance(layout: Layout, { key, target, currentTarget }: KeyboardEvent): string | undefined {
  if (target !== currentTarget || !key.startsWith("Arrow")) return undefined;
  const { selected } = useView.getState();
  if (selected !== null && layout.boxes.has(selected)) return selected;
  return firstOf(layout);
}

/** Lets the arrow keys move the focus from node to node, Enter expand a collapsed group, and Space choose a group. */
export function useSteering(layout: Layout): (event: KeyboardEvent<HTMLElement>) => void {
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
      const isPlain = !event.ctrlKey && !event.metaKey && !event.shiftKey;
      if (event.key === "Enter" && isPlain && onNode && selection(useView.getState()).join() === id) {
        // What is selected already is gone into; React Flow would select it once more.
        event.preventDefault();
        event.stopPropagation();
        useView.setState({ inspectorOpen: true, side: "inspector" });
        focusSelected();
        return;
      }
      const next = id === undefined ? entrance(layout, event) : neighbour(layout, id, event.key);
      const box = next === undefined ? undefined : layout.boxes.get(next);
      if (!next || !box) return;
      event.preventDefault();
      const find = () =>
        document.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(next)}"]`);
      const there = find();
      if (there) {
        there.focus();
        return;
      }
      // What is out of sight is not in the page yet.
      const moved = flow.setCenter(box.x + box.width / 2, box.y + box.height / 2, { zoom: flow.getZoom() });
      void moved.then(() => requestAnimationFrame(() => find()?.focus()));
    },
    [flow, layout, toggleGroup],
  );
}
