import type { Json } from "../json";
import type { Gate, Sequence, Step } from "./schema";

/** One field as it was and as it is; null where it is left out. */
export interface FieldChange {
  field: string;
  before: Json;
  after: Json;
}

/** What happened to one step or gate. */
export interface NodeChange {
  kind: "step" | "gate";
  id: string;
  change: "added" | "removed" | "changed";
  /** Of a changed node: what changed. Of an added or removed one: everything it holds. */
  fields: FieldChange[];
}

/** What makes two sequences different, for people: comments, layout and the order of keys are none of it. */
export interface SequenceDiff {
  /** Name, policy, defaults, metadata, … */
  fields: FieldChange[];
  nodes: NodeChange[];
  /** Whether nodes that are in both stand in another order, which decides among equals. */
  reordered: boolean;
}

/** Compares two sequences; nodes in the order of the newer one, removed ones last. */
export function diffSequences(before: Sequence, after: Sequence): SequenceDiff {
  if (before === after) return { fields: [], nodes: [], reordered: false };
  const { steps: oldSteps, gates: oldGates, ...oldHead } = before;
  const { steps: newSteps, gates: newGates, ...newHead } = after;
  const steps = diffNodes("step", oldSteps ?? [], newSteps ?? []);
  const gates = diffNodes("gate", oldGates ?? [], newGates ?? []);
  const nodes = [...steps.nodes, ...gates.nodes];
  return {
    fields: diffFields(oldHead, newHead),
    nodes: [
      ...nodes.filter((node) => node.change !== "removed"),
      ...nodes.filter((n) => n.change === "removed"),
    ],
    reordered: steps.reordered || gates.reordered,
  };
}

/** Whether nothing is different. */
export function isEmptyDiff({ fields, nodes, reordered }: SequenceDiff): boolean {
  return fields.length === 0 && nodes.length === 0 && !reordered;
}

function diffNodes(kind: "step" | "gate", before: readonly (Step | Gate)[], after: readonly (Step | Gate)[]) {
  const old = new Map(before.map((node) => [node.id, node]));
  const now = new Map(after.map((node) => [node.id, node]));
  const nodes: NodeChange[] = [];
  for (const [id, node] of now) {
    const was = old.get(id);
    const fields = diffFields(was ?? { id }, node);
    if (!was) nodes.push({ kind, id, change: "added", fields });
    else if (fields.length > 0) nodes.push({ kind, id, change: "changed", fields });
  }
  for (const [id, node] of old)
    if (!now.has(id)) nodes.push({ kind, id, change: "removed", fields: diffFields(node, { id }) });
  const kept = [...old.keys()].filter((id) => now.has(id));
  const order = [...now.keys()].filter((id) => old.has(id));
  return { nodes, reordered: kept.some((id, index) => id !== order[index]) };
}

function diffFields(before: object, after: object): FieldChange[] {
  const old = before as Record<string, Json | undefined>;
  const now = after as Record<string, Json | undefined>;
  return [...new Set([...Object.keys(now), ...Object.keys(old)])]
    .map((field) => ({ field, before: old[field] ?? null, after: now[field] ?? null }))
    .filter((change) => !isSame(change.before, change.after));
}

/** Equality of values; the order of keys says nothing. */
function isSame(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b))
    return (
      Array.isArray(a) &&
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((item, i) => isSame(item, b[i] as Json))
    );
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isSame(a[key] as Json, b[key] as Json))
  );
}
