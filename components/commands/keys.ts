"use client";

import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { groupOfBox } from "../canvas/elements";
import { foldedGroup, stepsIn } from "../canvas/folding";
import { graphOf } from "../canvas/graph";
import { useGesture } from "../canvas/picture";
import { toggleChat } from "../chat/state";
import { moveMoment } from "../dock/moments";
import { type DockTab, openDock, searchLog } from "../state/dock";
import { type Doing, isPast, useDoing } from "../state/doing";
import { focusSoon, goToSearch, leaveField, nodeWithFocus } from "../state/focus";
import { toggleInspector } from "../state/inspector";
import { replayKey, shownKey, statusKey } from "../state/keys";
import { useLook } from "../state/look";
import { ask, dismissNewest, useNews } from "../state/news";
import { chooseGroup, mark, select, selection, startAdding, useView } from "../state/view";
import type { ReplayDocument, StatusDocument, StepState } from "../state/wire";
import { bindingOf, type KeyCommand, keymap, sayKeys } from "./keymap";
import { renameIn } from "./of-group";
import { oneByOne } from "./of-many";
import { canRun, underWay } from "./of-node";
import { type OnSelection, useOnSelection } from "./selected";
import { stepBack } from "./step-back";
import { turnList } from "./turn-list";

/** Listens to the keyboard for as long as the component that calls it lives. */
export function useKeys(): void {
  const doing = useDoing();
  const on = useOnSelection();
  const client = useQueryClient();
  useEffect(() => {
    const status = () =>
      client.getQueryData<StatusDocument>(useLook.getState().isShown ? shownKey : statusKey);
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const binding = bindingOf(event);
      if (!binding) return;
      if (isHeld(event, binding.keys)) {
        const field = innermost(event);
        const isTyped = field?.matches(typing) || field?.closest(".cm-editor");
        if (binding.command === "close" && isTyped) leaveField(event.target as Element);
        if (binding.keys === "mod+Enter" && sendForm(innermost(event))) event.preventDefault();
        return;
      }
      const done = obeyDock(binding.command, client) ?? obey(binding.command, doing, on, status());
      if (done) event.preventDefault();
    };
    const paste = (event: ClipboardEvent) => {
      const text = event.clipboardData?.getData("text/plain") ?? "";
      if (event.defaultPrevented || isHeld(event, "mod+v")) return;
      void on.paste(text);
    };
    window.addEventListener("keydown", listen);
    window.addEventListener("paste", paste);
    return () => {
      window.removeEventListener("keydown", listen);
      window.removeEventListener("paste", paste);
    };
  }, [doing, on, client]);
}

const typing =
  "input:not([type=range], [type=checkbox]), textarea, select, [contenteditable], .cm-editor, .xterm";

/** Whether somebody else has a right to the key: a field that is typed into, a window in front, an open menu. */
function isHeld(event: Event, keys: string): boolean {
  const { asked } = useNews.getState();
  const { front, adding, fusing, comparing, form } = useView.getState();
  if (asked || adding || fusing || comparing || front || form) return true;
  const element = innermost(event);
  if (element?.closest("[role=menu]")) return true;
  // What is filled in is not what would run: from a form nothing is started.
  if (element?.closest("form") && (keys.length === 1 || keys.endsWith("+Enter"))) return true;
  return element?.closest(typing) ? keys !== "mod+k" : false;
}

/** What has the key, also within an editor, which lives in a tree of its own. */
function innermost(event: Event): Element | null {
  const [inner] = event.composedPath();
  return inner instanceof Element ? inner : null;
}

/** Sends the form that an element stands in, if it can be sent; whether there is one. */
function sendForm(element: Element | null): boolean {
  const form = element?.closest("form");
  const send = form?.querySelector<HTMLButtonElement>("button[type=submit]");
  if (send?.disabled === false) form?.requestSubmit(send);
  return form !== undefined && form !== null;
}

/** Does what a key means for the dock and for what is replayed; undefined if it means something else. */
function obeyDock(command: KeyCommand, client: QueryClient): boolean | undefined {
  if (command === "log-search") {
    searchLog();
    return true;
  }
  if (command === "moment-back" || command === "moment-on") {
    const run = useLook.getState().run ?? client.getQueryData<StatusDocument>(statusKey)?.run;
    const doc = run ? client.getQueryData<ReplayDocument>(replayKey(run)) : undefined;
    return doc !== undefined && moveMoment(doc, command === "moment-on" ? 1 : -1);
  }
  if (!command.startsWith("dock-")) return undefined;
  openDock(command.slice("dock-".length) as DockTab);
  return true;
}

/** What a key means that is about what is selected. */
const ofSelection = new Set<KeyCommand>(
  keymap.flatMap(({ scope, command }) =>
    scope === "Selection" && command !== "select-all" ? [command] : [],
  ),
);

/** What has the focus is what such a key is about, as one sees it there; but several are selected on purpose. */
function chooseFocused(status: StatusDocument | undefined): void {
  const view = useView.getState();
  const id = nodeWithFocus();
  if (id === undefined || view.edge !== null || selection(view).length > 1) return;
  const group = groupOfBox(id) ?? foldedGroup(id);
  if (group !== undefined) {
    if (view.group !== group) chooseGroup(group);
  } else if (status && graphOf(status).some((node) => node.id === id) && view.selected !== id) mark([id]);
}

/** Does what a key means; whether there was something to do. */
function obey(
  command: KeyCommand,
  doing: Doing,
  on: OnSelection,
  status: StatusDocument | undefined,
): boolean {
  if (ofSelection.has(command)) chooseFocused(status);
  const view = useView.getState();
  const ids = selection(view);
  const [id] = ids;
  if (view.group !== null) {
    const done = obeyForGroup(command, view.group, doing, on, status);
    if (done !== undefined) return done;
  }
  switch (command) {
    case "palette":
    case "keys":
    case "inbox":
      useView.setState({ front: command });
      return true;
    case "search":
      goToSearch();
      return true;
    case "undo":
      void doing.undo();
      return true;
    case "redo":
      void doing.redo();
      return true;
    case "run-runnable":
      void doing.act({ action: "run.start", input: { scope: "runnable" } });
      return true;
    case "run-all":
      void doing.act({ action: "run.start", input: { scope: "all" } });
      return true;
    case "close":
      return stepBack();
    case "dismiss":
      return dismissNewest();
    case "dock":
      useView.setState({ dockOpen: !view.dockOpen });
      return true;
    case "inspector":
      toggleInspector();
      return true;
    case "chat":
      toggleChat();
      return true;
    case "outline":
      turnList();
      return true;
    case "add-step":
      if (!isPast()) startAdding();
      return true;
    case "add-gate":
      if (!isPast()) startAdding({ kind: "gate" });
      return true;
    case "tidy":
      doing.place({ reset: true });
      return true;
    case "minimap":
      useView.setState({ minimap: !view.minimap });
      return true;
    case "select-all":
      if (!status) return false;
      mark(graphOf(status).map((node) => node.id));
      return true;
    case "copy":
    case "cut":
      // Marked text is what is meant then.
      if (ids.length === 0 || getSelection()?.isCollapsed === false) return false;
      void on[command]();
      return true;
    case "duplicate":
      void on.duplicate();
      return ids.length > 0;
    case "group":
      void on.group();
      return true;
    case "remove":
      if (view.edge !== null) void on.cutArrow();
      else if (ids.length > 0) {
        if (!isPast()) void on.remove();
      } else return false;
      return true;
    default:
      return ids.length < 2 && obeyFor(command, id, doing, status);
  }
}

/** Does what a key means for the selected node. */
function obeyFor(
  command: KeyCommand,
  id: string | undefined,
  doing: Doing,
  status: StatusDocument | undefined,
): boolean {
  const step = status?.steps.find((step) => step.id === id);
  const isStep = step !== undefined;
  if (id === undefined || (!isStep && !status?.gates.some((gate) => gate.id === id))) return false;
  switch (command) {
    case "edit":
      select(id, "edit");
      focusSoon('aside[aria-label="Inspector"] .form-whole :is(input, select, textarea):enabled');
      return true;
    case "add-after":
      if (!isPast()) startAdding({ needs: [id] });
      return true;
    case "toggle-group":
      if (!step?.group_id) return false;
      fold(step.group_id, doing);
      return true;
    case "run-step":
      if (isStep) runByKey(step, doing);
      return isStep;
    case "stop-step":
      if (isStep) void stopByKey([step], `step ${id}`, status?.mode, doing);
      return isStep;
    default:
      return false;
  }
}

/** What has ended is run once more, as its button does; the door asks where that has consequences. */
function runByKey(step: StepState, doing: Doing): void {
  const { id, status, attempt } = step;
  if (attempt > 0 && !canRun(step) && !underWay.has(status))
    void doing.act({ action: "step.restart", input: { id } });
  else void doing.act({ action: "run.start", input: { scope: "step", id } });
}

/** Collapses a group or expands it; the focus stays with it. */
function fold(group: string, doing: Doing): void {
  if (nodeWithFocus() !== undefined) useGesture.setState({ folding: group });
  doing.toggleGroup(group);
}

/** Does what a key means for the chosen group; undefined if it means nothing of its own there. */
function obeyForGroup(
  command: KeyCommand,
  group: string,
  doing: Doing,
  on: OnSelection,
  status: StatusDocument | undefined,
): boolean | undefined {
  const steps = status ? stepsIn(status, group) : [];
  const busy = steps.filter(({ status }) => underWay.has(status));
  switch (command) {
    case "run-step":
      void doing.act({ action: "run.start", input: { scope: "group", id: group } });
      return true;
    case "stop-step":
      if (busy.length > 0) void stopByKey(busy, `what runs of group ${group}`, status?.mode, doing);
      return busy.length > 0;
    case "edit":
      renameIn(group);
      return true;
    case "toggle-group":
      fold(group, doing);
      return true;
    case "copy":
      if (getSelection()?.isCollapsed === false) return false;
      void on.copy(steps.map(({ id }) => id));
      return true;
    case "dissolve":
      void on.dissolve(group);
      return true;
    case "remove":
      void on.removeGroup(group);
      return true;
    default:
      return undefined;
  }
}

/** A letter is struck more easily than meant: in SAFE mode the person is asked before work is ended by one. */
async function stopByKey(
  steps: StepState[],
  what: string,
  mode: string | undefined,
  doing: Doing,
): Promise<void> {
  const agreed =
    mode === "POWER" ||
    !steps.some(({ status }) => underWay.has(status)) ||
    (await ask({
      summary: `stop ${what}`,
      times: 1,
      why: `the key ${sayKeys("s")} was pressed, and what has begun is ended`,
      shows: [],
      confirm: "",
    }));
  if (agreed) await oneByOne(steps, "run.stop", doing);
}
