import { judge, lookupIn } from "./condition";
import type { Fact } from "./fact";
import { isFan } from "./fan";
import { isAsItRan, type Plan } from "./plan";
import { type Run, type StepRun, stepRun } from "./run";

/** Whether an attempt ended in a way that a loop looks at: by itself, with or without success. */
const isOverByItself = ({ phase, end, cause }: StepRun) =>
  (phase === "done" && cause !== "watched_ended") ||
  (phase === "failed" && end === "exit" && cause !== "stopped");

/**
 * What is to follow a round of a looping step: another one, or its failure beyond the limit. It looks at how the step
 * stands, not at news, so that a crash between an exit and this decision changes nothing.
 */
function nextRound(run: Run, plan: Plan, step: string, now: number): Fact | undefined {
  const node = plan.graph.nodes.get(step);
  const state = stepRun(run, step);
  const loop = node?.kind === "step" && !isFan(node.step) ? node.step.loop : undefined;
  // Of a step whose definition was changed since, the result stands: it is stale, not undone.
  if (!loop || run.canceled || !isOverByItself(state) || !isAsItRan(plan, step, state)) return undefined;
  const judged = judge(loop.until, lookupIn(run, step, state));
  if (judged.ok && judged.holds) return undefined;
  const { attempt } = state;
  const rounds = (state.rounds ?? 0) + 1;
  if (judged.ok && rounds < loop.max)
    return { type: "retry.scheduled", step, attempt, at: now, cause: "loop" };
  const problem = judged.ok ? {} : { problem: judged.problem };
  return { type: "loop.exhausted", step, attempt, rounds, condition: loop.until, ...problem };
}

/** Whether a round has ended without anything being decided on it. */
export function hasUndecidedRound(run: Run, plan: Plan): boolean {
  return plan.loops.some((step) => nextRound(run, plan, step, 0) !== undefined);
}

/** Gives looping steps whose condition does not hold yet another round; those that have failed for good. */
export function continueLoops(run: Run, plan: Plan, now: number, decide: (fact: Fact) => void): string[] {
  return plan.loops.filter((step) => {
    const fact = nextRound(run, plan, step, now);
    if (fact) decide(fact);
    return fact?.type === "loop.exhausted";
  });
}
