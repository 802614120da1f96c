import { downstream } from "../sequence/graph";
import type { Fact } from "./fact";
import { withCalled } from "./handler";
import { isPursued, joinOf, needMet } from "./join";
import type { Plan } from "./plan";
import { applyFact, copyRun, isActive, type Run, stepRun } from "./run";
import { lacksWork } from "./step";

/** Steps below a gate that were asked for, as they stand once it is approved, whatever else they wait for; in the order in which they are started. */
export function askedBelow(run: Run, plan: Plan, gate: string): string[] {
  const after = approvedAt(run, gate);
  const below = downstream(plan.graph, gate);
  return askedFor(after, plan).filter((id) => below.has(id));
}

function approvedAt(run: Run, gate: string): Run {
  const after = copyRun(run);
  applyFact(after, { type: "gate.approved", gate, by: "" } satisfies Fact, 0);
  return after;
}

function askedFor(run: Run, plan: Plan): string[] {
  const asked = plan.order.filter((id) => isPursued(run, stepRun(run, id)) && !lacksWork(plan, id));
  const called = new Set(withCalled(plan, asked));
  return plan.order.filter((id) => called.has(id));
}

/**
 * Steps that an approval of a gate starts, at once or as soon as the others among them are done: those below it that were
 * asked for, in the order in which they are started. What waits for another gate, too, is among them; what waits for
 * something that has failed, or that nobody has asked for, is not.
 */
export function unlockedBy(run: Run, plan: Plan, gate: string): string[] {
  const coming = comingIn(approvedAt(run, gate), plan);
  const below = downstream(plan.graph, gate);
  return plan.order.filter((id) => coming.has(id) && below.has(id));
}

/**
 * Steps that go on by themselves once some that are started now are done: those below them that were asked for before, in
 * the order in which they are started. `run` is how things stand once these were asked for.
 */
export function goingOnAfter(run: Run, plan: Plan, starts: readonly string[]): string[] {
  const begun = new Set(starts);
  const below = new Set<string>();
  // What waits for a step that runs as several waits for that one, not for those.
  for (const id of starts)
    for (let at: string | undefined = id; at !== undefined; at = stepRun(run, at).of)
      if (!below.has(at)) for (const next of downstream(plan.graph, at)) below.add(next);
  const coming = comingIn(run, plan, (id) => !isForFailure(run, plan, id));
  return plan.order.filter((id) => coming.has(id) && below.has(id) && !begun.has(id));
}

/** Whether a step is there only for the failure of others: what is done calls for none of those. */
function isForFailure(run: Run, plan: Plan, id: string): boolean {
  const triggers = plan.graph.triggers.get(id);
  return triggers?.every(({ on }) => on === "on_failure") === true && stepRun(run, id).asked !== true;
}

/** Steps that were asked for, and that nothing keeps back for good. */
function comingIn(run: Run, plan: Plan, counts: (id: string) => boolean = () => true): Set<string> {
  const coming = new Set(askedFor(run, plan).filter(counts));
  // What falls away takes along what waits for it.
  for (const open = [...coming]; open.length > 0; ) {
    const id = open.pop() as string;
    if (!coming.has(id) || mayCome(run, plan, id, coming)) continue;
    coming.delete(id);
    open.push(...(plan.graph.dependents.get(id) ?? []).filter((next) => coming.has(next)));
  }
  return coming;
}

/** Whether nothing that a step waits for keeps it back for good. */
function mayCome(run: Run, plan: Plan, id: string, coming: ReadonlySet<string>): boolean {
  if (plan.graph.triggers.has(id)) return true;
  const comes = (need: string) => {
    if (plan.graph.nodes.get(need)?.kind === "gate" || needMet(run, plan, need)) return true;
    const state = stepRun(run, need);
    return coming.has(need) || isActive(state) || state.phase === "expanded";
  };
  const needs = plan.graph.nodes.get(id)?.needs ?? [];
  return joinOf(plan, id) === "any" ? needs.some(comes) : needs.every(comes);
}
