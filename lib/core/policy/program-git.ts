import type { Finding } from "./command-class";
import { hasLong, hasShort, hasWord } from "./words";

const harmlessGlobals = ["--no-pager", "--no-optional-locks", "--literal-pathspecs", "--no-replace-objects"];
/** Of these no setting of the repository starts a program. */
const readers = "version help rev-parse rev-list ls-tree cat-file for-each-ref merge-base show-ref".split(
  " ",
);
const execLong = ["--upload-pack", "--receive-pack", "--exec", "--ext-diff", "--textconv", "--filters"];
const moreExecLong = ["--extcmd", "--open-files-in-pager", "--template", "--config", "--output", "--remote"];
const execShort: Record<string, string> = { clone: "uc", rebase: "x", difftool: "x", grep: "O", fetch: "u" };

const losing: Record<string, (rest: readonly string[]) => boolean> = {
  clean: () => true,
  restore: () => true,
  rm: () => true,
  "filter-branch": () => true,
  reset: (rest) => hasLong(rest, ["--hard", "--merge"]),
  push: (rest) =>
    hasLong(rest, ["--force", "--force-with-lease", "--mirror", "--delete", "--prune"]) ||
    hasShort(rest, "fd") ||
    rest.some((word) => /^[+:]/.test(word)),
  branch: (rest) => hasShort(rest, "DdM") || hasLong(rest, ["--delete", "--force"]),
  tag: (rest) => hasShort(rest, "df") || hasLong(rest, ["--delete", "--force"]),
  checkout: (rest) => hasShort(rest, "f") || hasLong(rest, ["--force"]) || hasWord(rest, ["--", "."]),
  stash: (rest) => hasWord(rest, ["drop", "clear"]),
  worktree: (rest) => hasWord(rest, ["remove"]),
  reflog: (rest) => hasWord(rest, ["expire", "delete"]),
};

/** What a call of git may do: its own flags, and the repository's settings, start programs. */
export function classifyGit(args: readonly string[]): Finding {
  let at = 0;
  for (; args[at]?.startsWith("-"); at++) {
    const flag = args[at] as string;
    if (/^(?:-v|-h|--version|--help)$/.test(flag))
      return { class: "read-only", rule: "builtin.git.reader", why: "git only says something about itself" };
    if (/^-c|^--config-env/.test(flag))
      return arbitrary("config-flag", `'${flag}' sets git's settings, and some of them start programs`);
    if (!harmlessGlobals.includes(flag))
      return arbitrary("global-flag", `'${flag}' makes git work elsewhere or with other programs`);
  }
  const [sub, ...rest] = args.slice(at);
  if (sub === undefined)
    return { class: "read-only", rule: "builtin.git.reader", why: "git alone only says how it is used" };
  if (losing[sub]?.(rest))
    return {
      class: "destructive",
      rule: `builtin.git.${sub}`,
      why: `'git ${sub}' can lose work in this form`,
    };
  if (hasLong(rest, execLong) || hasLong(rest, moreExecLong) || hasShort(rest, execShort[sub] ?? ""))
    return arbitrary("exec-flag", "a flag names a program or a place that git is to use");
  if (rest.some((word) => /^(?:ext|fd)::/.test(word)))
    return arbitrary("exec-flag", "an address of that kind names a program");
  if (readers.includes(sub))
    return { class: "read-only", rule: "builtin.git.reader", why: `'git ${sub}' only reads` };
  return arbitrary(
    "repository-config",
    `'git ${sub}' obeys the repository's own settings and hooks, and those start programs`,
  );
}

function arbitrary(rule: string, why: string): Finding {
  return { class: "arbitrary-code", rule: `builtin.git.${rule}`, why };
}
