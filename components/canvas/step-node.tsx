"use client";

import type { NodeProps } from "@xyflow/react";
import { isGate } from "../state/wire";
import type { TaskNode } from "./elements";
import { Ends } from "./ends";
import { useLooks } from "./looks";
import { QuickActions } from "./quick-actions";
import { StepFace } from "./step-face";

/** A step's card: who runs it, what it is called, how it stands and since when. */
export function StepNode({ id, selected }: NodeProps<TaskNode>) {
  const shown = useLooks(id, selected);
  if (!shown || isGate(shown.node)) return null;
  const { node: step, looks } = shown;
  return (
    <>
      <Ends id={id} />
      <div className="card" {...looks}>
        <StepFace step={step} />
      </div>
      <QuickActions step={step} />
    </>
  );
}
