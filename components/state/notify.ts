"use client";

import { useEffect, useRef } from "react";
import { create } from "zustand";
import { waitingIn } from "../../lib/core/views/waiting";
import { tell } from "./news";
import { useStatus } from "./queries";
import { select, useView } from "./view";
import { useProposals } from "./waiting";
import type { StatusDocument } from "./wire";

const storageKey = "threados.notify";

interface Notify {
  /** Whether this browser is to say so when somebody is needed. */
  on: boolean;
}

/** The choice, which this browser remembers; nobody is ever asked for it unprompted. */
export const useNotify = create<Notify>(() => ({ on: isAllowed() }));

function isAllowed(): boolean {
  return (
    typeof Notification !== "undefined" &&
    Notification.permission === "granted" &&
    localStorage.getItem(storageKey) === "on"
  );
}

/** Turns notifications on, for which the browser asks once, or off. */
export async function setNotify(on: boolean): Promise<void> {
  if (on && (await Notification.requestPermission()) !== "granted") {
    tell(
      "failed",
      "the browser shows no notifications for this page",
      "allow them in its settings for the site",
    );
    return;
  }
  localStorage.setItem(storageKey, on ? "on" : "off");
  useNotify.setState({ on });
}

/** One thing that somebody is needed for. */
interface Need {
  key: string;
  /** The node it is about; undefined for a proposal. */
  node?: string;
  text: string;
}

/** What somebody is needed for, of the status alone; an attempt that fails anew is news again. */
export function needsOf(status: StatusDocument): Need[] {
  const { gates, steps } = waitingIn(status);
  return [
    ...status.gates
      .filter(({ id }) => gates.includes(id))
      .map(({ id, why, sent_back }) => ({
        key: `gate ${id} ${status.run} ${sent_back}`,
        node: id,
        text: why,
      })),
    ...status.steps
      .filter(({ id }) => steps.includes(id))
      .map(({ id, attempt, why }) => ({ key: `step ${id} ${status.run} ${attempt}`, node: id, text: why })),
  ];
}

/** Says so when somebody is newly needed and is looking elsewhere. */
export function useNotifications(): void {
  const on = useNotify((notify) => notify.on);
  const needs = useStatus(needsOf);
  const name = useStatus((status) => status.name);
  const proposals = useProposals();
  const known = useRef<Set<string> | null>(null);
  useEffect(() => {
    if (!needs) return;
    const all: Need[] = [
      ...needs,
      ...proposals.map(({ id, summary }) => ({ key: `proposal ${id}`, text: `Proposed: ${summary}` })),
    ];
    const before = known.current;
    known.current = new Set([...(before ?? []), ...all.map(({ key }) => key)]);
    if (!on || before === null || document.hasFocus()) return;
    for (const need of all.filter(({ key }) => !before.has(key))) show(need, name ?? "ThreadOS");
  }, [needs, proposals, on, name]);
}

function show({ key, node, text }: Need, title: string): void {
  const notification = new Notification(title, { body: text, tag: key });
  notification.onclick = () => {
    window.focus();
    if (node === undefined) useView.setState({ front: "inbox" });
    else select(node, "overview");
    notification.close();
  };
}
