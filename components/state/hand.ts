"use client";

import { create } from "zustand";

/** How a person stands to the picture of the graph. */
interface Hand {
  /** They have it in hand: from then on the view stays where it is. */
  holds: boolean;
  /** They asked for all of it, not only for where something goes on. */
  whole: boolean;
}

const untouched: Hand = { holds: false, whole: false };

/** Whether the person has the graph in hand. */
export const useHand = create<Hand>(() => untouched);

/** The person did something with the graph. */
export const hold = (): void => useHand.setState({ holds: true });

/** The person asked for the whole picture, or for a new one: it is shown, also as it changes, until they take it in hand. */
export const letGo = (): void => useHand.setState({ holds: false, whole: true });

/** A graph is drawn that nobody has touched yet. */
export const beginAnew = (): void => useHand.setState(untouched);
