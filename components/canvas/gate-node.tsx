"use client";

import type { NodeProps } from "@xyflow/react";
import { StatusWord } from "../parts/status-word";
import { useNode } from "../state/queries";
import { standing } from "../state/vocabulary";
import { isGate } from "../state/wire";
import { Decide } from "./decide";
import { useDim } from "./dim";
import type { TaskNode } from "./elements";
import { Ends } from "./ends";
import { useGesture } from "./picture";
import { sizes } from "./plan";

const { width, height } = sizes.gate;
const tip = 26;
const inset = 1;
const outline = [
  [inset, height / 2],
  [tip, inset],
  [width - tip, inset],
  [width - inset, height / 2],
  [width - tip, height - inset],
  [tip, height - inset],
].join(" ");

/** A gate: a long diamond, because its shape has to say "a person decides" also without colour. */
export function GateNode({ id, selected }: NodeProps<TaskNode>) {
  const gate = useNode(id);
  const barred = useGesture((gesture) => gesture.barred?.has(id) ?? false);
  const dim = useDim(id, gate?.name);
  if (!gate || !isGate(gate)) return null;
  const { tone, word } = standing(gate);
  return (
    <>
      <Ends id={id} />
      <div className="gate" data-tone={tone} data-selected={selected} data-barred={barred} data-dim={dim}>
        <svg className="gate-shape" width={width} height={height} aria-hidden="true">
          <polygon points={outline} strokeLinejoin="round" />
        </svg>
        <span className="card-name" title={gate.name}>
          {gate.name}
        </span>
        <span className="gate-status">
          <StatusWord tone={tone} word={word} />
        </span>
      </div>
      {tone === "human" && <Decide id={id} name={gate.name} />}
    </>
  );
}
