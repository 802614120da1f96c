"use client";

import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import type { LayoutChange } from "../../lib/core/laying";
import type { Layout } from "../../lib/core/layout";
import { waitingIn } from "../../lib/core/views/waiting";
import { unreachable } from "./api";
import type { Call, Done, Question } from "./call";
import type { Answer, Desk, Outcome } from "./desk";
import { endedByGivingUp, gaveUp, givingUp } from "./giving-up";
import { hold } from "./hand";
import { layoutKey, statusKey } from "./keys";
import { useLook } from "./look";
import { ask, tell, untell } from "./news";
import { edited, next, turned, useOwnPlaces, type Way } from "./own-places";
import { type HowPlaced, placingAt } from "./placing";
import { useSession } from "./provider";
import { report } from "./report";
import { answerAt } from "./view";
import type { StatusDocument } from "./wire";

/**
 * What is to be done on a revision that came between: these calls; nothing, as the person is shown already what stands
 * against it; or nothing for want of knowing, so that the refusal is said.
 */
export type Anew = Call[] | "shown" | "unknown";

const mostTries = 3;

/** What goes with an edit. */
interface Besides {
  /** What is to be done where the calls were made from a revision that another has replaced since, on that one. */
  anew?: () => Promise<Anew>;
  /** Where boxes stand with it, and without it no more: they are undone together. */
  places?: LayoutChange;
}

/** Everything a part of the page can set going; refusals are said by themselves. */
export interface Doing {
  /** Edits the sequence; whether it was done. */
  edit(calls: Call[], besides?: Besides): Promise<boolean>;
  /** Does anything else; whether it was done. */
  act(call: Call): Promise<boolean>;
  /** The same, where the person has seen on the page what a digest stands for, and said yes to that. */
  agree(call: Call, digest: string): Promise<boolean>;
  /** Brings the changes of a fusion's candidate into the workspace; whether it was done. */
  pick(candidate: string): Promise<boolean>;
  /** Ends all that runs, once the person has seen what that is and said yes; whether it was done. */
  giveUp(): Promise<boolean>;
  /** Takes back what was done last: the last change of the sequence, or of places that this tab made since. */
  undo(): Promise<boolean>;
  redo(): Promise<boolean>;
  /** Takes back the last change of the sequence, whatever was moved since. */
  undoEdit(): Promise<boolean>;
  /** Puts boxes in their places, and collapses groups or expands them. */
  place(change: LayoutChange, how?: HowPlaced): void;
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
    return doingAt(desk, client, mustAnswer, api.tryOut, api.layout);
  }, [api, desk, client]);
}

/** Edits on their way: a step back is meant for what they have done. */
let edits: Promise<unknown> = Promise.resolve();
/** Steps back and forth are taken one after the other, as each goes by what the one before has left. */
let turns: Promise<unknown> = Promise.resolve();

/**
 * The door of one page; `mustAnswer` tells whether a gate has a question that can't be left out, `tryOut` what a call would
 * come to, without doing it, `readLayout` where everything stands, as others may have moved it.
 */
export function doingAt(
  desk: Pick<Desk, "do" | "edit">,
  client: QueryClient,
  mustAnswer: (gate: string) => Promise<boolean> = async () => false,
  tryOut: (call: Call) => Promise<Answer | undefined> = async () => undefined,
  readLayout?: () => Promise<Layout>,
): Doing {
  let refused: string | undefined;
  const placing = placingAt(desk, client, readLayout);
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
    return report(savedBy([call], outcome), status && waitingIn(status).gates[0]);
  };
  const inTurn = (step: () => Promise<boolean>): Promise<boolean> => {
    const before = [turns, edits];
    const taken = Promise.all(before).then(() => !isPast() && step());
    turns = taken.catch(() => undefined);
    return taken;
  };
  const turnEdit = async (way: Way) => {
    const from = placing.revision();
    const done = await turnBack(desk, tryOut, way);
    if (!done) return false;
    hold();
    const passed = turned(useOwnPlaces.getState(), way, [from, done.after ?? placing.revision()]);
    useOwnPlaces.setState(passed.own);
    if (passed.placing) await placing.pass(way, passed.placing, true);
    return true;
  };
  const turn = (way: Way) =>
    inTurn(() => {
      const own = next(useOwnPlaces.getState(), way, placing.revision());
      return own ? placing.pass(way, own) : turnEdit(way);
    });
  const place = (change: LayoutChange, how?: HowPlaced) => {
    // A group can be looked into in a replay, too; where boxes stand is a matter of now.
    if (change.collapsed === undefined && isPast()) return;
    placing.place(change, how);
  };
  const edit = async (calls: Call[], { anew, places }: Besides = {}) => {
    hold();
    const along = places && placing.along(places);
    let outcome = await desk.edit(calls);
    for (let tries = 1; anew && isStale(outcome) && tries < mostTries; tries++) {
      const other = await anew();
      if (other === "shown") {
        along?.drop();
        return false;
      }
      if (other === "unknown") break;
      outcome = await desk.edit(other);
    }
    // What an edit was refused for has been mended by the next that is not.
    if (outcome.kind === "done" && refused !== undefined) untell(refused);
    const said = savedBy(calls, outcome);
    refused = said.kind === "refused" ? said.refusal.message : undefined;
    if (outcome.kind === "done") {
      const after = outcome.done.changed ? outcome.done.after : undefined;
      if (after !== undefined) useOwnPlaces.setState((own) => edited(own, after));
      along?.keep(after);
    } else along?.drop();
    return report(said);
  };

  return {
    edit: (calls, besides) => {
      if (calls.length === 0) {
        if (besides?.places) place(besides.places);
        return Promise.resolve(true);
      }
      if (isPast()) return Promise.resolve(false);
      const done = edit(calls, besides);
      edits = Promise.allSettled([edits, done]);
      return done;
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
    undoEdit: () => inTurn(() => turnEdit("undo")),
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

/** Goes one change of the definition back or forth, once the person has agreed to what is lost by it; null where that was not done. */
async function turnBack(
  desk: Pick<Desk, "do">,
  tryOut: (call: Call) => Promise<Answer | undefined>,
  direction: Way,
): Promise<Done | null> {
  const call = (any: boolean): Call => ({ action: `sequence.${direction}`, input: any ? { any } : {} });
  const tried = await tryOut(call(false));
  const isAgreed =
    tried?.kind !== "done" || !tried.done.voids?.length || (await ask(losing(direction, tried.done)));
  if (!isAgreed) return null;
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
    if (!agreed) return null;
    outcome = await desk.do(call(true));
  }
  if (outcome.kind !== "done") {
    report(outcome);
    return null;
  }
  const change = /^\w+ the [^(]*\((.*)\)$/s.exec(outcome.done.summary)?.[1];
  const said = direction === "undo" ? "Undone" : "Done again";
  const { note, voids = [] } = outcome.done;
  tell(
    voids.length > 0 ? "retrying" : "done",
    change === undefined ? said : `${said}: ${change}`,
    note,
    voids[0],
  );
  return outcome.done;
}

const turnName = { undo: "Undo it", redo: "Redo it" };

/** An approval is lost by it, and by the step back from it perhaps not regained. */
const losing = (direction: Way, { summary, note = "" }: Done): Question => ({
  summary,
  times: 1,
  why: `${note}; ${direction === "undo" ? "redo" : "undo"} may not bring an approval back`,
  act: turnName[direction],
  shows: [],
  confirm: "",
  isGrave: true,
});

const isStale = (outcome: Outcome) => outcome.kind === "refused" && outcome.refusal.code === "revision.stale";

/** What writes down what somebody typed. */
const saves = new Set(["step.edit", "gate.edit", "sequence.edit", "sequence.write", "prompt.edit"]);

/** The outcome of calls; a refusal of what somebody saved says first that nothing was saved, where that is known. */
function savedBy(calls: Call[], outcome: Outcome): Outcome {
  const isSave = calls.length === 1 && calls.every(({ action }) => saves.has(action));
  if (!isSave || outcome.kind !== "refused" || outcome.refusal.code === unreachable.code) return outcome;
  return { ...outcome, refusal: { ...outcome.refusal, message: `not saved: ${outcome.refusal.message}` } };
}
