"use client";

import { useEffect, useMemo, useRef, useState } from "react";
import { type Layout, layoutGraph, type Placed, type Told } from "./layout";
import type { LayoutAnswer, LayoutQuestion } from "./layout-worker";
import type { PlanNode } from "./plan";

/** Up to here the layout takes a frame or two (a worker would take longer to start); beyond, it is done beside the page. */
const quickUpTo = 1200;

/** Where everything stands. Of a large graph the layout before stays until the next one is there; undefined before the first. */
export function useLayout(given: PlanNode[], places: Placed, told?: Told): Layout | undefined {
  const plan = useSteady(given);
  const isQuick = plan.length <= quickUpTo;
  const now = useMemo(
    () => (isQuick ? layoutGraph(plan, places, told) : undefined),
    [isQuick, plan, places, told],
  );
  const [later, setLater] = useState<Layout>();
  useEffect(() => {
    if (isQuick) return;
    let wanted = true;
    const start = performance.now();
    void layoutAside(plan, places, told).then((layout) => {
      if (!wanted) return;
      performance.measure("threados.layout", { start });
      setLater(layout);
    });
    return () => {
      wanted = false;
    };
  }, [isQuick, plan, places, told]);
  return now ?? later;
}

/** The plan as it was before, as long as only names have changed: they move nothing, and a layout takes its time. */
function useSteady(plan: PlanNode[]): PlanNode[] {
  const shape = useMemo(() => JSON.stringify(plan.map(({ name: _, ...rest }) => rest)), [plan]);
  const steady = useRef({ shape, plan });
  if (steady.current.shape !== shape) steady.current = { shape, plan };
  return steady.current.plan;
}

let worker: Worker | undefined;
let turns = 0;
const waiting = new Map<number, (layout: Layout) => void>();

/** Lays a graph out in a worker; where none can be had, here. */
function layoutAside(plan: PlanNode[], places: Placed, told?: Told): Promise<Layout> {
  try {
    worker ??= openWorker();
  } catch {
    return Promise.resolve(layoutGraph(plan, places, told));
  }
  const turn = ++turns;
  const question: LayoutQuestion = { turn, plan, places, told };
  return new Promise((resolve) => {
    waiting.set(turn, resolve);
    worker?.postMessage(question);
  });
}

function openWorker(): Worker {
  const opened = new Worker(new URL("./layout-worker.ts", import.meta.url), { type: "module" });
  opened.onmessage = ({ data: { turn, layout } }: MessageEvent<LayoutAnswer>) => {
    waiting.get(turn)?.(layout);
    waiting.delete(turn);
  };
  return opened;
}
