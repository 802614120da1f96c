"use client";

import { useQueries } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { create } from "zustand";
import { useSession } from "../state/provider";
import { useStatus } from "../state/queries";
import { membersOf } from "../state/status-index";
import type { StatusDocument } from "../state/wire";
import { type Layout, layoutGraph } from "./layout";
import type { PlanNode, Size } from "./plan";

/** What stands inside a step that is opened up, and how it is laid out there. */
export interface Nest {
  layout: Layout;
  names: ReadonlyMap<string, { name: string; model: string }>;
  /** Whether its steps are part of the run, and so can be looked at one by one. */
  live: boolean;
  size: Size;
}

interface Inner {
  id: string;
  name: string;
  model: string;
  depends_on: string[];
}

/** The room of a step inside another, and what is kept free around all of them. */
export const innerSize = { width: 176, height: 34 };
const pad = 14;
const head = 66;
const least = 232;

/** Which steps are opened up, and what stands inside of them; the latter is known once it has been read. */
export const useNests = create<{ open: readonly string[]; nests: ReadonlyMap<string, Nest> }>(() => ({
  open: [],
  nests: new Map(),
}));

/** Opens a step up in place, or closes it again. */
export function toggleNest(id: string): void {
  useNests.setState(({ open }) => ({
    open: open.includes(id) ? open.filter((each) => each !== id) : [...open, id],
  }));
}

/** Whether there is anything to be seen inside a step. */
export function useHasInside(id: string, sequence: string | undefined): boolean {
  const members = useStatus(useCallback((status: StatusDocument) => membersOf(status, id).length > 0, [id]));
  return sequence !== undefined || members === true;
}

/** Reads what stands inside of the opened steps: what the run made of them, else what their files say now. */
export function useOpened(): ReadonlyMap<string, Nest> {
  const { api } = useSession();
  const open = useNests((nests) => nests.open);
  const revision = useStatus((status) => status.revision);
  const running = useStatus(
    useCallback(
      (status: StatusDocument) =>
        open.map((id) =>
          membersOf(status, id).map(({ id, name, model, depends_on }) => ({ id, name, model, depends_on })),
        ),
      [open],
    ),
  );
  const inside = useQueries({
    queries: open.map((id) => ({
      queryKey: ["definition", id, revision],
      queryFn: () => api.step(id),
      staleTime: Number.POSITIVE_INFINITY,
      retry: false,
    })),
    combine: (results) => results.map(({ data }) => data?.inside),
  });
  return useMemo(
    () =>
      new Map(
        open.flatMap((id, index): [string, Nest][] => {
          const live = running?.[index] ?? [];
          const inner = live.length > 0 ? live : (inside[index] ?? []);
          return inner.length > 0 ? [[id, nestOf(inner, live.length > 0)]] : [];
        }),
      ),
    [open, running, inside],
  );
}

/** Lays out what stands inside a step. */
export function nestOf(inner: readonly Inner[], live: boolean): Nest {
  const known = new Set(inner.map(({ id }) => id));
  const plan = inner.map(
    ({ id, name, depends_on }): PlanNode => ({
      id,
      kind: "step",
      name,
      group: null,
      needs: depends_on.filter((need) => known.has(need)),
      size: innerSize,
    }),
  );
  const layout = layoutGraph(plan);
  const boxes = [...layout.boxes.values()];
  const left = Math.min(...boxes.map((box) => box.x)) - pad;
  const top = Math.min(...boxes.map((box) => box.y)) - head;
  const width = Math.max(least, ...boxes.map((box) => box.x + box.width + pad - left));
  const height = Math.max(...boxes.map((box) => box.y + box.height + pad - top));
  return {
    layout: {
      ...layout,
      boxes: new Map([...layout.boxes].map(([id, box]) => [id, { ...box, x: box.x - left, y: box.y - top }])),
      edges: layout.edges.map((edge) => ({
        ...edge,
        route: edge.route.map(({ x, y }) => ({ x: x - left, y: y - top })),
      })),
    },
    names: new Map(inner.map(({ id, name, model }) => [id, { name, model }])),
    live,
    size: { width, height },
  };
}

/** The graph with the opened steps as large as what stands inside of them. */
export function openedUp(plan: PlanNode[], nests: ReadonlyMap<string, Nest>): PlanNode[] {
  if (nests.size === 0) return plan;
  return plan.map((node) => {
    const nest = nests.get(node.id);
    return nest && node.kind === "step" ? { ...node, look: "nest", size: nest.size } : node;
  });
}
