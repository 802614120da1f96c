import type { GateDecision } from "../engine/gate-decision";
import type { GateRun, Run } from "../engine/run";

/** The decision at a gate that holds. */
export interface DecisionDoc {
  status: string;
  by: string;
  /** ms since the epoch. */
  at: number;
  /** What the yes was bound to; null of a no. */
  digest: string | null;
  /** Why it was turned down; null where no reason was asked for. */
  reason: string | null;
  answers: Record<string, boolean | number | string>;
}

/** Something that was decided at a gate, or became of a decision. Times are ms since the epoch. */
export interface PastDecisionDoc {
  decision: GateDecision["decision"];
  /** Nobody decides that an approval is void. */
  by: string | null;
  at: number;
  reason: string | null;
  /** The step that the work went back to. */
  back_to: string | null;
  answers: Record<string, boolean | number | string>;
  /** What made an approval void. */
  changed: string[];
}

/** What was decided at a gate in an earlier run. */
export interface EarlierDecisionsDoc {
  run: string;
  decisions: PastDecisionDoc[];
}

/** The decision at a gate, null where there is none or it became void. */
export function decisionDoc(decided: GateRun | undefined): DecisionDoc | null {
  if (!decided || decided.status === "VOID") return null;
  const { status, by, at, shown, rejected, answers = {} } = decided;
  return { status, by, at, digest: shown?.digest ?? null, reason: rejected ?? null, answers };
}

/** All that was decided at a gate in a run, the first first. */
export function pastDecisions(run: Run, gate: string): PastDecisionDoc[] {
  return (run.decisions.get(gate) ?? []).map(
    ({ decision, by, at, reason = null, back = null, answers = {}, changed = [] }) => ({
      decision,
      by,
      at,
      reason,
      back_to: back,
      answers,
      changed,
    }),
  );
}
