"use client";

import { useView } from "../state/view";
import type { StatusDocument } from "../state/wire";

/** Whether a node does not fit what is being searched for. */
export function useDim(id: string, name: string | undefined): boolean {
  return useView(({ search }) => search !== "" && !fits(search, id, name ?? ""));
}

/** Whether neither a group nor one of its members fits what is searched for. */
export function isDimGroup(search: string, group: string, members: readonly { id: string; name: string }[]) {
  return search !== "" && !fits(search, group, "") && !members.some(({ id, name }) => fits(search, id, name));
}

/** The same of a group that is drawn as one box. */
export const isDimFolded = (status: StatusDocument, search: string, group: string) =>
  search !== "" &&
  isDimGroup(
    search,
    group,
    status.steps.filter(({ group_id }) => group_id === group),
  );

/** Whether all words of a search stand in a node's id or name. */
export function fits(search: string, id: string, name: string): boolean {
  const text = `${id} ${name}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
