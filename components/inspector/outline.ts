import { graphOf } from "../canvas/graph";
import { topological } from "../canvas/order";
import { edgesOf } from "../canvas/plan";
import type { StatusDocument } from "../state/wire";

/** Ids of all nodes in the order in which the work can be done. */
export function outlineOf(status: StatusDocument): string[] {
  const plan = graphOf(status);
  return topological(plan, edgesOf(plan));
}
