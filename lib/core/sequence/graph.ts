import type { Failure } from "../failure";
import { nearest } from "../nearest";
import { err, ok, type Result } from "../result";
import type { Gate, Sequence, Step } from "./schema";

/** A step or a gate, seen as a node of the graph. */
export type Node =
  | { kind: "step"; step: Step; id: string; needs: string[] }
  | { kind: "gate"; gate: Gate; id: string; needs: string[] };

/** The graph of a sequence: nodes in file order (steps first), each with what it waits for. */
export interface Graph {
  nodes: Map<string, Node>;
  /** Who waits for a node, in file order. */
  dependents: Map<string, string[]>;
  /** Which ends of which steps call for a handler, and what a watchdog watches; handlers and watchdogs only. */
  triggers: Map<string, Trigger[]>;
}

/** One reason to run a handler, or a watchdog: those run while what they watch does. */
export interface Trigger {
  source: string;
  on: "on_success" | "on_failure" | "finally" | "watch";
}

const endings = ["on_success", "on_failure", "finally"] as const;

function triggersIn(sequence: Sequence): Map<string, Trigger[]> {
  const triggers = new Map<string, Trigger[]>();
  const add = (id: string, trigger: Trigger) => triggers.set(id, [...(triggers.get(id) ?? []), trigger]);
  for (const step of sequence.steps ?? []) {
    for (const on of endings) for (const id of step[on] ?? []) add(id, { source: step.id, on });
    if (step.watchdog_for !== undefined) add(step.id, { source: step.watchdog_for, on: "watch" });
  }
  return triggers;
}

/** Everything a step waits for: what it names, and for a synthesis its candidates. */
export function needsOf(step: Step): string[] {
  const needs = [...(step.depends_on ?? []), ...(step.fusion_synth ? (step.fusion_candidates ?? []) : [])];
  return needs.length > 1 ? [...new Set(needs)] : needs;
}

/** Builds the graph; ids are taken as they come, `checkGraph` judges them. */
export function buildGraph(sequence: Sequence): Graph {
  const nodes = new Map<string, Node>();
  const triggers = triggersIn(sequence);
  for (const step of sequence.steps ?? []) {
    const sources = triggers.get(step.id)?.map(({ source }) => source);
    const needs = sources ? [...new Set([...needsOf(step), ...sources])] : needsOf(step);
    nodes.set(step.id, { kind: "step", step, id: step.id, needs });
  }
  for (const gate of sequence.gates ?? [])
    nodes.set(gate.id, { kind: "gate", gate, id: gate.id, needs: gate.depends_on ?? [] });
  const dependents = new Map<string, string[]>();
  for (const node of nodes.values()) {
    for (const need of node.needs) {
      const list = dependents.get(need);
      if (list) list.push(node.id);
      else dependents.set(need, [node.id]);
    }
  }
  return { nodes, dependents, triggers };
}

/** A node with everything that waits for it, however indirectly: steps and gates, the nearest first. */
export function downstream({ dependents }: Graph, id: string): Set<string> {
  return reach([id], (at) => dependents.get(at) ?? []);
}

/** Nodes with everything they wait for, however indirectly: steps and gates, the nearest first. */
export function upstream({ nodes }: Graph, ...ids: readonly string[]): Set<string> {
  return reach(ids, (at) => nodes.get(at)?.needs ?? []);
}

function reach(start: readonly string[], next: (id: string) => readonly string[]): Set<string> {
  const found = new Set(start);
  for (const id of found) for (const other of next(id)) found.add(other);
  return found;
}

/** Node ids so that each comes after what it needs (Kahn, file order among equals), or the shortest cycle. */
export function topologicalOrder(graph: Graph): Result<string[]> {
  const open = new Map<string, number>();
  for (const node of graph.nodes.values())
    open.set(node.id, node.needs.filter((n) => graph.nodes.has(n)).length);
  const order = [...open].filter(([, count]) => count === 0).map(([id]) => id);
  for (let i = 0; i < order.length; i++) {
    for (const next of graph.dependents.get(order[i] as string) ?? []) {
      const left = (open.get(next) ?? 0) - 1;
      open.set(next, left);
      if (left === 0) order.push(next);
    }
  }
  if (order.length === graph.nodes.size) return ok(order);
  const settled = new Set(order);
  return err({
    code: "dep.cycle",
    path: shortestCycle(
      graph,
      [...graph.nodes.keys()].filter((id) => !settled.has(id)),
    ),
  });
}

/** How many nodes are looked at for the shortest circle: enough for a ring of a thousand, a fraction of a second. */
const looksAllowed = 1_100_000;

/** The shortest circle found through the given nodes, from a node to itself, each needing the next. */
function shortestCycle(graph: Graph, suspects: string[]): string[] {
  const inside = new Set(suspects);
  const looks = { left: looksAllowed };
  let best = anyCycle(graph, suspects[0] as string, inside);
  for (const start of suspects) {
    if (best.length === 2 || looks.left < 0) break;
    best = wayBack(graph, start, inside, best.length - 1, looks) ?? best;
  }
  return best;
}

/** The circle that one falls into from a node that waits for one. */
function anyCycle(graph: Graph, from: string, inside: Set<string>): string[] {
  const walked = new Set<string>();
  let at = from;
  while (!walked.has(at)) {
    walked.add(at);
    at = graph.nodes.get(at)?.needs.find((need) => inside.has(need)) ?? at;
  }
  const order = [...walked];
  return [...order.slice(order.indexOf(at)), at];
}

/** Breadth-first search from a node along its needs back to itself, in fewer than `limit` hops. */
function wayBack(
  graph: Graph,
  start: string,
  inside: Set<string>,
  limit: number,
  looks: { left: number },
): string[] | undefined {
  const cameFrom = new Map<string, string>();
  let frontier = [start];
  for (let hops = 1; frontier.length > 0 && hops < limit; hops++) {
    const next: string[] = [];
    for (const at of frontier) {
      for (const need of graph.nodes.get(at)?.needs ?? []) {
        looks.left -= 1;
        if (need === start) return unwind(cameFrom, start, at);
        if (!inside.has(need) || cameFrom.has(need)) continue;
        cameFrom.set(need, at);
        next.push(need);
      }
    }
    frontier = next;
  }
  return undefined;
}

function unwind(cameFrom: Map<string, string>, start: string, last: string): string[] {
  const back = [start];
  for (let at: string | undefined = last; at !== undefined && at !== start; at = cameFrom.get(at))
    back.push(at);
  back.push(start);
  return back.reverse();
}

/** Names that point nowhere. What may have been meant is none that stands beside it already. */
export function* unknownNames(sequence: Sequence, graph = buildGraph(sequence)): Generator<Failure> {
  const unknown = (id: string, by: string, known: readonly string[]): Failure => {
    const near = nearest(id, known);
    return { code: "dep.unknown", id, by, ...(near ? { nearest: near } : {}) };
  };
  for (const { id, needs } of graph.nodes.values())
    for (const need of needs) {
      if (graph.nodes.has(need)) continue;
      const others = [...graph.nodes.keys()].filter((other) => other !== id && !needs.includes(other));
      yield unknown(need, id, others);
    }
  const steps = (sequence.steps ?? []).map((step) => step.id);
  for (const [id, triggers] of graph.triggers) {
    if (graph.nodes.get(id)?.kind === "step") continue;
    for (const { source, on } of triggers) {
      const step = sequence.steps?.find((each) => each.id === source);
      const named: readonly string[] = on === "watch" ? [] : (step?.[on] ?? []);
      yield unknown(
        id,
        source,
        steps.filter((other) => other !== source && !named.includes(other)),
      );
    }
  }
}

/** Refuses names that point nowhere, then circles. */
export function checkGraph(sequence: Sequence, graph = buildGraph(sequence)): Result<Graph> {
  const [unknown] = unknownNames(sequence, graph);
  if (unknown) return err(unknown);
  const order = topologicalOrder(graph);
  return order.ok ? ok(graph) : order;
}

/** The steps a node's results come from: what it needs, a gate replaced by the gate's own needs. */
export function stepsBefore(graph: Graph, id: string): string[] {
  const found = new Set<string>();
  const seen = new Set<string>();
  const visit = (at: string) => {
    for (const need of graph.nodes.get(at)?.needs ?? []) {
      if (seen.has(need)) continue;
      seen.add(need);
      if (graph.nodes.get(need)?.kind === "gate") visit(need);
      else found.add(need);
    }
  };
  visit(id);
  return [...found];
}
