import type { NodeState, StatusDocument, StepState } from "./wire";

const indexes = new WeakMap<StatusDocument, Map<string, NodeState>>();
const families = new WeakMap<StatusDocument, Map<string, StepState[]>>();

/** Finds a node by its id. */
export function findNode(status: StatusDocument, id: string): NodeState | undefined {
  let index = indexes.get(status);
  if (!index) {
    index = new Map([...status.steps, ...status.gates].map((node) => [node.id, node]));
    indexes.set(status, index);
  }
  return index.get(id);
}

const nobody: StepState[] = [];

/** The instances a step runs as in this run, or the steps of its sub-sequence. */
export function membersOf(status: StatusDocument, id: string): StepState[] {
  let family = families.get(status);
  if (!family) {
    family = new Map();
    for (const step of status.steps) {
      if (step.of === undefined) continue;
      const members = family.get(step.of);
      if (members) members.push(step);
      else family.set(step.of, [step]);
    }
    families.set(status, family);
  }
  return family.get(id) ?? nobody;
}
