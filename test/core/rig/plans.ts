import { createHash } from "node:crypto";
import type { Limits, Plan } from "../../../lib/core/engine/plan";
import { makePlan } from "../../../lib/core/engine/plan";
import type { Gate, Sequence, Step } from "../../../lib/core/sequence/schema";

/** Limits that let everything run at once and never time out. */
export const roomy: Limits = { maxConcurrent: 100, timeoutDefaultMs: undefined, graceMs: 1000 };

export function sha256(text: string | Uint8Array): string {
  return createHash("sha256").update(text).digest("hex");
}

/** A sequence of these nodes; a step without a command is given one. */
export function sequenceOf(steps: Step[], gates: Gate[] = [], rest: Partial<Sequence> = {}): Sequence {
  return {
    version: 1,
    name: "s",
    ...rest,
    steps: steps.map((step) => ({ command: ["true"], ...step })),
    gates,
  };
}

/** A step of a given id and needs. */
export function node(id: string, needs: string[] = [], more: Partial<Step> = {}): Step {
  return { id, ...(needs.length > 0 ? { depends_on: needs } : {}), ...more };
}

/** A gate of a given id and needs. */
export function gate(id: string, needs: string[] = []): Gate {
  return { id, name: id, ...(needs.length > 0 ? { depends_on: needs } : {}) };
}

export function planOf(sequence: Sequence, limits: Partial<Limits> = {}): Plan {
  return makePlan(sequence, sha256(JSON.stringify(sequence)), { ...roomy, ...limits }, sha256);
}
