"use client";

import { useState } from "react";
import { freeId, idFrom } from "../canvas/edits";
import { graphOf } from "../canvas/graph";
import { afterOf } from "../canvas/judge";
import { draftOf, useUnsent } from "../state/drafts";
import { useStatus } from "../state/queries";
import { type Draft, type Faults, faultsOf } from "./adding";

/** What is filled in for a node that is about to be made; `fallback` is its id while neither id nor name is typed, `feeds` are to wait for it. */
export function useNewNode(kind: Draft["kind"], fallback: string, needs: string[], feeds: string[] = []) {
  const plan = useStatus(graphOf) ?? [];
  const taken = new Set(plan.map((node) => node.id.toLowerCase()));
  const [draft, setDraft] = useState<Draft>({
    kind,
    name: "",
    id: "",
    model: "shell",
    command: "",
    prompt: "",
    sequence: "",
    needs,
  });
  const [first] = useState(needs);
  const [tried, setTried] = useState(false);
  const typed = [draft.name, draft.id, draft.command, draft.prompt, draft.sequence];
  useUnsent(draftOf.form("new"), typed.some((text) => text !== "") || draft.needs.join() !== first.join());
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
    change: (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change })),
    /** What is wrong with a field, once something was typed into it or the whole was sent. */
    faultOf: (key: keyof Faults) => (tried || draft[key].length > 0 ? faults[key] : undefined),
    /** Whether it can be sent; from now on everything that is wrong with it is said. */
    isReady: () => {
      setTried(true);
      return Object.keys(faults).length === 0;
    },
  };
}
