"use client";

import type { NodeProps } from "@xyflow/react";
import type { ReactNode } from "react";
import { isGate, type StepState } from "../state/wire";
import type { TaskNode } from "./elements";
import { Ends } from "./ends";
import { useLooks } from "./looks";
import { QuickActions } from "./quick-actions";

type Shown = NonNullable<ReturnType<typeof useLooks>>;

/** What every picture of a step has around it: where arrows end and begin, and what is done most often. */
export function StepFrame(props: {
  of: NodeProps<TaskNode>;
  children: (shown: Omit<Shown, "node"> & { step: StepState }) => ReactNode;
}) {
  const { id, selected } = props.of;
  const shown = useLooks(id, selected);
  if (!shown || isGate(shown.node)) return null;
  const { node: step, ...looks } = shown;
  return (
    <>
      <Ends id={id} />
      {props.children({ step, ...looks })}
      {step.stale_why !== undefined && (
        <span className="stale-flag" aria-hidden="true">
          stale
        </span>
      )}
      <QuickActions step={step} />
    </>
  );
}
