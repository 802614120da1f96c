import type { AnyAction } from "../core/actions";
import type { Caller } from "../core/actor";
import type { AuditResult } from "../core/audit/entry";
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

/** Refusals are part of the record, and one that can't be recorded is told as that. A question is none: nothing was attempted yet. */
export function recordRefusal(
  ports: Ports,
  call: Call,
  action: AnyAction | undefined,
  caller: Caller,
  mode: string,
  failure: Failure,
): Result<unknown> {
  if (questions.has(failure.code) || failure.code === "audit.corrupt") return ok(null);
  const result: AuditResult =
    failure.code === "approval.pending"
      ? "pending"
      : ["policy.denied", "agent.forbidden", "orchestrator.limit", "watchdog.limit"].includes(failure.code)
        ? "denied"
        : "error";
  const parsed = action?.input.safeParse(call.input ?? {});
  const target = parsed?.success ? (action?.target?.(parsed.data) ?? null) : null;
  return recordAudit(ports, {
    actor: caller.actor,
    surface: caller.surface,
    action: call.action.slice(0, longestName),
    target: target === "" ? null : (target?.slice(0, longestName) ?? null),
    payload: { input: refusedInput(ports, call) },
    policy_mode: mode,
    result,
    error: { code: failure.code, message: renderFailure(failure).message },
  });
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
