import { isAgentStep } from "../sequence/effective";
import type { Sequence } from "../sequence/schema";

/**
 * Whether a step may reach ports of this machine out of a sandbox: one with the network, which agents have unless their step
 * says no. A sub-sequence counts as one that may, since what it runs is read only when it starts.
 */
export function mayReachPorts(sequence: Sequence, sandbox: "required" | "off"): boolean {
  return (sequence.steps ?? []).some((step) => {
    if (step.network === false || (sandbox === "off" && step.sandbox !== "required")) return false;
    return step.network === true || step.sequence !== undefined || isAgentStep(sequence, step);
  });
}
