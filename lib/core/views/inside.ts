import type { Plan } from "../engine/plan";
import { stepsInside } from "../engine/sub";
import { modelOf } from "../sequence/effective";
import type { Step } from "../sequence/schema";

/** A step of a sub-sequence, as its file stands now. */
export interface InsideDoc {
  id: string;
  name: string;
  model: string;
  /** Those of its own file that it waits for. */
  depends_on: string[];
}

/** What a step's sub-sequence consists of; undefined for one that runs none. */
export function insideOf(plan: Plan, step: Step): InsideDoc[] | undefined {
  const inside = stepsInside(plan, step);
  if (!inside) return undefined;
  const known = new Set(inside.map(({ id }) => id));
  return inside.map((one) => ({
    id: one.id,
    name: ownName(one, step),
    model: modelOf(plan.sequence, one),
    depends_on: (one.depends_on ?? []).filter((id) => known.has(id)),
  }));
}

/** Its name without that of the step it stands in. */
function ownName({ id, name = id }: Step, parent: Step): string {
  const prefix = `${parent.name ?? parent.id}: `;
  return name.startsWith(prefix) ? name.slice(prefix.length) : name;
}
