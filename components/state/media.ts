import { useSyncExternalStore } from "react";

/** Whether the window is as a media query says; false where there is none yet. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const media = matchMedia(query);
      media.addEventListener("change", changed);
      return () => media.removeEventListener("change", changed);
    },
    () => matchMedia(query).matches,
    () => false,
  );
}

/** How inspector and chat share the room beside the graph: next to each other, one above the other, or one at a time. */
export type SideForm = "beside" | "stacked" | "tabs";

const wide = "(min-width: 1600px)";
const high = "(min-width: 1200px) and (min-height: 760px)";

/** How they share it in this window. */
export function useSideForm(): SideForm {
  const [isWide, isHigh] = [useMedia(wide), useMedia(high)];
  return formOf(isWide, isHigh);
}

/** The same, asked once. */
export const sideForm = (): SideForm => formOf(matchMedia(wide).matches, matchMedia(high).matches);

const formOf = (isWide: boolean, isHigh: boolean): SideForm =>
  isWide ? "beside" : isHigh ? "stacked" : "tabs";
