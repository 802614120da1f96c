import { renderFailure } from "../failure-table";
import type { Json } from "../json";
import { isAgentStep, modelOf, promptPathOf, retryOf, timeoutMsOf, worktreeOf } from "../sequence/effective";
import { takeParam } from "../sequence/params";
import type { Step } from "../sequence/schema";
import { misuse, type SubSequence } from "../sequence/subs";
import { judge, lookupIn } from "./condition";
import type { Fact, Sub } from "./fact";
import { instancesOf } from "./fan";
import type { Plan } from "./plan";
import { type Run, stepRun } from "./run";

const longestId = 64;

/** The steps of a sub-sequence as they join a run: their ids behind that of the step that runs them, what they take from their own file written out. */
export function membersOf(parent: Step, { sequence }: SubSequence): Step[] {
  const under = (id: string) => `${parent.id}-${id}`;
  const all = (ids: string[] | undefined) => ids?.map(under);
  return (sequence.steps ?? []).map((step) => {
    const begins = (step.depends_on ?? []).length === 0;
    const own = step.sequence !== undefined;
    const timeout = own ? undefined : timeoutMsOf(sequence, step);
    const retry = own ? undefined : retryOf(sequence, step);
    const agent = isAgentStep(sequence, step);
    const made: Step = {
      ...step,
      id: under(step.id),
      name: `${parent.name ?? parent.id}: ${step.name ?? step.id}`,
      depends_on: begins ? parent.depends_on : all(step.depends_on),
      join: begins ? parent.join : step.join,
      model: own ? undefined : modelOf(sequence, step),
      prompt: agent ? promptPathOf(step) : undefined,
      timeout_ms: timeout,
      retry: retry && retry.limit > 0 ? retry : step.retry,
      resume: step.resume ?? sequence.defaults?.resume,
      worktree: step.isolation === "worktree" ? worktreeOf(sequence, step) : step.worktree,
      group_id: step.group_id === undefined ? undefined : under(step.group_id),
      fusion_candidates: all(step.fusion_candidates),
      on_success: all(step.on_success),
      on_failure: all(step.on_failure),
      finally: all(step.finally),
    };
    return Object.fromEntries(Object.entries(made).filter(([, value]) => value !== undefined)) as Step;
  });
}

/** The steps that a step runs in its place as their file stands now, to be looked at beforehand; undefined for one that runs none. */
export function stepsInside({ subs }: Plan, step: Step): Step[] | undefined {
  if (step.sequence === undefined) return undefined;
  const found = subs?.get(step.sequence);
  return found?.ok ? membersOf(step, found.value) : [];
}

/** How a step goes on as its sub-sequence, or why it can't. */
export function subExpansion(run: Run, plan: Plan, step: Step): Fact {
  const condition = step.sequence ?? "";
  const unjudged = (problem: string): Fact => ({ type: "step.unjudged", step: step.id, condition, problem });
  const found = plan.subs?.get(condition);
  if (!found) return unjudged("its file was not read");
  if (!found.ok) return unjudged(renderFailure(found.failure).message);
  const agreed = run.subs[condition] ?? found.value.digest;
  if (agreed !== found.value.digest)
    return unjudged(
      `.threados/${condition} is not what it was when the run was agreed to: look at it, and \`seqctl run\` asks about it as it stands`,
    );
  const wrong = misuse(step, found.value);
  if (wrong !== undefined) return unjudged(wrong);
  const params: Sub["params"] = {};
  for (const [name, param] of Object.entries(found.value.sequence.params ?? {})) {
    const given = step.with?.[name];
    let value: Json | undefined = given ?? param.default;
    if (typeof given === "string") {
      const judged = judge(given, lookupIn(run, step.id));
      if (!judged.ok) return unjudged(`with ${name}: ${judged.problem}`);
      value = judged.value ?? param.default;
    }
    if (value === undefined || value === null) {
      if (param.required) return unjudged(`its parameter '${name}' is missing`);
      continue;
    }
    if (typeof value === "object") return unjudged(`with ${name}: it is no text, number, true or false`);
    const taken = takeParam(param, value);
    if (!taken.ok) return unjudged(`its parameter '${name}' ${taken.problem}`);
    params[name] = taken.value;
  }
  const steps = membersOf(step, found.value);
  const long = steps.find(({ id }) => id.length > longestId);
  if (long) return unjudged(`'${long.id}' is longer than ${longestId} characters`);
  const taken = steps.find(({ id }) => plan.graph.nodes.has(id));
  if (taken) return unjudged(`there is a step or gate '${taken.id}' already`);
  return {
    type: "plan.expanded",
    step: step.id,
    count: steps.length,
    sub: { revision: found.value.digest, steps, params },
  };
}

/** What a sub-sequence hands on: the outputs of the steps that nothing in it waits for, by their own ids. */
export function subOutputs(run: Run, id: string): { outputs?: Json } {
  const sub = run.expansions.get(id)?.sub;
  if (!sub) return {};
  const needed = new Set(sub.steps.flatMap((step) => step.depends_on ?? []));
  const last = instancesOf(run, id).filter((one) => !needed.has(one));
  return {
    outputs: Object.fromEntries(
      last.map((one) => [one.slice(id.length + 1), stepRun(run, one).outputs ?? null]),
    ),
  };
}
