import type { GateStatusDoc, StatusDoc, StepStatusDoc } from "./status";

const consequences = new Set<string | null>(["group_failed", "boss_failed", "instances_failed"]);
const asking = new Set(["FAILED", "NEEDS_REVIEW"]);

/** Whether a step ended so only because another one did: what is to be decided is about that one. */
export const isConsequence = (reason: string | null): boolean => consequences.has(reason);

/** Whether a gate wants a decision. One that was turned down does, until the run is given up. */
export const gateAsks = ({ reason }: Pick<GateStatusDoc, "reason">, isGivenUp: boolean) =>
  reason === "waiting_human" || (reason === "rejected" && !isGivenUp);

/** Whether something is to be decided about a step: what a person stopped asks for nothing, nor does a run that was given up. */
export const stepAsks = ({ status, reason }: Pick<StepStatusDoc, "status" | "reason">, isGivenUp: boolean) =>
  !isGivenUp && asking.has(status) && reason !== "stopped" && !isConsequence(reason);

/** What of a status waits for a person, by id and in the order of the file: what the inbox holds besides proposals. */
export function waitingIn({ canceled, gates, steps }: Pick<StatusDoc, "canceled" | "gates" | "steps">): {
  gates: string[];
  steps: string[];
} {
  return {
    gates: gates.filter((gate) => gateAsks(gate, canceled)).map(({ id }) => id),
    steps: steps.filter((step) => stepAsks(step, canceled)).map(({ id }) => id),
  };
}
