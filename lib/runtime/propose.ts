import { findAction } from "../core/actions";
import { agentStep, type Caller } from "../core/actor";
import type { FailureCode } from "../core/failure";
import { renderFailure } from "../core/failure-table";
import type { Json } from "../core/json";
import type { AskedAbout } from "../core/policy/asked";
import type { Risk } from "../core/policy/decide";
import { type Shown, shownLines } from "../core/policy/shown";
import { err, ok, type Result } from "../core/result";
import { askedAbout, lostLine } from "./asked-about";
import { chatQuestion } from "./chat-question";
import { commit, headOf, runOf } from "./commit";
import { proposalDecision } from "./decisions";
import { type GoingOn, goingOn } from "./going-on";
import { type Done, type Passage, plainSummary, recordedCall } from "./passage";
import type { Ports, Proposal } from "./ports";
import { recordAudit } from "./record";
import { modeOf } from "./refusal";
import { shownChanges, shownWithout } from "./shown-change";
import { loadToMend } from "./standing";
import type { Started } from "./started";
import { loadPolicy, loadState, type State } from "./state";
import { notesOf, showOf, weigh } from "./weigh";
import { type Outcome, type Wanted, workOut } from "./work-out";

/** Keeps a call that nobody could be asked about; one that waits already is not kept twice. A gate's decision is not kept: only a person who looks can make it. */
export function leaveProposal(
  passage: Passage,
  risk: Risk,
  base: string,
  summary: string,
  shown: Shown | undefined,
): Result<never> {
  const { ports, action, input, caller } = passage;
  if (risk === "decide") return err({ code: "approval.pending", summary });
  const calls = [{ action: action.name, input: plainSummary(input) }];
  const same = ports.proposals
    .list()
    .find(
      (waiting) =>
        waiting.actor === caller.actor &&
        waiting.base === base &&
        waiting.shown?.digest === shown?.digest &&
        JSON.stringify(waiting.calls) === JSON.stringify(calls) &&
        proposalDecision(ports, waiting.id) === undefined,
    );
  const byAgent = agentStep(caller.actor) === undefined ? {} : { agent: true as const };
  if (same) return err({ code: "approval.pending", proposal: same.id, summary: same.summary, ...byAgent });
  const id = ports.newRunId();
  const { actor, surface } = caller;
  const ts = new Date(ports.now()).toISOString();
  ports.proposals.write({ id, ts, actor, surface, summary, base, calls, ...(shown ? { shown } : {}) });
  return err({ code: "approval.pending", proposal: id, summary, ...byAgent });
}

/** What a proposal would do if it were approved this moment, and what the person is asked. */
export interface Weighed {
  outcome: Outcome;
  shown: Shown;
  /** What is told of each command beside its words. */
  notes: string[];
  times: 1 | 2;
  why: string;
  /** What the rules say to it, whoever asks. */
  verdict: { ask: 0 | 1 | 2; why: string };
  started: Started[];
  going: GoingOn;
  /** What is otherwise than the proposer saw; empty if nothing is. */
  changed: string[];
}

/** Tries a proposal out on what stands now; nothing is written. */
export function weighProposal(
  ports: Ports,
  proposal: Proposal,
  state: State,
  caller: Caller,
): Result<Weighed> {
  const calls: Wanted[] = [];
  for (const call of proposal.calls) {
    const action = findAction(call.action);
    const input = action?.input.safeParse(call.input);
    if (!action || !input?.success) return err({ code: "action.unknown", name: call.action });
    calls.push({ action, input: input.data });
  }
  const outcome = workOut(ports, state, calls, caller);
  if (!outcome.ok) return isGone(outcome.failure.code) ? stale(proposal, said(outcome)) : outcome;
  if (outcome.value.parts.every((part) => !part.changed))
    return stale(proposal, "what it asks for is there already");
  const weighed = weigh(ports, outcome.value, caller);
  if (!weighed.ok) return weighed;
  const { started } = weighed.value;
  // What the chat proposed is asked about alike, wherever it is decided.
  const { ask, why } =
    proposal.surface === "chat" ? chatQuestion(outcome.value, weighed.value) : weighed.value;
  const going = goingOn(ports, outcome.value);
  const shown = showOf(ports, outcome.value, started, caller.actor, going);
  const times = ask === 2 ? 2 : 1;
  const changed = changesSince(ports, proposal, shown, state);
  const notes = notesOf(ports, outcome.value, started);
  return ok({
    outcome: outcome.value,
    shown,
    notes,
    times,
    why: ask === 2 ? why : "it was proposed",
    verdict: { ask, why },
    started,
    going,
    changed,
  });
}

function changesSince(ports: Ports, proposal: Proposal, shown: Shown, state: State): string[] {
  // What is shown tells of texts that can be read only.
  if (proposal.base !== state.definition.digest && !ports.definition.load().ok)
    return ["the text that is broken is another one by now"];
  if (proposal.shown && proposal.shown.digest !== shown.digest)
    return shownChanges(proposal.shown, shown, ports.knownSecrets());
  if (!proposal.shown && proposal.base !== state.definition.digest)
    return ["the sequence is another one than it was made on"];
  return [];
}

const stale = ({ id }: Proposal, problem: string) => err({ code: "proposal.stale", id, problem });
const said = (refused: Extract<Result<unknown>, { ok: false }>) => renderFailure(refused.failure).message;

/** Refusals that say that the change is there already, or that what it is about is not there any more. */
function isGone(code: FailureCode): boolean {
  const gone: FailureCode[] = [
    "id.taken",
    "dep.exists",
    "dep.missing",
    "gate.already",
    "step.not_running",
    "step.never_ran",
    "undo.nothing",
    "undo.other_actor",
    "undo.pick",
    "revision.missing",
    "revision.stale",
    "run.none",
  ];
  return gone.includes(code) || code.endsWith(".unknown");
}

/** A person's yes or no to a proposal; yes carries all of its calls out in the person's name, as one change with one entry. */
export function decideProposal(
  passage: Passage,
  decision: "approve" | "reject",
  wanted: string,
): Result<Done> {
  const { ports, action, caller } = passage;
  const proposal = findProposal(ports, wanted);
  if (!proposal.ok) return proposal;
  const { id } = proposal.value;
  const decided = proposalDecision(ports, id);
  if (decided) return err({ code: "proposal.decided", id, decision: decided });
  const agent = agentStep(caller.actor);
  if (agent !== undefined) return err({ code: "agent.forbidden", action: action.name, step: agent });
  if (decision === "reject") return reject(passage, proposal.value);
  const state = loadFor(ports, proposal.value);
  if (!state.ok) return state;
  try {
    const done = approve(passage, proposal.value, state.value);
    if (ports.worktrees.staged() !== undefined) ports.worktrees.discard();
    return done;
  } finally {
    state.value.journal?.close();
  }
}

/** What a proposal is weighed on: a text, or a way back, that is to mend another text is weighed on that. */
export function loadFor(ports: Ports, { calls }: Proposal): Result<State> {
  const kind = calls.length === 1 ? findAction(calls[0]?.action ?? "")?.effect.kind : undefined;
  return kind === "text" || kind === "history" ? loadToMend(ports, kind) : loadState(ports);
}

function reject(passage: Passage, proposal: Proposal): Result<Done> {
  const { ports, options, input } = passage;
  const done = doneBy(passage, "reject", proposal);
  if (options.dryRun) return ok(done);
  const { reason } = input as { reason?: string };
  const entry = recordAudit(ports, {
    ...headOf(passage),
    target: proposal.id,
    payload: { ...recorded(ports, proposal), ...(reason === undefined ? {} : { reason }) },
    policy_mode: modeOf(ports, loadPolicy(ports)),
    result: "success",
  });
  return entry.ok ? ok({ ...done, audit: entry.value.seq }) : entry;
}

function approve(passage: Passage, proposal: Proposal, state: State): Result<Done> {
  const { ports, action, caller, options } = passage;
  const weighed = weighProposal(ports, proposal, state, caller);
  if (!weighed.ok) return weighed;
  const { outcome, shown, notes } = weighed.value;
  const done = doneBy(passage, "approve", proposal);
  if (options.dryRun)
    return ok({ ...done, before: state.definition.digest, after: outcome.after.definition.digest });
  const { changed, times, why, started, going } = weighed.value;
  const call = { action: action.name, input: { id: proposal.id } };
  const lost = lostLine(ports, outcome);
  const about = askedAbout(ports, outcome, started, shown, call, { going, lost });
  const shows = shownLines(shownWithout(shown, ports.knownSecrets()), notes);
  const asked = { confirm: shown.digest, shows, times, why, changed, about };
  const agreed = agreedTo(passage, proposal, asked);
  if (!agreed.ok) return agreed;
  const head = { ...headOf(passage), target: proposal.id };
  const entry = commit(ports, outcome, head, { ...recorded(ports, proposal), shown: shown.digest });
  if (!entry.ok) return entry;
  const { pursued } = outcome.parts.findLast((part) => part.pursued !== undefined) ?? {};
  const speaksToRun = pursued === undefined ? {} : { ...runOf(outcome), pursued };
  return ok({ ...done, ...speaksToRun, audit: entry.value.seq });
}

function doneBy({ action }: Passage, verb: string, { id, summary }: Proposal): Done {
  return { action: action.name, summary: `${verb} proposal ${id}: ${summary}`, changed: true, warnings: [] };
}

function recorded(ports: Ports, { summary, calls, replaces }: Proposal): { [key: string]: Json } {
  const kept = calls.map((call) => recordedCall(call, ports.sha256));
  return { summary, calls: kept as unknown as Json, ...(replaces === undefined ? {} : { replaces }) };
}

/** A yes is bound to the digest of what was shown; one given beforehand holds only while nothing has moved. */
function agreedTo(
  passage: Passage,
  proposal: Proposal,
  asked: {
    confirm: string;
    shows: string[];
    times: 1 | 2;
    why: string;
    changed: string[];
    about: AskedAbout;
  },
): Result<null> {
  const { action, options } = passage;
  const { changed, why, about, ...bound } = asked;
  if (options.confirm === bound.confirm) return ok(null);
  const question = { summary: proposal.summary, ...bound };
  if (changed.length > 0)
    return err({ code: "proposal.moved", id: proposal.id, changed, ...question, about });
  if (options.confirm !== undefined) return err({ code: "confirm.stale", action: action.name });
  if (options.yes) return ok(null);
  if (options.propose) return err({ code: "approval.pending", summary: `approve proposal ${proposal.id}` });
  return err({ code: "confirm.required", action: action.name, why, ...question, about });
}

/** A proposal by its id or the unambiguous beginning of it. */
export function findProposal(ports: Ports, wanted: string): Result<Proposal> {
  const matches = ports.proposals
    .list()
    .filter((p) => p.id.startsWith(wanted.toUpperCase()) && wanted.length >= 4);
  const only = matches.length === 1 ? matches[0] : undefined;
  return only ? ok(only) : err({ code: "proposal.unknown", id: wanted });
}
