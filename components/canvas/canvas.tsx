"use client";

import "@xyflow/react/dist/base.css";
import { Background, type NodeChange, Panel, ReactFlow, ReactFlowProvider, useStore } from "@xyflow/react";
import { useMemo } from "react";
import { useStatus } from "../state/queries";
import { select, useView } from "../state/view";
import { useCamera, zooms } from "./camera";
import { type CanvasNode, nodesOf, threadsOf } from "./elements";
import { EmptyCanvas, LoadingCanvas } from "./empty";
import { GateNode } from "./gate-node";
import { activeOf, graphOf } from "./graph";
import { GroupNode } from "./group-node";
import { layoutGraph } from "./layout";
import { Notices } from "./notices";
import type { PlanNode } from "./plan";
import { useSteering } from "./steer";
import { StepNode } from "./step-node";
import { Thread } from "./thread";
import { ZoomControls } from "./zoom-controls";

const nodeTypes = { step: StepNode, gate: GateNode, boundary: GroupNode };
const edgeTypes = { thread: Thread };
/** From here on only what can be seen is in the page; below, drawing all at once pans more smoothly. */
const virtualFrom = 150;
const steering = "Enter selects, the arrow keys lead to neighbours, Escape ends the selection.";
const labels = {
  "node.a11yDescription.default": steering,
  "node.a11yDescription.keyboardDisabled": steering,
} as const;

/** The live graph; it shows and selects, and changes nothing. */
export function Canvas() {
  const plan = useStatus(graphOf);
  const refused = useView((view) => view.refusal !== null);
  return (
    <>
      <Notices />
      {plan === undefined && !refused && <LoadingCanvas />}
      {plan?.length === 0 && <EmptyCanvas />}
      {plan && plan.length > 0 && (
        <ReactFlowProvider>
          <Graph plan={plan} />
        </ReactFlowProvider>
      )}
    </>
  );
}

function Graph({ plan }: { plan: PlanNode[] }) {
  const layout = useMemo(() => layoutGraph(plan), [plan]);
  const placed = useMemo(() => nodesOf(plan, layout), [plan, layout]);
  const edges = useMemo(() => threadsOf(layout), [layout]);
  const selected = useView((view) => view.selected);
  const nodes = useMemo(
    () => placed.map((node) => (node.id === selected ? { ...node, selected: true } : node)),
    [placed, selected],
  );
  const active = useStatus(activeOf) ?? [];
  const { onMove, showAll, take } = useCamera(layout, active);
  const onKeyDown = useSteering(layout);
  const detail = useStore((state) => detailAt(state.transform[2]));
  return (
    <ReactFlow
      data-detail={detail}
      nodes={nodes}
      edges={edges}
      nodeTypes={nodeTypes}
      edgeTypes={edgeTypes}
      onNodesChange={onNodesChange}
      onMove={onMove}
      onKeyDown={onKeyDown}
      minZoom={zooms.least}
      maxZoom={zooms.most}
      onlyRenderVisibleElements={plan.length > virtualFrom}
      nodesDraggable={false}
      nodesConnectable={false}
      edgesFocusable={false}
      zoomOnDoubleClick={false}
      deleteKeyCode={null}
      selectionKeyCode={null}
      multiSelectionKeyCode={null}
      panActivationKeyCode={null}
      ariaLabelConfig={labels}
      aria-label="Graph of the sequence"
    >
      <Background gap={24} size={2} color="var(--dots)" />
      <Panel position="bottom-left">
        <ZoomControls onFit={showAll} onZoom={take} />
      </Panel>
    </ReactFlow>
  );
}

/** How much a node says at this size: all, the name large, or the colour and glyph. */
function detailAt(zoom: number): "all" | "name" | "far" | "glyph" {
  if (zoom >= 0.72) return "all";
  if (zoom >= 0.5) return "name";
  return zoom >= 0.26 ? "far" : "glyph";
}

function onNodesChange(changes: NodeChange<CanvasNode>[]): void {
  const { selected } = useView.getState();
  let next = selected;
  for (const change of changes) {
    if (change.type !== "select") continue;
    if (change.selected) next = change.id;
    else if (next === change.id) next = null;
  }
  select(next);
}
