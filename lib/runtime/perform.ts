import type { AnyAction } from "../core/actions";
import type { Request } from "../core/actions/action";
import type { Caller } from "../core/actor";
import { agentStep } from "../core/actor";
import type { AuditFacts } from "../core/audit/entry";
import type { Fact } from "../core/engine/fact";
import { emptyRun, isActive } from "../core/engine/run";
import { isOver } from "../core/engine/status";
import { stepIn } from "../core/engine/step";
import type { Json } from "../core/json";
import type { Layout } from "../core/layout";
import { judge } from "../core/policy/decide";
import { err, ok, type Result } from "../core/result";
import { isAgentStep } from "../core/sequence/effective";
import { unknownStep } from "../core/sequence/ids";
import type { Step } from "../core/sequence/schema";
import { rewriteSource } from "../core/sequence/source";
import { validateSequence } from "../core/sequence/validate";
import { findRevision } from "./history";
import { type DispatchOptions, type Done, type Passage, plainSummary } from "./passage";
import type { Ports } from "./ports";
import { decideProposal, leaveProposal } from "./propose";
import { promise, recordAudit } from "./record";
import { appendFacts, loadState, type State } from "./state";

/** Judges a well-formed call and, if nobody has to be asked first, carries it out. Needs the lock. */
export function perform(
  ports: Ports,
  action: AnyAction,
  input: unknown,
  caller: Caller,
  options: DispatchOptions,
): Result<Done> {
  const passage: Passage = { ports, action, input, caller, options };
  switch (action.effect.kind) {
    case "history":
      return restore(passage, action.effect.direction, action.effect.any(input as never));
    case "proposal":
      return decideProposal(passage, action.effect.decision, action.effect.id(input as never), perform);
    case "layout":
      return place(passage, action.effect.apply(ports.layout.load(), input as never));
    default: {
      const state = loadState(
        ports,
        action.name === "run.start" && (input as { new?: boolean }).new === true,
      );
      if (!state.ok) return state;
      try {
        return change(passage, state.value);
      } finally {
        state.value.journal?.close();
      }
    }
  }
}

/** Places are no part of what should happen: they are neither recorded nor undone. */
function place({ ports, action, input, caller, options }: Passage, layout: Layout): Result<Done> {
  const agent = agentStep(caller.actor);
  if (agent !== undefined) return err({ code: "agent.forbidden", action: action.name, step: agent });
  if (!options.dryRun) ports.layout.write(layout);
  return ok({ action: action.name, summary: action.summary(input as never), changed: true, warnings: [] });
}

function change(passage: Passage, state: State): Result<Done> {
  const { action, input } = passage;
  switch (action.effect.kind) {
    case "edit": {
      const { templates } = passage.ports;
      const next = action.effect.apply(state.definition.sequence, input as never, { templates });
      if (!next.ok) return next;
      const valid = validateSequence(next.value as unknown as Json);
      if (!valid.ok) return valid;
      const text = rewriteSource(state.definition.text, next.value as unknown as Json);
      return commitText(passage, state, text);
    }
    case "policy": {
      const next = action.effect.apply(state.policyFile, input as never);
      if (!next.ok) return next;
      return commitPolicy(
        passage,
        state,
        rewriteSource(state.policyText ?? "version: 1\n", { version: 1, ...next.value } as Json),
      );
    }
    case "prompt":
      return commitPrompt(passage, state, action.effect.edit(input as never));
    case "engine": {
      const { plan } = state;
      // What was given up stays as it is: whatever is asked for now begins in a new run.
      const run = state.run.canceled ? emptyRun("") : state.run;
      const open = state.journal !== undefined && !isOver(state.run, plan);
      const request = action.effect.request({ plan, run, open, actor: passage.caller.actor }, input as never);
      return request.ok ? commitFacts(passage, state, request.value) : request;
    }
    default:
      return err({ code: "internal", problem: `unexpected effect ${action.effect.kind}` });
  }
}

/** Whether the call may go ahead now: denied, or a question first, or yes. */
function pass(passage: Passage, state: State, starts: string[], summary: string): Result<null> {
  const { ports, action, input, caller, options } = passage;
  const resolved = startedAs(passage, state, starts);
  if (!resolved.ok) return resolved;
  const steps = resolved.value;
  const risk = typeof action.risk === "function" ? action.risk(input as never) : action.risk;
  const verdict = judge(state.policy, risk, action.name, caller, steps);
  if (!verdict.ok) return verdict;
  if (verdict.value.ask === 0 || options.dryRun) return ok(null);
  const agent = agentStep(caller.actor);
  if (options.yes && agent !== undefined)
    return err({ code: "agent.forbidden", action: action.name, step: agent });
  if (options.yes) return ok(null);
  const shown = [
    action.name,
    plainSummary(input),
    state.definition.digest,
    state.run.id,
    steps.map((s) => [s.id, s.command]),
  ];
  const confirm = ports.sha256(JSON.stringify(shown));
  if (options.confirm === confirm && agent === undefined) return ok(null);
  if (options.confirm !== undefined) return err({ code: "confirm.stale", action: action.name });
  if (options.propose || agent !== undefined)
    return leaveProposal(passage, risk, state.definition.digest, summary);
  const shows = steps.map(
    // Words in JSON: joined by blanks, nobody could tell `rm "a b"` from `rm a b`.
    (step) =>
      `${step.id}: ${Array.isArray(step.command) ? JSON.stringify(step.command) : (step.command ?? "")}`,
  );
  return err({
    code: "confirm.required",
    action: action.name,
    summary,
    times: verdict.value.ask,
    confirm,
    why: verdict.value.why,
    shows,
  });
}

/** The steps with the words they are started with: an agent's own among them, so that rules and people judge those. */
function startedAs(passage: Passage, { plan }: State, starts: string[]): Result<Step[]> {
  const steps: Step[] = [];
  for (const id of starts) {
    const step = stepIn(plan, id);
    if (!step) continue;
    if (!isAgentStep(plan.sequence, step)) steps.push(step);
    else {
      const argv = passage.ports.agents.argv(plan.sequence, step);
      if (!argv.ok) return argv;
      steps.push({ ...step, command: argv.value });
    }
  }
  return ok(steps);
}

function entryFor(passage: Passage, state: { policy: { mode: string } }, payload: Json): AuditFacts {
  const { action, caller, input } = passage;
  const target = action.target?.(input as never) ?? "";
  return {
    actor: caller.actor,
    surface: caller.surface,
    action: action.name,
    target: target === "" ? null : target,
    payload,
    policy_mode: state.policy.mode,
    result: "success",
  };
}

/** Journals and publishes a new text of the definition. */
function commitText(passage: Passage, state: State, text: string): Result<Done> {
  const { ports, action, input, options } = passage;
  const summary = action.summary(input as never);
  const before = state.definition.digest;
  const checked = ports.definition.check(text);
  if (!checked.ok) return checked;
  const vanished = [...state.run.steps].find(
    ([id, step]) => isActive(step) && !checked.value.steps?.some((s) => s.id === (step.of ?? id)),
  );
  if (vanished) return err({ code: "step.running", id: vanished[0] });
  const passed = pass(passage, state, [], summary);
  if (!passed.ok) return passed;
  const changed = text !== state.definition.text;
  const done: Done = { action: action.name, summary, changed, before, warnings: state.policy.warnings };
  if (options.dryRun) return ok({ ...done, after: ports.sha256(text) });
  const after = ports.definition.prepare(text);
  const facts: Fact[] = changed && state.journal ? [{ type: "plan.amended", revision: after }] : [];
  const payload = withPromise(passage, state, facts);
  const entry = recordAudit(ports, { ...entryFor(passage, state, payload), before, after });
  if (!entry.ok) return entry;
  ports.definition.publish(after);
  if (state.journal) appendFacts(ports, state.journal, state.run, facts, true);
  return ok({ ...done, after, audit: entry.value.seq });
}

function withPromise(passage: Passage, state: State, facts: Fact[]): Json {
  const input = plainSummary(passage.input) as Json;
  return facts.length === 0 ? { input } : promise(input, state.run.id, state.run.seq + facts.length, facts);
}

function commitPolicy(passage: Passage, state: State, text: string): Result<Done> {
  const { ports, action, input, options } = passage;
  const summary = action.summary(input as never);
  const passed = pass(passage, state, [], summary);
  if (!passed.ok) return passed;
  const changed = text !== state.policyText;
  const done: Done = { action: action.name, summary, changed, warnings: state.policy.warnings };
  if (options.dryRun) return ok(done);
  const entry = recordAudit(ports, entryFor(passage, state, { input: plainSummary(input) as Json }));
  if (!entry.ok) return entry;
  if (changed) ports.policy.write(text);
  return ok({ ...done, audit: entry.value.seq });
}

/** Journals and writes a step's prompt; the record keeps digests, not the text. */
function commitPrompt(
  passage: Passage,
  state: State,
  { id, text }: { id: string; text: string },
): Result<Done> {
  const { ports, action, input, options } = passage;
  const step = stepIn(state.plan, id);
  if (!step) return unknownStep(state.plan.sequence, id);
  const summary = action.summary(input as never);
  const passed = pass(passage, state, [], summary);
  if (!passed.ok) return passed;
  const present = ports.agents.prompt(step);
  const changed = !present.ok || present.value !== text;
  const done: Done = { action: action.name, summary, changed, warnings: state.policy.warnings };
  const writable = ports.agents.checkPrompt(step);
  if (!writable.ok || options.dryRun) return writable.ok ? ok(done) : writable;
  const was = present.ok ? ports.sha256(present.value) : null;
  const payload = { input: { id, sha256: ports.sha256(text), was } };
  const entry = recordAudit(ports, entryFor(passage, state, payload));
  if (!entry.ok) return entry;
  if (changed) ports.agents.writePrompt(step, text);
  return ok({ ...done, audit: entry.value.seq });
}

/** Appends facts to the run they are about, opening one if there is none. */
function commitFacts(passage: Passage, state: State, request: Request): Result<Done> {
  const { ports, action, input, caller, options } = passage;
  const { facts, pursued, starts } = request;
  const summary = describe(action.summary(input as never), starts);
  const fresh = request.fresh === true || state.journal === undefined || state.run.canceled;
  const busy = [...state.run.steps].find(([, step]) => isActive(step));
  if ((request.fresh || state.run.canceled) && busy && facts.length > 0)
    return err({ code: "step.running", id: busy[0] });
  const done: Done = {
    action: action.name,
    summary,
    changed: facts.length > 0,
    pursued,
    warnings: state.policy.warnings,
  };
  if (request.note !== undefined) done.note = request.note;
  if (facts.length > 0) {
    const passed = pass(passage, state, starts, summary);
    if (!passed.ok) return passed;
  }
  if (options.dryRun) return ok(done);
  const id = fresh && facts.length > 0 ? ports.newRunId() : state.run.id;
  const opening: Fact[] =
    fresh && facts.length > 0
      ? [{ type: "run.opened", run: id, revision: state.definition.digest, by: caller.actor }]
      : [];
  const all = [...opening, ...facts];
  const run = opening.length > 0 ? emptyRun(id) : state.run;
  const payload =
    all.length === 0
      ? { input: plainSummary(input) as Json }
      : promise(plainSummary(input) as Json, id, run.seq + all.length, all);
  const entry = recordAudit(ports, entryFor(passage, state, payload));
  if (!entry.ok) return entry;
  if (all.length > 0) {
    const journal = opening.length > 0 ? ports.runs.create(id) : state.journal;
    if (!journal) return err({ code: "internal", problem: "a run without a journal" });
    appendFacts(ports, journal, run, all, true);
    if (journal !== state.journal) journal.close();
  }
  return ok({ ...done, audit: entry.value.seq, ...(id ? { run: id } : {}) });
}

function describe(summary: string, starts: string[]): string {
  if (starts.length === 0) return summary;
  const names = starts.slice(0, 6).join(", ");
  const more = starts.length > 6 ? ` and ${starts.length - 6} more` : "";
  return `${summary} (${starts.length} step${starts.length === 1 ? "" : "s"}: ${names}${more})`;
}

/** Undo and redo: a recorded revision through the same door; the present text may be broken, that is what undo is for. */
function restore(passage: Passage, direction: "undo" | "redo", any: boolean): Result<Done> {
  const { ports, caller } = passage;
  const text = findRevision(ports, direction, caller.actor, any);
  if (!text.ok) return text;
  const state = loadState(ports);
  if (state.ok) {
    try {
      return commitText(passage, state.value, text.value);
    } finally {
      state.value.journal?.close();
    }
  }
  return restoreOverBroken(passage, text.value);
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
  if (agent !== undefined) return leaveProposal(passage, "edit", before ?? "", summary);
  const after = ports.definition.prepare(text);
  const facts = entryFor(passage, { policy: { mode: "SAFE" } }, { input: plainSummary(input) as Json });
  const entry = recordAudit(ports, { ...facts, ...(before ? { before } : {}), after });
  if (!entry.ok) return entry;
  ports.definition.publish(after);
  return ok({ ...done, after, audit: entry.value.seq });
}
