"use client";

import { useReactFlow, useStore, useStoreApi } from "@xyflow/react";
import { useEffect, useMemo, useRef, useState } from "react";
import { useStatus } from "../state/queries";
import { onColours } from "../state/theme";
import { selection, useView } from "../state/view";
import { fits } from "./dim";
import { draw, type Palette, readPalette } from "./far-brush";
import { boxAt, farPicture, looksOf } from "./far-picture";
import type { Layout } from "./layout";
import type { PlanNode } from "./plan";

/** From this size on a graph seen from far away is one drawing; smaller ones stay documents, for readers and the keyboard. */
const manyNodes = 150;
/** Below this zoom a card is a colour and a mark. */
const farZoom = 0.26;
/** More selected nodes than these are drawn, too, instead of being in the page. */
const mostNear = 50;

/** Whether the graph is seen from so far away that a drawing of it says as much as its elements. */
export function useIsFar(count: number): boolean {
  return useStore((state) => count > manyNodes && state.transform[2] < farZoom);
}

/**
 * The nodes that stand in the page though the graph is far away: those that are selected, and the one under the
 * pointer, so that it can be pressed, dragged and asked for its menu like any other.
 */
export function useNear(plan: PlanNode[], layout: Layout, far: boolean): PlanNode[] {
  const store = useStoreApi();
  const flow = useReactFlow();
  const [under, setUnder] = useState<string | undefined>();
  const latest = useRef(layout);
  latest.current = layout;
  useEffect(() => {
    const element = far ? store.getState().domNode : null;
    if (!element) return;
    const look = (event: globalThis.MouseEvent) => {
      // Whoever drags something keeps hold of it.
      if (event.buttons !== 0) return;
      const { x, y } = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
      setUnder(boxAt(latest.current, x, y));
    };
    element.addEventListener("mousemove", look);
    return () => element.removeEventListener("mousemove", look);
  }, [far, store, flow]);
  const selected = useView((view) => view.selected);
  const marked = useView((view) => view.marked);
  return useMemo(() => {
    if (!far) return plan;
    const chosen = selection({ selected, marked });
    const near = new Set([...(chosen.length <= mostNear ? chosen : []), ...(under ? [under] : [])]);
    return plan.filter((node) => near.has(node.id));
  }, [plan, far, under, selected, marked]);
}

/** The whole graph as one drawing, behind the few nodes that stand in the page. */
export function FarCanvas({ layout }: { layout: Layout }) {
  const store = useStoreApi();
  const looks = useStatus(looksOf);
  const canvas = useRef<HTMLCanvasElement>(null);
  const search = useView((view) => view.search);
  const selected = useView((view) => view.selected);
  const marked = useView((view) => view.marked);
  const picture = useMemo(() => looks && farPicture(layout, looks), [layout, looks]);
  const palette = usePalette();
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext("2d");
    if (!element || !context || !picture || !palette) return;
    const chosen = new Set(selection({ selected, marked }));
    const isDim = (id: string) => search !== "" && !fits(search, id, "");
    let frame = 0;
    const paint = () => {
      frame = 0;
      const { transform, width, height } = store.getState();
      const scale = devicePixelRatio;
      if (element.width !== Math.round(width * scale)) element.width = Math.round(width * scale);
      if (element.height !== Math.round(height * scale)) element.height = Math.round(height * scale);
      context.setTransform(scale, 0, 0, scale, 0, 0);
      context.clearRect(0, 0, width, height);
      const [x, y, zoom] = transform;
      draw(context, picture, { x, y, zoom, width, height }, palette, { chosen, isDim });
      element.dataset.drawn = String(picture.boxes.length);
    };
    const soon = () => {
      frame ||= requestAnimationFrame(paint);
    };
    paint();
    let before = store.getState();
    const stop = store.subscribe((state) => {
      const moved =
        state.transform !== before.transform ||
        state.width !== before.width ||
        state.height !== before.height;
      before = state;
      if (moved) soon();
    });
    return () => {
      stop();
      cancelAnimationFrame(frame);
    };
  }, [store, picture, palette, search, selected, marked]);
  return (
    <canvas
      ref={canvas}
      className="far-canvas"
      role="img"
      aria-label="The graph from far away; zoom in, or show it as a list, to read it"
    />
  );
}

/** The colours, read anew when the scheme changes. */
function usePalette(): Palette | undefined {
  const [palette, setPalette] = useState<Palette>();
  useEffect(() => {
    const read = () => setPalette(() => readPalette(document.documentElement));
    read();
    return onColours(read);
  }, []);
  return palette;
}
