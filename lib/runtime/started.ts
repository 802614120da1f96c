import type { Plan } from "../core/engine/plan";
import { stepIn } from "../core/engine/step";
import { stepsInside } from "../core/engine/sub";
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
      started.push(...all.value);
      continue;
    }
    started.push(
      ...commandsBeside(plan.sequence, step).map((beside) => ({ step: beside, prompt: undefined })),
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
