"use client";

import { HereCommand } from "../parts/here-command";
import { standing } from "../state/vocabulary";
import type { GateState } from "../state/wire";
import { NodeLinks } from "./node-link";

/** What a person has to look at before deciding, and how to decide. */
export function GateDecision({ gate }: { gate: GateState }) {
  const { tone } = standing(gate);
  const open = gate.status === "PENDING";
  return (
    <section
      data-tone={tone}
      className="tone-callout flex flex-col gap-3 rounded-lg p-3.5"
      aria-label="Decision"
    >
      {gate.shows.length > 0 && (
        <div>
          <h3 className="section-title mb-1">{open ? "Look at this first" : "What was shown"}</h3>
          <NodeLinks ids={gate.shows} />
        </div>
      )}
      {open && (
        <div className="flex flex-col gap-1.5">
          <h3 className="section-title">
            {tone === "human" ? "To approve it" : "To approve it, once it waits for you"}
          </h3>
          <HereCommand words={`gate approve ${gate.id}`} />
          <h3 className="section-title mt-1.5">To hold back what comes after</h3>
          <HereCommand words={`gate block ${gate.id}`} />
        </div>
      )}
    </section>
  );
}
