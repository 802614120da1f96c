import { type AnyAction, actionNames, findAction } from "../core/actions";
import type { Caller } from "../core/actor";
import type { AuditResult } from "../core/audit/entry";
import type { Failure } from "../core/failure";
import { renderFailure } from "../core/failure-table";
import { saidOf } from "../core/issue";
import type { Json } from "../core/json";
import { nearest } from "../core/nearest";
import { builtIn } from "../core/policy/policy";
import { err, ok, type Result } from "../core/result";
import { ensureEngineIfNeeded } from "./awaken";
import { identify } from "./identity";
import { type Call, type DispatchOptions, type Done, plainSummary } from "./passage";
import { canStop, perform } from "./perform";
import type { Ports } from "./ports";
import { lockSettled, noticeOutsideEdit, recordAudit } from "./record";
import { loadPolicy, type PolicyFiles } from "./state";

const editWaitMs = 30_000;
const runWaitMs = 5_000;

/** The one door: parse → lock → load → policy → apply → validate → journal → write. Every change of every surface passes here. */
export async function dispatch(
  ports: Ports,
  call: Call,
  caller: Caller,
  options: DispatchOptions = {},
): Promise<Result<Done>> {
  const action = findAction(call.action);
  const waitMs = action?.effect.kind === "engine" ? runWaitMs : editWaitMs;
  const outcome = await lockSettled(ports, waitMs, () => {
    const identified = identify(ports, caller);
    if (!identified.ok) return identified;
    const who = identified.value;
    const policy = loadPolicy(ports);
    const mode = policy.ok ? (policy.value.file.mode ?? builtIn.mode) : builtIn.mode;
    const noticed = options.dryRun ? undefined : noticeOutsideEdit(ports, mode);
    if (noticed?.ok === false) return noticed;
    const isStop = action !== undefined && canStop(action, who);
    const misnamed = policy.ok && !isStop ? misnamedConfirmation(policy.value) : undefined;
    const result =
      misnamed ?? (action ? attempt(ports, action, call, who, options) : unknownAction(call.action));
    if (result.ok || options.dryRun) return result;
    const recorded = recordRefusal(ports, call, action, who, mode, result.failure);
    return recorded.ok ? result : recorded;
  });
  if (!outcome.ok || options.dryRun) return outcome;
  const awake = await ensureEngineIfNeeded(ports);
  return awake.ok ? outcome : awake;
}

/** An action that must be confirmed has to exist: a misspelt name would never be asked about. */
function misnamedConfirmation({ file, user }: PolicyFiles): ReturnType<typeof err> | undefined {
  for (const [place, says] of [
    ["policy.yaml", file],
    ["the user's policy", user],
  ] as const) {
    const name = says.confirmation_required?.find((each) => each.includes(".") && !findAction(each));
    if (name === undefined) continue;
    const near = nearest(name, actionNames);
    const hint = near ? `; did you mean '${near}'?` : "";
    return err({
      code: "policy.invalid",
      problem: `${place}: confirmation_required names no action '${name}'${hint}`,
    });
  }
  return undefined;
}

function unknownAction(name: string): Result<never> {
  const near = nearest(name, actionNames);
  return err({ code: "action.unknown", name: name.slice(0, 100), ...(near ? { nearest: near } : {}) });
}

function attempt(
  ports: Ports,
  action: AnyAction,
  call: Call,
  caller: Caller,
  options: DispatchOptions,
): Result<Done> {
  const parsed = action.input.safeParse(call.input ?? {});
  if (!parsed.success) return err(inputFailure(action, parsed.error.issues));
  return perform(ports, action, parsed.data, caller, options);
}

function inputFailure(
  action: AnyAction,
  issues: { code: string; path: PropertyKey[]; message: string; keys?: string[] }[],
): Failure {
  const issue = issues[0];
  const key = issue?.path.join(".") ?? "";
  if (issue?.code === "unrecognized_keys") {
    return { code: "input.invalid", problem: `${action.name} takes no '${issue.keys?.[0]}'` };
  }
  if (issue?.message.includes("received undefined"))
    return {
      code: "input.invalid",
      problem: `${action.name} needs '${key}'`,
      hint: `on a command line: --${key.replaceAll("_", "-")} …`,
    };
  const said = saidOf(issue);
  return {
    code: "input.invalid",
    problem: key ? `${action.name}, '${key}': ${said}` : `${action.name}: ${said}`,
  };
}

const questions = new Set(["confirm.required"]);

/** Refusals are part of the record, and one that can't be recorded is told as that. A question is none: nothing was attempted yet. */
function recordRefusal(
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
    action: call.action.slice(0, 100),
    target: target === "" ? null : target,
    payload: { input: plainSummary(call.input) as Json },
    policy_mode: mode,
    result,
    error: { code: failure.code, message: renderFailure(failure).message },
  });
}
