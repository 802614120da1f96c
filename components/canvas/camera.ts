"use client";

import { type OnMove, useReactFlow, useStore } from "@xyflow/react";
import { useCallback, useEffect, useMemo, useRef } from "react";
import { beginAnew, hold, letGo, useHand } from "../state/hand";
import type { Layout } from "./layout";
import { close, useLeading } from "./leading";
import { moveMs } from "./motion";
import type { Box } from "./plan";
import { meets } from "./settle";

/** How far one can zoom out and in; farther out where a graph is too large to be seen whole. */
export const zooms = { least: 0.08, most: 1.6 };
/** Smaller than this nothing can be read, so a big graph opens on the part where something goes on. */
const readable = 0.34;
/** From farther away names are all that a card says, in large; that is too much to pay for a whole node more. */
const named = 0.5;
/** Kept free around what is shown; at the bottom stand the zoom buttons. */
const margin = { side: 28, top: 28, bottom: 56 };

/**
 * Points the view at the graph (a big one's active part) until the person takes it in hand, and brings a node into view
 * when it is selected elsewhere.
 */
export function useCamera(layout: Layout, activeIds: string[]) {
  const flow = useReactFlow();
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const active = useRef(activeIds);
  active.current = activeIds;
  useEffect(beginAnew, []);

  const show = useCallback(
    (durationMs: number) => {
      if (layout.boxes.size === 0 || width === 0) return;
      const target = frame(layout, useHand.getState().whole ? null : active.current, width, height);
      void flow.fitBounds(target, { padding: 0, duration: durationMs });
    },
    [flow, layout, width, height],
  );
  useEffect(() => {
    if (!useHand.getState().holds) show(0);
  }, [show]);
  useLeading(layout, width, height);

  const onMove: OnMove = useCallback((event) => {
    // Moves of our own come without an event.
    if (event) hold();
  }, []);
  const showAll = useCallback(() => {
    letGo();
    show(moveMs());
  }, [show]);
  const least = useMemo(
    () =>
      layout.boxes.size === 0 || width === 0
        ? zooms.least
        : Math.min(zooms.least, zoomFor(wholeOf(layout), width, height)),
    [layout, width, height],
  );
  return { onMove, showAll, least };
}

/**
 * What to look at: everything if it can be read then (or is asked for), else where something goes on, else the beginning;
 * and that so that as few nodes as possible are cut by the edges of the window.
 */
export function frame(layout: Layout, active: string[] | null, width: number, height: number): Box {
  const all = wholeOf(layout);
  if (active === null || zoomFor(all, width, height) >= readable) return padded(all, width, height, 1);
  const some = active.flatMap((id) => layout.boxes.get(id) ?? []);
  const focus = some.length > 0 ? around(some) : all;
  const isSeen = zoomFor(focus, width, height) >= readable;
  const kept = isSeen ? focus : (some[0] ?? layout.boxes.get(firstOf(layout) ?? "") ?? all);
  const boxes = [...layout.boxes.values()];
  let best: { view: Box; cut: number } | undefined;
  for (let zoom = close; zoom >= named; zoom -= zoomStep) {
    const wished = isSeen
      ? padded(focus, width, height, zoom)
      : {
          x: kept.x - margin.side / zoom,
          y: heightOf(kept, all, height / zoom, zoom),
          width: width / zoom,
          height: height / zoom,
        };
    const view = uncut(wished, kept, boxes);
    const cut = cutBy(view, boxes);
    if (best === undefined || cut < best.cut) best = { view, cut };
  }
  return best?.view ?? padded(all, width, height, 1);
}

/** How finely a zoom is looked for at which fewer nodes are cut. */
const zoomStep = 0.02;
/** Left free between an edge of the window and the first whole node. */
const edge = 10;

/** How many boxes are neither wholly in the view nor out of it. */
const cutBy = (view: Box, boxes: readonly Box[]) =>
  boxes.filter((box) => meets(box, view) && !holds(view, box)).length;

/** The view, moved to where its left and upper edges cut no node, if fewer are cut then and what has to be seen still is. */
function uncut(wished: Box, kept: Box, boxes: readonly Box[]): Box {
  let best = { view: wished, cut: cutBy(wished, boxes) };
  for (const [at, size] of [
    ["x", "width"],
    ["y", "height"],
  ] as const) {
    const { view } = best;
    const cut = boxes.filter((box) => meets(box, view) && box[at] < view[at]);
    if (cut.length === 0) continue;
    for (const to of [
      Math.min(...cut.map((box) => box[at])) - edge,
      Math.max(...cut.map((box) => box[at] + box[size])) + edge,
    ]) {
      const other = { ...view, [at]: to };
      const left = cutBy(other, boxes);
      if (left < best.cut && holds(other, kept)) best = { view: other, cut: left };
    }
  }
  return best.view;
}

const holds = (view: Box, box: Box) =>
  box.x >= view.x &&
  box.y >= view.y &&
  box.x + box.width <= view.x + view.width &&
  box.y + box.height <= view.y + view.height;

/** Where the view begins from above, so that the box stands in its middle and nothing is left free that could show more. */
function heightOf(box: Box, all: Box, high: number, zoom: number): number {
  const [above, below] = [margin.top / zoom, margin.bottom / zoom];
  const least = all.y - above;
  const most = all.y + all.height + below - high;
  const middle = box.y + box.height / 2 - (high + above - below) / 2;
  // What is lower than the window stands in its middle as a whole.
  return most < least ? (least + most) / 2 : Math.min(most, Math.max(least, middle));
}

/** The upper one of the nodes farthest to the left; undefined in an empty graph. */
export function firstOf({ boxes }: Layout): string | undefined {
  const before = (a: Box, b: Box) => b.x < a.x || (b.x === a.x && b.y < a.y);
  return [...boxes].reduce<[string, Box] | undefined>(
    (best, each) => (best === undefined || before(best[1], each[1]) ? each : best),
    undefined,
  )?.[0];
}

const wholeOf = (layout: Layout) => around([...layout.boxes.values(), ...layout.groups]);

function zoomFor(box: Box, width: number, height: number): number {
  return Math.min((width - 2 * margin.side) / box.width, (height - margin.top - margin.bottom) / box.height);
}

/** The box with the margin around it, at no larger a zoom than `most`. */
function padded(box: Box, width: number, height: number, most: number): Box {
  const zoom = Math.min(most, zoomFor(box, width, height));
  const wide = width / zoom;
  const high = height / zoom;
  const spare = high - box.height - (margin.top + margin.bottom) / zoom;
  return {
    x: box.x - (wide - box.width) / 2,
    y: box.y - margin.top / zoom - spare / 2,
    width: wide,
    height: high,
  };
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
