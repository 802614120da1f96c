"use client";

import type { NodeProps } from "@xyflow/react";
import { useNode } from "../state/queries";
import { standing } from "../state/vocabulary";
import { isGate } from "../state/wire";
import { useDim } from "./dim";
import type { TaskNode } from "./elements";
import { Ends } from "./ends";
import { useGesture } from "./picture";
import { QuickActions } from "./quick-actions";
import { StepFace } from "./step-face";

/** A step's card: who runs it, what it is called, how it stands and since when. */
export function StepNode({ id, selected }: NodeProps<TaskNode>) {
  const step = useNode(id);
  const barred = useGesture((gesture) => gesture.barred?.has(id) ?? false);
  const dim = useDim(id, step?.name);
  if (!step || isGate(step)) return null;
  const { tone } = standing(step);
  return (
    <>
      <Ends id={id} />
      <div className="card" data-tone={tone} data-selected={selected} data-barred={barred} data-dim={dim}>
        <StepFace step={step} />
      </div>
      <QuickActions step={step} />
    </>
  );
}
