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
  const { actor, surface, token } = caller;
  const inside =
    actor === "user" ? ports.enclosingStep() : actor === outsideAgent ? undefined : agentStep(actor);
  const holder = token === undefined ? undefined : holderOf(ports, token);
  if (inside !== undefined)
    return ok({ actor: `agent:${inside}`, surface, ...(holder?.step === inside ? { attempt: holder } : {}) });
  if (token === undefined) return ok({ actor, surface });
  if (!holder) return err({ code: "token.stale" });
  return ok({ actor: `agent:${holder.step}`, surface, attempt: holder });
}
