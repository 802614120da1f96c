import type { Plan } from "../engine/plan";
import type { Run } from "../engine/run";
import { type StepStatusDoc, stepDoc } from "./status";

/** A group with its members, as every surface shows it. */
export interface GroupDoc {
  id: string;
  fail_policy: "fail_fast" | "best_effort";
  members: StepStatusDoc[];
  counts: Record<string, number>;
}

/** The groups of a sequence in the order in which they first appear. */
export function groupDocs(plan: Plan, run: Run, engineAlive: boolean): GroupDoc[] {
  const groups = new Map<string, GroupDoc>();
  for (const step of plan.sequence.steps ?? []) {
    if (step.group_id === undefined) continue;
    const group: GroupDoc = groups.get(step.group_id) ?? {
      id: step.group_id,
      fail_policy: "best_effort",
      members: [],
      counts: {},
    };
    groups.set(group.id, group);
    const member = stepDoc(plan, run, step.id, engineAlive);
    group.members.push(member);
    group.counts[member.status] = (group.counts[member.status] ?? 0) + 1;
    if (step.fail_policy) group.fail_policy = step.fail_policy;
  }
  return [...groups.values()];
}
