"use client";

import { useHistory } from "./history";
import { next, useOwnPlaces, type Way } from "./own-places";
import { useLiveStatus } from "./queries";
import { useView } from "./view";

/** What a step back or forth would pass. */
interface Turn {
  /** In words. */
  change: string;
  /** Whose it is. */
  by: string;
  /** Only boxes are moved by it, on this page. */
  places: boolean;
}

/** What would be undone and done again now, on this page; null where there is nothing, undefined while nobody knows. */
export function useTurns(): Record<Way, Turn | null | undefined> {
  const history = useHistory();
  const own = useOwnPlaces();
  const isBroken = useView((view) => view.refusal !== null);
  const known = useLiveStatus((status) => status.revision);
  const revision = isBroken ? undefined : known;
  const turn = (way: Way): Turn | null | undefined => {
    const placing = next(own, way, revision);
    if (placing) return { change: placing.words, by: "user", places: true };
    const change = history?.[way];
    return change ? { change: change.change, by: change.by, places: false } : change;
  };
  return { undo: turn("undo"), redo: turn("redo") };
}
