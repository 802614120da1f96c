"use client";

import { useState } from "react";
import { freeId, idFrom } from "../canvas/edits";
import { graphOf } from "../canvas/graph";
import { draftOf, useUnsent } from "../state/drafts";
import { useStatus } from "../state/queries";
import { type Draft, type Faults, faultsOf } from "./adding";

/** What is filled in for a node that is about to be made; `fallback` is its id while neither id nor name is typed. */
export function useNewNode(kind: Draft["kind"], fallback: string, needs: string[]) {
  const plan = useStatus(graphOf) ?? [];
  const taken = new Set(plan.map((node) => node.id.toLowerCase()));
  const [draft, setDraft] = useState<Draft>({
    kind,
    name: "",
    id: "",
    model: "shell",
    command: "",
    prompt: "",
    needs,
  });
  const [first] = useState(needs);
  const [tried, setTried] = useState(false);
  const typed = [draft.name, draft.id, draft.command, draft.prompt];
  useUnsent(draftOf.form("new"), typed.some((text) => text !== "") || draft.needs.join() !== first.join());
  const id = draft.id === "" ? freeId(idFrom(draft.name, fallback), taken) : draft.id;
  const whole = { ...draft, id };
  const faults = faultsOf(whole, taken);
  return {
    plan,
    draft,
    /** The draft with the id it gets. */
    whole,
    change: (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change })),
    /** What is wrong with a field, once something was typed into it or the whole was sent. */
    faultOf: (key: keyof Faults) => (tried || draft[key] !== "" ? faults[key] : undefined),
    /** Whether it can be sent; from now on everything that is wrong with it is said. */
    isReady: () => {
      setTried(true);
      return Object.keys(faults).length === 0;
    },
  };
}
