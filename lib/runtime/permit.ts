import { denyCommand } from "../core/policy/decide";
import { hasCommandRules } from "../core/policy/policy";
import { isAgentStep } from "../core/sequence/effective";
import type { Step } from "../core/sequence/schema";
import type { Ports } from "./ports";
import type { State } from "./state";

/** Judges what is about to be started, as the rules stand now: of an agent's step the words of its agent. */
export function denyStart(ports: Ports, { policy, plan }: State, step: Step): ReturnType<typeof denyCommand> {
  if (!policy.tiers.some(({ says }) => hasCommandRules(says))) return undefined;
  if (!isAgentStep(plan.sequence, step)) return denyCommand(policy, step, ports.world);
  const argv = ports.agents.argv(plan.sequence, step);
  // An agent that is not there is told of where it is started.
  return argv.ok ? denyCommand(policy, { ...step, command: argv.value }, ports.world) : undefined;
}
