import { answersBefore, environmentOf } from "../core/engine/environment";
import { withInstances } from "../core/engine/fan";
import { stepRun } from "../core/engine/run";
import { stepStatus } from "../core/engine/status";
import { stepIn } from "../core/engine/step";
import { narrower } from "../core/policy/resources";
import { stepsBefore } from "../core/sequence/graph";
import type { SpawnOrder } from "./ports";
import type { State } from "./state";

/** All that the host needs to start an attempt: what it builds on, what it is told, and how it is confined. */
export function orderFor(state: State, root: string, step: string, attempt: number): SpawnOrder {
  const { run, plan, policy } = state;
  const before = stepsBefore(plan.graph, step).flatMap((id) =>
    // A step that went on as a sub-sequence has outputs of its own, and no folder.
    run.expansions.get(id)?.sub ? [id, ...withInstances(run, id)] : withInstances(run, id),
  );
  const inputs = before.map((id) => ({
    step: id,
    attempt: run.expansions.has(id) ? 0 : stepRun(run, id).attempt,
    status: stepStatus(run, plan, id, true).status,
    outputs: stepRun(run, id).outputs ?? null,
  }));
  const { session } = stepRun(run, step);
  const definition = stepIn(plan, step);
  const limits = narrower(policy.resources, definition?.limits);
  return {
    run: run.id,
    step,
    attempt,
    plan,
    inputs,
    env: { ...environmentOf(run, plan, step, root), ...answersBefore(run, plan, step) },
    sandbox: policy.sandbox === "required" || definition?.sandbox === "required",
    ...(limits === undefined ? {} : { limits }),
    ...(session === undefined ? {} : { resume: session }),
  };
}
