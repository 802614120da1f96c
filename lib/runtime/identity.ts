import { agentStep, type Caller, outsideAgent } from "../core/actor";
import { isActive } from "../core/engine/run";
import { err, ok, type Result } from "../core/result";
import { type AttemptId, isStepToken } from "../core/step-token";
import type { Ports } from "./ports";
import { openRun } from "./state";

/** The attempt whose token this is, if it is under way; a token is worth nothing once its attempt has ended. */
export function holderOf(ports: Ports, token: string): AttemptId | undefined {
  const newest = isStepToken(token) ? ports.runs.newest() : undefined;
  const opened = newest === undefined ? undefined : openRun(ports, newest);
  if (!opened?.ok) return undefined;
  const { run, journal } = opened.value;
  journal.close();
  for (const [step, state] of run.steps) {
    const attempt = { run: run.id, step, attempt: state.attempt };
    if (isActive(state) && ports.tokens.matches(token, attempt)) return attempt;
  }
  return undefined;
}

/**
 * Who really asks. A call from inside a step's attempt speaks for that step, whatever it claims and whatever token it bears;
 * its token counts only if it is that step's own. Where no ancestor tells, the token does.
 */
export function identify(ports: Ports, caller: Caller): Result<Caller> {
  const { token, attempt: _, ...claimed } = caller;
  const { actor } = claimed;
  const inside =
    actor === "user" ? ports.enclosingStep() : actor === outsideAgent ? undefined : agentStep(actor);
  const holder = token === undefined ? undefined : holderOf(ports, token);
  if (inside !== undefined) {
    const proven = holder?.step === inside ? { attempt: holder } : {};
    return ok({ ...claimed, actor: `agent:${inside}`, ...proven });
  }
  if (token === undefined) return ok(claimed);
  return holder
    ? ok({ ...claimed, actor: `agent:${holder.step}`, attempt: holder })
    : err({ code: "token.stale" });
}
