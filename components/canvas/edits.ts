import type { Call } from "../state/call";
import type { PlanEdge, PlanNode } from "./plan";

const call = (action: string, input: Call["input"]): Call => ({ action, input });

/** Makes a node wait for another. */
export const connect = (source: string, target: string): Call[] => [
  call("dep.add", { step: target, dep: source }),
];

/** Lets a node no longer wait for another. */
export const cut = (source: string, target: string): Call[] => [
  call("dep.rm", { step: target, dep: source }),
];

/** Moves an arrow from one pair of nodes to another. */
export function reconnect(from: PlanEdge, to: { source: string; target: string }): Call[] {
  if (from.source === to.source && from.target === to.target) return [];
  return [...cut(from.source, from.target), ...connect(to.source, to.target)];
}

/** Puts a node into an arrow, so that the order runs through it. */
export function insert(plan: PlanNode[], id: string, edge: PlanEdge): Call[] {
  const needs = (of: string) => plan.find((node) => node.id === of)?.needs ?? [];
  return [
    ...cut(edge.source, edge.target),
    ...(needs(id).includes(edge.source) ? [] : connect(edge.source, id)),
    ...(needs(edge.target).includes(id) ? [] : connect(id, edge.target)),
  ];
}

/**
 * Removes nodes. Who waited for one of them waits for what that one waited for instead, so that nothing starts earlier
 * than before only because something in the middle is gone.
 */
export function remove(plan: PlanNode[], ids: readonly string[], shows: Record<string, string[]>): Call[] {
  const gone = new Set(ids);
  const known = new Map(plan.map((node) => [node.id, node]));
  const calls: Call[] = [];
  for (const node of plan) {
    const lost = node.needs.filter((need) => gone.has(need));
    if (lost.length === 0 || gone.has(node.id)) continue;
    const kept = new Set(node.needs.filter((need) => !gone.has(need)));
    for (const need of lost) calls.push(...cut(need, node.id));
    for (const heir of heirsOf(known, lost, gone)) if (!kept.has(heir)) calls.push(...connect(heir, node.id));
  }
  for (const [gate, shown] of Object.entries(shows)) {
    if (gone.has(gate) || !shown.some((id) => gone.has(id))) continue;
    const left = shown.filter((id) => !gone.has(id));
    calls.push(
      call("gate.edit", left.length > 0 ? { id: gate, shows: left } : { id: gate, unset: ["shows"] }),
    );
  }
  // The last first: what is removed must not be waited for by what is removed after it.
  for (const id of lastFirst(known, ids)) {
    const kind = known.get(id)?.kind;
    if (kind) calls.push(call(`${kind}.rm`, { id }));
  }
  return calls;
}

/** What the lost nodes waited for, as far as it stays. */
function heirsOf(known: Map<string, PlanNode>, lost: string[], gone: Set<string>): Set<string> {
  const heirs = new Set<string>();
  const seen = new Set(lost);
  for (const id of seen) {
    for (const need of known.get(id)?.needs ?? []) {
      if (gone.has(need)) seen.add(need);
      else heirs.add(need);
    }
  }
  return heirs;
}

function lastFirst(known: Map<string, PlanNode>, ids: readonly string[]): string[] {
  const order: string[] = [];
  const visit = (id: string) => {
    if (order.includes(id)) return;
    for (const other of ids) if (other !== id && known.get(other)?.needs.includes(id)) visit(other);
    order.push(id);
  };
  for (const id of ids) visit(id);
  return order;
}

/** Copies steps, each under a free id. */
export function duplicate(plan: PlanNode[], ids: readonly string[]): { calls: Call[]; made: string[] } {
  const taken = new Set(plan.map((node) => node.id.toLowerCase()));
  const made: string[] = [];
  const calls = ids
    .filter((id) => plan.some((node) => node.id === id && node.kind === "step"))
    .flatMap((id) => {
      const copy = freeId(`${id}-copy`, taken);
      taken.add(copy.toLowerCase());
      made.push(copy);
      const name = plan.find((node) => node.id === id)?.name ?? id;
      const clone = call("step.clone", { id, new: copy });
      // Two of one name could not be told apart.
      return name === id ? [clone] : [clone, call("step.edit", { id: copy, name: `${name} (copy)` })];
    });
  return { calls, made };
}

const longest = 64;

/** The wanted id, or the first that is free with a number behind it. `taken` is in lower case. */
export function freeId(wanted: string, taken: ReadonlySet<string>): string {
  const base = wanted.slice(0, longest - 4);
  if (!taken.has(base.toLowerCase())) return base;
  let number = 2;
  while (taken.has(`${base}-${number}`.toLowerCase())) number += 1;
  return `${base}-${number}`;
}

/** An id made of a name: `Build the thing` gives `build-the-thing`. */
export function idFrom(name: string, fallback: string): string {
  const plain = name
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 40);
  return plain === "" ? fallback : plain;
}
