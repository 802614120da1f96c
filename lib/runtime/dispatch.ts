import { type AnyAction, actionNames, findAction } from "../core/actions";
import type { Caller } from "../core/actor";
import type { Failure } from "../core/failure";
import { isMissing, type SchemaIssue, saidOf } from "../core/issue";
import { nearest } from "../core/nearest";
import { err, ok, type Result } from "../core/result";
import { locate } from "../core/sequence/source";
import { ensureEngineIfNeeded } from "./awaken";
import { identify } from "./identity";
import type { Call, DispatchOptions, Done } from "./passage";
import { canStop, type Performed, perform } from "./perform";
import type { Ports } from "./ports";
import { lockSettled, noticeOutsideEdit } from "./record";
import { modeOf, recordRefusal } from "./refusal";
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
    const mode = modeOf(ports, policy);
    const noticed = options.dryRun ? undefined : noticeOutsideEdit(ports, mode);
    if (noticed?.ok === false) return noticed;
    const isStop = action !== undefined && canStop(action, who);
    const misnamed = policy.ok && !isStop ? misnamedConfirmation(ports, policy.value) : undefined;
    const result =
      misnamed ?? (action ? attempt(ports, action, call, who, options) : unknownAction(call.action));
    if (result.ok || options.dryRun) return result;
    const recorded = recordRefusal(ports, call, action, who, mode, result.failure);
    return recorded.ok ? result : recorded;
  });
  if (!outcome.ok) return outcome;
  const awake = options.dryRun ? ok(null) : await ensureEngineIfNeeded(ports);
  if (!awake.ok) return awake;
  const { inClear, ...done } = outcome.value;
  return ok(inClear ? { ...done, warnings: [...done.warnings, ...inClear()] } : done);
}

/** An action that must be confirmed has to exist: a misspelt name would never be asked about. */
function misnamedConfirmation(
  { policy }: Ports,
  { file, text, user, userText }: PolicyFiles,
): ReturnType<typeof err> | undefined {
  for (const [from, says, source, path] of [
    ["policy.yaml", file, text, ".threados/policy.yaml"],
    ["the user's policy", user, userText, policy.userPath],
  ] as const) {
    const names = says.confirmation_required ?? [];
    const at = names.findIndex((each) => each.includes(".") && !findAction(each));
    const name = names[at];
    if (name === undefined) continue;
    const near = nearest(name, actionNames);
    const hint = near ? `; did you mean '${near}'?` : "";
    return err({
      code: "policy.invalid",
      problem: `${from}: confirmation_required names no action '${name}'${hint}`,
      place: locate(source ?? "", path, ["confirmation_required", at]),
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
): Result<Performed> {
  const parsed = action.input.safeParse(call.input ?? {});
  if (!parsed.success) return err(inputFailure(action, parsed.error.issues));
  return perform(ports, action, parsed.data, caller, options);
}

function inputFailure(
  action: AnyAction,
  issues: (SchemaIssue & { path: PropertyKey[]; keys?: string[] })[],
): Failure {
  const issue = issues[0];
  const key = issue?.path.join(".") ?? "";
  if (issue?.code === "unrecognized_keys" && key === "") {
    return { code: "input.invalid", problem: `${action.name} takes no '${issue.keys?.[0]}'` };
  }
  if (issue && isMissing(issue))
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
