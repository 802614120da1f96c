"use client";

import { useCallback, useMemo } from "react";
import { create } from "zustand";

/** What was typed and not saved yet, by the place that it was typed at. */
const useDrafts = create<{ kept: Record<string, unknown> }>(() => ({ kept: {} }));

/** The places of a node that are typed at. */
export const draftOf = {
  edit: (id: string) => `edit ${id}`,
  prompt: (id: string) => `prompt ${id}`,
  yaml: (id: string) => `yaml ${id}`,
  sequence: () => "sequence",
  file: () => "file",
  gate: (id: string) => `gate ${id}`,
  form: (name: string) => `form ${name}`,
};

/**
 * As `useState`, but what is set outlives the component: whoever looks at another node meanwhile finds it again.
 * `none` stands for nothing typed, and has to be the same value each time.
 */
export function useDraft<T>(place: string, none: T): [T, (next: T | ((before: T) => T)) => void] {
  const draft = useDrafts(({ kept }) => (place in kept ? (kept[place] as T) : none));
  const set = useCallback(
    (next: T | ((before: T) => T)) => {
      const { kept } = useDrafts.getState();
      const before = place in kept ? (kept[place] as T) : none;
      const after = typeof next === "function" ? (next as (before: T) => T)(before) : next;
      if (after !== before) keepDraft(place, after);
    },
    [place, none],
  );
  return [draft, set];
}

/** Whether something was typed there and not saved. */
export function useHasDraft(...places: string[]): boolean {
  return useDrafts(({ kept }) => places.some((place) => place in kept));
}

/** The nodes that something was typed for and not saved. */
export function useDraftedNodes(): string[] {
  const ids = useDrafts(({ kept }) => draftedIn(Object.keys(kept)).join(" "));
  return useMemo(() => ids.split(" ").filter(Boolean), [ids]);
}

/** The nodes that places belong to, each once. */
const draftedIn = (places: string[]) => [
  ...new Set(places.flatMap((place) => /^(?:edit|prompt|yaml|gate) (.+)$/s.exec(place)?.[1] ?? [])),
];

/** Keeps a draft of a place; nothing typed takes it away. */
export function keepDraft(place: string, draft: unknown): void {
  useDrafts.setState((all) => {
    const { [place]: _, ...others } = all.kept;
    return { kept: isNothing(draft) ? others : { ...others, [place]: draft } };
  });
}

/** Has the browser ask before it leaves a page that holds drafts, for they go with it; ends with what it returns. */
export function guardDrafts(page: Pick<EventTarget, "addEventListener" | "removeEventListener">): () => void {
  const ask = (event: Event) => {
    if (Object.keys(useDrafts.getState().kept).length > 0) event.preventDefault();
  };
  page.addEventListener("beforeunload", ask);
  return () => page.removeEventListener("beforeunload", ask);
}

const isNothing = (value: unknown) =>
  value === null || (typeof value === "object" && Object.keys(value).length === 0);
