"use client";

import { draftOf, useHasDraft } from "../state/drafts";

/** Says of a node that something was typed into its forms and not saved. */
export function DraftMark({ id }: { id: string }) {
  const has = useHasDraft(draftOf.edit(id), draftOf.prompt(id), draftOf.yaml(id), draftOf.gate(id));
  return has ? <Dot /> : null;
}

/** The same of one of its tabs. */
export function TabDraftMark({ id, tab }: { id: string; tab: string }) {
  const isEdit = useHasDraft(draftOf.edit(id), draftOf.prompt(id));
  const isYaml = useHasDraft(draftOf.yaml(id), draftOf.file());
  const isGate = useHasDraft(draftOf.gate(id));
  if (tab === "overview") return isGate ? <Dot /> : null;
  return (tab === "edit" && isEdit) || (tab === "yaml" && isYaml) ? <Dot /> : null;
}

/** The same of what holds for the whole sequence. */
export function SequenceDraftMark() {
  return useHasDraft(draftOf.sequence()) ? <Dot /> : null;
}

function Dot() {
  return (
    <span title="Changes that are not saved" className="draft-mark">
      <span className="sr-only">(not saved)</span>
    </span>
  );
}
