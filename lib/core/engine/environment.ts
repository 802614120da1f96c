import { scopeOf } from "./condition";
import type { Plan } from "./plan";
import { type GateRun, type Run, stepRun } from "./run";
import { stepIn } from "./step";

/** Why the work of a step was sent back by gates that have not been approved since. */
function rejectionFor(run: Run, id: string): string | undefined {
  const reasons = [...run.sentBack].flatMap(([gate, { to, reason }]) =>
    to === id && run.gates.get(gate)?.status !== "APPROVED" ? [reason] : [],
  );
  return reasons.length > 0 ? reasons.join("\n") : undefined;
}

/** What a run tells one of its steps by the environment: the parameters, which instance it is, and what it watches over. */
export function environmentOf(run: Run, plan: Plan, id: string, root: string): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(scopeOf(run, id).params))
    env[`THREADOS_PARAM_${name.toUpperCase()}`] = String(value);
  const watched = stepIn(plan, id)?.watchdog_for;
  if (watched !== undefined) {
    env.THREADOS_WATCHED = watched;
    env.THREADOS_WATCHED_ATTEMPT = String(stepRun(run, watched).attempt);
    env.THREADOS_WATCHED_DIR = `${root}/.threados/runs/${run.id}/${watched}`;
  }
  const { of } = stepRun(run, id);
  const rejection = rejectionFor(run, of ?? id);
  if (rejection !== undefined) env.THREADOS_REJECTION = rejection;
  const fan = of === undefined ? undefined : run.expansions.get(of);
  if (of === undefined || !fan || fan.sub) return env;
  const index = Number(id.slice(of.length + 1));
  env.THREADOS_FANOUT_INDEX = String(index);
  env.THREADOS_FANOUT_COUNT = String(fan.count);
  const item = fan.items?.[index - 1];
  if (item !== undefined) env.THREADOS_ITEM = JSON.stringify(item);
  return env;
}

/** What the gates before a step were answered, by gate and question; nothing if none of them asks. */
export function answersBefore(run: Run, plan: Plan, id: string): Record<string, string> {
  const answers: Record<string, NonNullable<GateRun["answers"]>> = {};
  const seen = new Set([id]);
  for (const at of seen) {
    for (const need of plan.graph.nodes.get(at)?.needs ?? []) seen.add(need);
    const gate = run.gates.get(at);
    if (gate?.status === "APPROVED" && gate.answers && Object.keys(gate.answers).length > 0)
      answers[at] = gate.answers;
  }
  return Object.keys(answers).length > 0 ? { THREADOS_ANSWERS: JSON.stringify(answers) } : {};
}
