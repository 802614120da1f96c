"use client";

import type { NodeProps } from "@xyflow/react";
import { capital } from "../dialog/act-name";
import { StatusWord } from "../parts/status-word";
import { sayFell } from "../state/vocabulary";
import { isGate } from "../state/wire";
import { Decide } from "./decide";
import { standingId, type TaskNode } from "./elements";
import { Ends } from "./ends";
import { useLooks } from "./looks";
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
  const shown = useLooks(id, selected);
  if (!shown || !isGate(shown.node)) return null;
  const { node: gate, tone, word, looks } = shown;
  return (
    <>
      <Ends id={id} />
      <div className="gate" {...looks}>
        <svg className="gate-shape" width={width} height={height} aria-hidden="true">
          <polygon points={outline} strokeLinejoin="round" />
        </svg>
        <span className="card-name" title={gate.name}>
          {gate.name}
        </span>
        <span className="gate-status" id={standingId(id)}>
          <StatusWord tone={tone} word={word} why={gate.why} />
          {gate.fell && (
            <span className="gate-fell" title={capital(sayFell(gate.fell))}>
              <span className="sr-only">its approval is </span>void
            </span>
          )}
        </span>
      </div>
      {gate.fell && (
        <span className="stale-flag" aria-hidden="true">
          void
        </span>
      )}
      {tone === "human" && <Decide id={id} name={gate.name} />}
    </>
  );
}
