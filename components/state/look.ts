"use client";

import { create } from "zustand";
import { setOrDelete, turnTo } from "./trail";

/** What is looked at instead of the present: a run as it ended, or as it stood some time after it was opened. */
interface Look {
  /** The run's id, or its beginning or end; null is the present. */
  run: string | null;
  /** How long after the run's first fact, in ms; null is its end. */
  t: number | null;
  /** Whether the picture of it is there, so that it can take the present one's place. */
  isShown: boolean;
  /** The moment of the picture, in ms since the epoch. */
  at: number | null;
  isPlaying: boolean;
  /** How many times as fast as it happened. */
  speed: number;
}

const present = { run: null, t: null, isShown: false, at: null, isPlaying: false } as const;

/** What is looked at. */
export const useLook = create<Look>(() => ({ ...present, speed: 4 }));

/** Whether the past is looked at, where nothing can be changed. */
export const usePast = () => useLook((look) => look.run !== null);

/** Looks at a run: as it ended, or `t` ms after it was opened. */
export function lookAt(run: string, t: number | null = null): void {
  const look = useLook.getState();
  if (look.run === run && look.t === t) return;
  useLook.setState({ run, t, ...(look.run === run ? {} : { isShown: false, isPlaying: false }) });
  if (look.run === run) writeAddress();
  else turn();
}

/** Comes back to the present; whether there was something to come back from. */
export function lookAway(): boolean {
  if (useLook.getState().run === null) return false;
  useLook.setState(present);
  turn();
  return true;
}

/** What the address says of it. */
function named(): { run: string | null; t: string | null } {
  const { run, t } = useLook.getState();
  return { run, t: run === null || t === null ? null : String(Math.round(t)) };
}

/** Another run, or the present, is turned to. */
function turn(): void {
  clearTimeout(waiting);
  turnTo(named());
}

let waiting: ReturnType<typeof setTimeout> | undefined;
let wrote = 0;
const pauseMs = 200;

/** Keeps the address a link to this picture. Browsers allow only so many changes a second, and a replay makes many. */
function writeAddress(): void {
  clearTimeout(waiting);
  const write = () => {
    wrote = performance.now();
    const { run, t } = named();
    const url = new URL(location.href);
    setOrDelete(url, "run", run);
    setOrDelete(url, "t", t);
    history.replaceState(history.state, "", url);
  };
  const wait = wrote + pauseMs - performance.now();
  if (wait <= 0) write();
  else waiting = setTimeout(write, wait);
}

/** Takes what is looked at from the address. */
export function lookFromAddress(): void {
  clearTimeout(waiting);
  const query = new URLSearchParams(location.search);
  const run = query.get("run") || null;
  const t = Number(query.get("t") ?? Number.NaN);
  if (run === null) useLook.setState(present);
  else
    useLook.setState(({ run: before }) => ({
      run,
      t: Number.isFinite(t) && t >= 0 ? t : null,
      isPlaying: false,
      ...(before === run ? {} : { isShown: false }),
    }));
}
