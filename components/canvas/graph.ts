import { standing } from "../state/vocabulary";
import type { StatusDocument } from "../state/wire";
import type { PlanNode } from "./plan";

const graphs = new WeakMap<StatusDocument, PlanNode[]>();

/** The part of the status that decides what stands where: it does not change while a run goes on. */
export function graphOf(status: StatusDocument): PlanNode[] {
  const known = graphs.get(status);
  if (known) return known;
  const graph = read(status);
  graphs.set(status, graph);
  return graph;
}

function read(status: StatusDocument): PlanNode[] {
  return [
    ...status.steps
      // What a run added to the sequence stands inside the step that it belongs to.
      .filter((step) => step.of === undefined)
      .map((step) => ({
        id: step.id,
        kind: "step" as const,
        name: step.name,
        group: step.group_id,
        needs: step.depends_on,
        type: step.type,
        ...(step.marks?.candidates ? { look: "fusion" as const } : {}),
      })),
    ...status.gates.map((gate) => ({
      id: gate.id,
      kind: "gate" as const,
      name: gate.name,
      group: null,
      needs: gate.depends_on,
    })),
  ];
}

const lively = new Set(["running", "stopping", "retrying", "human", "failed"]);

/** Ids of the nodes where something goes on or somebody is needed. */
export function activeOf(status: StatusDocument): string[] {
  return [...status.steps, ...status.gates]
    .filter((node) => lively.has(standing(node).tone))
    .map((node) => node.id);
}
