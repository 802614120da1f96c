import type { Step } from "../../core/sequence/schema";

/** A pane of mprocs: the step it shows, and its name in the list. */
export interface Pane {
  step: string;
  name: string;
}

/** The pane of the step at `order` stands behind the first one, which shows the run. */
export const firstStepIndex = 1;

/** The panes of a sequence, each named by what its step is to the others: member of a group, candidate, boss, worker. */
export function panesOf(steps: readonly Step[]): Pane[] {
  const candidates = new Set(steps.flatMap((step) => step.fusion_candidates ?? []));
  const bosses = new Set(steps.flatMap((step) => step.orchestrator ?? []));
  return steps.map((step) => ({ step: step.id, name: nameOf(step, candidates, bosses) }));
}

function nameOf(step: Step, candidates: ReadonlySet<string>, bosses: ReadonlySet<string>): string {
  const { id } = step;
  if (bosses.has(id) || (step.type === "b" && step.orchestrator === undefined)) return `boss · ${id}`;
  if (step.orchestrator !== undefined) return `worker of ${step.orchestrator} · ${id}`;
  if (step.watchdog_for !== undefined) return `watchdog of ${step.watchdog_for} · ${id}`;
  if (step.fusion_synth) return `synthesis · ${id}`;
  if (candidates.has(id)) return `candidate · ${id}`;
  if (step.group_id !== undefined) return `${step.group_id} · ${id}`;
  return id;
}
