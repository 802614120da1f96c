import type { PlanEdge, PlanNode } from "./plan";

/** Node ids so that each comes after what it needs; nodes of a circle (never in a valid file) come last, in file order. */
export function topological(nodes: PlanNode[], edges: PlanEdge[]): string[] {
  const waiting = new Map(nodes.map((node) => [node.id, 0]));
  const next = new Map<string, string[]>(nodes.map((node) => [node.id, []]));
  for (const { source, target } of edges) {
    waiting.set(target, (waiting.get(target) ?? 0) + 1);
    next.get(source)?.push(target);
  }
  const order = [...waiting].filter(([, count]) => count === 0).map(([id]) => id);
  for (let i = 0; i < order.length; i++) {
    for (const target of next.get(order[i] ?? "") ?? []) {
      const left = (waiting.get(target) ?? 0) - 1;
      waiting.set(target, left);
      if (left === 0) order.push(target);
    }
  }
  if (order.length === nodes.length) return order;
  const seen = new Set(order);
  return [...order, ...nodes.map((node) => node.id).filter((id) => !seen.has(id))];
}

/**
 * Splits the arrows into those that say something new and those that follow from others (a → c where a → b → c).
 * The implied ones change nothing about order or columns; drawing them all would only cover the graph.
 */
export function splitImplied(
  nodes: PlanNode[],
  edges: PlanEdge[],
): { needed: PlanEdge[]; implied: PlanEdge[] } {
  const order = topological(nodes, edges);
  const position = new Map(order.map((id, index) => [id, index]));
  const at = (id: string) => position.get(id) ?? 0;
  const sources = new Map<string, string[]>(nodes.map((node) => [node.id, []]));
  for (const { source, target } of edges) sources.get(target)?.push(source);
  const words = Math.ceil(order.length / 32);
  const above = new Map<string, Uint32Array>();
  const implied = new Set<string>();
  for (const id of order) {
    const reached = new Uint32Array(words);
    // The nearest first: whatever it already reaches from farther away is implied.
    for (const source of (sources.get(id) ?? []).sort((a, b) => at(b) - at(a))) {
      const bit = at(source);
      if (((reached[bit >> 5] ?? 0) >>> (bit & 31)) & 1) {
        implied.add(`${source}→${id}`);
        continue;
      }
      const theirs = above.get(source);
      if (theirs) for (let w = 0; w < words; w++) reached[w] = (reached[w] ?? 0) | (theirs[w] ?? 0);
      reached[bit >> 5] = (reached[bit >> 5] ?? 0) | (1 << (bit & 31));
    }
    above.set(id, reached);
  }
  return {
    needed: edges.filter((edge) => !implied.has(edge.id)),
    implied: edges.filter((edge) => implied.has(edge.id)),
  };
}
