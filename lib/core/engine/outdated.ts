import type { StepRun } from "./step-run";

type Answers = Record<string, boolean | number | string>;

/** What an approval was of: the digest of what was shown, and what was answered to its questions. */
export interface Approved {
  digest: string;
  answers: string;
}

interface Approval {
  shown?: { digest: string } | undefined;
  answers?: Answers | undefined;
}

function approvedIn({ shown, answers = {} }: Approval): Approved {
  const given = Object.entries(answers).sort(([one], [other]) => (one < other ? -1 : 1));
  return { digest: shown?.digest ?? "", answers: JSON.stringify(given) };
}

/** A step was started on an approval that fell: that stays so, however often its gate is approved after it. */
export function outdate(step: StepRun, gate: string, approval: Approval): void {
  step.outdated = { [gate]: approvedIn(approval), ...step.outdated };
}

/** Steps that were started on an approval of a gate that fell, and that was of the very same as one of now, with the same answers. */
export function startedOn(
  steps: ReadonlyMap<string, StepRun>,
  approval: Approval & { gate: string },
): string[] {
  if (approval.shown === undefined) return [];
  const now = approvedIn(approval);
  return [...steps].flatMap(([id, { outdated }]) => {
    const then = outdated?.[approval.gate];
    return then?.digest === now.digest && then.answers === now.answers ? [id] : [];
  });
}

/** The same is approved once more: the gate stands as it did when the step was started on it. */
export function renew(step: StepRun, gate: string): void {
  const { [gate]: _, ...others } = step.outdated ?? {};
  if (Object.keys(others).length > 0) step.outdated = others;
  else delete step.outdated;
}
