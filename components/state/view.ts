"use client";

import { create } from "zustand";
import type { Refusal } from "./api";
import type { Connection } from "./stream";

/** What only this tab knows: what is looked at, and how the line to the server stands. */
interface View {
  selected: string | null;
  stream: "stdout" | "stderr";
  dockOpen: boolean;
  connection: Connection;
  /** Why the server gives no status at all, such as a file that can't be parsed. */
  refusal: Refusal | null;
}

/** The state of this tab. */
export const useView = create<View>(() => ({
  selected: null,
  stream: "stdout",
  dockOpen: true,
  connection: "connecting",
  refusal: null,
}));

/** Selects a node, or nothing, and keeps the address a link to exactly this view. */
export function select(id: string | null): void {
  if (useView.getState().selected === id) return;
  useView.setState({ selected: id });
  const url = new URL(location.href);
  if (id) url.searchParams.set("step", id);
  else url.searchParams.delete("step");
  history.replaceState(history.state, "", url);
}

/** Takes the selection from the address, once, when the page opens. */
export function selectFromAddress(): void {
  useView.setState({ selected: new URLSearchParams(location.search).get("step") });
}
