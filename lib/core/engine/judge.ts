import { hasNothingToRun } from "../sequence/effective";
import type { Step } from "../sequence/schema";
import { workersOf } from "../sequence/threads";
import { judge, lookupIn } from "./condition";
import type { Fact } from "./fact";
import { areOver, expandPlan, instancesOf, isFan, maxFanoutDefault } from "./fan";
import { callFor, waitsForCall } from "./handler";
import { isPursued, verdict } from "./join";
import type { Plan } from "./plan";
import { type Run, stepRun } from "./run";
import { subExpansion, subOutputs } from "./sub";

/**
 * Settles what is not started as such: steps that are skipped, that run as instances, or whose condition can't be judged.
 * None takes a place, and what waits for one is looked at again. The plan as it then stands.
 */
export function judgeReady(
  run: Run,
  given: Plan,
  decide: (fact: Fact) => void,
  onFailure: (id: string) => void,
): Plan {
  let plan = given;
  do {
    for (const id of [...run.expansions.keys()].reverse()) joinInstances(run, plan, id, decide);
    plan = judgeOnce(run, plan, decide, onFailure);
  } while ([...run.expansions.keys()].some((id) => isToBeJoined(run, plan, id)));
  return plan;
}

function judgeOnce(
  run: Run,
  given: Plan,
  decide: (fact: Fact) => void,
  onFailure: (id: string) => void,
): Plan {
  let plan = given;
  const queue = plan.judged ? [...plan.order] : [];
  for (let at = 0; at < queue.length; at++) {
    const id = queue[at] as string;
    const state = stepRun(run, id);
    const node = plan.graph.nodes.get(id);
    const call = plan.graph.triggers.has(id) ? callFor(run, plan, id) : undefined;
    if (call) {
      decide(call);
      queue.push(id);
      continue;
    }
    if (node?.kind !== "step" || state.phase !== "idle" || !isPursued(run, state)) continue;
    const fact = decision(run, plan, node.step);
    if (!fact) continue;
    if (fact.type === "plan.expanded" && hasNothingToRun(plan.sequence, node.step)) continue;
    decide(fact);
    if (fact.type === "step.unjudged") onFailure(id);
    if (fact.type === "plan.expanded") {
      plan = expandPlan(plan, run);
      // What it goes on as may itself be something that is not started as such.
      queue.push(...instancesOf(run, id));
    } else queue.push(...(plan.graph.dependents.get(id) ?? []));
    // An end that came before it was settled may still call for it.
    if (plan.graph.triggers.has(id)) queue.push(id);
    if (node.step.type === "b") queue.push(...workersOf(plan.sequence, id));
  }
  return plan;
}

const isToBeJoined = (run: Run, plan: Plan, id: string) =>
  stepRun(run, id).phase === "expanded" && areOver(run, plan, id);

/** All instances have ended: so has their step, well if all of them ended well. */
function joinInstances(run: Run, plan: Plan, id: string, decide: (fact: Fact) => void): void {
  if (!isToBeJoined(run, plan, id)) return;
  const failed = instancesOf(run, id).filter((one) =>
    ["failed", "canceled"].includes(stepRun(run, one).phase),
  );
  decide({ type: "step.joined", step: id, failed, ...subOutputs(run, id) });
}

function decision(run: Run, plan: Plan, definition: Step): Fact | undefined {
  const { id: step, when } = definition;
  switch (verdict(run, plan, step)) {
    case "wait":
      return undefined;
    case "skip":
      return {
        type: "step.skipped",
        step,
        cause: waitsForCall(run, plan, step) ? "not_called" : "needs_skipped",
      };
    case "start": {
      const judged = when === undefined ? undefined : judge(when, lookupIn(run, step));
      if (judged && !judged.ok)
        return { type: "step.unjudged", step, condition: when ?? "", problem: judged.problem };
      if (judged && !judged.holds)
        return { type: "step.skipped", step, cause: "when", condition: when ?? "" };
      if (isFan(definition)) return expansion(run, plan, definition);
      return definition.sequence === undefined ? undefined : subExpansion(run, plan, definition);
    }
  }
}

function expansion(run: Run, plan: Plan, { id: step, for_each: list, fanout }: Step): Fact {
  const max = plan.limits.maxFanout ?? maxFanoutDefault;
  const condition = list ?? `fanout: ${fanout}`;
  const tooMany = (count: number) => `${count} instances are more than the ${max} that the policy allows`;
  if (list === undefined) {
    const count = fanout ?? 1;
    if (count > max) return { type: "step.unjudged", step, condition, problem: tooMany(count) };
    return { type: "plan.expanded", step, count };
  }
  const judged = judge(list, lookupIn(run, step));
  if (!judged.ok) return { type: "step.unjudged", step, condition, problem: judged.problem };
  const items = judged.value;
  if (!Array.isArray(items)) return { type: "step.unjudged", step, condition, problem: "it is no list" };
  if (items.length > max) return { type: "step.unjudged", step, condition, problem: tooMany(items.length) };
  if (items.length === 0) return { type: "step.skipped", step, cause: "empty_list", condition };
  return { type: "plan.expanded", step, count: items.length, items };
}
