import type { Outcome } from "./desk";
import { tell } from "./news";

/** Says what has to be said of an outcome, and leads to the node that it waits for; whether it was done. */
export function report(outcome: Outcome, node?: string): boolean {
  if (outcome.kind === "refused") tell("failed", outcome.refusal.message, outcome.refusal.hint);
  if (outcome.kind === "done" && outcome.done.note) {
    const { note, pursued, starts_nothing, changed, voids = [] } = outcome.done;
    // Its gate tells it for as long as nobody has decided anew.
    if (voids.length > 0) tell("retrying", note, undefined, voids[0]);
    else
      tell(starts_nothing || (pursued?.length === 0 && !changed) ? "skipped" : "done", note, undefined, node);
  }
  return outcome.kind === "done";
}
