"use client";

import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let now = 0;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (!timer) {
    now = Date.now();
    timer = setInterval(() => {
      now = Date.now();
      for (const tell of listeners) tell();
    }, 1000);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

const never = () => () => {};

/** The time in ms, renewed once a second by one timer for the whole page; that timer lives only while somebody ticks. */
export function useNow(ticking: boolean): number {
  return useSyncExternalStore(
    ticking ? subscribe : never,
    () => (timer ? now : 0),
    () => 0,
  );
}
