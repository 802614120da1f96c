import { topological } from "../canvas/order";
import { edgesOf, type PlanNode } from "../canvas/plan";
import type { StatusDocument } from "../state/wire";

/** Ids of all nodes in the order in which the work can be done. */
export function outlineOf(status: StatusDocument): string[] {
  const plan = [...status.steps, ...status.gates].map(
    ({ id, name, depends_on }): PlanNode => ({ id, name, kind: "step", group: null, needs: depends_on }),
  );
  return topological(plan, edgesOf(plan));
}
