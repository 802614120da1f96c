"use client";

import { useCallback, useEffect, useMemo, useRef } from "react";
import { create } from "zustand";
import type { Json } from "../../lib/core/json";
import { useDraftedNodes } from "./drafts";
import { tell } from "./news";
import { useLiveStatus } from "./queries";
import { findNode } from "./status-index";
import { useView } from "./view";
import type { StatusDocument } from "./wire";

/** What a step or gate was in the file when somebody typed into its forms. */
export interface Stood {
  kind: "step" | "gate";
  definition: Record<string, Json>;
}

const stood = new Map<string, Stood>();

/** Remembers what a node is in the file, for the words that may outlive it. */
export const rememberStood = (id: string, what: Stood) => void stood.set(id, what);

/** What a node was when its forms were last looked at. */
export const stoodOf = (id: string): Stood | undefined => stood.get(id);

/** The revision by which a node was first seen to be gone. */
export const useGone = create<Record<string, string>>(() => ({}));

/** The nodes that are gone from the file while something that was typed for them is not saved. */
export function useStranded(): string[] {
  const drafted = useDraftedNodes();
  const gone = useLiveStatus(
    useCallback(
      (status: StatusDocument) => drafted.filter((id) => findNode(status, id) === undefined).join(" "),
      [drafted],
    ),
  );
  return useMemo(() => (gone ?? "").split(" ").filter(Boolean), [gone]);
}

const revisionOf = (status: StatusDocument) => status.revision;

/** Says of each node that goes, with words of the person's that are not saved, where they are, unless they look at it. */
export function useStrandedNews(): void {
  const stranded = useStranded();
  const revision = useLiveStatus(revisionOf);
  const known = useRef<string[]>([]);
  useEffect(() => {
    const fresh = stranded.filter((id) => !known.current.includes(id));
    known.current = stranded;
    for (const id of fresh) {
      useGone.setState({ [id]: revision ?? "" });
      const { selected, marked, group, inspectorOpen } = useView.getState();
      const isSeen = inspectorOpen && selected === id && marked.length === 0 && group === null;
      if (!isSeen)
        tell(
          "skipped",
          `'${id}' is gone from the sequence, and what you typed into it is not saved`,
          "it is kept where the step or gate stood",
          id,
        );
    }
  }, [stranded, revision]);
}
