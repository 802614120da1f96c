import type { NodeState, StatusDocument } from "./wire";

const indexes = new WeakMap<StatusDocument, Map<string, NodeState>>();

/** Finds a node by its id. */
export function findNode(status: StatusDocument, id: string): NodeState | undefined {
  let index = indexes.get(status);
  if (!index) {
    index = new Map([...status.steps, ...status.gates].map((node) => [node.id, node]));
    indexes.set(status, index);
  }
  return index.get(id);
}
