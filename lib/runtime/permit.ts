import { denyCommand } from "../core/policy/decide";
import { hasCommandRules } from "../core/policy/policy";
import { commandsBeside, isAgentStep } from "../core/sequence/effective";
import type { Step } from "../core/sequence/schema";
import type { Ports } from "./ports";
import type { State } from "./state";

/** Judges what is about to be started, as the rules stand now: of an agent's step the words of its agent, and the commands beside it. */
export function denyStart(ports: Ports, { policy, plan }: State, step: Step): ReturnType<typeof denyCommand> {
  if (!policy.tiers.some(({ says }) => hasCommandRules(says))) return undefined;
  for (const command of [asStarted(ports, plan.sequence, step), ...commandsBeside(plan.sequence, step)]) {
    const denied = command && denyCommand(policy, command, ports.world);
    if (denied) return denied;
  }
  return undefined;
}

/** An agent that is not there is told of where it is started. */
function asStarted(ports: Ports, sequence: State["plan"]["sequence"], step: Step): Step | undefined {
  if (!isAgentStep(sequence, step)) return step;
  const argv = ports.agents.argv(sequence, step);
  return argv.ok ? { ...step, command: argv.value } : undefined;
}
