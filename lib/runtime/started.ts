import type { Plan } from "../core/engine/plan";
import { stepIn } from "../core/engine/step";
import { stepsInside } from "../core/engine/sub";
import type { StartedInside } from "../core/policy/asked-facts";
import { ok, type Result } from "../core/result";
import { commandsBeside, isAgentStep, promptPathOf } from "../core/sequence/effective";
import { buildGraph } from "../core/sequence/graph";
import type { Step } from "../core/sequence/schema";
import { isBuiltInWatchdog } from "../core/sequence/threads";
import type { Ports } from "./ports";

type Agents = Pick<Ports, "agents">;

/** A step as it would be started, and what its agent would be told. */
export interface Started {
  step: Step;
  prompt: string | undefined;
  /** The step that it is run beside, in whose place it works. */
  beside?: Step;
  /** The steps that run it as a part of their sub-sequences, the outermost first, where they say more than their file. */
  inside?: StartedInside[];
}

/**
 * The steps with the words they are started with: an agent's own among them, those beside a step's own, and those of a
 * sub-sequence, so that rules and people judge all of them.
 */
export function startedBy(
  ports: Agents,
  starts: readonly string[],
  plan: Plan,
  files: readonly { path: string; text: string }[],
): Result<Started[]> {
  const started: Started[] = [];
  for (const id of starts) {
    const step = stepIn(plan, id);
    if (!step) continue;
    const inside = stepsInside(plan, step);
    if (inside) {
      const graph = buildGraph({ ...plan.sequence, steps: inside });
      const ids = inside.map((one) => one.id);
      const all = startedBy(ports, ids, { ...plan, graph }, files);
      if (!all.ok) return all;
      const said = saidAround(step);
      started.push(
        ...all.value.map((one) => (said ? { ...one, inside: [said, ...(one.inside ?? [])] } : one)),
      );
      continue;
    }
    started.push(
      ...commandsBeside(plan.sequence, step).map((one) => ({ step: one, prompt: undefined, beside: step })),
    );
    if (!isAgentStep(plan.sequence, step)) {
      started.push({ step, prompt: undefined });
      continue;
    }
    const written = files.find(({ path }) => path === promptPathOf(step))?.text;
    const argv = ports.agents.argv(plan.sequence, step, written);
    if (!argv.ok) return argv;
    const prompt = written === undefined ? ports.agents.prompt(step) : ok(written);
    if (!prompt.ok) return prompt;
    started.push({ step: { ...step, command: argv.value }, prompt: prompt.value });
  }
  return ok(started);
}

/** What a step says of how its sub-sequence is run; undefined where that is nothing. */
function saidAround({ id, with: given = {}, fanout = 1, for_each }: Step): StartedInside | undefined {
  const fan = for_each ?? (fanout > 1 ? fanout : undefined);
  const values = Object.keys(given).length > 0 ? { with: given } : {};
  const said = { step: id, ...values, ...(fan === undefined ? {} : { fan }) };
  return Object.keys(said).length > 1 ? said : undefined;
}

/** Steps that were asked for before, with their words; of one whose agent or prompt is not to be had only its name. */
export function unlockedWith(ports: Agents, plan: Plan, ids: readonly string[]): Started[] {
  return ids.flatMap((id): Started[] => {
    const started = startedBy(ports, [id], plan, []);
    const step = stepIn(plan, id);
    return started.ok ? started.value : step ? [{ step, prompt: undefined }] : [];
  });
}

/** The words that a step is started with; of one that has none, what it does. */
export function wordsOf(step: Step): string[] | string {
  if (isBuiltInWatchdog(step)) return `restarts '${step.watchdog_for}' when it falls silent`;
  return step.command ?? "";
}
