"use client";

import { Handle, Position } from "@xyflow/react";
import { useDirection } from "./picture";

/** Where arrows end and begin; one is drawn by dragging from the end of one node to the beginning of another. */
export function Ends({ id }: { id: string }) {
  const down = useDirection() === "down";
  return (
    <>
      <Handle
        type="target"
        position={down ? Position.Top : Position.Left}
        role="img"
        aria-label={`What ${id} waits for`}
        title="Waits for: drag from here to what it should wait for"
      />
      <Handle
        type="source"
        position={down ? Position.Bottom : Position.Right}
        role="img"
        aria-label={`What waits for ${id}`}
        title="Drag to what should wait for it, or into the void for a new step"
      />
    </>
  );
}
