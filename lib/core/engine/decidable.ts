import { upstream } from "../sequence/graph";
import { needMet } from "./join";
import type { Plan } from "./plan";
import { type Run, stepRun } from "./run";

/** What a person can say at a gate, in the order in which it is offered. */
export const gateVerbs = ["approve", "reject", "block"] as const;
export type GateVerb = (typeof gateVerbs)[number];

/** What the door would take of a person at a gate as it stands; the gate must be in the plan. */
export function decidableAt(run: Run, plan: Plan, id: string): GateVerb[] {
  if (run.canceled) return [];
  const decided = run.gates.get(id);
  const takes: Record<GateVerb, boolean> = {
    approve:
      decided?.status !== "APPROVED" &&
      (plan.graph.nodes.get(id)?.needs ?? []).every((need) => needMet(run, plan, need)),
    // Turned down already, it can only send the work back, to a step that has run.
    reject: decided?.rejected === undefined || hasRunBefore(run, plan, id),
    block: decided?.status !== "BLOCKED",
  };
  return gateVerbs.filter((verb) => takes[verb]);
}

const hasRunBefore = (run: Run, plan: Plan, id: string) =>
  [...upstream(plan.graph, id)].some((step) => stepRun(run, step).attempt > 0);

/** Whether a person's decision stands at a gate; one that became void asks for another. */
export function isDecided(run: Run, id: string): boolean {
  const status = run.gates.get(id)?.status;
  return status !== undefined && status !== "VOID";
}
