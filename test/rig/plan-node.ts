import type { PlanNode } from "../../components/canvas/plan";

/** A node of a drawn graph: a gate if its id begins so, else a step, unless `more` says otherwise. */
export const planNode = (id: string, needs: string[] = [], more: Partial<PlanNode> = {}): PlanNode => ({
  id,
  kind: id.startsWith("gate") ? "gate" : "step",
  name: id,
  group: null,
  needs,
  ...more,
});
