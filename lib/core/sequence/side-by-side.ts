import { err, ok, type Result } from "../result";
import { buildGraph, type Graph } from "./graph";
import { unknownStep } from "./ids";
import type { Sequence } from "./schema";

/** Refuses ids that are no steps, and steps of which one waits for another, however indirectly. */
export function checkSideBySide(sequence: Sequence, ids: readonly string[]): Result<null> {
  const graph = buildGraph(sequence);
  const unknown = ids.find((id) => graph.nodes.get(id)?.kind !== "step");
  if (unknown !== undefined) return unknownStep(sequence, unknown);
  for (const id of ids) {
    const on = firstReached(graph, id, new Set(ids.filter((other) => other !== id)));
    if (on !== undefined) return err({ code: "group.dependent", id, on });
  }
  return ok(null);
}

/** The first of the wanted nodes that a node waits for, directly or through others. */
function firstReached(graph: Graph, from: string, wanted: ReadonlySet<string>): string | undefined {
  const seen = new Set<string>();
  const open = [from];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const need of graph.nodes.get(at)?.needs ?? []) {
      if (wanted.has(need)) return need;
      if (seen.has(need)) continue;
      seen.add(need);
      open.push(need);
    }
  }
  return undefined;
}
