import { useEffect } from "react";
import { draftOf, useDraft } from "../state/drafts";
import { useLiveStatus } from "../state/queries";

/** What was typed at a gate and not sent yet. */
interface Typed {
  /** The answers to its questions, by question. */
  answers: Record<string, string>;
  /** Why what was done is turned down, and the step that the work would go back to. */
  reason: string;
  back: string;
}

const nothing: Typed = { answers: {}, reason: "", back: "" };

/** A draft belongs to a run: it says nothing about the work of another one. */
type Draft = (Typed & { run: string | null | undefined }) | null;

/** Only what says something is worth being kept. */
function kept(typed: Typed): Typed | null {
  const answers = Object.fromEntries(Object.entries(typed.answers).filter(([, text]) => text !== ""));
  const isBlank = Object.keys(answers).length === 0 && typed.reason === "" && typed.back === "";
  return isBlank ? null : { ...typed, answers };
}

/** What was typed at a gate; it outlives a look elsewhere, but neither the decision nor the run. */
export function useGateDraft(id: string): [Typed, (change: Partial<Typed>) => void] {
  const [draft, setDraft] = useDraft<Draft>(draftOf.gate(id), null);
  const run = useLiveStatus((status) => status.run);
  const isOver = useLiveStatus(
    (status) => status.gates.find((gate) => gate.id === id)?.status === "APPROVED",
  );
  const isStale = draft !== null && run !== undefined && (draft.run !== run || isOver === true);
  useEffect(() => {
    if (isStale) setDraft(null);
  }, [isStale, setDraft]);
  const typed = draft === null || isStale ? nothing : draft;
  const change = (next: Partial<Typed>) =>
    setDraft((before) => {
      const all = kept({ ...(before ?? nothing), ...next });
      return all && { ...all, run };
    });
  return [typed, change];
}
