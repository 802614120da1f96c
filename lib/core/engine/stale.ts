import { needsOf } from "../sequence/graph";
import { instancesOf } from "./fan";
import { joinOf } from "./join";
import { isAsItRan, type Plan } from "./plan";
import { isActive, type Run, type StepRun, stepRun } from "./run";

/** Why a result is not what it would come to now. */
export type Stale =
  | { code: "approval_void"; gates: string[] }
  /** It was approved again since, but what was shown at that is another thing than what it was started on. */
  | { code: "approval_renewed"; gates: string[] }
  | { code: "definition_changed" }
  /** What it waited for has a newer attempt than the one it was started on. */
  | { code: "needs_newer"; needs: string[] };

/** Why a step's result is not what it would come to now; undefined if nothing tells. It is shown, and never done anew for it. */
export function staleness(run: Run, plan: Plan, id: string): Stale | undefined {
  const state = stepRun(run, id);
  return ofResult(run, plan, id, state) ?? ofApprovals(run, state);
}

/** An approval that fell stays what a step was started on until it is started anew, or the same is approved again. */
function ofApprovals(run: Run, state: StepRun): Stale | undefined {
  const gates = Object.keys(state.outdated ?? {});
  const fallen = gates.filter((gate) => run.gates.get(gate)?.status !== "APPROVED");
  if (fallen.length > 0) return { code: "approval_void", gates: fallen };
  // What left no result is not what it was started on.
  return (state.phase === "done" || isActive(state)) && gates.length > 0
    ? { code: "approval_renewed", gates }
    : undefined;
}

function ofResult(run: Run, plan: Plan, id: string, state: StepRun): Stale | undefined {
  if (state.phase !== "done") return undefined;
  if (state.definition !== undefined && !isAsItRan(plan, id, state)) return { code: "definition_changed" };
  const needs = state.startedAt === undefined ? [] : startedAgainAfter(run, plan, id, state.startedAt);
  return needs.length > 0 ? { code: "needs_newer", needs } : undefined;
}

/** Where one need of several was enough, the others are not what its result was made from. */
function startedAgainAfter(run: Run, plan: Plan, id: string, startedAt: number): string[] {
  const node = plan.graph.nodes.get(id);
  if (node?.kind !== "step" || joinOf(plan, id) === "any") return [];
  const isNewer = (need: string) => {
    const { attempt, startedAt: began = 0 } = stepRun(run, need);
    return attempt > 1 && began > startedAt;
  };
  return needsOf(node.step).filter((need) => isNewer(need) || instancesOf(run, need).some(isNewer));
}

const quoted = (ids: readonly string[]) => ids.map((id) => `'${id}'`).join(", ");

/** The same as the end of a sentence. */
export function explainStale(stale: Stale): string {
  switch (stale.code) {
    case "approval_void":
      return `it was started on an approval of ${quoted(stale.gates)} that became void`;
    case "approval_renewed":
      return `it was started on an earlier approval of ${quoted(stale.gates)}, not on what is approved now`;
    case "definition_changed":
      return "its definition changed since";
    case "needs_newer":
      return `${quoted(stale.needs)} ${stale.needs.length === 1 ? "was" : "were"} run again since`;
  }
}
