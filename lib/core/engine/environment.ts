import type { Plan } from "./plan";
import { type Run, stepRun } from "./run";
import { stepIn } from "./step";

/** What a run tells one of its steps by the environment: the parameters, which instance it is, and what it watches over. */
export function environmentOf(run: Run, plan: Plan, id: string, root: string): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(run.params))
    env[`THREADOS_PARAM_${name.toUpperCase()}`] = String(value);
  const watched = stepIn(plan, id)?.watchdog_for;
  if (watched !== undefined) {
    env.THREADOS_WATCHED = watched;
    env.THREADOS_WATCHED_ATTEMPT = String(stepRun(run, watched).attempt);
    env.THREADOS_WATCHED_DIR = `${root}/.threados/runs/${run.id}/${watched}`;
  }
  const { of } = stepRun(run, id);
  const fan = of === undefined ? undefined : run.expansions.get(of);
  if (of === undefined || !fan) return env;
  const index = Number(id.slice(of.length + 1));
  env.THREADOS_FANOUT_INDEX = String(index);
  env.THREADOS_FANOUT_COUNT = String(fan.count);
  const item = fan.items?.[index - 1];
  if (item !== undefined) env.THREADOS_ITEM = JSON.stringify(item);
  return env;
}
