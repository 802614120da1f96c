"use client";

import type { NodeProps } from "@xyflow/react";
import { StatusWord } from "../parts/status-word";
import { isGate } from "../state/wire";
import type { TaskNode } from "./elements";
import { Ends } from "./ends";
import { useLooks } from "./looks";
import { useDirection } from "./picture";
import { sizes } from "./plan";
import { QuickActions } from "./quick-actions";
import { Spent } from "./step-face";

const { width, height } = sizes.fusion;
const inset = 1;

const triangles = {
  right: [
    [inset, inset],
    [width - inset, height / 2],
    [inset, height - inset],
  ],
  down: [
    [inset, inset],
    [width - inset, inset],
    [width / 2, height - inset],
  ],
};

/** What joins candidates: a triangle, many ways into one, with how many there are. */
export function FusionNode({ id, selected }: NodeProps<TaskNode>) {
  const shown = useLooks(id, selected);
  const direction = useDirection();
  if (!shown || isGate(shown.node)) return null;
  const { node: step, tone, word, looks } = shown;
  const count = step.marks?.candidates?.length ?? 0;
  const many = `${count} ${count === 1 ? "candidate" : "candidates"}`;
  return (
    <>
      <Ends id={id} />
      <div className="gate fusion" data-direction={direction} {...looks}>
        <svg className="gate-shape" width={width} height={height} aria-hidden="true">
          <polygon points={triangles[direction].join(" ")} strokeLinejoin="round" />
        </svg>
        <span className="fusion-count" title={`Joins ${many}`}>
          {many}
        </span>
        <span className="card-name" title={step.name}>
          {step.name}
        </span>
        <span className="gate-status">
          <StatusWord tone={tone} word={word} />
          <span className="card-time">
            <Spent step={step} />
          </span>
        </span>
      </div>
      <QuickActions step={step} />
    </>
  );
}
