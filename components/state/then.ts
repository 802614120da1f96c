import { useLook } from "./look";
import type { AttemptOf, StepState } from "./wire";

/** Whether a moment of a run is looked at, and its picture is there; not how a run ended. */
export const useMoment = () => useLook((look) => look.isShown && look.t !== null);

/** Whether an attempt of the step is at work. */
export const isAtWork = ({ status }: Pick<StepState, "status">): boolean =>
  status === "RUNNING" || status === "STOPPING";

/** How an attempt stood when its step stood so in a run: what it left is all there only once it is over. */
export function attemptThen(
  of: AttemptOf,
  run: string,
  step: Pick<StepState, "status" | "attempt">,
): "later" | "at work" | "over" {
  // The ids of runs are in the order in which they were opened.
  if (of.run !== run) return of.run < run ? "over" : "later";
  if (of.attempt !== step.attempt) return of.attempt < step.attempt ? "over" : "later";
  return isAtWork(step) ? "at work" : "over";
}
