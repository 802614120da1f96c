import type { CandidateDocument } from "../state/wire";

type Candidate = Pick<CandidateDocument, "status" | "base" | "diff">;

const over = new Set(["DONE", "FAILED", "SKIPPED", "CANCELED"]);

/** Why none of these candidates has changes to pick; undefined where one has. */
export function whyNoChanges(candidates: readonly Candidate[]): string | undefined {
  if (candidates.some(({ diff }) => diff !== null)) return undefined;
  const left = candidates.filter(({ status }) => !over.has(status));
  if (left.length > 0)
    return "There are no changes to pick yet: candidates keep them apart in worktrees of their own (isolation: worktree), and show them once they have ended.";
  return candidates.some(({ base }) => base !== null)
    ? "There are no changes to pick: none of them came so far that it left any."
    : "There are no changes to pick, and there will be none: they ran without worktrees of their own (isolation: worktree), in the workspace itself.";
}

/** Why this candidate can't be picked; undefined where it can. */
export function whyNotPicked({ status, base, diff }: Candidate): string | undefined {
  if (diff !== null) return undefined;
  if (!over.has(status)) return "There are no changes to take over: it has not ended";
  return base === null
    ? "There are no changes to take over: it ran without a worktree of its own"
    : "There are no changes to take over: it left none behind";
}
