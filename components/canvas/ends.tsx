import { Handle, Position } from "@xyflow/react";

/** Where arrows end and begin; React Flow looks for them in the page, however much it has been told beforehand. */
export function Ends() {
  return (
    <>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </>
  );
}
