import type { StepFault } from "./fans";
import { buildGraph, type Graph, upstream } from "./graph";
import type { Sequence, Step } from "./schema";

/** How deep bosses may stand below each other: a boss, a worker that is one itself, and its workers. */
const maxDepth = 2;

/** The boss above all others that a step works for; itself if it works for nobody. */
export function headOf(sequence: Sequence, id: string): string {
  const bosses = new Map((sequence.steps ?? []).map((step) => [step.id, step.orchestrator]));
  let head = id;
  for (let hops = 0; hops < maxDepth; hops++) head = bosses.get(head) ?? head;
  return head;
}

/** The steps that a boss owns, through bosses below it too. */
export function workersOf(sequence: Sequence, boss: string): string[] {
  const found = new Set([boss]);
  // A file need not name a boss before its workers: once for each storey.
  for (let storey = 0; storey < maxDepth; storey++)
    for (const { id, orchestrator } of sequence.steps ?? [])
      if (orchestrator !== undefined && found.has(orchestrator)) found.add(id);
  found.delete(boss);
  return [...found];
}

/** Whether the step is a watchdog that says nothing about how it watches: ThreadOS's own does it. */
export function isBuiltInWatchdog(step: Step): boolean {
  return [step.command, step.model, step.prompt].every((part) => part === undefined) && !!step.watchdog_for;
}

/** How often a watchdog may restart what it watches where it does not say. */
export const maxRestartsDefault = 3;

/** Steps whose boss, or whose watched step, can't be what it is named as. */
export function* threadFaults(sequence: Sequence): Generator<StepFault> {
  const steps = new Map((sequence.steps ?? []).map((step) => [step.id, step]));
  const waits = waitsOf(sequence);
  for (const [index, step] of (sequence.steps ?? []).entries()) {
    const fault = (key: keyof Step, problem: string) => ({ index, step: step.id, key, problem });
    const isFanned = step.for_each !== undefined || (step.fanout ?? 1) > 1;
    const fan = step.for_each === undefined ? "fanout" : "for_each";
    if (step.type === "b" && isFanned) yield fault(fan, "is not for a boss (type: b), which runs once");
    const isThread = step.type === "b" || step.orchestrator !== undefined || step.watchdog_for !== undefined;
    if (isThread && step.sequence !== undefined)
      yield fault("sequence", "is not for a boss (type: b), its workers or a watchdog");
    if (step.orchestrator !== undefined) {
      const problem = bossProblem(steps, step, waits);
      if (problem) yield fault("orchestrator", problem);
    }
    if (step.watchdog_for !== undefined) {
      if (isFanned) yield fault(fan, "is not for a watchdog, which runs once");
      const problem = watchedProblem(steps.get(step.watchdog_for), step.watchdog_for);
      if (problem) yield fault("watchdog_for", problem);
      continue;
    }
    for (const key of ["max_restarts", "restart_after_ms"] as const)
      if (step[key] !== undefined) yield fault(key, "is for a watchdog: say `watchdog_for`, too");
  }
}

/** Everything that a boss waits for, however indirectly; looked up once for each boss. */
function waitsOf(sequence: Sequence): (boss: string) => Set<string> {
  const known = new Map<string, Set<string>>();
  let graph: Graph | undefined;
  return (boss) => {
    graph ??= buildGraph(sequence);
    const found = known.get(boss) ?? upstream(graph, boss);
    known.set(boss, found);
    return found;
  };
}

function bossProblem(
  steps: Map<string, Step>,
  step: Step,
  waits: (boss: string) => Set<string>,
): string | undefined {
  const name = step.orchestrator as string;
  const boss = steps.get(name);
  if (!boss) return `'${name}' is no step`;
  if (boss.type !== "b") return `'${name}' is no boss: give it \`type: b\``;
  let above: string | undefined = name;
  for (let depth = 1; above !== undefined; depth++) {
    if (above === step.id) return `leads in a circle back to '${step.id}'`;
    if (depth > maxDepth)
      return `is the boss of a boss of a boss: at most ${maxDepth} may stand above a step`;
    above = steps.get(above)?.orchestrator;
  }
  return waits(name).has(step.id) ? `'${name}' waits for '${step.id}', which only it can ask for` : undefined;
}

function watchedProblem(watched: Step | undefined, name: string): string | undefined {
  if (!watched) return `'${name}' is no step`;
  if (watched.watchdog_for !== undefined) return `'${name}' is a watchdog itself`;
  const isFanned = watched.for_each !== undefined || (watched.fanout ?? 1) > 1;
  return isFanned ? `'${name}' runs as several instances, and a watchdog watches one step` : undefined;
}
