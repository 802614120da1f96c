import { findNode } from "../state/status-index";
import { isGate, type StatusDocument, type StepState } from "../state/wire";

/** Whose output is shown: the selected step's, what a selected gate shows, else the step that started last. */
export function logTarget(status: StatusDocument, selected: string | null): string | null {
  const node = selected === null ? undefined : findNode(status, selected);
  if (!node) return newest(status);
  if (!isGate(node)) return node.id;
  return (
    [...node.shows, ...node.depends_on].find((id) => status.steps.some((step) => step.id === id)) ?? null
  );
}

function newest(status: StatusDocument): string | null {
  let last: StepState | undefined;
  for (const step of status.steps) {
    if (step.started_at !== null && (last?.started_at ?? 0) <= step.started_at) last = step;
  }
  return last?.id ?? null;
}
