import { answeredInside } from "../core/door";
import { type DoorRequest, readDoorRequest } from "../core/door-request";
import { err, type Result } from "../core/result";
import type { AttemptId } from "../core/step-token";
import { dispatch } from "./dispatch";
import { holderOf } from "./identity";
import type { DispatchOptions } from "./passage";
import type { Ports } from "./ports";
import { queryForAgent } from "./shown-text";

/**
 * Answers what came in by the socket of an attempt: through the same dispatch as everything else, always as that attempt's
 * step. The token has to be that very attempt's; a request can't say who asks.
 */
export async function answerAtDoor(
  ports: Ports,
  { run, step, attempt }: AttemptId,
  text: string,
): Promise<Result<unknown>> {
  const request = readDoorRequest(text);
  if (!request.ok) return request;
  const asked = request.value;
  const holder = holderOf(ports, asked.token);
  if (holder?.run !== run || holder.step !== step || holder.attempt !== attempt)
    return err({ code: "token.stale" });
  if ("view" in asked) return look(ports, asked);
  const { surface, token, action, input } = asked;
  const options = Object.fromEntries(
    Object.entries(asked.options).filter(([, value]) => value !== undefined),
  ) as DispatchOptions;
  return dispatch(ports, { action, input }, { actor: `agent:${step}`, surface, token }, options);
}

function look(
  ports: Ports,
  { view, input }: Extract<DoorRequest, { view: string }>,
): Promise<Result<unknown>> | Result<unknown> {
  if (answeredInside.has(view))
    return err({
      code: "input.invalid",
      problem: `'${view}' starts programs: it is answered inside the sandbox`,
    });
  return queryForAgent(ports, view, input);
}
