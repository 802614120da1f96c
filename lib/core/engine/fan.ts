import { promptPathOf } from "../sequence/effective";
import type { Step } from "../sequence/schema";
import { derivePlan, type Plan } from "./plan";
import { type Run, stepRun } from "./run";

/** How many instances a step may have where policy.yaml says nothing else. */
export const maxFanoutDefault = 50;

/** Whether a step runs as several instances. */
export function isFan(step: Step): boolean {
  return step.for_each !== undefined || (step.fanout ?? 1) > 1;
}

/** Ids of the instances a step runs as in this run; none before it is expanded. */
export function instancesOf(run: Run, id: string): string[] {
  const count = run.expansions.get(id)?.count ?? 0;
  return Array.from({ length: count }, (_, index) => `${id}-${index + 1}`);
}

/** A step's id, or those of its instances if it runs as such. */
export function withInstances(run: Run, id: string): string[] {
  return run.expansions.has(id) ? instancesOf(run, id) : [id];
}

/** Whether a step that runs as instances only waits to be told that all of them have ended. */
export function areOver(run: Run, id: string): boolean {
  return instancesOf(run, id).every((instance) =>
    ["done", "failed", "canceled", "skipped"].includes(stepRun(run, instance).phase),
  );
}

/** The plan without the instances that a run has added to it. */
export function authoredPlan(plan: Plan): Plan {
  return plan.authored ?? plan;
}

/** The plan with the instances that the run's facts tell of, each right behind its step; a pure function of both. */
export function expandPlan(plan: Plan, run: Run): Plan {
  const authored = authoredPlan(plan);
  const counts = [...run.expansions].map(([id, { count }]) => `${id} ${count}`).join();
  if (counts === (plan.expanded ?? "")) return plan;
  if (counts === "") return authored;
  const digests = new Map(authored.digests);
  const steps = (authored.sequence.steps ?? []).flatMap((step) => {
    const instances = isFan(step) ? instancesOf(run, step.id) : [];
    for (const id of instances) digests.set(id, authored.digests.get(step.id) ?? "");
    return [step, ...instances.map((id, index) => instance(step, id, `${index + 1} of ${instances.length}`))];
  });
  const derived = derivePlan({ ...authored.sequence, steps }, authored.revision, authored.limits, digests);
  return { ...derived, authored, expanded: counts };
}

/** An instance does what its step says, waits for the same, and is judged no more. */
function instance(step: Step, id: string, which: string): Step {
  const { fanout: _, for_each: __, when: ___, on_success: ____, on_failure: _____, ...kept } = step;
  const { finally: ______, ...rest } = kept;
  // What fails fast without a group is a group of its own.
  const group = step.group_id ?? (step.fail_policy ? step.id : undefined);
  // All are told the same, in the file that belongs to their step.
  const told = step.command === undefined ? { prompt: promptPathOf(step) } : {};
  return {
    ...rest,
    ...told,
    id,
    name: `${step.name ?? step.id} (${which})`,
    ...(group ? { group_id: group } : {}),
  };
}
