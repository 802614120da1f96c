import * as fs from "node:fs";
import { relative, resolve, sep } from "node:path";
import { err, ok, type Result } from "../../core/result";
import { callGit } from "./run-git";

/** The git repository that a workspace stands in. Paths are real and absolute. */
export interface Repository {
  /** The folder that its files stand in. */
  top: string;
  /** Its own git directory; of a linked worktree, that worktree's. */
  gitDir: string;
  /** The git directory that all its worktrees share. */
  commonDir: string;
  /** The workspace's folder below `top`; empty where they are the same. */
  prefix: string;
  /** The commit that is checked out. */
  head: string;
}

const hint =
  "a step with `isolation: worktree` needs the workspace to stand in a git repository with a commit";

const refuse = (problem: string) => err({ code: "worktree.unusable", problem, hint });

/** Finds the repository of a workspace and the commit that stands there. */
export function findRepository(root: string): Result<Repository> {
  const wanted = ["--is-bare-repository", "--absolute-git-dir", "--git-common-dir", "--show-toplevel"];
  const asked = callGit(["rev-parse", ...wanted], { cwd: root });
  if (asked.code === 127) return refuse("there is no git on the PATH");
  const [bare, gitDir, common, top] = asked.out.toString("utf8").split("\n");
  if (bare === "true") return refuse(`${root} is a bare git repository, which has no files to work on`);
  if (asked.code !== 0 || !gitDir || !common || !top)
    return refuse(withoutRepository(root, firstLine(asked.err)));
  const realTop = fs.realpathSync(top);
  if (root !== realTop && !root.startsWith(realTop + sep))
    return refuse(`the git repository of ${root} keeps its files elsewhere (${realTop})`);
  const head = callGit(["rev-parse", "--verify", "--quiet", "HEAD^{commit}"], { cwd: root });
  const commit = head.out.toString("utf8").trim();
  if (head.code !== 0 || !/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(commit))
    return refuse(`the git repository in ${realTop} has no commit yet; commit something first`);
  return ok({
    top: realTop,
    gitDir: fs.realpathSync(gitDir),
    commonDir: fs.realpathSync(resolve(root, common)),
    prefix: relative(realTop, root),
    head: commit,
  });
}

/** Git's own words are told only where they say something else. */
function withoutRepository(root: string, said: string): string {
  return said.startsWith("not a git repository")
    ? `${root} is not in a git repository; \`git init\` and a first commit make it one`
    : `${root} is not in a git repository (${said})`;
}

function firstLine(said: string): string {
  return (said.split("\n")[0] ?? "").replace(/^fatal: /, "") || "git gave no reason";
}
