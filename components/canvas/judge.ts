import type { Failure } from "../../lib/core/failure";
import { renderFailure } from "../../lib/core/failure-table";
import { checkGraph } from "../../lib/core/sequence/graph";
import type { Sequence } from "../../lib/core/sequence/schema";
import { foldedGroup } from "./folding";
import { edgesOf, gather, type PlanNode } from "./plan";

/** Why `target` can't wait for `source`, in core's own words; undefined if it can. */
export function reasonAgainst(plan: PlanNode[], source: string, target: string): string | undefined {
  if (source === target) return `'${target}' can't wait for itself`;
  const folded = foldedGroup(source) ?? foldedGroup(target);
  if (folded !== undefined) return `group '${folded}' is collapsed: expand it to tie its steps`;
  const node = plan.find(({ id }) => id === target);
  if (!node || !plan.some(({ id }) => id === source)) return "there is no such step";
  if (node.needs.includes(source)) return say({ code: "dep.exists", step: target, dep: source });
  const joined = plan.map((each) =>
    each.id === target ? { ...each, needs: [...each.needs, source] } : each,
  );
  const graph = checkGraph(sequenceOf(joined));
  return graph.ok ? undefined : say(graph.failure);
}

/** Nodes that can't wait for `source`: itself, those that do, and those it waits for itself, however indirectly. */
export function barredFrom(plan: PlanNode[], source: string): Set<string> {
  const barred = new Set([source]);
  const needs = new Map(plan.map((node) => [node.id, node.needs]));
  for (const id of barred) for (const need of needs.get(id) ?? []) barred.add(need);
  for (const node of plan) if (node.needs.includes(source)) barred.add(node.id);
  return barred;
}

/** Nodes that come after a node, however indirectly. */
export function afterOf(plan: PlanNode[], source: string): Set<string> {
  const next = gather(edgesOf(plan), (edge) => edge.source);
  const found = new Set([source]);
  for (const id of found) for (const edge of next.get(id) ?? []) found.add(edge.target);
  found.delete(source);
  return found;
}

/** A refusal as a sentence. */
export const say = (failure: Failure) => renderFailure(failure).message;

/** As much of the sequence as the graph tells. */
export function sequenceOf(plan: PlanNode[]): Sequence {
  const nodes = (kind: PlanNode["kind"]) =>
    plan.filter((node) => node.kind === kind).map(({ id, name, needs }) => ({ id, name, depends_on: needs }));
  return { version: 1, name: "canvas", steps: nodes("step"), gates: nodes("gate") };
}
