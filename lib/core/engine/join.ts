import { type Graph, type Node, needsOf, topologicalOrder } from "../sequence/graph";
import { waitsForCall } from "./handler";
import type { Plan } from "./plan";
import { type Run, type StepRun, stepRun } from "./run";

/** How a needed step stands, as its dependents see it; a failure that is to be borne counts as met. */
type NeedState = "done" | "borne" | "skipped" | "failed" | "open";

/** Needs of a node, sorted by how they stand. */
export interface Needs {
  gates: { pending: string[]; blocked: string[] };
  steps: Record<NeedState, string[]>;
}

/** Whether the failure of a step lets its dependents start: it says so itself, or whoever asked for the run did. */
function isBorne(run: Run, plan: Plan, id: string): boolean {
  const node = plan.graph.nodes.get(id);
  return run.bearsFailures || (node?.kind === "step" && node.step.continue_on_error === true);
}

function needState(run: Run, plan: Plan, need: string): NeedState {
  switch (stepRun(run, need).phase) {
    case "done":
      return "done";
    case "skipped":
      return "skipped";
    case "failed":
      return isBorne(run, plan, need) ? "borne" : "failed";
    case "canceled":
      return "failed";
    default:
      return "open";
  }
}

type GatesAbove = ReadonlyMap<string, ReadonlySet<string>>;

/** By the gates that were taken back: each such change makes a set of its own. */
const known = new WeakMap<ReadonlySet<string>, { graph: Graph; above: GatesAbove }>();
const none: ReadonlySet<string> = new Set();

/**
 * Gates above a node, however far, and itself, whose approval was taken back after work was started on it. It is asked for
 * each need of each node in every turn, so it is found for all of them in one walk.
 */
function withdrawnAbove({ withdrawn }: Run, { graph }: Plan, id: string): ReadonlySet<string> {
  if (withdrawn.size === 0) return none;
  let found = known.get(withdrawn);
  if (found?.graph !== graph) {
    found = { graph, above: gatesAbove(graph, withdrawn) };
    known.set(withdrawn, found);
  }
  return found.above.get(id) ?? none;
}

function gatesAbove(graph: Graph, withdrawn: ReadonlySet<string>): GatesAbove {
  const above = new Map<string, ReadonlySet<string>>();
  const order = topologicalOrder(graph);
  for (const id of order.ok ? order.value : []) {
    const node = graph.nodes.get(id) as Node;
    const inherited = new Set(node.needs.flatMap((need) => above.get(need) ?? []));
    const isTakenBack = node.kind === "gate" && withdrawn.has(id);
    const [first = none] = inherited;
    // Most nodes have what the one above them has.
    const all =
      inherited.size > 1 || isTakenBack ? new Set([...inherited].flatMap((each) => [...each])) : first;
    if (isTakenBack) (all as Set<string>).add(id);
    if (all.size > 0) above.set(id, all);
  }
  return above;
}

/** Looks at everything a node needs, each as what it is in this plan: an edit may turn a gate into a step. */
export function sortNeeds(run: Run, plan: Plan, id: string): Needs {
  const sorted: Needs = {
    gates: { pending: [], blocked: [] },
    steps: { done: [], borne: [], skipped: [], failed: [], open: [] },
  };
  const holding = new Set<string>();
  const isHandler = plan.graph.triggers.has(id);
  for (const need of plan.graph.nodes.get(id)?.needs ?? []) {
    const withdrawn = withdrawnAbove(run, plan, need);
    for (const gate of withdrawn) holding.add(gate);
    if (withdrawn.size > 0 || (isHandler && !isOwnNeed(plan, id, need))) continue;
    if (plan.graph.nodes.get(need)?.kind !== "gate") sorted.steps[needState(run, plan, need)].push(need);
    else if (run.gates.get(need)?.status !== "APPROVED") holding.add(need);
  }
  for (const gate of holding)
    sorted.gates[run.gates.get(gate)?.status === "BLOCKED" ? "blocked" : "pending"].push(gate);
  return sorted;
}

/** Whether one needed node is DONE, APPROVED, SKIPPED, or FAILED in a way that is borne. */
export function needMet(run: Run, plan: Plan, need: string): boolean {
  if (withdrawnAbove(run, plan, need).size > 0) return false;
  if (plan.graph.nodes.get(need)?.kind === "gate") return run.gates.get(need)?.status === "APPROVED";
  const state = needState(run, plan, need);
  return state !== "failed" && state !== "open";
}

/** How the steps that a node needs are joined. Gates are joined by nothing: each must be approved, always. */
export function joinOf(plan: Plan, id: string): "all" | "any" | "none_failed" {
  const node = plan.graph.nodes.get(id);
  return (node?.kind === "step" ? node.step.join : undefined) ?? "all";
}

/**
 * What a node's needs say: wait, start, or be skipped. A skipped need counts as met, as Argo Workflows has it; but what
 * builds on skipped steps only is skipped too, as GitHub Actions has it. `none_failed` starts even then, as in Airflow.
 */
export function verdict(run: Run, plan: Plan, id: string): "wait" | "start" | "skip" {
  const node = plan.graph.nodes.get(id);
  if (!node) return "start";
  const called = waitsForCall(run, plan, id);
  if (called !== undefined) return called === "never" ? "skip" : "wait";
  if (node.needs.length === 0) return "start";
  if (joinOf(plan, id) === "all") return verdictOfAll(run, plan, node);
  const { gates, steps } = sortNeeds(run, plan, id);
  if (gates.pending.length + gates.blocked.length > 0) return "wait";
  const count = Object.values(steps).reduce((sum, ids) => sum + ids.length, 0);
  if (count === 0) return "start";
  if (joinOf(plan, id) === "none_failed")
    return steps.open.length + steps.failed.length === 0 ? "start" : "wait";
  if (steps.done.length > 0) return "start";
  return steps.skipped.length === count ? "skip" : "wait";
}

/** The same for the usual join, without collecting anything: it is asked of every step in every turn. */
function verdictOfAll(run: Run, plan: Plan, { kind, id, needs }: Node): "wait" | "start" | "skip" {
  const isHandler = plan.graph.triggers.has(id);
  let count = 0;
  let skipped = 0;
  for (const need of needs) {
    // What calls it is below an approval that was taken back: so is what it calls.
    if (withdrawnAbove(run, plan, need).size > 0) return "wait";
    if (isHandler && !isOwnNeed(plan, id, need)) continue;
    if (!needMet(run, plan, need)) return "wait";
    count += 1;
    if (plan.graph.nodes.get(need)?.kind !== "gate" && stepRun(run, need).phase === "skipped") skipped += 1;
  }
  return kind === "step" && count > 0 && skipped === count ? "skip" : "start";
}

/** Whether a node waits for another by itself, and not only to be called by it. */
function isOwnNeed(plan: Plan, id: string, need: string): boolean {
  const node = plan.graph.nodes.get(id);
  return node?.kind !== "step" || needsOf(node.step).includes(need);
}

/** Whether nothing that a node needs keeps it back any more. */
export function needsMet(run: Run, plan: Plan, id: string): boolean {
  return verdict(run, plan, id) !== "wait";
}

/** Whether the engine means to start the step as soon as it may. */
export function isPursued(run: Run, state: StepRun): boolean {
  if (state.phase === "waiting") return true;
  return state.phase === "idle" && (state.requested || (run.all && state.attempt === 0));
}
