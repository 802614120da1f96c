import type { AnyAction } from "../core/actions";
import type { Request } from "../core/actions/action";
import { agentStep, type Caller } from "../core/actor";
import { countOf } from "../core/count";
import type { Exhibit, StartNews } from "../core/engine/exhibit";
import type { Fact } from "../core/engine/fact";
import { expandPlan } from "../core/engine/fan";
import { withCalled } from "../core/engine/handler";
import { makePlan, type Plan } from "../core/engine/plan";
import { applyFact, copyRun, emptyRun, isActive, type Run } from "../core/engine/run";
import { isOver } from "../core/engine/status";
import { stepIn } from "../core/engine/step";
import { amendedTo, type SubDigests, subsReached, subsUnknown, withSubs } from "../core/engine/sub-files";
import type { Failure } from "../core/failure";
import { renderFailure } from "../core/failure-table";
import type { Json } from "../core/json";
import { confirmationRule, type Risk } from "../core/policy/decide";
import { loosened } from "../core/policy/loosened";
import { type Claim, type Judged, judgeEdit, judgeFacts, mayWritePrompt } from "../core/policy/mandate";
import { effectivePolicy } from "../core/policy/policy";
import { err, ok, type Result } from "../core/result";
import { promptPathOf } from "../core/sequence/effective";
import { unknownStep } from "../core/sequence/ids";
import { rewriteSource } from "../core/sequence/source";
import { validateSequence } from "../core/sequence/validate";
import { exhibitOf, withVoids } from "./exhibit";
import { collect, pick, type Subject } from "./fusion";
import { findRevision } from "./history";
import type { Ports } from "./ports";
import { withoutSecretsSaid } from "./said";
import type { State } from "./state";
import { loadSubs } from "./subs";
import { checkUnmasked } from "./unmasked";
import type { WorktreeEntry } from "./worktree-ports";

/** A well-formed call: its input has passed the action's schema. */
export interface Wanted {
  action: AnyAction;
  input: unknown;
  /** What it turned out to do, where the call alone does not tell. */
  risk?: Risk;
}

/** What a call does to the world. */
export function riskOf({ action, input, risk }: Wanted): Risk {
  if (risk !== undefined) return risk;
  return typeof action.risk === "function" ? action.risk(input as never) : action.risk;
}

/** Names of the actions that a call is made of, besides its own. */
export function withinOf({ action, input }: Wanted): string[] {
  return action.within?.(input as never) ?? [];
}

/** What one of the calls comes to, judged against what the calls before it leave. */
export interface Part extends Wanted {
  summary: string;
  /** Ids of the steps it may start, in the state it is judged by. */
  starts: string[];
  state: State;
  /** Nothing would be recorded in the run: there is nothing to ask a person about. */
  idle: boolean;
  changed: boolean;
  /** It lies within what a person has granted to the step whose agent asks: nobody is asked again. */
  granted: boolean;
  /** Files that steps run in their place, as whoever asks agrees to them. */
  subs?: SubDigests;
  /** Ids of the steps that were asked for before and start by it. */
  unlocks?: string[];
  /** How these differ from what the approval that fell was given for. */
  news?: ReadonlyMap<string, StartNews>;
  pursued?: string[] | null;
  startsNothing?: boolean;
  note?: string;
  /** What the person looks at when they say yes. */
  exhibit?: Exhibit;
  /** What it is about besides the call; its digest makes a yes stale once it has changed. */
  subject?: Subject;
}

/** A file below `.threados` besides the definition, as it would be. */
export interface FileChange {
  path: string;
  text: string;
}

/** What calls come to together, worked out and not yet done. */
export interface Outcome {
  before: State;
  /** As everything would stand afterwards. */
  after: State;
  parts: Part[];
  files: FileChange[];
  facts: Fact[];
  /** Steps that a boss adds by itself. */
  grown?: { by: string; added: string[] };
  /** The digest of a candidate's patch, staged beside the workspace's files. */
  patch?: string;
  /** Worktrees that nothing needs afterwards. */
  unneeded: WorktreeEntry[];
  /** The text that it leaves can't be read: a run goes on by the one before. */
  unreadable?: boolean;
  /** The run that the facts are about. */
  run: { id: string; seq: number; opens: boolean };
}

/** Works calls out one after the other, each on what the ones before it leave; nothing is written. */
export function workOut(
  ports: Ports,
  before: State,
  calls: readonly Wanted[],
  caller: Caller,
): Result<Outcome> {
  const run = { id: before.run.id, seq: before.run.seq, opens: false };
  const standing = withVoids(ports, before.run, before.plan);
  const after = { ...before, run: standing.run };
  const outcome: Outcome = { before, after, parts: [], files: [], facts: [], unneeded: [], run };
  for (const call of calls) {
    const found = outcome.after;
    const done = workOutOne(ports, outcome, call, caller, standing.voids);
    if (!done.ok) return done;
    const unmasked = checkUnmasked(ports, call, found, outcome.after);
    if (!unmasked.ok) return unmasked;
  }
  const revision = outcome.after.definition.digest;
  // A run that is opened among the calls follows the text that all of them leave.
  if (outcome.run.opens)
    outcome.facts = outcome.facts.map((fact) => (fact.type === "run.opened" ? { ...fact, revision } : fact));
  else if (revision !== before.definition.digest && before.journal && !outcome.unreadable)
    outcome.facts.unshift({ ...amendedTo(outcome.after.plan, before.run), ...outcome.grown });
  return ok(outcome);
}

function workOutOne(
  ports: Ports,
  outcome: Outcome,
  { action, input }: Wanted,
  caller: Caller,
  voids: readonly Fact[],
): Result<null> {
  const state = outcome.after;
  const { actor } = caller;
  const claim = claimOf(ports, caller, state, { action, input });
  const part: Part = {
    action,
    input,
    summary: action.summary(input as never),
    starts: [],
    state,
    idle: false,
    changed: false,
    granted: false,
  };
  outcome.parts.push(part);
  const { effect } = action;
  switch (effect.kind) {
    case "edit": {
      const { templates } = ports;
      const found = outcome.before.definition.digest;
      const isOther = (base: string | undefined) => base !== undefined && base !== found;
      const expected = effect.bases?.(input as never).find(isOther);
      if (expected !== undefined) return err({ code: "revision.stale", expected, found });
      const next = effect.apply(state.definition.sequence, input as never, { templates });
      if (!next.ok) return err(ofInstance(state.run, next.failure));
      const judged = claim ? judgeEdit(claim, next.value) : ok(undefined);
      if (!judged.ok) return judged;
      const wanted = (judged.value?.sequence ?? next.value) as unknown as Json;
      const valid = validateSequence(wanted);
      if (!valid.ok) return valid;
      if (judged.value) noteGrant(outcome, part, judged.value, claim?.attempt.step as string);
      const written = rewritten(ports, outcome, part, rewriteSource(state.definition.text, wanted));
      if (!written.ok || !effect.isAboutRules) return written;
      if (loosened(ruled(state), ruled(outcome.after)) !== undefined) part.risk = "widen";
      return written;
    }
    case "history": {
      if (state.definition.digest !== outcome.before.definition.digest)
        return err({ code: "input.invalid", problem: `${action.name} can't follow another change` });
      const found = findRevision(ports, effect.direction, actor, effect.any(input as never));
      if (!found.ok) return found;
      part.summary += ` (${found.value.change})`;
      const { text, digest, skipped } = found.value;
      const checked = ports.definition.check(text);
      if (checked.ok) {
        const written = rewritten(ports, outcome, part, text);
        if (skipped.length > 0 && part.note === undefined) part.note = noteOfSkipped(skipped);
        return written;
      }
      if (agentStep(actor) !== undefined) return err(inRevision(checked.failure, digest));
      // What a person wrote by hand and mended since: they get back what they had.
      const definition = { ...state.definition, text, digest };
      outcome.after = { ...state, definition };
      outcome.unreadable = true;
      part.changed = true;
      part.note = `that text can't be read: ${renderFailure(checked.failure).message}`;
      return ok(null);
    }
    case "text": {
      const { text, base = state.definition.digest } = effect.write(input as never);
      const found = state.definition.digest;
      if (base !== found) return err({ code: "revision.stale", expected: base, found });
      const written = rewritten(ports, outcome, part, text);
      if (!written.ok) return written;
      const left = nodesIn(outcome.after.definition.sequence);
      const isLess = [...nodesIn(state.definition.sequence)].some((id) => !left.has(id));
      // Where nobody knows what stood there, anything may go with it.
      if (isLess || state.isUnknown) part.risk = "remove";
      return ok(null);
    }
    case "policy": {
      const next = effect.apply(state.policyFile, input as never);
      if (!next.ok) return next;
      const file = { version: 1, ...next.value } as const;
      const text = rewriteSource(state.policyText ?? "version: 1\n", file as Json);
      part.changed = text !== state.policyText;
      if (part.changed) write(outcome, { path: "policy.yaml", text });
      const policy = effectivePolicy(file, state.definition.sequence, state.userFile);
      const plan = { ...state.plan, limits: policy.limits };
      outcome.after = { ...state, policyText: text, policyFile: file, policy, plan };
      return ok(null);
    }
    case "prompt": {
      const { id, text, base } = effect.edit(input as never);
      const step = stepIn(state.plan, id);
      if (!step) return unknownStep(state.plan.sequence, id);
      const writable = ports.agents.checkPrompt(step);
      if (!writable.ok) return writable;
      const present = ports.agents.prompt(step);
      const found = present.ok ? ports.sha256(present.value) : "";
      if (base !== undefined && base !== found)
        return err({ code: "revision.stale", expected: base, found, what: "the prompt" });
      part.granted = claim !== undefined && mayWritePrompt(claim, id);
      part.changed = !present.ok || present.value !== text;
      if (part.changed) write(outcome, { path: promptPathOf(step), text });
      return ok(null);
    }
    case "engine": {
      // What was given up stays as it is: whatever is asked for now begins in a new run.
      const run = state.run.canceled ? emptyRun("") : state.run;
      const exists = state.journal !== undefined || outcome.run.opens;
      const open = exists && !isOver(state.run, state.plan);
      const context = { plan: state.plan, run, isGivenUp: state.run.canceled };
      const exhibit = (gate: string) => exhibitOf(ports, run, state.plan, gate);
      const request = effect.request({ ...context, open, actor, exhibit }, input as never);
      return request.ok ? asked(ports, outcome, part, request.value, caller, voids) : request;
    }
    case "pick":
      return pick(ports, outcome, part, effect.candidate(input as never), actor);
    case "worktrees":
      return collect(ports, outcome, part, effect.all(input as never));
    case "layout":
    case "proposal":
      return err({ code: "input.invalid", problem: `${action.name} can't be part of a proposal` });
  }
}

const ruled = ({ definition, policy }: State) => ({ sequence: definition.sequence, policy });

function noteOfSkipped(digests: readonly string[]): string {
  const shown = digests.slice(0, 5).map((digest) => digest.slice(0, 12));
  const more = digests.length > shown.length ? ` and ${digests.length - shown.length} more` : "";
  return `passed over what can't be read: revision ${shown.join(", ")}${more}`;
}

/** A fault of an earlier text is told with that text: at its place the file of today holds something else. */
function inRevision(failure: Failure, digest: string): Failure {
  const { place } = failure;
  return place ? { ...failure, place: { ...place, file: `.threados/revisions/${digest}.yaml` } } : failure;
}

/** A step that only the run knows is not defined anywhere: what it is part of is. */
function ofInstance(run: Run, failure: Failure): Failure {
  const of = failure.code === "step.unknown" ? run.steps.get(failure.id)?.of : undefined;
  return failure.code === "step.unknown" && of !== undefined
    ? { code: "step.unknown", id: failure.id, of }
    : failure;
}

const nodesIn = ({ steps, gates }: State["definition"]["sequence"]) =>
  new Set([...(steps ?? []), ...(gates ?? [])].map(({ id }) => id));

function claimOf(
  { world }: Ports,
  { attempt }: Caller,
  { plan, run, policy }: State,
  wanted: Wanted,
): Claim | undefined {
  if (!attempt) return undefined;
  const names = [wanted.action.name, ...withinOf(wanted)];
  const confirmed = confirmationRule(policy, names, riskOf(wanted)) !== undefined;
  return { attempt, plan, run, policy, world, confirmed };
}

/** What a boss adds is its own, also where a person has to agree first. */
function noteGrant(outcome: Outcome, part: Part, { free, added, head }: Judged, boss: string): void {
  part.granted = free;
  if (added.length > 0) outcome.grown = { by: head, added };
  if (!free && part.action.name === "step.add")
    part.input = { ...(part.input as object), orchestrator: boss };
}

function write(outcome: Outcome, file: FileChange): void {
  outcome.files = [...outcome.files.filter(({ path }) => path !== file.path), file];
}

function rewritten(ports: Ports, outcome: Outcome, part: Part, text: string): Result<null> {
  const state = outcome.after;
  const checked = ports.definition.check(text);
  if (!checked.ok) return checked;
  const vanished = [...state.run.steps].find(
    ([id, step]) => isActive(step) && !checked.value.steps?.some((s) => s.id === (step.of ?? id)),
  );
  if (vanished) return err({ code: "step.running", id: vanished[0] });
  part.changed = text !== state.definition.text;
  const definition = { text, digest: ports.sha256(text), sequence: checked.value };
  const policy = effectivePolicy(state.policyFile, definition.sequence, state.userFile);
  const plan = makePlan(definition.sequence, definition.digest, policy.limits, ports.sha256);
  const subs = loadSubs(ports, definition.sequence, state.run);
  const whole = expandPlan(subs ? { ...plan, subs } : plan, state.run);
  outcome.after = { ...state, definition, policy, plan: whole };
  noteCompletion(part, state, state.run, whole);
  return ok(null);
}

/** An edit or an approval may be the last thing that a run has waited for. */
function noteCompletion(part: Part, before: State, run: Run, plan: Plan): void {
  if (run.id === "" || run.canceled || isOver(before.run, before.plan) || !isOver(run, plan)) return;
  part.note = "the run is complete with this; the next `seqctl run` opens a new one";
}

function asked(
  ports: Ports,
  outcome: Outcome,
  part: Part,
  request: Request,
  caller: Caller,
  voids: readonly Fact[],
): Result<null> {
  const state = outcome.after;
  const { pursued } = request;
  let facts = withoutSecretsSaid(ports, state.plan, request.facts);
  const starts = withCalled(state.plan, request.starts);
  const exists = state.journal !== undefined || outcome.run.opens;
  const fresh = request.fresh === true || !exists || state.run.canceled;
  const busy = [...state.run.steps].find(([, step]) => isActive(step));
  if ((request.fresh || state.run.canceled) && busy && facts.length > 0)
    return err({ code: "step.running", id: busy[0] });
  part.summary = describe(part.summary, starts);
  if (fresh && facts.length > 0 && isOpened(state) && isOver(state.run, state.plan))
    part.note = `in a new run: the last one ${state.run.canceled ? "was given up" : "is complete"}`;
  part.starts = starts;
  part.pursued = pursued;
  part.idle = facts.length === 0;
  part.changed = facts.length > 0;
  if (request.exhibit) part.exhibit = request.exhibit;
  if (request.unlocks) part.unlocks = request.unlocks;
  if (request.news) part.news = request.news;
  if (request.note !== undefined) part.note = request.note;
  if (request.startsNothing) part.startsNothing = true;
  if (facts.length === 0) return ok(null);
  const claim = fresh ? undefined : claimOf(ports, caller, state, part);
  const granted = claim ? judgeFacts(claim, facts) : ok(false);
  if (!granted.ok) return granted;
  part.granted = granted.value;
  if (fresh && outcome.facts.length > 0)
    return err({ code: "input.invalid", problem: "calls made together can't speak to two runs" });
  const opening: Fact[] = [];
  if (fresh) {
    const id = ports.newRunId();
    opening.push({ type: "run.opened", run: id, revision: state.definition.digest, by: caller.actor });
    outcome.run = { id, seq: 0, opens: true };
  }
  // What is asked for now is asked for on what stands now: approvals that are void are so for good.
  if (!fresh && outcome.facts.length === 0) outcome.facts.push(...voids);
  const run = fresh ? emptyRun(outcome.run.id) : copyRun(state.run);
  // Within what was granted nobody has looked at the files anew.
  if (starts.length > 0 && !part.granted) {
    part.subs = subsReached(state.plan, starts);
    facts = withSubs(facts, { ...subsUnknown(state.plan, run), ...part.subs });
  }
  const all = [...opening, ...facts];
  for (const fact of all) applyFact(run, fact, ports.now());
  outcome.facts.push(...all);
  outcome.after = { ...state, run };
  if (!fresh) noteCompletion(part, state, run, state.plan);
  return ok(null);
}

const isOpened = ({ run }: State) => run.id !== "";

function describe(summary: string, starts: string[]): string {
  if (starts.length === 0) return summary;
  const names = starts.slice(0, 6).join(", ");
  const more = starts.length > 6 ? ` and ${starts.length - 6} more` : "";
  return `${summary} (${countOf(starts.length, "step")}: ${names}${more})`;
}
