"use client";

import { type OnMove, useReactFlow, useStore } from "@xyflow/react";
import { useCallback, useEffect, useRef } from "react";
import { useView } from "../state/view";
import type { Layout } from "./layout";
import type { Box } from "./plan";

/** How far one can zoom out and in. */
export const zooms = { least: 0.08, most: 1.6 };
/** Smaller than this nothing can be read, so a big graph opens on the part where something goes on. */
const readable = 0.34;
const margin = 28;
const moveMs = 220;

/**
 * Points the view at the whole graph (or its active part) until the user takes over by panning or zooming, and
 * brings a node into view when it is selected elsewhere.
 */
export function useCamera(layout: Layout | undefined, activeIds: string[]) {
  const flow = useReactFlow();
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const selected = useView((view) => view.selected);
  const taken = useRef(false);
  const active = useRef(activeIds);
  active.current = activeIds;

  const show = useCallback(
    (duration: number) => {
      if (!layout || layout.boxes.size === 0 || width === 0) return;
      const target = frame(layout, active.current, width, height);
      void flow.fitBounds(target, { padding: 0, duration });
    },
    [flow, layout, width, height],
  );
  const placed = useRef(false);
  useEffect(() => {
    if (taken.current) return;
    show(0);
    placed.current = width > 0;
  }, [show, width]);

  useEffect(() => {
    const box = selected === null ? undefined : layout?.boxes.get(selected);
    if (!box || width === 0) return;
    const { x, y, zoom } = flow.getViewport();
    const left = box.x * zoom + x;
    const top = box.y * zoom + y;
    const inside =
      left >= 0 && top >= 0 && left + box.width * zoom <= width && top + box.height * zoom <= height;
    if (inside) return;
    void flow.setCenter(box.x + box.width / 2, box.y + box.height / 2, {
      zoom: Math.max(zoom, 0.6),
      duration: moveMs,
    });
  }, [selected, layout, flow, width, height]);

  const onMove: OnMove = useCallback((event) => {
    // Moves of our own come without an event.
    if (event) taken.current = true;
  }, []);
  const take = useCallback(() => {
    taken.current = true;
  }, []);
  const refit = useCallback(() => {
    taken.current = false;
    show(moveMs);
  }, [show]);
  return { onMove, refit, take };
}

/** What to look at: everything if it can be read then, else the nodes where something goes on, else the beginning. */
function frame(layout: Layout, active: string[], width: number, height: number): Box {
  const whole = around([...layout.boxes.values(), ...layout.groups]);
  if (zoomFor(whole, width, height) >= readable) return padded(whole, width, height);
  const some = active.flatMap((id) => layout.boxes.get(id) ?? []);
  const focus = some.length > 0 ? around(some) : undefined;
  if (focus && zoomFor(focus, width, height) >= readable) return padded(focus, width, height, 0.6);
  const start = focus
    ? some[0]
    : [...layout.boxes.values()].reduce((a, b) => (b.x < a.x || (b.x === a.x && b.y < a.y) ? b : a));
  const zoom = 0.6;
  return start
    ? { x: start.x - margin / zoom, y: start.y - margin / zoom, width: width / zoom, height: height / zoom }
    : whole;
}

function zoomFor(box: Box, width: number, height: number): number {
  return Math.min((width - 2 * margin) / box.width, (height - 2 * margin) / box.height);
}

/** The box with the margin around it, and never so small that nodes are drawn larger than life. */
function padded(box: Box, width: number, height: number, most = 1): Box {
  const zoom = Math.min(most, zoomFor(box, width, height));
  const wide = width / zoom;
  const high = height / zoom;
  return { x: box.x - (wide - box.width) / 2, y: box.y - (high - box.height) / 2, width: wide, height: high };
}

function around(boxes: Box[]): Box {
  const x = Math.min(...boxes.map((box) => box.x));
  const y = Math.min(...boxes.map((box) => box.y));
  return {
    x,
    y,
    width: Math.max(...boxes.map((box) => box.x + box.width)) - x,
    height: Math.max(...boxes.map((box) => box.y + box.height)) - y,
  };
}
