"use client";

import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { type LayoutChange, laid } from "../../lib/core/laying";
import type { Layout } from "../../lib/core/layout";
import { waitingIn } from "../../lib/core/views/waiting";
import type { Call, Done, Question } from "./call";
import type { Answer, Desk, Outcome } from "./desk";
import { endedByGivingUp, gaveUp, givingUp } from "./giving-up";
import { hold, letGo } from "./hand";
import { layoutKey, statusKey } from "./keys";
import { useLook } from "./look";
import { ask, tell, untell } from "./news";
import { useSession } from "./provider";
import { answerAt } from "./view";
import type { StatusDocument } from "./wire";

/**
 * What is to be done on a revision that came between: these calls; nothing, as the person is shown already what stands
 * against it; or nothing for want of knowing, so that the refusal is said.
 */
export type Anew = Call[] | "shown" | "unknown";

const mostTries = 3;

/** Everything a part of the page can set going; refusals are said by themselves. */
export interface Doing {
  /**
   * Edits the sequence; whether it was done. Where the calls were made from a revision that another has replaced since,
   * `anew` says what is to be done on that one.
   */
  edit(calls: Call[], anew?: () => Promise<Anew>): Promise<boolean>;
  /** Does anything else; whether it was done. */
  act(call: Call): Promise<boolean>;
  /** The same, where the person has seen on the page what a digest stands for, and said yes to that. */
  agree(call: Call, digest: string): Promise<boolean>;
  /** Brings the changes of a fusion's candidate into the workspace; whether it was done. */
  pick(candidate: string): Promise<boolean>;
  /** Ends all that runs, once the person has seen what that is and said yes; whether it was done. */
  giveUp(): Promise<boolean>;
  undo(): Promise<boolean>;
  redo(): Promise<boolean>;
  /** Puts boxes in their places, and collapses groups or expands them. */
  place(change: LayoutChange): void;
  /** Shows a group as one box, or all of it again. */
  toggleGroup(group: string): void;
}

/** The door, for components. */
export function useDoing(): Doing {
  const { api, desk } = useSession();
  const client = useQueryClient();
  return useMemo(() => {
    // Where it can't be told, the door's own refusal leads there.
    const mustAnswer = (gate: string) =>
      api.gate(gate).then(
        ({ questions }) => questions.some(({ required }) => required !== false),
        () => false,
      );
    return doingAt(desk, client, mustAnswer, api.tryOut);
  }, [api, desk, client]);
}

/**
 * The door of one page; `mustAnswer` tells whether a gate has a question that can't be left out, `tryOut` what a call would
 * come to, without doing it.
 */
export function doingAt(
  desk: Pick<Desk, "do" | "edit">,
  client: QueryClient,
  mustAnswer: (gate: string) => Promise<boolean> = async () => false,
  tryOut: (call: Call) => Promise<Answer | undefined> = async () => undefined,
): Doing {
  let refused: string | undefined;
  const act = async (call: Call) => {
    if (!call.action.startsWith("policy.") && isPast()) return false;
    const isBare = call.action === "gate.approve" && call.input.answers === undefined;
    if (isBare && (await mustAnswer(String(call.input.id)))) {
      // A yes without its answers is no attempt at one: nothing is asked of the door, and nothing recorded.
      answerAt(String(call.input.id));
      return false;
    }
    const outcome = await desk.do(call);
    // The questions of a gate stand where it is looked at.
    if (outcome.kind === "refused" && outcome.refusal.code === "gate.unanswered") {
      answerAt(String(call.input.id));
      return false;
    }
    const waits = outcome.kind === "done" && outcome.done.starts_nothing === true && !outcome.done.changed;
    const status = waits ? client.getQueryData<StatusDocument>(statusKey) : undefined;
    return report(outcome, status && waitingIn(status).gates[0]);
  };
  const turn = async (direction: "undo" | "redo") => (isPast() ? false : turnBack(desk, tryOut, direction));
  const place = (change: LayoutChange) => {
    // A group can be looked into in a replay, too; where boxes stand is a matter of now.
    if (change.collapsed === undefined && isPast()) return;
    // All of it stands elsewhere then.
    if (change.reset) letGo();
    else hold();
    client.setQueryData<Layout>(layoutKey, (layout) => laid(layout ?? { version: 1, positions: {} }, change));
    void desk.do({ action: "layout.place", input: change as Call["input"] }).then((outcome) => {
      if (!report(outcome)) void client.invalidateQueries({ queryKey: layoutKey });
    });
  };
  return {
    edit: async (calls, anew) => {
      if (calls.length === 0) return true;
      if (isPast()) return false;
      hold();
      let outcome = await desk.edit(calls);
      for (let tries = 1; anew && isStale(outcome) && tries < mostTries; tries++) {
        const next = await anew();
        if (next === "shown") return false;
        if (next === "unknown") break;
        outcome = await desk.edit(next);
      }
      // What an edit was refused for has been mended by the next that is not.
      if (outcome.kind === "done" && refused !== undefined) untell(refused);
      refused = outcome.kind === "refused" ? outcome.refusal.message : undefined;
      return report(outcome);
    },
    act,
    agree: async (call, digest) => report(await desk.do(call, digest)),
    pick: async (candidate) => {
      if (isPast()) return false;
      const isFree = client.getQueryData<StatusDocument>(statusKey)?.mode === "POWER";
      if (isFree && !(await ask(pickQuestion(candidate)))) return false;
      return act({ action: "fusion.pick", input: { candidate } });
    },
    giveUp: async () => {
      const status = client.getQueryData<StatusDocument>(statusKey);
      if (isPast() || !status || !(await ask(givingUp(status)))) return false;
      // What was at work when they said yes, which may be less than what they were shown.
      const ended = endedByGivingUp(client.getQueryData<StatusDocument>(statusKey) ?? status);
      if (!(await act({ action: "run.cancel", input: {} }))) return false;
      tell("done", gaveUp(ended));
      return true;
    },
    undo: () => turn("undo"),
    redo: () => turn("redo"),
    place,
    toggleGroup: (group) => {
      const { collapsed = [] } = client.getQueryData<Layout>(layoutKey) ?? {};
      place({ collapsed: { [group]: !collapsed.includes(group) } });
    },
  };
}

/** What the door does not ask where it lets everything pass: files of the person's own are written. */
const pickQuestion = (candidate: string): Question => ({
  summary: `bring the changes of ${candidate} into the workspace`,
  times: 1,
  why: "your files are changed, and undo does not take that back",
  act: "Bring the changes in",
  shows: [],
  confirm: "",
});

/** Whether the past is looked at, where nothing can be done; the person is told. */
export function isPast(): boolean {
  const isLooking = useLook.getState().run !== null;
  if (isLooking)
    tell("failed", "This is a run as it was, and nothing can be changed in it", "Esc leads back to now");
  return isLooking;
}

async function turnBack(
  desk: Pick<Desk, "do">,
  tryOut: (call: Call) => Promise<Answer | undefined>,
  direction: "undo" | "redo",
): Promise<boolean> {
  const call = (any: boolean): Call => ({ action: `sequence.${direction}`, input: any ? { any } : {} });
  const tried = await tryOut(call(false));
  const isAgreed =
    tried?.kind !== "done" || !tried.done.voids?.length || (await ask(losing(direction, tried.done)));
  if (!isAgreed) return false;
  let outcome = await desk.do(call(false));
  if (outcome.kind === "refused" && ["undo.other_actor", "undo.pick"].includes(outcome.refusal.code)) {
    // What it would come to all the same stands in the same window, so that one question is enough.
    const anyway = await tryOut(call(true));
    const lost = anyway?.kind === "done" && anyway.done.voids?.length ? `; ${anyway.done.note}` : "";
    const agreed = await ask({
      summary: `${direction} it all the same`,
      times: 1,
      why: `${outcome.refusal.message}${lost}`,
      act: turnName[direction],
      shows: [],
      confirm: "",
    });
    if (!agreed) return false;
    outcome = await desk.do(call(true));
  }
  if (outcome.kind !== "done") return report(outcome);
  const change = /^\w+ the [^(]*\((.*)\)$/s.exec(outcome.done.summary)?.[1];
  const said = direction === "undo" ? "Undone" : "Done again";
  tell("done", change === undefined ? said : `${said}: ${change}`, outcome.done.note);
  return true;
}

const turnName = { undo: "Undo it", redo: "Redo it" };

/** An approval is lost by it, and by the step back from it perhaps not regained. */
const losing = (direction: "undo" | "redo", { summary, note = "" }: Done): Question => ({
  summary,
  times: 1,
  why: `${note}; ${direction === "undo" ? "redo" : "undo"} may not bring an approval back`,
  act: turnName[direction],
  shows: [],
  confirm: "",
  isGrave: true,
});

const isStale = (outcome: Outcome) => outcome.kind === "refused" && outcome.refusal.code === "revision.stale";

/** Says what has to be said of an outcome, and leads to the node that it waits for; whether it was done. */
function report(outcome: Outcome, node?: string): boolean {
  if (outcome.kind === "refused") tell("failed", outcome.refusal.message, outcome.refusal.hint);
  if (outcome.kind === "done" && outcome.done.note) {
    const { note, pursued, starts_nothing, changed } = outcome.done;
    tell(starts_nothing || (pursued?.length === 0 && !changed) ? "skipped" : "done", note, undefined, node);
  }
  return outcome.kind === "done";
}
