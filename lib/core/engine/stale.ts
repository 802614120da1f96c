import { needsOf } from "../sequence/graph";
import { instancesOf } from "./fan";
import { joinOf } from "./join";
import { isAsItRan, type Plan } from "./plan";
import { type Run, stepRun } from "./run";

/** Why a result is not what it would come to now. */
export type Stale =
  | { code: "approval_void" }
  | { code: "definition_changed" }
  /** What it waited for has a newer attempt than the one it was started on. */
  | { code: "needs_newer"; needs: string[] };

/** Why a step's result is not what it would come to now; undefined if nothing tells. It is shown, and never done anew for it. */
export function staleness(run: Run, plan: Plan, id: string): Stale | undefined {
  const state = stepRun(run, id);
  if (state.outdated) return { code: "approval_void" };
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

/** The same as the end of a sentence. */
export function explainStale(stale: Stale): string {
  switch (stale.code) {
    case "approval_void":
      return "the approval it was started on is void";
    case "definition_changed":
      return "its definition changed since";
    case "needs_newer": {
      const quoted = stale.needs.map((need) => `'${need}'`).join(", ");
      return `${quoted} ${stale.needs.length === 1 ? "was" : "were"} run again since`;
    }
  }
}
