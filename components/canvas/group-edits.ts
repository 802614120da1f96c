import { renderFailure } from "../../lib/core/failure-table";
import { checkId } from "../../lib/core/sequence/ids";
import { checkSideBySide } from "../../lib/core/sequence/side-by-side";
import type { Call } from "../state/call";
import { sequenceOf } from "./judge";
import type { PlanNode } from "./plan";
import { regroup } from "./regroup";

/** What the failure of a member means for the others. */
export type FailPolicy = "fail_fast" | "best_effort";

/** Ids of a group's steps, as they stand in the file. */
export const idsIn = (plan: readonly PlanNode[], group: string) =>
  plan.filter((node) => node.group === group).map(({ id }) => id);

const onAll = (plan: readonly PlanNode[], group: string, keys: Call["input"]): Call[] =>
  idsIn(plan, group).map((id) => ({ action: "step.edit", input: { id, ...keys } }));

/** Gives a group another name. */
export const renameGroup = (plan: readonly PlanNode[], group: string, name: string): Call[] =>
  onAll(plan, group, { group_id: name });

/** Says what the failure of a member means for the others. */
export const setPolicy = (plan: readonly PlanNode[], group: string, policy: FailPolicy): Call[] =>
  onAll(plan, group, { fail_policy: policy });

/** Takes all steps out of a group; they stay where they are. */
export const dissolve = (plan: PlanNode[], group: string): Call[] => regroup(plan, idsIn(plan, group), null);

/** Why a group can't be called so; undefined if it can. */
export function faultOfName(plan: readonly PlanNode[], group: string, name: string): string | undefined {
  const checked = checkId(name);
  if (!checked.ok) {
    const { message, hint } = renderFailure(checked.failure);
    return hint === undefined ? message : `${message}: ${hint}`;
  }
  const taken = plan.some((node) => node.group === name && node.group !== group);
  return taken ? `There is a group ${name} already.` : undefined;
}

/** Whether nodes can become a group: the steps among them, two or more, run side by side. */
export function canBeGroup(plan: PlanNode[], ids: readonly string[]): boolean {
  const steps = plan.filter(({ id, kind }) => kind === "step" && ids.includes(id)).map(({ id }) => id);
  return steps.length > 1 && checkSideBySide(sequenceOf(plan), steps).ok;
}
