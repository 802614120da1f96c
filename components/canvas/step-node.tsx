"use client";

import type { NodeProps } from "@xyflow/react";
import type { TaskNode } from "./elements";
import { StepFace } from "./step-face";
import { StepFrame } from "./step-frame";

/** A step's card: who runs it, what it is called, how it stands and since when. */
export function StepNode(props: NodeProps<TaskNode>) {
  return (
    <StepFrame of={props}>
      {({ step, looks }) => (
        <div className="card" {...looks}>
          <StepFace step={step} />
        </div>
      )}
    </StepFrame>
  );
}
