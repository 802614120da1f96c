"use client";

import { create } from "zustand";
import type { Refusal } from "./api";
import type { Connection } from "./stream";
import { stayHere, turnTo } from "./trail";

/** What can be looked at of a node. */
export type InspectorTab = "overview" | "edit" | "yaml" | "runs" | "results";

/** A step or gate that is about to be added. */
export interface Adding {
  kind: "step" | "gate";
  /** What it will wait for. */
  needs: string[];
  /** What will wait for it. */
  feeds: string[];
  /** The arrow it is put into, as `[from, to]`. */
  into?: [string, string] | undefined;
  /** Where it will stand, in canvas coordinates; undefined leaves it to the automatic layout. */
  spot?: { x: number; y: number } | undefined;
}

/** What only this tab knows: what is looked at, and how the line to the server stands. */
interface View {
  selected: string | null;
  /** Everything that is selected, when it is more than one node. */
  marked: string[];
  /** What is shown while nothing is selected: every node, or the form for what holds for all of them. */
  whole: "outline" | "sequence";
  /** The selected arrow. */
  edge: string | null;
  /** The chosen group; none of its steps is selected then. */
  group: string | null;
  tab: InspectorTab;
  /** Whether somebody asked for this page of what is selected; otherwise it is the one that was looked at last. */
  isTabAsked: boolean;
  dockOpen: boolean;
  /** Whether the inspector is more than its icons. */
  inspectorOpen: boolean;
  /** Which of both is in front, where inspector and chat share one place. */
  side: "inspector" | "chat";
  search: string;
  minimap: boolean;
  /** Whether the graph is shown as a list. */
  asList: boolean;
  /** The window in front of everything. */
  front: "palette" | "keys" | "inbox" | null;
  adding: Adding | null;
  /** The steps that are about to become candidates of a fusion. */
  fusing: string[] | null;
  /** The fusion whose candidates are set side by side, by its merge or a candidate; `pick` leads on to the choice. */
  comparing: { of: string; pick: boolean } | null;
  /** The gate whose questions a person was just led to. */
  answering: string | null;
  /** The gate that a person is about to reject. */
  rejecting: string | null;
  /** The file of a step that a person was just led to, and the gate that they came from. */
  file: { step: string; name: string; gate: string } | null;
  /** The action whose form is open. */
  form: string | null;
  connection: Connection;
  /** Why the server gives no status at all, such as a file that can't be parsed. */
  refusal: Refusal | null;
}

/** The state of this tab. */
export const useView = create<View>(() => ({
  selected: null,
  marked: [],
  whole: "outline",
  edge: null,
  group: null,
  tab: "overview",
  isTabAsked: false,
  dockOpen: true,
  inspectorOpen: true,
  side: "chat",
  search: "",
  minimap: false,
  asList: false,
  front: null,
  adding: null,
  fusing: null,
  comparing: null,
  answering: null,
  rejecting: null,
  file: null,
  form: null,
  connection: "connecting",
  refusal: null,
}));

/** Selects a node, or nothing, and keeps the address a link to exactly this view. */
export function select(id: string | null, tab?: InspectorTab): void {
  const { tab: before, edge, file } = useView.getState();
  if (tab !== undefined && before !== tab) useView.setState({ tab });
  // Who is led to one of its pages wants to see it.
  if (tab !== undefined) useView.setState({ inspectorOpen: true, side: "inspector" });
  if (edge !== null) useView.setState({ edge: null });
  if (file !== null) useView.setState({ file: null });
  mark(id === null ? [] : [id]);
  if (tab !== undefined) useView.setState({ isTabAsked: true });
}

/** Shows another page of what is selected. */
export function showTab(tab: InspectorTab): void {
  useView.setState({ tab, isTabAsked: true });
}

/** Shows the form for what holds for the whole sequence. */
export function showSequence(): void {
  select(null);
  useView.setState({ whole: "sequence", inspectorOpen: true, side: "inspector" });
}

/** Selects several nodes at once; the address names the last of them. */
export function mark(ids: string[]): void {
  const id = ids.at(-1) ?? null;
  const { selected, marked, group } = useView.getState();
  if (group !== null) nameInAddress("group", null);
  if (group !== null) useView.setState({ group: null });
  if (ids.length > 1 || marked.length > 0) useView.setState({ marked: ids.length > 1 ? ids : [] });
  if (selected === id) return;
  useView.setState({ selected: id, isTabAsked: false });
  // One more of several is no other place.
  if (ids.length > 1) stayHere();
  nameInAddress("step", id);
}

/** Chooses a group as a whole, and nothing else. */
export function chooseGroup(group: string): void {
  const { group: before, edge } = useView.getState();
  if (before === group && edge === null) return;
  select(null);
  useView.setState({ group });
  nameInAddress("group", group);
}

/** The page that a link asked for was one of what it named. */
const nameInAddress = (what: "step" | "group", id: string | null) => turnTo({ [what]: id, tab: null });

/** Everything that is selected. */
export function selection(view: Pick<View, "selected" | "marked">): string[] {
  if (view.marked.length > 0) return view.marked;
  return view.selected === null ? [] : [view.selected];
}

/** Takes the selection from the address. */
export function selectFromAddress(): void {
  const query = new URLSearchParams(location.search);
  const tab = query.get("tab");
  useView.setState({
    selected: query.get("step"),
    marked: [],
    edge: null,
    file: null,
    isTabAsked: false,
    group: query.has("step") ? null : query.get("group"),
    ...(tab === "edit" || tab === "yaml" || tab === "runs" || tab === "results"
      ? { tab, isTabAsked: true, inspectorOpen: true, side: "inspector" as const }
      : {}),
  });
}

/** Leads to the questions of a gate, which stand where it is looked at. */
export function answerAt(id: string): void {
  select(id, "overview");
  useView.setState({ answering: id, front: null });
}

/** Leads to the form that rejects at a gate, which stands where the gate is looked at. */
export function rejectAt(id: string): void {
  select(id, "overview");
  useView.setState({ front: null });
  // Whatever it was chosen in gives the focus back first.
  requestAnimationFrame(() => useView.setState({ rejecting: id }));
}

/** Leads from a gate to a file of a step that it shows. */
export function lookIntoFile(step: string, name: string, gate: string): void {
  select(step, "results");
  useView.setState({ file: { step, name, gate } });
}

/** Begins to add a step or gate. */
export function startAdding(adding: Partial<Adding> = {}): void {
  useView.setState({ adding: { kind: "step", needs: [], feeds: [], ...adding }, front: null });
}

/** Begins to make a fusion of steps. */
export function startFusing(ids: string[]): void {
  useView.setState({ fusing: ids, front: null });
}

/** Sets the candidates of a fusion side by side. */
export function compareFusion(of: string, to?: "pick"): void {
  useView.setState({ comparing: { of, pick: to === "pick" }, front: null });
}
