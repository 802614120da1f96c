import { findAction } from "../core/actions";
import { scrubText } from "../core/audit/scrub";
import type { ChatCall } from "../core/chat/reading";
import { isPersonal } from "../core/chat/tools";
import type { Failure } from "../core/failure";
import { renderFailure } from "../core/failure-table";
import type { Json } from "../core/json";
import { ok, type Result } from "../core/result";
import { type Call, recordedCall } from "./passage";
import type { Ports } from "./ports";
import { lockSettled } from "./record";
import { modeOf, recordRefusal } from "./refusal";
import { personalRefusal } from "./rehearse";
import { loadPolicy } from "./state";

/** A proposal of a model that was refused in its trial. */
export interface RefusedTry {
  /** What it wanted, in words. */
  summary: string;
  code: string;
  message: string;
  hint?: string;
  /** Whether it reached for what only a person decides. */
  personal: boolean;
}

/** A refused proposal as the person is told of it; `calls` are undefined where it had no form. */
export function refusedTry(
  calls: readonly ChatCall[] | undefined,
  failure: Failure,
  known: readonly string[] = [],
): RefusedTry {
  const { message, hint } = renderFailure(failure);
  const said = (calls ?? []).slice(0, 4).map(sayCall);
  const more = (calls ?? []).length > 4 ? [`${(calls ?? []).length - 4} more`] : [];
  return {
    // Secrets go first: half of one would not be known as one.
    summary: scrubText([...said, ...more].join("; "), known).slice(0, 300) || "a proposal without a form",
    code: failure.code,
    message,
    ...(hint === undefined ? {} : { hint }),
    personal: personalIn(calls ?? []).length > 0,
  };
}

/** So many reaches of one proposal stand under their own names: a model may repeat itself, and each takes a wait for the disk. */
const mostReaches = 10;

/**
 * Records a refused proposal as the door records what it refuses: each reach for a person's decision under its own name, once
 * for what it was about, and the whole of it where there was more to it than these.
 */
export function recordTry(
  ports: Ports,
  calls: readonly ChatCall[] = [],
  failure: Failure,
): Promise<Result<unknown>> {
  const chat = { actor: "chat", surface: "chat" } as const;
  return lockSettled(ports, 30_000, () => {
    const mode = modeOf(ports, loadPolicy(ports));
    const reaches = [...new Map(personalIn(calls).map((call) => [aim(call), call])).values()];
    const own = reaches.slice(0, mostReaches);
    for (const call of own) {
      const why = personalRefusal(call.action);
      const recorded = recordRefusal(ports, call, findAction(call.action), chat, mode, why, "denied");
      if (!recorded.ok) return recorded;
    }
    if (own.length > 0 && own.length === calls.length) return ok(null);
    const kept = calls.map((call) => recordedCall(call as Call, ports.sha256));
    const whole = { action: "chat.propose", input: { calls: kept } };
    return recordRefusal(ports, whole, undefined, chat, mode, failure);
  });
}

/** What a reach is for, as far as two of them are one. */
const aim = ({ action, input }: ChatCall) => JSON.stringify([action, input.id ?? null]);

/**
 * The refused tries of a turn that are worth telling, each once: all of them where no proposal came of it, and otherwise those
 * that reached for a person's decision. The last of a turn that failed by it is told as its failure.
 */
export function worthTelling(
  tries: readonly RefusedTry[],
  { draft, failure }: { draft: unknown; failure: Failure | undefined },
): { refused?: Json } {
  const last = failure === undefined ? undefined : JSON.stringify(refusedTryOf(failure));
  const told = new Map<string, Omit<RefusedTry, "personal">>();
  for (const { personal, ...one } of tries) {
    const { summary: _, ...why } = one;
    if ((draft === undefined || personal) && JSON.stringify(why) !== last) told.set(JSON.stringify(one), one);
  }
  return told.size === 0 ? {} : { refused: [...told.values()] as unknown as Json };
}

function refusedTryOf(failure: Failure): Omit<RefusedTry, "personal" | "summary"> {
  const { summary: _, personal: __, ...why } = refusedTry(undefined, failure);
  return why;
}

function sayCall({ action: name, input }: ChatCall): string {
  const action = findAction(name);
  const parsed = action?.input.safeParse(input);
  return action && parsed?.success ? action.summary(parsed.data as never) : name;
}

const personalIn = (calls: readonly ChatCall[]) =>
  calls.filter(({ action: name }) => {
    const action = findAction(name);
    return action !== undefined && isPersonal(action);
  });
