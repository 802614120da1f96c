import type { Json } from "../../lib/core/json";
import type { NodeChange, SequenceDiff } from "../../lib/core/sequence/diff";
import { topological } from "../canvas/order";
import { edgesOf, type PlanNode } from "../canvas/plan";
import { runsWhat } from "./told";

/** What would become of a node or an arrow. */
export type Fate = "added" | "removed" | "changed";

/** The graph with what is proposed drawn into it. */
export interface GhostPlan {
  plan: PlanNode[];
  nodes: ReadonlyMap<string, Fate>;
  edges: ReadonlyMap<string, Fate>;
  /** What new steps would run, in a line each. */
  runs: ReadonlyMap<string, string>;
}

/** What is told beside the changes: the prompts that come with them, and the steps that have nothing to run. */
export interface Told {
  prompts: Readonly<Record<string, string>>;
  bare: readonly string[];
}

/** Draws changes into the graph: what would be new is added to it, what would go stays and is marked. */
export function ghostPlan(
  plan: readonly PlanNode[],
  changes: SequenceDiff,
  { prompts, bare }: Told = { prompts: {}, bare: [] },
): GhostPlan {
  const fates = new Map(changes.nodes.map((change) => [change.id, change]));
  const known = new Set(plan.map(({ id }) => id));
  const nodes = new Map<string, Fate>();
  const before = new Map(plan.map(({ id, needs }) => [id, needs]));
  const after = new Map(before);
  for (const change of changes.nodes) {
    if ((change.change === "added") === known.has(change.id)) continue;
    nodes.set(change.id, change.change);
    after.set(change.id, change.change === "removed" ? [] : needsAfter(before.get(change.id) ?? [], change));
  }
  const fresh = changes.nodes.filter(({ id }) => nodes.get(id) === "added").map(ghostNode);
  const both = (keep: boolean) =>
    [...plan, ...fresh].map((node) => {
      const old = before.get(node.id) ?? [];
      const isGone = fates.get(node.id)?.change === "removed";
      const now = after.get(node.id) ?? node.needs;
      return { ...node, needs: [...new Set([...now, ...(keep || isGone ? old : [])])] };
    });
  const joined = both(true);
  // Old and new arrows together may lead in a circle, which can't be laid out.
  const drawn = isCircular(joined) ? both(false) : joined;
  const edges = new Map<string, Fate>();
  for (const { id, source, target } of edgesOf(drawn)) {
    const was = before.get(target)?.includes(source) ?? false;
    const stays = after.get(target)?.includes(source) ?? false;
    if (was !== stays) edges.set(id, stays ? "added" : "removed");
  }
  const runs = new Map(
    changes.nodes.flatMap((change) => {
      if (nodes.get(change.id) !== "added") return [];
      const said = bare.includes(change.id) ? "no command yet" : runsWhat(change, prompts);
      return said === undefined ? [] : [[change.id, said] as const];
    }),
  );
  return { plan: drawn, nodes, edges, runs };
}

const needing = new Set(["depends_on", "fusion_candidates"]);
const words = (value: Json): string[] => (Array.isArray(value) ? value.map(String) : []);

function needsAfter(needs: readonly string[], { fields }: NodeChange): string[] {
  const changed = fields.filter(({ field }) => needing.has(field));
  const gone = new Set(changed.flatMap(({ before }) => words(before)));
  const come = changed.flatMap(({ after }) => words(after));
  return [...new Set([...needs.filter((need) => !gone.has(need)), ...come])];
}

function ghostNode(change: NodeChange): PlanNode {
  const { id, kind, fields } = change;
  const text = (name: string) => {
    const value = fields.find(({ field }) => field === name)?.after;
    return typeof value === "string" ? value : undefined;
  };
  return {
    id,
    kind,
    name: text("name") ?? id,
    group: text("group_id") ?? null,
    needs: needsAfter([], change),
  };
}

function isCircular(plan: PlanNode[]): boolean {
  const edges = edgesOf(plan);
  const place = new Map(topological(plan, edges).map((id, index) => [id, index]));
  return edges.some(({ source, target }) => (place.get(source) ?? 0) > (place.get(target) ?? 0));
}
