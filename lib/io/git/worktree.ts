import * as fs from "node:fs";
import { dirname, join } from "node:path";
import type { Failure } from "../../core/failure";
import { err, ok, type Result } from "../../core/result";
import { namesIn } from "../files/presence";
import { PrivateGit } from "./private-git";
import type { Repository } from "./repository";
import { git } from "./run-git";

/** How often a worktree is tried again while others of the repository come and go, and the pause before each try, in ms. */
const moreTries = 40;
const pauseMs = 25;

/**
 * Makes a worktree with the files of a commit, its HEAD detached there. What a start that was cut short left at the same
 * place goes first. The files are written by a git that knows no filters: those kept by git-lfs stay pointers.
 */
export function makeWorktree(repository: Repository, path: string, base: string): Result<null> {
  fs.mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  let added = addWorktree(repository, path, base);
  for (let tries = 0; !added.ok && isHalfMade(added.failure) && tries < moreTries; tries++) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
    added = addWorktree(repository, path, base);
  }
  if (!added.ok) return added;
  const index = metadataOf(repository.commonDir, path);
  if (index === undefined)
    return err({ code: "git.failed", command: "worktree", problem: "git keeps no note of the new worktree" });
  const own = new PrivateGit(repository, path);
  try {
    const filled = own.run(["read-tree", "--reset", "-u", base], { index: join(index, "index") });
    return filled.ok ? ok(null) : filled;
  } finally {
    own.close();
  }
}

function addWorktree(repository: Repository, path: string, base: string): Result<string> {
  removeWorktree(repository.commonDir, path);
  const words = ["worktree", "add", "--detach", "--no-checkout", "--quiet", path, base];
  return git([`--git-dir=${repository.gitDir}`, ...words], { cwd: repository.top });
}

/** git reads its notes of all worktrees first, and gives up at one that somebody makes or removes at this moment. */
function isHalfMade(failure: Failure): boolean {
  return failure.code === "git.failed" && /^failed to read .*\/worktrees\//.test(failure.problem);
}

/** Where the repository keeps what it knows of a worktree. */
export function metadataOf(commonDir: string, path: string): string | undefined {
  const folder = join(commonDir, "worktrees");
  for (const name of namesIn(folder)) {
    const note = join(folder, name, "gitdir");
    if (!fs.lstatSync(note, { throwIfNoEntry: false })?.isFile()) continue;
    if (fs.readFileSync(note, "utf8").trim() === join(path, ".git")) return join(folder, name);
  }
  return undefined;
}

/**
 * Removes a worktree and what the repository knows of it; one that is half there or gone is no fault. Done by hand, since
 * git believes the `.git` file in the worktree, and a step can write that.
 */
export function removeWorktree(commonDir: string | undefined, path: string): void {
  const known = commonDir === undefined ? undefined : metadataOf(commonDir, path);
  if (known !== undefined) fs.rmSync(known, { recursive: true, force: true });
  fs.rmSync(path, { recursive: true, force: true, maxRetries: 3 });
}
