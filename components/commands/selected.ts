"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { emptyLayout, type Layout } from "../../lib/core/layout";
import { type Alignment, aligned } from "../canvas/align";
import { placesOfGroup, together } from "../canvas/bring-together";
import { cut, duplicate, remove } from "../canvas/edits";
import { groupBox } from "../canvas/elements";
import { graphOf } from "../canvas/graph";
import { canBeGroup, dissolve, idsIn } from "../canvas/group-edits";
import { spotAt, useGesture } from "../canvas/picture";
import type { PlanNode } from "../canvas/plan";
import type { Api } from "../state/api";
import { type Doing, useDoing } from "../state/doing";
import { focusNode } from "../state/focus";
import { layoutKey, statusKey } from "../state/keys";
import { tell, untell } from "../state/news";
import { useSession } from "../state/provider";
import { stayHere } from "../state/trail";
import { chooseGroup, mark, select, selection, useView } from "../state/view";
import type { StatusDocument } from "../state/wire";
import { togetherTitle } from "./of-group";
import type { MoreOfNode } from "./of-node";

/** What is done with whatever is selected, however it is asked for. */
export interface OnSelection {
  remove(ids?: string[]): Promise<void>;
  duplicate(ids?: string[]): Promise<void>;
  /** Puts it on the clipboard as YAML. */
  copy(ids?: string[]): Promise<boolean>;
  cut(ids?: string[]): Promise<void>;
  /** Adds the steps and gates that a text holds; whether it holds any. */
  paste(text: string): Promise<boolean>;
  /** Adds what is on the clipboard. */
  pasteClipboard(): Promise<void>;
  align(how: Alignment, ids?: string[]): void;
  cutArrow(): Promise<void>;
  /** Makes a group of steps, and chooses it. */
  group(ids?: string[]): Promise<void>;
  /** Whether a group can be made of them: two steps or more, of which none waits for another. */
  canGroup(ids?: string[]): boolean;
  /** Puts the steps of a group side by side. */
  together(group: string): void;
  /** Takes the steps of a group out of it. */
  dissolve(group: string): Promise<void>;
  /** Removes a group with its steps. */
  removeGroup(group: string): Promise<void>;
}

/** Edits of the selection. */
export function useOnSelection(): OnSelection {
  const doing = useDoing();
  const { api } = useSession();
  const client = useQueryClient();
  return useMemo(
    () =>
      onSelection(
        doing,
        api,
        () => client.getQueryData<StatusDocument>(statusKey),
        () => client.getQueryData<Layout>(layoutKey) ?? emptyLayout,
      ),
    [doing, api, client],
  );
}

function onSelection(
  doing: Doing,
  api: Api,
  status: () => StatusDocument | undefined,
  placed: () => Layout,
): OnSelection {
  const chosen = () => selection(useView.getState());
  const removeAll = async (ids: string[]) => {
    const now = status();
    if (!now || ids.length === 0) return;
    const shows = Object.fromEntries(now.gates.map((gate) => [gate.id, gate.shows]));
    const plan = graphOf(now);
    if (!(await doing.edit(remove(plan, ids, shows)))) return;
    stayHere();
    select(null);
    const next = neighbourOf(plan, ids);
    if (next !== undefined) focusNode(next);
  };
  const copy = async (ids: string[]) => {
    const now = status();
    const text = now && (await clipText(api, now, ids));
    if (text === undefined) return false;
    const copied = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
    if (copied) tell("done", `Copied ${ids.length === 1 ? ids[0] : ids.length} as YAML`);
    else tell("failed", "the clipboard can't be written");
    return copied;
  };
  const join = async (ids: string[]) => {
    const now = status();
    const steps = now?.steps.filter(({ id, of }) => ids.includes(id) && of === undefined) ?? [];
    const [first] = steps;
    if (!now || !first || steps.length < 2) {
      tell("failed", "a group takes two steps or more", "select them with Shift or Ctrl first");
      return;
    }
    const members = steps.map(({ id }) => id);
    const { positions, apart } = placesOfGroup(graphOf(now), members, placed());
    const calls = [{ action: "group.parallelize", input: { ids: members } }];
    if (!(await doing.edit(calls, { places: { positions } }))) return;
    const group = status()?.steps.find(({ id }) => id === first.id)?.group_id;
    if (!group) return;
    chooseGroup(group);
    focusNode(groupBox(group));
    if (apart) tell("skipped", sayApart(group), `'${togetherTitle}' puts them side by side`);
  };
  const removeGroup = async (group: string) => {
    const now = status();
    // The door asks, whatever the mode, and shows what would be removed.
    if (now) await removeAll(idsIn(graphOf(now), group));
  };
  const paste = async (text: string) => {
    const now = status();
    const clips = await import("../canvas/clipboard");
    const clip = clips.readClip(text);
    if (!now || !clip) return false;
    if ("fault" in clip) {
      tell("failed", clip.fault);
      return true;
    }
    const present = [...now.steps, ...now.gates].map(({ id }) => id);
    const { calls, made, prompts, missing } = clips.paste(clip, present);
    if (!(await doing.edit(calls))) return true;
    lead(made);
    await writePrompts(api, doing, prompts);
    const left = missing.length > 0 ? `; left out what is not here: ${missing.join(", ")}` : "";
    tell("done", `Pasted ${made.length === 1 ? made[0] : made.length}${left}`);
    return true;
  };
  return {
    remove: (ids = chosen()) => removeAll(ids),
    copy: (ids = chosen()) => copy(ids),
    cut: async (ids = chosen()) => {
      if (await copy(ids)) await removeAll(ids);
    },
    paste,
    pasteClipboard: async () => {
      const text = await navigator.clipboard.readText().catch(() => undefined);
      if (text === undefined)
        tell("failed", "the clipboard can't be read", "press Ctrl+V on the canvas instead");
      else if (!(await paste(text))) tell("failed", "there are no steps on the clipboard");
    },
    align: (how, ids = chosen()) => {
      const moved = aligned(useGesture.getState().boxes, ids, how);
      const positions = Object.fromEntries(Object.entries(moved).map(([id, spot]) => [id, spotAt(spot)]));
      if (Object.keys(positions).length > 0)
        doing.place(
          { positions },
          { words: `${how === "across" || how === "down" ? "spread out" : "align"} ${ids.length} boxes` },
        );
    },
    duplicate: async (ids = selection(useView.getState())) => {
      const now = status();
      if (!now) return;
      const { calls, made } = duplicate(graphOf(now), ids);
      if (calls.length > 0 && (await doing.edit(calls))) lead(made);
    },
    group: (ids = chosen()) => join(ids),
    together: (group) => {
      const now = status();
      if (!now) return;
      const plan = graphOf(now);
      const { boxes, direction } = useGesture.getState();
      const positions = together({ plan, boxes, direction }, idsIn(plan, group));
      doing.place(
        { positions: Object.fromEntries(Object.entries(positions).map(([id, spot]) => [id, spotAt(spot)])) },
        { words: `bring the steps of ${group} together` },
      );
      untell(sayApart(group));
    },
    canGroup: (ids = chosen()) => {
      const now = status();
      return now !== undefined && canBeGroup(graphOf(now), ids);
    },
    dissolve: async (group) => {
      const now = status();
      if (now && (await doing.edit(dissolve(graphOf(now), group)))) mark(idsIn(graphOf(now), group));
    },
    removeGroup,
    cutArrow: async () => {
      const { edge } = useView.getState();
      const [source, target] = edge?.split("→") ?? [];
      if (source === undefined || target === undefined) return;
      if (await doing.edit(cut(source, target))) useView.setState({ edge: null });
    },
  };
}

const sayApart = (group: string) => `The steps of ${group} stand far apart, where you put them`;

/** Leads to what was added. */
function lead(made: string[]): void {
  mark(made);
  const last = made.at(-1);
  if (last !== undefined) focusNode(last);
}

/** The same as the menus of nodes take it; of the selection, where no ids are given. */
export function moreOf(on: OnSelection, ids?: string[]): Omit<MoreOfNode, "placed"> {
  return {
    copy: () => void on.copy(ids),
    cut: () => void on.cut(ids),
    duplicate: () => void on.duplicate(ids),
    remove: () => void on.remove(ids),
    group: () => void on.group(ids),
    canGroup: () => on.canGroup(ids),
  };
}

/** The node beside those that go away: what they waited for, or else what waited for them. */
function neighbourOf(plan: PlanNode[], ids: string[]): string | undefined {
  const [gone, stays] = [new Set(ids), plan.filter(({ id }) => !ids.includes(id))];
  const needs = new Set(plan.filter(({ id }) => gone.has(id)).flatMap((node) => node.needs));
  return (
    stays.find(({ id }) => needs.has(id)) ?? stays.find((node) => node.needs.some((id) => gone.has(id)))
  )?.id;
}

/** What is selected as YAML, with what its agents are told; undefined where there is nothing to copy. */
async function clipText(api: Api, now: StatusDocument, ids: string[]): Promise<string | undefined> {
  const { sequence } = await api.sequence();
  const agents = now.steps.filter((step) => ids.includes(step.id) && step.model !== "shell");
  const prompts: Record<string, string> = {};
  for (const { id } of agents) {
    const { text } = await api.prompt(id);
    if (text !== null) prompts[id] = text;
  }
  const own = new Set([...(sequence.steps ?? []), ...(sequence.gates ?? [])].map(({ id }) => id));
  const here = ids.filter((id) => own.has(id));
  return here.length === 0
    ? undefined
    : (await import("../canvas/clipboard")).clipOf(sequence, here, prompts);
}

/** Prompts of pasted steps; a file that is there already stays as it is. */
async function writePrompts(api: Api, doing: Doing, prompts: Record<string, string>): Promise<void> {
  for (const [id, text] of Object.entries(prompts)) {
    const there = await api.prompt(id).catch(() => undefined);
    if (there?.text === null) await doing.act({ action: "prompt.edit", input: { id, text } });
  }
}
