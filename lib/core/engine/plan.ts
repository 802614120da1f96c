import { buildGraph, type Graph } from "../sequence/graph";
import type { Sequence } from "../sequence/schema";

/** Limits in force for a run: the narrower of policy.yaml and the sequence's own. */
export interface Limits {
  maxConcurrent: number;
  timeoutDefaultMs: number | undefined;
  /** How long a stopped tree may take to end by itself before it is killed, in ms. */
  graceMs: number;
}

/** What the engine follows: a valid definition with everything it needs derived once. */
export interface Plan {
  revision: string;
  sequence: Sequence;
  graph: Graph;
  /** Step ids in the fixed order in which equals are started: higher priority first, then file order. */
  order: string[];
  /** Digest of each step's definition. */
  digests: Map<string, string>;
  limits: Limits;
}

/** Derives a plan; `digest` hashes a text. */
export function makePlan(
  sequence: Sequence,
  revision: string,
  limits: Limits,
  digest: (text: string) => string,
): Plan {
  const steps = sequence.steps ?? [];
  const order = steps.map((step) => step.id);
  if (steps.some((step) => step.priority)) {
    const priority = new Map(steps.map((step) => [step.id, step.priority ?? 0]));
    order.sort((a, b) => (priority.get(b) ?? 0) - (priority.get(a) ?? 0));
  }
  const digests = new Map(steps.map((step) => [step.id, digest(JSON.stringify(step))]));
  return { revision, sequence, graph: buildGraph(sequence), order, digests, limits };
}
