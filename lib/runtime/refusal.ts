import type { AnyAction } from "../core/actions";
import type { Caller } from "../core/actor";
import type { AuditResult } from "../core/audit/entry";
import { scrubText } from "../core/audit/scrub";
import type { Failure } from "../core/failure";
import { renderFailure } from "../core/failure-table";
import type { Json } from "../core/json";
import { builtIn, effectivePolicy, type Mode } from "../core/policy/policy";
import { ok, type Result } from "../core/result";
import { type Call, recordedCall } from "./passage";
import type { Ports } from "./ports";
import { recordAudit } from "./record";
import type { PolicyFiles } from "./state";

/** The mode in force, for the record: as far as its tiers can be read; the built-in one where a policy can't be. */
export function modeOf(ports: Ports, policy: Result<PolicyFiles>): Mode {
  if (!policy.ok) return builtIn.mode;
  const { file, user } = policy.value;
  const definition = ports.definition.load();
  return effectivePolicy(file, definition.ok ? definition.value.sequence : { version: 1, name: "" }, user)
    .mode;
}

const questions = new Set(["confirm.required"]);

/**
 * Refusals are part of the record, and one that can't be recorded is told as that. A question is none: nothing was attempted yet.
 * `as` says what it counts as, where its code does not tell.
 */
export function recordRefusal(
  ports: Ports,
  call: Call,
  action: AnyAction | undefined,
  caller: Caller,
  mode: string,
  failure: Failure,
  as?: AuditResult,
): Result<unknown> {
  if (questions.has(failure.code) || failure.code === "audit.corrupt") return ok(null);
  const parsed = action?.input.safeParse(call.input ?? {});
  const target = parsed?.success ? (action?.target?.(parsed.data) ?? null) : null;
  // Half of a secret would not be known as one.
  const short = (name: string) => scrubText(name, ports.knownSecrets()).slice(0, longestName);
  return recordAudit(ports, {
    actor: caller.actor,
    surface: caller.surface,
    action: short(call.action),
    target: target ? short(target) : null,
    payload: { input: refusedInput(ports, call) },
    policy_mode: mode,
    result: as ?? resultOf(failure),
    error: { code: failure.code, message: renderFailure(failure).message },
  });
}

function resultOf({ code }: Failure): AuditResult {
  if (code === "approval.pending") return "pending";
  const denied = ["policy.denied", "agent.forbidden", "orchestrator.limit", "watchdog.limit"];
  return denied.includes(code) ? "denied" : "error";
}

/** What was refused may be anything, of any length. */
const longestKept = 16_384;
const longestName = 100;

/** As that of a success; of one that is too long to keep only what tells it from others. */
function refusedInput({ sha256 }: Ports, call: Call): Json {
  const input = recordedCall(call, sha256).input as Json;
  const text = JSON.stringify(input);
  return text.length > longestKept ? { sha256: sha256(text), length: text.length } : input;
}
