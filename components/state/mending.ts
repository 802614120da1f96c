import { create } from "zustand";
import { select, useView } from "./view";

/** Whether a person was just led to the broken file, to go on typing at its fault. */
export const useMending = create<{ led: boolean }>(() => ({ led: false }));

/** Leads to the text of the sequence's file, which the inspector shows while it can't be read. */
export function mendFile(): void {
  select(null);
  useView.setState({ inspectorOpen: true, side: "inspector" });
  useMending.setState({ led: true });
}

/** The person has arrived. */
export const arrive = () => useMending.setState({ led: false });
