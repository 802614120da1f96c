import type { AnyAction } from "../core/actions";
import type { Caller } from "../core/actor";
import { agentStep } from "../core/actor";
import { exhibitLine, exhibitLines } from "../core/engine/exhibit";
import type { Fact } from "../core/engine/fact";
import type { Json } from "../core/json";
import type { Layout } from "../core/layout";
import { type AskedStart, goesOnLine, sayStart } from "../core/policy/asked";
import { type Shown, startLines } from "../core/policy/shown";
import { err, ok, type Result } from "../core/result";
import { clearSecrets, warningsOfSecrets } from "../core/sequence/clear-secrets";
import type { Sequence } from "../core/sequence/schema";
import { locatorOf } from "../core/sequence/source";
import { warningsOfUnfinished } from "../core/sequence/unfinished";
import { askedAbout, lostLine } from "./asked-about";
import { commit, headOf, runOf } from "./commit";
import { withVoids } from "./exhibit";
import { startsOf, yesDigest } from "./foretell";
import { followingStarts, goingOn } from "./going-on";
import { type DispatchOptions, type Done, type Passage, plainSummary, recordedCall } from "./passage";
import type { Ports } from "./ports";
import { decideProposal, leaveProposal } from "./propose";
import { shownWithout } from "./shown-change";
import { loadStanding, loadToMend } from "./standing";
import { type Started, unlockedWith } from "./started";
import { loadState, type State } from "./state";
import { notesOf, showOf, type Weighed, weigh } from "./weigh";
import { type Outcome, type Part, riskOf, workOut } from "./work-out";

/** What a call did, before all that is to be said of it is known. */
export interface Performed extends Done {
  /** Warnings that need no lock to be found, and in a big file a while. */
  inClear?: () => string[];
}

/** Judges a well-formed call and, if nobody has to be asked first, carries it out. Needs the lock. */
export function perform(
  ports: Ports,
  action: AnyAction,
  input: unknown,
  caller: Caller,
  options: DispatchOptions,
): Result<Performed> {
  const passage: Passage = { ports, action, input, caller, options };
  const { effect } = action;
  if (effect.kind === "proposal") return decideProposal(passage, effect.decision, effect.id(input as never));
  if (effect.kind === "layout") return place(passage, effect.apply(ports.layout.load(), input as never));
  const state = loadState(ports, action.name === "run.start" && (input as { new?: boolean }).new === true);
  if (!state.ok) {
    if (canStop(action, caller)) return changeOn(passage, loadStanding(ports));
    // The present text may be broken: to mend it is what a new one is for, and undo.
    const mends = effect.kind === "text" || effect.kind === "history";
    return mends ? changeOn(passage, loadToMend(ports, effect.kind)) : state;
  }
  return changeOn(passage, state);
}

/** Whether a person only wants an end of what runs: no file that a hand has broken keeps them from it. */
export function canStop({ risk, effect }: AnyAction, { actor }: Caller): boolean {
  return risk === "stop" && effect.kind === "engine" && agentStep(actor) === undefined;
}

function changeOn(passage: Passage, state: Result<State>): Result<Performed> {
  if (!state.ok) return state;
  try {
    return change(passage, state.value);
  } finally {
    state.value.journal?.close();
  }
}

/** Places are no part of what should happen: they are neither recorded nor undone. */
function place({ ports, action, input, caller, options }: Passage, layout: Layout): Result<Done> {
  const agent = agentStep(caller.actor);
  if (agent !== undefined) return err({ code: "agent.forbidden", action: action.name, step: agent });
  if (!options.dryRun) ports.layout.write(layout);
  return ok({ action: action.name, summary: action.summary(input as never), changed: true, warnings: [] });
}

function change(passage: Passage, state: State): Result<Performed> {
  const { ports, action, input, caller, options } = passage;
  const outcome = workOut(ports, state, [{ action, input }], caller);
  if (!outcome.ok) return outcome;
  const part = outcome.value.parts[0] as Part;
  const passed = pass(passage, state, outcome.value);
  const done = doneBy(passage, part, outcome.value);
  if (!passed.ok || options.dryRun) {
    if (outcome.value.patch !== undefined) ports.worktrees.discard();
    return passed.ok ? ok({ ...done, ...foretold(passage, outcome.value, passed.value) }) : passed;
  }
  const confirm = yesTo(ports, outcome.value, part);
  const bound = part.exhibit && confirm !== undefined ? { shown: part.exhibit.digest, confirm } : {};
  const entry = commit(ports, outcome.value, headOf(passage), { ...recordedInput(passage), ...bound });
  if (!entry.ok) return entry;
  return ok({ ...done, audit: entry.value.seq, ...runOf(outcome.value) });
}

/** What a dry run says beside what would be done. */
function foretold(
  { ports, caller }: Passage,
  outcome: Outcome,
  { ask, why, started: weighed }: Weighed,
): Pick<Done, "starts" | "follows" | "asks"> {
  const unlocks = outcome.parts.flatMap((part) => part.unlocks ?? []);
  const started = [...weighed, ...unlockedWith(ports, outcome.after.plan, unlocks)];
  const follows = followingStarts(ports, goingOn(ports, outcome));
  return {
    ...(started.length > 0 ? { starts: startsOf(ports, outcome.after, started) } : {}),
    ...(follows.length > 0 ? { follows } : {}),
    // What an agent asks for waits for a person in any case.
    ...(ask === 0 || agentStep(caller.actor) !== undefined ? {} : { asks: { times: ask, why } }),
  };
}

/** The text of the definition, of which the record keeps the digest, is kept as a revision. */
function recordedInput({ ports, action, input }: Passage): { [key: string]: Json } {
  return { input: recordedCall({ action: action.name, input }, ports.sha256).input as Json };
}

function doneBy({ ports, action, input }: Passage, part: Part, outcome: Outcome): Performed {
  const { before, after } = outcome;
  const target = action.target?.(input as never);
  const made =
    action.effect.kind === "edit"
      ? madeBy(target, before.definition.sequence, after.definition.sequence)
      : [];
  const rewrites = ["edit", "text", "history"].includes(action.effect.kind);
  return {
    action: action.name,
    summary: part.summary,
    changed: part.changed,
    ...(rewrites ? { before: before.definition.digest, after: after.definition.digest } : {}),
    ...(made.length > 0 ? { made } : {}),
    ...(part.pursued === undefined ? {} : { pursued: part.pursued }),
    ...(part.startsNothing ? { starts_nothing: true } : {}),
    ...saidWith(part, rewrites ? voidsBy(ports, outcome) : reopenedBy(outcome)),
    warnings: [
      ...before.policy.warnings,
      ...(rewrites ? warningsOfUnfinished(after.definition.sequence, before.definition.sequence) : []),
    ],
    inClear: () => secretsInClear(outcome, rewrites, part.starts),
  };
}

/** The approvals that held before and don't hold on what a change of the definition leaves. */
function voidsBy(ports: Ports, { after }: Outcome): Voided[] {
  return withVoids(ports, after.run, after.plan).voids.flatMap((fact) =>
    fact.type === "gate.voided" ? [fact] : [],
  );
}

/** Approvals that are taken back because the work before them is done anew. */
function reopenedBy({ before, facts }: Outcome): Voided[] {
  return facts.flatMap((fact) =>
    fact.type === "gate.reopened" && before.run.gates.get(fact.gate)?.status === "APPROVED"
      ? [{ gate: fact.gate, stale: [] }]
      : [],
  );
}

type Voided = Pick<Extract<Fact, { type: "gate.voided" }>, "gate" | "stale">;

function saidWith({ note }: Part, voided: Voided[]): Pick<Done, "note" | "voids"> {
  if (voided.length === 0) return note === undefined ? {} : { note };
  const said = sayVoided(voided);
  return { note: note === undefined ? said : `${note}; ${said}`, voids: voided.map(({ gate }) => gate) };
}

function sayVoided(voided: readonly Voided[]): string {
  const gates = voided.map(({ gate }) => `'${gate}'`).join(", ");
  const started = [...new Set(voided.flatMap(({ stale }) => stale))];
  const stale = started.length === 0 ? "" : `, and what was started on it is stale: ${started.join(", ")}`;
  return voided.length === 1
    ? `the approval of gate ${gates} is void by this, somebody has to decide there again${stale}`
    : `the approvals of the gates ${gates} are void by this, somebody has to decide there again${stale}`;
}

/** Of an edit those that it brings, of a run those of the steps that it starts. */
function secretsInClear({ before, after }: Outcome, rewrites: boolean, starts: readonly string[]): string[] {
  const { sequence, text } = after.definition;
  if (!rewrites && starts.length === 0) return [];
  const started = new Set(starts);
  const found = rewrites
    ? clearSecrets(sequence, before.definition.sequence)
    : clearSecrets(sequence).filter(({ step }) => started.has(step));
  return warningsOfSecrets(found, locatorOf(text, ".threados/sequence.yaml"));
}

/** Steps and gates that an edit adds, but for the one that it is about: whoever named that one need not be told. */
function madeBy(target: string | undefined, before: Sequence, after: Sequence): string[] {
  const idsOf = ({ steps, gates }: Sequence) => [...(steps ?? []), ...(gates ?? [])].map(({ id }) => id);
  const known = new Set(idsOf(before));
  const made = idsOf(after).filter((id) => !known.has(id));
  return made.every((id) => id === target) ? [] : made;
}

/** Whether the call may go ahead now: denied, or a question first, or yes. */
function pass(passage: Passage, state: State, outcome: Outcome): Result<Weighed> {
  const { ports, action, caller, options } = passage;
  const weighed = weigh(ports, outcome, caller);
  if (!weighed.ok) return weighed;
  const { ask, why, started } = weighed.value;
  const part = outcome.parts[0] as Part;
  if (ask === 0 || options.dryRun || part.granted) return weighed;
  const agent = agentStep(caller.actor);
  if (options.yes && agent !== undefined)
    return err({ code: "agent.forbidden", action: action.name, step: agent, yes: true });
  if (options.yes && options.confirm === undefined) return weighed;
  const { exhibit } = part;
  const going = goingOn(ports, outcome);
  const shown = showOf(ports, outcome, started, caller.actor, going);
  const unlocked = unlockedWith(ports, outcome.after.plan, part.unlocks ?? []);
  const lost = lostLine(ports, outcome);
  const confirm = yesTo(ports, outcome, part) ?? confirmOf(passage, outcome, started, shown, lost);
  const exhibited = () =>
    exhibit
      ? [...exhibitLines(exhibit), ...startsOf(ports, outcome.after, unlocked, part.news).map(thenLine)]
      : [];
  if (options.confirm !== undefined && options.confirm !== confirm) {
    const { summary } = part;
    if (!exhibit) return err({ code: "confirm.stale", action: action.name });
    return err({
      code: "gate.moved",
      id: headOf(passage).target ?? "",
      summary,
      confirm,
      shows: exhibited(),
    });
  }
  if (agent === undefined && (options.yes || options.confirm === confirm)) return weighed;
  if (options.propose || agent !== undefined)
    return leaveProposal(
      { ...passage, input: part.input },
      riskOf(part),
      state.definition.digest,
      part.summary,
      shown,
    );
  const notes = notesOf(ports, outcome, started);
  const clean = shownWithout(shown, ports.knownSecrets());
  const isAboutSteps = part.starts.length > 0 || part.startsNothing === true;
  const told = isAboutSteps && part.note !== undefined ? [part.note] : [];
  const shows = exhibit
    ? exhibited()
    : [
        ...startLines(clean, notes),
        ...told,
        ...goesOnLine(going.follows),
        ...lost,
        ...clean.subjects.flatMap((subject) => subject.shows),
      ];
  const call = { action: action.name, input: plainSummary(part.input) };
  const about = askedAbout(ports, outcome, [...started, ...unlocked], shown, call, { going, lost });
  return err({
    code: "confirm.required",
    action: action.name,
    summary: part.summary,
    times: ask,
    confirm,
    why,
    shows,
    about: exhibit
      ? { ...about, shown: exhibit.steps.map(exhibitLine) }
      : { ...about, beside: [...told, ...about.beside] },
  });
}

/** The digest of all that a yes to a gate is said to; undefined of anything else. */
function yesTo(ports: Ports, { after }: Outcome, { exhibit, unlocks = [] }: Part): string | undefined {
  return exhibit && yesDigest(ports, after, exhibit, unlockedWith(ports, after.plan, unlocks));
}

/** A step that an approval starts, on a line. */
const thenLine = (start: AskedStart) => `starts then: ${sayStart(start)}`;

/** The digest that a yes is bound to: also to what policy.yaml makes of what starts, and to all that goes on then. */
function confirmOf(
  { ports, action, input }: Passage,
  { before, after }: Outcome,
  started: readonly Started[],
  { subjects, follows }: Shown,
  lost: readonly string[],
): string {
  const shown = [
    action.name,
    plainSummary(input),
    before.definition.digest,
    before.run.id,
    startsOf(ports, after, started),
    started.map(({ step, prompt }) => [
      step.id,
      step.command,
      ...(prompt === undefined ? [] : [ports.sha256(prompt)]),
    ]),
    subjects.map(({ digest }) => digest),
    follows,
    lost,
  ];
  return ports.sha256(JSON.stringify(shown));
}
