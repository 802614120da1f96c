"use client";

import { useCallback } from "react";
import { create } from "zustand";

/** What was typed and not saved yet, by the place that it was typed at. */
const useDrafts = create<{ kept: Record<string, unknown> }>(() => ({ kept: {} }));

/** The places of a node that are typed at. */
export const draftOf = {
  edit: (id: string) => `edit ${id}`,
  prompt: (id: string) => `prompt ${id}`,
  yaml: (id: string) => `yaml ${id}`,
  file: () => "file",
};

/**
 * As `useState`, but what is set outlives the component: whoever looks at another node meanwhile finds it again.
 * `none` stands for nothing typed, and has to be the same value each time.
 */
export function useDraft<T>(place: string, none: T): [T, (next: T | ((before: T) => T)) => void] {
  const draft = useDrafts(({ kept }) => (place in kept ? (kept[place] as T) : none));
  const set = useCallback(
    (next: T | ((before: T) => T)) =>
      useDrafts.setState((all) => {
        const before = place in all.kept ? (all.kept[place] as T) : none;
        const after = typeof next === "function" ? (next as (before: T) => T)(before) : next;
        if (after === before) return all;
        const { [place]: _, ...others } = all.kept;
        return { kept: isNothing(after) ? others : { ...others, [place]: after } };
      }),
    [place, none],
  );
  return [draft, set];
}

/** Whether something was typed there and not saved. */
export function useHasDraft(...places: string[]): boolean {
  return useDrafts(({ kept }) => places.some((place) => place in kept));
}

const isNothing = (value: unknown) =>
  value === null || (typeof value === "object" && Object.keys(value).length === 0);
