import type { Recorded } from "../../../lib/core/engine/fact";
import { applyFact, emptyRun, type Run } from "../../../lib/core/engine/run";

/** Folds a journal from its first line. */
export function fold(journal: readonly Recorded[]): Run {
  const run = emptyRun("r");
  for (const fact of journal) {
    applyFact(run, fact, Date.parse(fact.ts));
    run.seq = fact.seq;
  }
  return run;
}

/** A run as text, equal for equal runs. */
export function print(run: Run): string {
  const sorted = (value: object) =>
    Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  return JSON.stringify({
    ...run,
    steps: [...run.steps].map(([id, state]) => [id, sorted(state)]),
    gates: [...run.gates],
    sentBack: [...run.sentBack],
    decisions: [...run.decisions],
  });
}
