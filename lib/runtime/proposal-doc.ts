import { renderFailure } from "../core/failure-table";
import { type Shown, shownLines } from "../core/policy/shown";
import { looking } from "./looking";
import type { Ports, Proposal } from "./ports";
import { weighProposal } from "./propose";
import type { State } from "./state";

/** A waiting proposal as the inbox shows it. */
export interface ProposalDoc extends Omit<Proposal, "shown"> {
  /** `ready` does what its proposer saw, `moved` something else, `stale` nothing any more, `blocked` is refused for now. */
  state: "ready" | "moved" | "stale" | "blocked";
  problem: string | null;
  changed: string[];
  /** What a yes is bound to; null where there is nothing to say yes to. */
  confirm: string | null;
  times: 1 | 2;
  commands: Shown["commands"];
  diff: Shown["diff"] | null;
  lines: string[];
  /** What a person types to settle it. */
  next: string[];
}

/** How a waiting proposal stands. */
export function proposalDoc(ports: Ports, proposal: Proposal, state: State): ProposalDoc {
  const weighed = weighProposal(looking(ports), proposal, state, { actor: "user", surface: "cli" });
  const { shown: then, ...head } = proposal;
  if (weighed.ok) {
    const { shown, notes, times, changed } = weighed.value;
    const { digest: confirm, commands, diff } = shown;
    const now = changed.length > 0 ? ("moved" as const) : ("ready" as const);
    return {
      ...head,
      state: now,
      problem: null,
      changed,
      confirm,
      times,
      commands,
      diff,
      lines: shownLines(shown, notes),
      next: [
        `seqctl approve ${proposal.id}${now === "moved" ? ` --digest ${confirm}` : ""}`,
        `seqctl reject ${proposal.id}`,
      ],
    };
  }
  const { failure } = weighed;
  const isStale = failure.code === "proposal.stale";
  return {
    ...head,
    state: isStale ? "stale" : "blocked",
    problem: isStale ? failure.problem : renderFailure(failure).message,
    changed: [],
    confirm: null,
    times: 1,
    commands: then?.commands ?? [],
    diff: then?.diff ?? null,
    lines: then ? shownLines(then) : [],
    next: isStale
      ? [`seqctl reject ${proposal.id}`]
      : [`seqctl approve ${proposal.id}`, `seqctl reject ${proposal.id}`],
  };
}
