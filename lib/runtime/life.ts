import { applyFact, stepRun } from "../core/engine/run";
import { stepIn } from "../core/engine/step";
import type { Ports } from "./ports";
import type { State } from "./state";

/** Takes in when steps that somebody waits on last gave a sign of life: the journal tells of it only when it decides something. */
export function noteLife(ports: Ports, { plan, run }: State): void {
  const watched = new Set(plan.watchdogs.map((id) => stepIn(plan, id)?.watchdog_for));
  for (const step of [...run.steps.keys()]) {
    const { phase, attempt, startedAt = 0 } = stepRun(run, step);
    if (phase !== "running" || !(watched.has(step) || stepIn(plan, step)?.idle_timeout_ms)) continue;
    const at = ports.artifacts.seenAt(run.id, step, attempt);
    if (at !== undefined && at > startedAt)
      applyFact(run, { type: "attempt.printed", step, attempt, at }, at);
  }
}
