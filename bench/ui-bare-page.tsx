// The bare page: React Flow as its quick start has it, with its default nodes, no more. Bundled by bench/ui.ts.
import "@xyflow/react/dist/style.css";
import { type Edge, type Node, ReactFlow, useEdgesState, useNodesState } from "@xyflow/react";
import { createRoot } from "react-dom/client";

declare global {
  interface Window {
    graph: { nodes: Node[]; edges: Edge[] };
  }
}

function Bare() {
  const [nodes, , onNodesChange] = useNodesState(window.graph.nodes);
  const [edges] = useEdgesState(window.graph.edges);
  return (
    <ReactFlow
      nodes={nodes}
      edges={edges}
      onNodesChange={onNodesChange}
      fitView
      minZoom={0.08}
      maxZoom={1.6}
      aria-label="Graph"
    />
  );
}

const root = document.getElementById("root");
if (root) createRoot(root).render(<Bare />);
