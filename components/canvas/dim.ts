"use client";

import { useView } from "../state/view";

/** Whether a node does not fit what is being searched for. */
export function useDim(id: string, name: string | undefined): boolean {
  return useView(({ search }) => search !== "" && !fits(search, id, name ?? ""));
}

/** Whether all words of a search stand in a node's id or name. */
export function fits(search: string, id: string, name: string): boolean {
  const text = `${id} ${name}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
