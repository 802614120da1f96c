"use client";

import type { NodeProps } from "@xyflow/react";
import { StatusWord } from "../parts/status-word";
import { standingId, type TaskNode } from "./elements";
import { useDirection } from "./picture";
import { sizes } from "./plan";
import { Stale } from "./step-face";
import { StepFrame } from "./step-frame";

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

/** What joins candidates: a triangle, many ways into one, with how many there are. For what it took there is no room. */
export function FusionNode(props: NodeProps<TaskNode>) {
  const direction = useDirection();
  return (
    <StepFrame of={props}>
      {({ step, tone, word, looks }) => {
        const count = step.marks?.candidates?.length ?? 0;
        const many = `${count} ${count === 1 ? "candidate" : "candidates"}`;
        return (
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
            <span className="gate-status" id={standingId(step.id)}>
              <StatusWord tone={tone} word={word} />
              {step.stale_why !== undefined && (
                <span className="card-time">
                  <Stale why={step.stale_why} />
                </span>
              )}
            </span>
          </div>
        );
      }}
    </StepFrame>
  );
}
