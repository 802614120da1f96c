import type { Trigger } from "../sequence/graph";
import type { Step } from "../sequence/schema";
import type { Fact } from "./fact";
import type { Plan } from "./plan";
import { isActive, type Run, type StepRun, stepRun } from "./run";

/** Whether a step has ended, for now. */
export const isFinal = ({ phase }: StepRun) => ["done", "failed", "canceled", "skipped"].includes(phase);

/** Whether a step's present attempt is one that others may watch. */
const isUnderWay = (state: StepRun) => isActive(state) && state.phase !== "stopping";

/** Whether the way a step stands is what its handler or watchdog is for; a step that was skipped began nothing that calls for one. */
function matches(on: Trigger["on"], state: StepRun): boolean {
  const { phase } = state;
  if (on === "watch") return isUnderWay(state);
  if (on === "finally") return isFinal({ phase } as StepRun) && phase !== "skipped";
  return phase === (on === "on_success" ? "done" : "failed");
}

/** These steps, and those that their start or their end may call for: watchdogs and handlers, and what those call for. */
export function withCalled({ graph }: Plan, ids: readonly string[]): string[] {
  const all = new Set(ids);
  for (let known = -1; known < all.size; ) {
    known = all.size;
    for (const [id, triggers] of graph.triggers)
      if (triggers.some(({ source }) => all.has(source))) all.add(id);
  }
  return [...all];
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

/**
 * What a step that nobody has called for stands before: those that may yet call, or the certainty that none will. A handler is
 * called by a step's end, a worker by its boss, and a watchdog by the start of what it watches, without which it never runs.
 */
export function waitsForCall(run: Run, plan: Plan, id: string): string[] | "never" | undefined {
  const node = plan.graph.nodes.get(id);
  const { watchdog_for: watched, orchestrator: boss } = node?.kind === "step" ? node.step : ({} as Step);
  if (watched !== undefined) {
    const state = stepRun(run, watched);
    if (isUnderWay(state)) return undefined;
    return isFinal(state) ? "never" : [watched];
  }
  const triggers = plan.graph.triggers.get(id);
  const state = stepRun(run, id);
  if ((!triggers && boss === undefined) || state.asked || state.attempt > 0) return undefined;
  if (!triggers && boss !== undefined) {
    // Of a boss that failed nobody can say what it would have asked for: it may be tried again.
    const { phase } = stepRun(run, boss);
    return phase === "done" || phase === "skipped" ? "never" : [boss];
  }
  const open = (triggers ?? [])
    .filter(({ source }) => !isFinal(stepRun(run, source)))
    .map(({ source }) => source);
  return open.length > 0 ? [...new Set(open)] : "never";
}
