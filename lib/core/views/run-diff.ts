import type { RunDoc, RunStepDoc } from "./run";

/** One step in two runs; null where a run does not know it. */
interface StepDiffDoc {
  id: string;
  a: RunStepDoc | null;
  b: RunStepDoc | null;
  /** Whether status, attempts or exit code differ; times always do. */
  differs: boolean;
}

/** Two runs, step by step in the order of the second. */
export interface RunDiffDoc {
  a: Omit<RunDoc, "steps">;
  b: Omit<RunDoc, "steps">;
  /** Whether they followed the same definition. */
  same_revision: boolean;
  steps: StepDiffDoc[];
}

/** Sets two runs side by side. */
export function diffRuns(a: RunDoc, b: RunDoc): RunDiffDoc {
  const ids = new Set([...b.steps, ...a.steps].map((step) => step.id));
  const steps = [...ids].map((id): StepDiffDoc => {
    const first = a.steps.find((step) => step.id === id) ?? null;
    const second = b.steps.find((step) => step.id === id) ?? null;
    return { id, a: first, b: second, differs: differ(first, second) };
  });
  const { steps: _a, ...headA } = a;
  const { steps: _b, ...headB } = b;
  return { a: headA, b: headB, same_revision: a.revision === b.revision, steps };
}

function differ(a: RunStepDoc | null, b: RunStepDoc | null): boolean {
  if (a === null || b === null) return true;
  return a.status !== b.status || a.attempts !== b.attempts || a.exit_code !== b.exit_code;
}
