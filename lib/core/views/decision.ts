import type { GateRun } from "../engine/run";

/** The decision at a gate that holds. */
export interface DecisionDoc {
  status: string;
  by: string;
  /** ms since the epoch. */
  at: number;
  /** What the yes was bound to; null of a no. */
  digest: string | null;
  answers: Record<string, boolean | number | string>;
}

/** The decision at a gate, null where there is none or it became void. */
export function decisionDoc(decided: GateRun | undefined): DecisionDoc | null {
  if (!decided || decided.status === "VOID") return null;
  const { status, by, at, shown, answers = {} } = decided;
  return { status, by, at, digest: shown?.digest ?? null, answers };
}
