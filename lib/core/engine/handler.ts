import type { Fact } from "./fact";
import type { Plan } from "./plan";
import { type Run, type StepRun, stepRun } from "./run";

const isFinal = ({ phase }: StepRun) => ["done", "failed", "canceled", "skipped"].includes(phase);

/** Whether the way a step ended is what its handler is for; a step that was skipped began nothing that calls for one. */
function matches(on: "on_success" | "on_failure" | "finally", { phase }: StepRun): boolean {
  if (on === "finally") return isFinal({ phase } as StepRun) && phase !== "skipped";
  return phase === (on === "on_success" ? "done" : "failed");
}

/** What calls for a handler and was not answered yet: a step's end, once for each of its attempts. */
export function callFor(
  run: Run,
  plan: Plan,
  id: string,
): Extract<Fact, { type: "handler.called" }> | undefined {
  if (run.canceled) return undefined;
  const state = stepRun(run, id);
  if (!isFinal(state) && (state.phase !== "idle" || state.requested)) return undefined;
  for (const { source, on } of plan.graph.triggers.get(id) ?? []) {
    const cause = stepRun(run, source);
    if (matches(on, cause) && (state.answered?.[source] ?? -1) < cause.attempt)
      return { type: "handler.called", step: id, by: source, attempt: cause.attempt };
  }
  return undefined;
}

/** What a handler that nobody has called stands before: a step's end, or the certainty that it won't be called. */
export function waitsForCall(run: Run, plan: Plan, id: string): string[] | "never" | undefined {
  const triggers = plan.graph.triggers.get(id);
  const state = stepRun(run, id);
  if (!triggers || state.requested || state.attempt > 0) return undefined;
  const open = triggers.filter(({ source }) => !isFinal(stepRun(run, source))).map(({ source }) => source);
  return open.length > 0 ? [...new Set(open)] : "never";
}
