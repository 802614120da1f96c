"use client";

import { useQuery } from "@tanstack/react-query";
import { create } from "zustand";
import type { Layout as Places, Spot } from "../../lib/core/layout";
import { layoutKey } from "../state/keys";
import { useSession } from "../state/provider";
import type { Direction } from "./layout";
import type { Box } from "./plan";
import type { Regrouping } from "./regroup";
import { meant, type Stretch } from "./stretch";

/** What goes on on the canvas between pressing and letting go. */
export interface Gesture {
  direction: Direction;
  /** Nodes that can't be connected with the one a line is being drawn from. */
  barred: ReadonlySet<string> | null;
  /** The arrow that was just drawn; one that others imply is to be seen only at a selected end. */
  tied: { source: string; target: string; implied: boolean } | null;
  /** The arrow a dragged node would be put into. */
  into: string | null;
  /** What letting go of the dragged nodes would do to the group they are in. */
  regrouping: Regrouping | null;
  /** The node that the pointer or the focus is on. */
  near: string | null;
  /** The node at which the Tab key comes into the graph. */
  stop: string | null;
  /** The group that is being collapsed or expanded by its button, which keeps the focus. */
  folding: string | null;
  /** Where everything stands now. */
  boxes: ReadonlyMap<string, Box>;
  /** Room that is made for what is opened up. */
  stretches: readonly Stretch[];
}

/** The gesture under way. */
export const useGesture = create<Gesture>(() => ({
  direction: "right",
  barred: null,
  tied: null,
  into: null,
  regrouping: null,
  near: null,
  stop: null,
  folding: null,
  boxes: new Map(),
  stretches: [],
}));

/** The place to keep for what somebody puts at a point of the picture, in whole pixels. */
export function spotAt(point: Spot): Spot {
  const { x, y } = meant(point, useGesture.getState().stretches);
  return { x: Math.round(x), y: Math.round(y) };
}

/** Where arrows lead. */
export const useDirection = () => useGesture((gesture) => gesture.direction);

/** Where people put things; undefined until it is known. */
export function usePlaces(): Places | undefined {
  const { api } = useSession();
  return useQuery({ queryKey: layoutKey, queryFn: api.layout, staleTime: 60_000, refetchOnWindowFocus: true })
    .data;
}
