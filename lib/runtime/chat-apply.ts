import { findAction } from "../core/actions";
import type { Caller } from "../core/actor";
import type { ChatCall } from "../core/chat/reading";
import type { Failure, FailureOf } from "../core/failure";
import { renderFailure } from "../core/failure-table";
import type { Json } from "../core/json";
import { err, ok, type Result } from "../core/result";
import { diffSequences } from "../core/sequence/diff";
import { proposalDecision } from "./decisions";
import { identify } from "./identity";
import type { Call, DispatchOptions, Done } from "./passage";
import type { Ports, Proposal } from "./ports";
import { findProposal } from "./propose";
import { lockSettled, recordAudit } from "./record";
import { modeOf, recordRefusal } from "./refusal";
import { type Draft, rehearse, runAll } from "./rehearse";
import { loadPolicy } from "./state";

/** The door, as the chat uses it. */
export type Dispatch = (call: Call, caller: Caller, options?: DispatchOptions) => Promise<Result<Done>>;

/** What a person wants of a proposal. */
export interface Wanted {
  proposal: string;
  /** Numbers of the calls that are wanted, from 0; all if left out. */
  actions?: number[] | undefined;
  /** Run the sequence once it is applied. */
  run?: boolean | undefined;
  /** Digest of the definition that its effect was shown on, where that is not the one it was made on. */
  base?: string | undefined;
}

/**
 * Keeps a draft for a person to decide about, and records that it was made. Needs no approval: nothing is carried out. Of a
 * draft that stands for another proposal (`replaces`) there is one at a time.
 */
export async function keepDraft(ports: Ports, draft: Draft, replaces?: string): Promise<Result<Proposal>> {
  const calls = draft.calls.map(({ action, input }) => ({ action, input }));
  const summary = summaryOf(draft);
  return lockSettled(ports, 30_000, () => {
    const waiting = replaces === undefined ? undefined : waitingFor(ports, draft, calls, replaces);
    if (waiting) return ok(waiting);
    const proposal: Proposal = {
      id: ports.newRunId(),
      ts: new Date(ports.now()).toISOString(),
      actor: "chat",
      surface: "chat",
      summary,
      base: draft.base,
      calls,
      ...(replaces === undefined ? {} : { replaces }),
      shown: draft.shown,
    };
    ports.proposals.write(proposal);
    const entry = recordAudit(ports, {
      actor: "chat",
      surface: "chat",
      action: "chat.propose",
      target: proposal.id,
      payload: { summary, calls: calls as unknown as Json },
      policy_mode: draft.verdict.mode,
      result: "pending",
    });
    return entry.ok ? ok(proposal) : entry;
  });
}

function summaryOf({ calls }: Draft): string {
  const said = calls.slice(0, 4).map(({ summary }) => summary);
  const more = calls.length > 4 ? [`${calls.length - 4} more`] : [];
  return [...said, ...more].join("; ").slice(0, 500);
}

/** Carries a proposal out through the door, or the part of it that is wanted: all of it or nothing. */
export async function applyProposal(
  ports: Ports,
  dispatch: Dispatch,
  wanted: Wanted,
  caller: Caller,
  options: DispatchOptions,
): Promise<Result<Done & { proposal: string }>> {
  const prepared = await prepare(ports, wanted);
  if (!prepared.ok) return refuse(ports, wanted, caller, prepared.failure);
  const { target, draft } = prepared.value;
  const done = await dispatch({ action: "proposal.approve", input: { id: target.id } }, caller, options);
  if (!done.ok) return done.failure.code === "confirm.required" ? err(asked(done.failure, draft)) : done;
  return ok({ ...done.value, proposal: target.id });
}

/** What the wanted part of a proposal comes to on what stands now. */
interface Tried {
  proposal: Proposal;
  calls: ChatCall[];
  draft: Draft;
  /** Digest of the text that stands now; undefined where none can be had. */
  present: string | undefined;
  /** Whether that is another text than the proposal was made on. */
  moved: boolean;
}

/** Tries the wanted part of a proposal that waits. Nothing is written. */
export function tryWanted(ports: Ports, wanted: Wanted): Result<Tried> {
  const found = findProposal(ports, wanted.proposal);
  if (!found.ok) return found;
  const proposal = found.value;
  const decision = proposalDecision(ports, proposal.id);
  if (decision) return err({ code: "proposal.decided", id: proposal.id, decision });
  const calls = chosen(proposal, wanted);
  if (!calls.ok) return calls;
  const draft = rehearse(ports, calls.value);
  const text = ports.definition.loadText();
  const present = text.ok ? text.value.digest : undefined;
  const moved = present !== proposal.base;
  if (!draft.ok)
    return moved ? err(movedFailure(ports, proposal, renderFailure(draft.failure).message)) : draft;
  return ok({ proposal, calls: calls.value, draft: draft.value, present, moved });
}

/** The proposal that holds exactly what is wanted, and what it comes to now. */
async function prepare(ports: Ports, wanted: Wanted): Promise<Result<{ target: Proposal; draft: Draft }>> {
  const tried = tryWanted(ports, wanted);
  if (!tried.ok) return tried;
  const { proposal, calls, draft, present, moved } = tried.value;
  const isWhole = calls.length === proposal.calls.length && !wanted.run;
  const target =
    isWhole && !moved ? ok(proposal) : await keepDraft(ports, draft, proposal.replaces ?? proposal.id);
  if (!target.ok) return target;
  // What a person has seen is what is applied: on another base it has to be looked at again.
  const isSeen = present !== undefined && wanted.base === present;
  if (moved && !isSeen) return err({ ...movedFailure(ports, proposal), rebased: target.value.id });
  return ok({ target: target.value, draft });
}

/** What is refused before the door is reached is recorded as it would be there; to look at it anew is a question. */
function refuse(
  ports: Ports,
  { proposal }: Wanted,
  caller: Caller,
  failure: Failure,
): Promise<Result<never>> {
  const isQuestion = failure.code === "chat.moved" && failure.rebased !== undefined;
  if (isQuestion) return Promise.resolve(err(failure));
  const call = { action: "proposal.approve", input: { id: proposal } };
  return lockSettled(ports, 30_000, () => {
    const who = identify(ports, caller);
    if (!who.ok) return who;
    const mode = modeOf(ports, loadPolicy(ports));
    const recorded = recordRefusal(ports, call, findAction(call.action), who.value, mode, failure);
    return recorded.ok ? err(failure) : recorded;
  });
}

/** The calls of a proposal that are wanted, in order. */
function chosen({ calls }: Proposal, { actions, run }: Wanted): Result<ChatCall[]> {
  const wanted =
    actions === undefined ? calls.map((_, index) => index) : [...new Set(actions)].sort((a, b) => a - b);
  const unknown = wanted.find((index) => !Number.isInteger(index) || index < 0 || index >= calls.length);
  if (unknown !== undefined)
    return err({
      code: "input.invalid",
      problem: `the proposal has no action ${unknown}`,
      hint: `they are numbered from 0 to ${calls.length - 1}`,
    });
  const picked = wanted.map((index) => calls[index] as ChatCall);
  if (picked.length === 0) return err({ code: "input.invalid", problem: "choose at least one action" });
  const runs = picked.some(({ action }) => action === "run.start");
  return ok(run && !runs ? [...picked, runAll] : picked);
}

/** The proposal for the same that waits already: asked again, a question keeps its digest. Needs the lock. */
function waitingFor(
  ports: Ports,
  { base }: Draft,
  calls: readonly ChatCall[],
  replaces: string,
): Proposal | undefined {
  const wanted = JSON.stringify(calls);
  return ports.proposals
    .list()
    .find(
      (one) =>
        one.surface === "chat" &&
        one.replaces === replaces &&
        one.base === base &&
        JSON.stringify(one.calls) === wanted &&
        proposalDecision(ports, one.id) === undefined,
    );
}

/** What has changed since a proposal was made. */
export function movedFailure(
  ports: Ports,
  { id, base }: Proposal,
  problem?: string,
): FailureOf<"chat.moved"> {
  const then = ports.definition.revision(base);
  const before = then.ok ? ports.definition.check(then.value) : then;
  const now = ports.definition.load();
  const changed =
    before.ok && now.ok
      ? diffSequences(before.value, now.value.sequence).nodes.map(
          ({ change, kind, id: node }) => `${kind} ${node} ${change}`,
        )
      : [];
  return {
    code: "chat.moved",
    id,
    changed: changed.slice(0, 20),
    ...(problem === undefined ? {} : { problem }),
  };
}

/** The door's question, with how often the chat asks it. */
function asked(question: FailureOf<"confirm.required">, { verdict }: Draft): FailureOf<"confirm.required"> {
  return { ...question, times: verdict.ask === 2 ? 2 : 1, why: verdict.why || question.why };
}
