/** How a waiting proposal stands: `ready` does what its proposer saw, `moved` something else, `stale` nothing any more, `blocked` is refused for now. */
export type ProposalState = "ready" | "moved" | "stale" | "blocked";

interface Proposed {
  state: ProposalState;
  actor: string;
  calls: readonly { action: string }[];
}

const runs = ["run.start", "step.restart", "step.rerun"];

/** Whether nobody needs to decide on it any more: there is nothing left to do, or it is one's own call to run something as it stood once. */
export function isPast({ state, actor, calls }: Proposed): boolean {
  const isOwnRun = actor === "user" && calls.every(({ action }) => runs.includes(action));
  return state === "stale" || (isOwnRun && state !== "ready");
}

/** Whether it can't be carried out as it was made, because something has changed since. */
export const isOutOfDate = (proposal: Proposed): boolean => proposal.state === "moved" || isPast(proposal);

/** What is said of a proposal under which something has moved; `same`: it would do what its proposer saw all the same. */
export function sayMoved(moved: { sequence: boolean; same: boolean }): string {
  if (moved.same) return "the sequence changed since it was proposed; it would still do the same";
  const since = moved.sequence ? "the sequence changed since, and it" : "it";
  return `out of date: ${since} would now do something else than when it was proposed`;
}

/** How a proposal stands, and what helps, as parts of a sentence; null where it is as it was made. */
export function standingOf(
  proposal: Proposed & { problem: string | null },
  isOtherSequence: boolean,
): { standing: string | null; remedy: string | null } {
  const { state, problem } = proposal;
  if (isPast(proposal))
    return {
      standing:
        problem === null ? sayMoved({ sequence: isOtherSequence, same: false }) : `out of date: ${problem}`,
      remedy: "clear it away, and ask again if it is still wanted",
    };
  if (state === "moved")
    return {
      standing: sayMoved({ sequence: isOtherSequence, same: false }),
      remedy: "look at what it would do now, or turn it down and ask again",
    };
  if (state === "blocked") return { standing: `it can't be carried out now: ${problem}`, remedy: null };
  return { standing: null, remedy: null };
}
