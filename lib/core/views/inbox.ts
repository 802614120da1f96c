import type { Plan } from "../engine/plan";
import { type Run, stepRun } from "../engine/run";
import { downstream } from "../sequence/graph";
import { type GateStatusDoc, gateDoc, type StepStatusDoc, stepDoc } from "./status";
import { gateAsks, stepAsks } from "./waiting";

/** What only a person can settle, with the lines that settle it. */
interface Waiting {
  /** How many steps and gates can't come to an end before it is settled. */
  blocks: number;
  /** What a person types next: first what settles it, then what tells more. */
  next: string[];
}

/** A gate that waits for a decision. */
export interface InboxGate extends GateStatusDoc, Waiting {}

/** A step that failed by itself and is not tried again without a person. */
export type InboxFailure = Pick<
  StepStatusDoc,
  "id" | "name" | "status" | "reason" | "why" | "attempt" | "ended_at" | "exit_code"
> &
  Waiting;

/** The gates and failed steps that want a decision, those that hold up most first. */
export function inboxDoc(plan: Plan, run: Run): { gates: InboxGate[]; failed: InboxFailure[] } {
  const gates = (plan.sequence.gates ?? [])
    .map(({ id }) => gateDoc(plan, run, id))
    .filter((gate) => gateAsks(gate, run.canceled))
    .map((gate) => ({
      ...gate,
      blocks: heldUpBy(plan, run, gate.id),
      next: [`seqctl gate approve ${gate.id}`, `seqctl gate show ${gate.id}`],
    }));
  return { gates: gates.sort(byBlocks), failed: failures(plan, run).sort(byBlocks) };
}

function failures(plan: Plan, run: Run): InboxFailure[] {
  return (plan.sequence.steps ?? [])
    .filter(({ id }) => stepRun(run, id).phase === "failed")
    .map(({ id }) => stepDoc(plan, run, id, true))
    .filter((step) => stepAsks(step, run.canceled))
    .map(({ id, name, status, reason, why, attempt, ended_at, exit_code }) => ({
      ...{ id, name, status, reason, why, attempt, ended_at, exit_code },
      blocks: heldUpBy(plan, run, id),
      next: [`seqctl restart ${id}`, `seqctl why ${id}`],
    }));
}

const byBlocks = (a: Waiting, b: Waiting) => b.blocks - a.blocks;

/** How many nodes wait for a node, however indirectly, and have not come to an end. */
function heldUpBy(plan: Plan, run: Run, id: string): number {
  const isOpen = (node: string) =>
    plan.graph.nodes.get(node)?.kind === "gate"
      ? run.gates.get(node)?.status !== "APPROVED"
      : !["done", "skipped"].includes(stepRun(run, node).phase);
  return [...downstream(plan.graph, id)].filter((node) => node !== id && isOpen(node)).length;
}
