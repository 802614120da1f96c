"use client";

import { create } from "zustand";
import { setOrDelete } from "./trail";
import { useView } from "./view";
import type { AttemptOf } from "./wire";

/** The pages of the dock, in their order. */
export const dockTabs = ["log", "timeline", "audit", "problems", "terminal"] as const;
/** A page of the dock. */
export type DockTab = (typeof dockTabs)[number];
/** One of a step's two outputs. */
export type Stream = "stdout" | "stderr";

/** How the dock is set; what is left out of the address is remembered in this browser. */
interface DockView {
  tab: DockTab;
  /** The output that is shown where both say something. */
  stream: Stream;
  /** The attempt that it was chosen for, so that it is shown there even if it is empty; "*" is the first one shown. */
  chosenFor: string | null;
  /** The step whose log is shown while a gate that shows it is selected. */
  of: { gate: string; step: string } | null;
  /** The attempt whose output is shown; null is the newest. */
  attempt: number | null;
  wrap: boolean;
  /** The line that a link leads to, from 1. */
  line: number | null;
  /** What is looked for in the log. */
  search: string;
  isPattern: boolean;
  matchCase: boolean;
  searchOpen: boolean;
  /** Somebody just asked for the search, which then takes the focus; a log that appears by itself never does. */
  searchCalled: boolean;
}

const storageKey = "threados.dock";

/** The state of the dock. */
export const useDock = create<DockView>(() => ({
  tab: "log",
  stream: "stdout",
  chosenFor: null,
  of: null,
  attempt: null,
  wrap: false,
  line: null,
  search: "",
  isPattern: false,
  matchCase: false,
  searchOpen: false,
  searchCalled: false,
}));

/** Opens a page of the dock. */
export function openDock(tab: DockTab): void {
  useDock.setState({ tab });
  if (!useView.getState().dockOpen) useView.setState({ dockOpen: true });
}

/** Opens the search in the log, and leads into it. */
export function searchLog(): void {
  useDock.setState({ searchOpen: true, searchCalled: true });
  openDock("log");
}

/** Names an attempt for `chosenFor`. */
export const attemptKey = ({ run, step, attempt }: AttemptOf) => `${run} ${step} ${attempt}`;

/** Shows an output of an attempt in the dock; a gate that it is looked at for stays selected. */
export function openLog(of: AttemptOf, stream: Stream, gate?: string): void {
  useDock.setState({
    stream,
    chosenFor: attemptKey(of),
    of: gate === undefined ? null : { gate, step: of.step },
    searchOpen: false,
  });
  goToLine(null);
  openDock("log");
}

/** Goes to a line of the log, or lets go of it; the address becomes a link to it. */
export function goToLine(line: number | null): void {
  useDock.setState({ line });
  const { stream, attempt } = useDock.getState();
  const url = new URL(location.href);
  setOrDelete(url, "line", line === null ? null : String(line));
  setOrDelete(url, "stream", line === null || stream === "stdout" ? null : stream);
  setOrDelete(url, "attempt", line === null || attempt === null ? null : String(attempt));
  history.replaceState(history.state, "", url);
}

/** Takes what the dock shows from the address and from what is remembered, once; from then on it is remembered. */
export function dockFromAddress(): () => void {
  const query = new URLSearchParams(location.search);
  const kept = recall();
  const line = numberIn(query.get("line"));
  useDock.setState({
    ...kept,
    ...(line === null ? {} : { tab: "log", line }),
    ...(query.get("stream") === "stderr" ? { stream: "stderr" } : {}),
    ...(line !== null || query.has("stream") ? { chosenFor: "*" } : {}),
    attempt: numberIn(query.get("attempt")),
    ...(query.has("t") ? { tab: "timeline" } : {}),
  });
  return useDock.subscribe(({ tab, wrap }, before) => {
    if (tab !== before.tab || wrap !== before.wrap)
      localStorage.setItem(storageKey, JSON.stringify({ tab, wrap }));
  });
}

function numberIn(text: string | null): number | null {
  const number = Number(text);
  return text !== null && Number.isInteger(number) && number > 0 ? number : null;
}

function recall(): Partial<DockView> {
  try {
    const { tab, wrap } = JSON.parse(localStorage.getItem(storageKey) ?? "{}");
    return { ...(dockTabs.includes(tab) ? { tab } : {}), ...(wrap === true ? { wrap } : {}) };
  } catch {
    return {};
  }
}
