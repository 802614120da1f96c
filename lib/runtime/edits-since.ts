import { doesOf, makePlan, type Plan } from "../core/engine/plan";
import { nameOf, wordsOf } from "./history";
import type { Ports } from "./ports";
import { changes } from "./revisions";

/** An edit that changed what of a step is run, or what a gate says. */
export interface EditDoc {
  node: string;
  by: string;
  /** ms since the epoch. */
  at: number;
  /** What was done, in the words in which it was asked for. */
  change: string;
}

/** Changes of the definition that are looked through. */
const mostChanges = 50;

/** The newest recorded edit of each of these nodes since a time (ms since the epoch), the newest first. */
export function editsSince(
  ports: Pick<Ports, "audit" | "definition" | "sha256">,
  { limits }: Pick<Plan, "limits">,
  since: number,
  ids: readonly string[],
): EditDoc[] {
  const left = new Set(ids);
  const edits: EditDoc[] = [];
  const plans = new Map<string, Plan | undefined>();
  const planAt = (digest: string) => {
    if (!plans.has(digest)) {
      const text = ports.definition.revision(digest);
      const sequence = text.ok ? ports.definition.check(text.value) : text;
      plans.set(digest, sequence.ok ? makePlan(sequence.value, digest, limits, ports.sha256) : undefined);
    }
    return plans.get(digest);
  };
  let count = 0;
  for (const entry of left.size === 0 ? [] : changes(ports)) {
    const at = Date.parse(entry.ts);
    if (at < since || left.size === 0 || ++count > mostChanges) break;
    const [before, after] = [planAt(entry.before ?? ""), planAt(entry.after)];
    if (!before || !after) continue;
    for (const node of left) {
      if (saysOf(before, node) === saysOf(after, node)) continue;
      left.delete(node);
      edits.push({ node, by: nameOf(entry), at, change: wordsOf(entry) });
    }
  }
  return edits;
}

function saysOf(plan: Plan, id: string): string {
  const node = plan.graph.nodes.get(id);
  return node?.kind === "gate" ? JSON.stringify(node.gate) : doesOf(plan, id);
}
