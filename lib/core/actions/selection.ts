import type { Plan } from "../engine/plan";
import { err, ok, type Result } from "../result";
import { downstream, upstream } from "../sequence/graph";
import { unknownStep } from "../sequence/ids";

/** How a part of the sequence is chosen; what is said together narrows. */
interface Selectors {
  from?: string | undefined;
  to?: string | undefined;
  only?: string[] | undefined;
  tags?: string[] | undefined;
}

/** Whether anything is chosen at all. */
export function isSelective({ from, to, only, tags }: Selectors): boolean {
  return [from, to, only, tags].some((part) => part !== undefined);
}

/** The chosen steps in the order in which they start: after `from`, before `to`, named in `only`, with one of `tags`. */
export function select(plan: Plan, { from, to, only, tags }: Selectors): Result<string[]> {
  const { graph, sequence } = plan;
  for (const id of [from, to, ...(only ?? [])])
    if (id !== undefined && graph.nodes.get(id)?.kind !== "step") return unknownStep(sequence, id);
  const behind = from === undefined ? undefined : downstream(graph, from);
  const before = to === undefined ? undefined : upstream(graph, to);
  const chosen = plan.order.filter((id) => {
    const node = graph.nodes.get(id);
    const own = node?.kind === "step" ? (node.step.tags ?? []) : [];
    return (
      (behind?.has(id) ?? true) &&
      (before?.has(id) ?? true) &&
      (only?.includes(id) ?? true) &&
      (tags?.some((tag) => own.includes(tag)) ?? true)
    );
  });
  if (chosen.length > 0) return ok(chosen);
  const known = [...new Set((sequence.steps ?? []).flatMap((step) => step.tags ?? []))];
  const hint = tags && known.length > 0 ? `there are the tags ${known.join(", ")}` : "widen what you choose";
  return err({ code: "input.invalid", problem: "no step is chosen by that", hint });
}
