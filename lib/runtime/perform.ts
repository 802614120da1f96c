import type { AnyAction } from "../core/actions";
import type { Caller } from "../core/actor";
import { agentStep } from "../core/actor";
import type { Json } from "../core/json";
import { startLines } from "../core/policy/shown";
import { err, ok, type Result } from "../core/result";
import { commit, headOf, runOf } from "./commit";
import { findRevision } from "./history";
import { type DispatchOptions, type Done, type Passage, plainSummary } from "./passage";
import type { Ports } from "./ports";
import { decideProposal, leaveProposal } from "./propose";
import { recordAudit } from "./record";
import { loadState, type State } from "./state";
import { riskOf, type Started, showOf, weigh } from "./weigh";
import { type Outcome, type Part, workOut } from "./work-out";

/** Judges a well-formed call and, if nobody has to be asked first, carries it out. Needs the lock. */
export function perform(
  ports: Ports,
  action: AnyAction,
  input: unknown,
  caller: Caller,
  options: DispatchOptions,
): Result<Done> {
  const passage: Passage = { ports, action, input, caller, options };
  const { effect } = action;
  if (effect.kind === "proposal") return decideProposal(passage, effect.decision, effect.id(input as never));
  const state = loadState(ports, action.name === "run.start" && (input as { new?: boolean }).new === true);
  if (!state.ok) {
    // The present text may be broken, that is what undo is for.
    if (effect.kind !== "history") return state;
    const text = findRevision(ports, effect.direction, caller.actor, effect.any(input as never));
    return text.ok ? restoreOverBroken(passage, text.value) : text;
  }
  try {
    return change(passage, state.value);
  } finally {
    state.value.journal?.close();
  }
}

function change(passage: Passage, state: State): Result<Done> {
  const { ports, action, input, caller, options } = passage;
  const outcome = workOut(ports, state, [{ action, input }], caller.actor);
  if (!outcome.ok) return outcome;
  const part = outcome.value.parts[0] as Part;
  const passed = pass(passage, state, outcome.value);
  if (!passed.ok) return passed;
  const done = doneBy(action, part, outcome.value);
  if (options.dryRun) return ok(done);
  const entry = commit(ports, outcome.value, headOf(passage), recordedInput(passage));
  if (!entry.ok) return entry;
  return ok({ ...done, audit: entry.value.seq, ...runOf(outcome.value) });
}

/** The record keeps digests of a prompt, not its text. */
function recordedInput({ ports, action, input }: Passage): { [key: string]: Json } {
  if (action.effect.kind !== "prompt") return { input: plainSummary(input) as Json };
  const { id, text } = action.effect.edit(input as never);
  return { input: { id, sha256: ports.sha256(text) } };
}

function doneBy(action: AnyAction, part: Part, outcome: Outcome): Done {
  const { before, after } = outcome;
  const rewrites = action.effect.kind === "edit" || action.effect.kind === "history";
  return {
    action: action.name,
    summary: part.summary,
    changed: part.changed,
    ...(rewrites ? { before: before.definition.digest, after: after.definition.digest } : {}),
    ...(part.pursued === undefined ? {} : { pursued: part.pursued }),
    ...(part.note === undefined ? {} : { note: part.note }),
    warnings: before.policy.warnings,
  };
}

/** Whether the call may go ahead now: denied, or a question first, or yes. */
function pass(passage: Passage, state: State, outcome: Outcome): Result<null> {
  const { ports, action, caller, options } = passage;
  const weighed = weigh(ports, outcome, caller);
  if (!weighed.ok) return weighed;
  const { ask, why, started } = weighed.value;
  if (ask === 0 || options.dryRun) return ok(null);
  const part = outcome.parts[0] as Part;
  const agent = agentStep(caller.actor);
  if (options.yes && agent !== undefined)
    return err({ code: "agent.forbidden", action: action.name, step: agent });
  const confirm = confirmOf(passage, state, started);
  if (options.confirm !== undefined && options.confirm !== confirm)
    return err({ code: "confirm.stale", action: action.name });
  if (agent === undefined && (options.yes || options.confirm === confirm)) return ok(null);
  const shown = showOf(ports, outcome, started);
  if (options.propose || agent !== undefined)
    return leaveProposal(passage, riskOf(part), state.definition.digest, part.summary, shown);
  const shows = startLines(shown);
  return err({
    code: "confirm.required",
    action: action.name,
    summary: part.summary,
    times: ask,
    confirm,
    why,
    shows,
  });
}

/** The digest that a yes is bound to. */
function confirmOf({ ports, action, input }: Passage, state: State, started: readonly Started[]): string {
  const shown = [
    action.name,
    plainSummary(input),
    state.definition.digest,
    state.run.id,
    started.map(({ step, prompt }) => [
      step.id,
      step.command,
      ...(prompt === undefined ? [] : [ports.sha256(prompt)]),
    ]),
  ];
  return ports.sha256(JSON.stringify(shown));
}

function restoreOverBroken(passage: Passage, text: string): Result<Done> {
  const { ports, action, input } = passage;
  const broken = ports.definition.loadText();
  const checked = ports.definition.check(text);
  if (!checked.ok) return checked;
  const summary = action.summary(input as never);
  const before = broken.ok ? broken.value.digest : undefined;
  const done: Done = {
    action: action.name,
    summary,
    changed: true,
    ...(before ? { before } : {}),
    warnings: [],
  };
  if (passage.options.dryRun) return ok(done);
  const agent = agentStep(passage.caller.actor);
  if (agent !== undefined && passage.options.yes)
    return err({ code: "agent.forbidden", action: action.name, step: agent });
  if (agent !== undefined) return leaveProposal(passage, "edit", before ?? "", summary, undefined);
  const after = ports.definition.prepare(text);
  const entry = recordAudit(ports, {
    ...headOf(passage),
    payload: { input: plainSummary(input) as Json },
    policy_mode: "SAFE",
    result: "success",
    ...(before ? { before } : {}),
    after,
  });
  if (!entry.ok) return entry;
  ports.definition.publish(after);
  return ok({ ...done, after, audit: entry.value.seq });
}
