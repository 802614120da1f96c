import { agentStep, type Caller } from "../core/actor";
import type { Failure } from "../core/failure";
import { renderFailure } from "../core/failure-table";
import { err, type Result } from "../core/result";
import { identify } from "./identity";
import type { Ports } from "./ports";
import { lockSettled, recordAudit } from "./record";
import { modeOf } from "./refusal";
import { loadPolicy } from "./state";

/**
 * Lets a person through to the chat. What speaks for a step is refused, and that is recorded: an agent asks in its own
 * name, never by words that would count as a person's.
 */
export async function admitPerson(ports: Ports, caller: Caller, action: string): Promise<Result<Caller>> {
  const who = identify(ports, caller);
  const step = who.ok ? agentStep(who.value.actor) : undefined;
  if (!who.ok || step === undefined) return who;
  const { actor, surface } = who.value;
  const failure: Failure = { code: "agent.forbidden", action, step };
  return lockSettled(ports, 30_000, () => {
    const policy = loadPolicy(ports);
    const entry = recordAudit(ports, {
      ...{ actor, surface, action, target: null, payload: {} },
      policy_mode: modeOf(ports, policy),
      result: "denied",
      error: { code: failure.code, message: renderFailure(failure).message },
    });
    return entry.ok ? err(failure) : entry;
  });
}
