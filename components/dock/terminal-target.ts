import { findNode } from "../state/status-index";
import { isGate, type StatusDocument, type StepState } from "../state/wire";
import { logTarget } from "./log-target";

const runs = ({ status }: StepState) => status === "RUNNING" || status === "STOPPING";

/** The steps that have a terminal, in the order of the file: those that say so, and what a run made of them. */
function seated(status: StatusDocument, ttys: ReadonlySet<string>): StepState[] {
  return status.steps.filter(({ id, of }) => ttys.has(id) || (of !== undefined && ttys.has(of)));
}

/** The steps whose terminals can be sat down at now; `ttys` are the ids that say `tty: true`. */
export const liveTerminals = (status: StatusDocument, ttys: ReadonlySet<string>): StepState[] =>
  seated(status, ttys).filter(runs);

/**
 * Whose terminal is shown: the selected step's. Without one that of `last`, which was sat at, as long as it runs; else
 * the one that runs and started last; else the one that ran last; else nobody's.
 */
export function terminalTarget(
  status: StatusDocument,
  ttys: ReadonlySet<string>,
  selected: string | null,
  last: string | null,
): string | null {
  const node = selected === null ? undefined : findNode(status, selected);
  if (node) return isGate(node) ? logTarget(status, node.id) : node.id;
  const live = liveTerminals(status, ttys);
  if (live.some(({ id }) => id === last)) return last;
  return newest(live) ?? newest(seated(status, ttys));
}

function newest(steps: StepState[]): string | null {
  const begun = steps.filter(({ started_at }) => started_at !== null);
  const order = begun.sort((a, b) => (a.started_at ?? 0) - (b.started_at ?? 0));
  return order.at(-1)?.id ?? null;
}
