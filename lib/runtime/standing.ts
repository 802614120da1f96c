import { isActive } from "../core/engine/run";
import type { Failure } from "../core/failure";
import { renderFailure } from "../core/failure-table";
import { ok, type Result } from "../core/result";
import type { Sequence } from "../core/sequence/schema";
import { lastValid } from "./last-valid";
import type { Ports } from "./ports";
import { knownDigest } from "./record";
import { loadPolicy, loadState, type PolicyFiles, type State, stateOf } from "./state";

const nothingYet: Sequence = { version: 1, name: "unreadable" };
const noRules: PolicyFiles = { text: undefined, file: {}, userText: undefined, user: {} };

/**
 * As `loadState`, for looking and stopping: once there is a run, a definition broken by hand is read as it was when it
 * last could be, and broken rules are left out. What is wrong is among the warnings.
 */
export function loadStanding(ports: Ports): Result<State> {
  const whole = loadState(ports);
  if (whole.ok || ports.runs.newest() === undefined) return whole;
  const definition = ports.definition.load();
  const policy = loadPolicy(ports);
  const held = definition.ok ? definition.value : lastValid(ports);
  if ((definition.ok && policy.ok) || held === undefined) return whole;
  const state = stateOf(ports, held, policy.ok ? policy.value : noRules);
  if (!state.ok) return state;
  const faults = [
    ...(definition.ok ? [] : [definitionFault(definition.failure)]),
    ...(policy.ok ? [] : [policyFault(policy.failure)]),
  ];
  const warnings = [...faults, ...state.value.policy.warnings];
  return ok({ ...state.value, policy: { ...state.value.policy, warnings } });
}

/** As `loadState`, for whoever looks after what is under way: it goes on by the last valid definition, but never without its rules. */
export function loadUnderWay(ports: Ports): Result<State> {
  const whole = loadState(ports);
  if (whole.ok) return whole;
  const policy = loadPolicy(ports);
  if (!policy.ok) return whole;
  const standing = loadStanding(ports);
  if (!standing.ok) return whole;
  if ([...standing.value.run.steps.values()].some(isActive)) return standing;
  standing.value.journal?.close();
  return whole;
}

/**
 * As `loadState`, for whoever writes the whole text anew or goes back to another one: one that can't be read stands there
 * as it is, and what it last said when it could be read is what the new text is judged against. Going back mends even a
 * file that is gone or no text at all; it counts as the one that was recorded last. Nobody mends anything without the rules.
 */
export function loadToMend(ports: Ports, by: "text" | "history"): Result<State> {
  const whole = loadState(ports);
  if (whole.ok) return whole;
  const policy = loadPolicy(ports);
  if (!policy.ok) return policy;
  const source = ports.definition.loadText();
  if (!source.ok && by === "text") return whole;
  const present = source.ok ? source.value : { text: "", digest: knownDigest(ports) ?? "" };
  const last = lastValid(ports);
  const state = stateOf(ports, { ...present, sequence: last?.sequence ?? nothingYet }, policy.value);
  return state.ok && !last ? ok({ ...state.value, isUnknown: true }) : state;
}

function definitionFault(failure: Failure): string {
  const { place } = failure;
  const at = place ? `${place.file}:${place.line}:${place.column}: ` : "";
  return `${at}${renderFailure(failure).message}; shown is the last valid definition: mend the file, or \`seqctl undo --any\` takes the edit back`;
}

/** What holds while the rules can't be read, in one sentence. */
function policyFault(failure: Failure): string {
  const { place } = failure;
  const at = place ? `${place.file}:${place.line}:${place.column}: ` : "";
  return `${at}${renderFailure(failure).message}; until that is mended one can look and stop, and nothing else goes`;
}
