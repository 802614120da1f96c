import { promptPathOf } from "../sequence/effective";
import type { Step } from "../sequence/schema";
import { needsMet } from "./join";
import { derivePlan, type Plan } from "./plan";
import { type Run, stepRun } from "./run";

/** How many instances a step may have where policy.yaml says nothing else. */
export const maxFanoutDefault = 50;

/** Whether a step runs as several instances. */
export function isFan(step: Step): boolean {
  return step.for_each !== undefined || (step.fanout ?? 1) > 1;
}

/** Ids of the instances, or of the sub-sequence's steps, that a step runs as in this run; none before it is expanded. */
export function instancesOf(run: Run, id: string): string[] {
  const { count = 0, sub } = run.expansions.get(id) ?? {};
  if (sub) return sub.steps.map((step) => step.id);
  return Array.from({ length: count }, (_, index) => `${id}-${index + 1}`);
}

/** A step's id, or those of all that it runs as, however deep. */
export function withInstances(run: Run, id: string): string[] {
  return run.expansions.has(id) ? instancesOf(run, id).flatMap((one) => withInstances(run, one)) : [id];
}

const hasEnded = (run: Run, id: string) =>
  ["done", "failed", "canceled", "skipped"].includes(stepRun(run, id).phase);
const endedBadly = (run: Run, id: string) => ["failed", "canceled"].includes(stepRun(run, id).phase);

/** Whether a step that runs as others only waits to be told that all of them have ended, or can't start for the failure of one. */
export function areOver(run: Run, plan: Plan, id: string): boolean {
  const all = instancesOf(run, id);
  const isStuck = run.expansions.get(id)?.sub !== undefined && all.some((one) => endedBadly(run, one));
  return all.every(
    (one) =>
      hasEnded(run, one) || (isStuck && stepRun(run, one).phase === "idle" && !needsMet(run, plan, one)),
  );
}

/** The plan without the instances that a run has added to it. */
export function authoredPlan(plan: Plan): Plan {
  return plan.authored ?? plan;
}

/** The plan with the instances that the run's facts tell of, each right behind its step; a pure function of both. */
export function expandPlan(plan: Plan, run: Run): Plan {
  const authored = authoredPlan(plan);
  const counts = [...run.expansions].map(([id, { count, sub }]) => `${id} ${sub?.revision ?? count}`).join();
  if (counts === (plan.expanded ?? "")) return plan;
  if (counts === "") return authored;
  const digests = new Map(authored.digests);
  const does = new Map(authored.does);
  const withAll = (step: Step): Step[] => {
    const { sub } = run.expansions.get(step.id) ?? {};
    // A step that was edited into something else is that again.
    if (sub && step.sequence !== undefined && !isFan(step)) {
      for (const one of sub.steps) digests.set(one.id, sub.revision);
      return [step, ...sub.steps.flatMap(withAll)];
    }
    const instances = isFan(step) && !sub ? instancesOf(run, step.id) : [];
    for (const id of instances) {
      digests.set(id, digests.get(step.id) ?? "");
      does.set(id, does.get(step.id) ?? digests.get(step.id) ?? "");
    }
    const made = instances.map((id, index) => instance(step, id, `${index + 1} of ${instances.length}`));
    return [step, ...made.flatMap(withAll)];
  };
  const steps = (authored.sequence.steps ?? []).flatMap(withAll);
  const derived = derivePlan(
    { ...authored.sequence, steps },
    authored.revision,
    authored.limits,
    digests,
    does,
  );
  return { ...derived, ...(plan.subs ? { subs: plan.subs } : {}), authored, expanded: counts };
}

/** An instance does what its step says, waits for the same, and is judged no more. */
function instance(step: Step, id: string, which: string): Step {
  const { fanout: _, for_each: __, when: ___, on_success: ____, on_failure: _____, ...kept } = step;
  const { finally: ______, ...rest } = kept;
  // What fails fast without a group is a group of its own.
  const group = step.group_id ?? (step.fail_policy ? step.id : undefined);
  // All are told the same, in the file that belongs to their step.
  const told =
    step.command === undefined && step.sequence === undefined ? { prompt: promptPathOf(step) } : {};
  return {
    ...rest,
    ...told,
    id,
    name: `${step.name ?? step.id} (${which})`,
    ...(group ? { group_id: group } : {}),
  };
}
