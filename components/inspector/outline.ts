import { graphOf } from "../canvas/graph";
import { topological } from "../canvas/order";
import { edgesOf, gather } from "../canvas/plan";
import type { StatusDocument } from "../state/wire";

/** A line of the outline: a group, or a step or gate, which may be in one. */
export interface OutlineRow {
  id: string;
  kind: "node" | "group";
  inGroup: boolean;
}

/** All nodes in the order in which the work can be done; a group's steps stand below it, where its first one would. */
export function outlineOf(status: StatusDocument): OutlineRow[] {
  const plan = graphOf(status);
  const groups = new Map(plan.map(({ id, group }) => [id, group]));
  const order = topological(plan, edgesOf(plan));
  const members = gather(order, (id) => groups.get(id) ?? null);
  const told = new Set<string>();
  return order.flatMap((id): OutlineRow[] => {
    const group = groups.get(id) ?? null;
    if (group === null) return [{ id, kind: "node", inGroup: false }];
    if (told.has(group)) return [];
    told.add(group);
    const steps = (members.get(group) ?? []).map((id) => ({ id, kind: "node" as const, inGroup: true }));
    return [{ id: group, kind: "group", inGroup: false }, ...steps];
  });
}
