"use client";

import { useReactFlow, type Viewport } from "@xyflow/react";
import { useEffect, useRef } from "react";
import { useHand } from "../state/hand";
import { useView } from "../state/view";
import type { Layout } from "./layout";
import { moveMs } from "./motion";
import type { Box, Size } from "./plan";
import { meets } from "./settle";

/** Large enough to read a card comfortably. */
export const close = 0.6;

/** What there is to be seen at a time. */
interface Sight {
  selected: string | null;
  /** Where the selected node stands; undefined where it is not drawn yet. */
  box: Box | undefined;
  window: Size;
}

/** What a person has to do with it. */
interface Hand {
  /** Whether they have the graph in hand. */
  holds: boolean;
  /** The node that was pressed last. */
  pressed: string | null;
}

/**
 * Whether the view has to be led to the selected node: where it was selected elsewhere and is not wholly in sight, and
 * where a change of the window, or of the graph, has put it out of sight. What was pressed is under the pointer, and
 * moves nothing; nor does what was out of sight already, as the person looks elsewhere.
 */
export function mustLead(before: Sight, now: Sight, view: Viewport, { holds, pressed }: Hand): boolean {
  const { selected, box, window } = now;
  if (selected === null || box === undefined) return false;
  const isInside = insideOf(box, view, window);
  const isNew = before.selected !== selected || before.box === undefined;
  if (!holds || isNew) return !isInside && pressed !== selected;
  if (before.box === undefined || !insideOf(before.box, view, before.window)) return false;
  const isResized = before.window.width !== window.width || before.window.height !== window.height;
  return isResized ? !isInside : !meets(box, seenIn(view, window));
}

/** Brings a node into view when it is selected elsewhere, or would be lost out of sight. */
export function useLeading(layout: Layout, width: number, height: number): void {
  const flow = useReactFlow();
  const selected = useView((view) => view.selected);
  const pressed = useRef<string | null>(null);
  const before = useRef<Sight>({ selected: null, box: undefined, window: { width: 0, height: 0 } });

  useEffect(() => {
    const press = (event: Event) => {
      const target = event.type === "pointerdown" && event.target instanceof Element ? event.target : null;
      pressed.current = target?.closest<HTMLElement>(".react-flow__node")?.dataset.id ?? null;
    };
    window.addEventListener("pointerdown", press, true);
    window.addEventListener("keydown", press, true);
    return () => {
      window.removeEventListener("pointerdown", press, true);
      window.removeEventListener("keydown", press, true);
    };
  }, []);

  useEffect(() => {
    if (width === 0) return;
    const box = selected === null ? undefined : layout.boxes.get(selected);
    const now = { selected, box, window: { width, height } };
    const view = flow.getViewport();
    const hand = { holds: useHand.getState().holds, pressed: pressed.current };
    const isLed = mustLead(before.current, now, view, hand);
    before.current = now;
    if (!isLed || !box) return;
    const center = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    void flow.setCenter(center.x, center.y, { zoom: Math.max(view.zoom, close), duration: moveMs() });
  }, [selected, layout, flow, width, height]);
}

/** The part of the graph that a window shows. */
const seenIn = ({ x, y, zoom }: Viewport, { width, height }: Size): Box => ({
  x: -x / zoom,
  y: -y / zoom,
  width: width / zoom,
  height: height / zoom,
});

function insideOf(box: Box, view: Viewport, window: Size): boolean {
  const seen = seenIn(view, window);
  return (
    box.x >= seen.x &&
    box.y >= seen.y &&
    box.x + box.width <= seen.x + seen.width &&
    box.y + box.height <= seen.y + seen.height
  );
}
