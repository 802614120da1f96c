import type { FailureOf } from "./failure";
import { absent, bad, list, type Rendering, stale } from "./failure-rendering";

type Codes =
  | "worktree.unusable"
  | "git.failed"
  | "fusion.unknown"
  | "fusion.no_patch"
  | "fusion.conflict"
  | "fusion.picked";

const inShell = (path: string) => (/^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`);

/** The lines that take files back to what is committed; those that were made are no file of the commit. */
function linesBack(files: readonly string[], made: readonly string[]): string {
  const old = files.filter((file) => !made.includes(file));
  const line = (head: string, paths: readonly string[]) =>
    paths.length === 0 ? [] : [`${head} -- ${paths.map(inShell).join(" ")}`];
  return [...line("git restore", old), ...line("rm", made)].join(" && ");
}

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
    hint: (f) =>
      f.known?.length
        ? `what joins candidates here: ${list(f.known.slice(0, 5))}`
        : "`seqctl fusion create` makes a fusion; its synthesis names the candidates",
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
  "fusion.picked": {
    ...stale,
    message: (f) =>
      `'${f.picked}' was picked already: its changes stand in ${list(f.files.slice(0, 5))}${f.files.length > 5 ? ` and ${f.files.length - 5} more` : ""}`,
    hint: (f) =>
      `nothing was changed; keep them by a commit, or take them back first: ${linesBack(f.files, f.made)}`,
  },
};
