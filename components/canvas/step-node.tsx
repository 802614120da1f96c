"use client";

import type { NodeProps } from "@xyflow/react";
import { Duration } from "../parts/duration";
import { KindIcon } from "../parts/icons";
import { StatusWord } from "../parts/status-word";
import { useNode } from "../state/queries";
import { standing, threadTypes } from "../state/vocabulary";
import { isGate } from "../state/wire";
import { useDim } from "./dim";
import type { TaskNode } from "./elements";
import { Ends } from "./ends";
import { useGesture } from "./picture";

/** A step's card: who runs it, what it is called, how it stands and since when. */
export function StepNode({ id, selected }: NodeProps<TaskNode>) {
  const step = useNode(id);
  const barred = useGesture((gesture) => gesture.barred?.has(id) ?? false);
  const dim = useDim(id, step?.name);
  if (!step || isGate(step)) return null;
  const { tone, word } = standing(step);
  const type = threadTypes[step.type];
  return (
    <>
      <Ends id={id} />
      <div className="card" data-tone={tone} data-selected={selected} data-barred={barred} data-dim={dim}>
        <span className="card-kind" title={step.model}>
          <KindIcon model={step.model} />
        </span>
        <div className="card-names">
          <span className="card-name" title={step.name}>
            {step.name}
          </span>
          {step.name !== step.id && <span className="card-id">{step.id}</span>}
        </div>
        {type && (
          <span className="card-type" title={type.title}>
            {type.letter}
          </span>
        )}
        <div className="card-foot">
          <StatusWord tone={tone} word={word} />
          <span className="card-time">
            {step.stale && <span title="Its definition changed after it ran">stale</span>}
            {step.attempt > 1 && <span title={`Attempt ${step.attempt}`}>×{step.attempt}</span>}
            <Duration step={step} />
          </span>
        </div>
      </div>
    </>
  );
}
