import type { FailureOf } from "./failure";
import { absent, bad, list, type Rendering, stale } from "./failure-rendering";

type Codes = "worktree.unusable" | "git.failed" | "fusion.unknown" | "fusion.no_patch" | "fusion.conflict";

/** How refusals about worktrees and what comes out of them are said. */
export const worktreeRows: { [C in Codes]: Rendering<FailureOf<C>> } = {
  "worktree.unusable": { ...bad, message: (f) => f.problem, hint: (f) => f.hint },
  "git.failed": {
    exit: 1,
    http: 500,
    message: (f) => `git ${f.command} failed: ${f.problem}`,
    hint: () => "mend what git names and repeat the command; nothing was changed",
  },
  "fusion.unknown": {
    ...absent,
    message: (f) => `'${f.id}' is no candidate of a fusion, and joins none`,
    hint: () => "`seqctl fusion create` makes a fusion; its synthesis names the candidates",
  },
  "fusion.no_patch": {
    ...bad,
    message: (f) => `'${f.id}' can't be picked: ${f.problem}`,
    hint: () => "a candidate with `isolation: worktree` leaves a patch once it is done",
  },
  "fusion.conflict": {
    ...stale,
    message: (f) => `the changes of '${f.id}' can't be brought into the workspace: ${f.problem}`,
    hint: (f) =>
      f.files.length === 0
        ? "nothing was changed"
        : `nothing was changed; commit or undo your own changes of ${list(f.files.slice(0, 5))} first`,
  },
};
