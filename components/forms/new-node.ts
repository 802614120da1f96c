"use client";

import { useState } from "react";
import { freeId, idFrom } from "../canvas/edits";
import { graphOf } from "../canvas/graph";
import { afterOf } from "../canvas/judge";
import { draftOf, keepDraft, useDraft } from "../state/drafts";
import { useStatus } from "../state/queries";
import { type Draft, type Faults, faultsOf } from "./adding";
import { draftWith, type Kept, keeping, nothingKept } from "./kept";

/** Which form, what it makes, its id while neither id nor name is typed, and what it waits for at first. */
interface Wanted {
  form: string;
  kind: Draft["kind"];
  fallback: string;
  needs: string[];
  /** What is going to wait for it. */
  feeds?: string[];
}

/** What is filled in for a node that is about to be made. It outlives the window, until it is sent or given up. */
export function useNewNode({ form, kind, fallback, needs, feeds = [] }: Wanted) {
  const plan = useStatus(graphOf) ?? [];
  const taken = new Set(plan.map((node) => node.id.toLowerCase()));
  const place = draftOf.form(form);
  const [kept, keep] = useDraft<Kept>(place, nothingKept);
  const [wasKept, setWasKept] = useState(kept !== nothingKept);
  const [tried, setTried] = useState(false);
  const draft = draftWith(kind, needs, kept);
  const id = draft.id === "" ? freeId(idFrom(draft.name, fallback), taken) : draft.id;
  const whole = { ...draft, id };
  const ids = plan.map((node) => node.id);
  // What is going to wait for it, and all that comes after that, is out of the question.
  const later = new Set(feeds.flatMap((target) => [target, ...afterOf(plan, target)]));
  const faults = faultsOf(whole, ids, later);
  return {
    draft,
    later,
    /** The draft with the id it gets. */
    whole,
    /** Whether it was typed before the window was opened. */
    wasKept,
    change: (change: Partial<Draft>) => keep((before) => keeping(before, change, needs)),
    /** Lets go of what was typed, as it was sent or is given up. */
    forget: () => {
      keepDraft(place, null);
      setWasKept(false);
    },
    /** What is wrong with a field, once something was typed into it or the whole was sent. */
    faultOf: (key: keyof Faults) => (tried || draft[key].length > 0 ? faults[key] : undefined),
    /** Whether it can be sent; from now on everything that is wrong with it is said. */
    isReady: () => {
      setTried(true);
      return Object.keys(faults).length === 0;
    },
  };
}
