import type { StepRun } from "./step-run";

/** A step was started on an approval that fell, of what has that digest: that stays so, however often its gate is approved after it. */
export function outdate(step: StepRun, gate: string, digest = ""): void {
  step.outdated = { [gate]: digest, ...step.outdated };
}

/** Steps that were started on an approval of a gate that fell, and that was of the very same as one of now. */
export function startedOn(
  steps: ReadonlyMap<string, StepRun>,
  gate: string,
  digest: string | undefined,
): string[] {
  if (digest === undefined) return [];
  return [...steps].flatMap(([id, { outdated }]) => (outdated?.[gate] === digest ? [id] : []));
}

/** The same is approved once more: the gate stands as it did when the step was started on it. */
export function renew(step: StepRun, gate: string): void {
  const { [gate]: _, ...others } = step.outdated ?? {};
  if (Object.keys(others).length > 0) step.outdated = others;
  else delete step.outdated;
}
