"use client";

import { type NodeProps, useReactFlow } from "@xyflow/react";
import { useEffect, useMemo } from "react";
import type { CanvasNode, TaskNode, ThreadEdge } from "../canvas/elements";
import { Ends } from "../canvas/ends";
import { moveMs } from "../canvas/motion";
import type { PlanNode } from "../canvas/plan";
import { type Fate, type GhostPlan, ghostPlan } from "./ghosts";
import { useChat } from "./state";

/** The graph as it would be, with what is proposed; null where nothing is. */
export function useGhosts(plan: PlanNode[] | undefined): GhostPlan | null {
  const drawn = useChat((chat) => chat.drawn);
  return useMemo(() => {
    const isNothing = !drawn || drawn.changes.nodes.length === 0;
    return plan && !isNothing ? ghostPlan(plan, drawn.changes, drawn) : null;
  }, [plan, drawn]);
}

const says: Record<Fate, string> = {
  added: "proposed",
  removed: "would be removed",
  changed: "would be changed",
};

/** Nodes and arrows with the marks of what would become of them. */
export function dress(
  ghosts: GhostPlan | null,
  nodes: CanvasNode[],
  edges: ThreadEdge[],
): { nodes: CanvasNode[]; edges: ThreadEdge[] } {
  if (!ghosts) return { nodes, edges };
  const known = new Map(ghosts.plan.map((node) => [node.id, node]));
  return {
    nodes: nodes.map((node) => {
      const fate = ghosts.nodes.get(node.id);
      if (!fate) return node;
      const marked = {
        ...node,
        className: `ghost-${fate}`,
        ariaLabel: `${node.ariaLabel}, ${says[fate]}`,
      } as CanvasNode;
      if (fate !== "added") return marked;
      const { kind = "step", name = node.id } = known.get(node.id) ?? {};
      const still = { selectable: false, draggable: false, connectable: false };
      return {
        ...marked,
        ...still,
        type: "ghost",
        data: { kind, name, runs: ghosts.runs.get(node.id) },
      } as unknown as CanvasNode;
    }),
    edges: edges.map((edge) => {
      const fate = ghosts.edges.get(edge.id);
      if (!fate) return edge;
      const still = fate === "added" ? { selectable: false } : {};
      return { ...edge, ...still, className: `ghost-arrow ghost-${fate}` };
    }),
  };
}

/** A step or gate that is only proposed. */
export function GhostNode({ id, data }: NodeProps<TaskNode>) {
  const { kind, name, runs } = data as unknown as { kind: "step" | "gate"; name: string; runs?: string };
  return (
    <>
      <Ends id={id} />
      <div className="ghost" data-kind={kind}>
        <span className="card-name" title={name}>
          {name}
        </span>
        <span className={kind === "step" ? "ghost-word ghost-line" : "ghost-word"}>
          new {kind}
          {runs !== undefined && (
            <>
              <span className="sr-only">, runs </span>
              <code className="ghost-runs" title={runs}>
                {runs}
              </code>
            </>
          )}
        </span>
      </div>
    </>
  );
}

/** Brings what is proposed into view, once for each proposal. */
export function GhostCamera({ ghosts }: { ghosts: GhostPlan | null }) {
  const flow = useReactFlow();
  const proposal = useChat((chat) => chat.drawn?.proposal ?? null);
  const isDrawn = ghosts !== null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: later changes of the same proposal leave the view alone
  useEffect(() => {
    if (!isDrawn || proposal === null) return;
    // With what the arrows lead to and from, so that one sees where it belongs.
    const near = [...(ghosts?.edges.keys() ?? [])].flatMap((id) => id.split("→"));
    const ids = [...new Set([...(ghosts?.nodes.keys() ?? []), ...near])].map((id) => ({ id }));
    const frame = requestAnimationFrame(() => {
      void flow.fitView({ nodes: ids, maxZoom: 1, padding: 0.15, duration: moveMs() });
    });
    return () => cancelAnimationFrame(frame);
  }, [isDrawn, proposal, flow]);
  return null;
}
