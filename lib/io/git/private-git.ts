import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Result } from "../../core/result";
import type { Repository } from "./repository";
import { callGit, type GitEnd, git } from "./run-git";

/**
 * A git directory of our own that borrows a repository's objects, made for one piece of work and removed after it. It has
 * no configuration and no index but its own, so nothing that somebody wrote into the repository's configuration (filters,
 * textconv, external diff, merge drivers) can be run: attributes may name such programs, but nothing says what they are.
 */
export class PrivateGit {
  private readonly dir: string;
  private readonly workTree: string;
  private readonly settings: string[];

  constructor(repository: Repository, workTree: string) {
    this.workTree = workTree;
    this.dir = fs.mkdtempSync(join(tmpdir(), "threados-git-"));
    for (const name of ["objects/info", "objects/pack", "refs/heads", "info"])
      fs.mkdirSync(join(this.dir, name), { recursive: true });
    const isSha256 = repository.head.length === 64;
    fs.writeFileSync(join(this.dir, "HEAD"), "ref: refs/heads/none\n");
    fs.writeFileSync(
      join(this.dir, "config"),
      isSha256
        ? "[core]\n\trepositoryformatversion = 1\n[extensions]\n\tobjectFormat = sha256\n"
        : "[core]\n\trepositoryformatversion = 0\n",
    );
    fs.writeFileSync(join(this.dir, "objects/info/alternates"), `${join(repository.commonDir, "objects")}\n`);
    const excludes = join(repository.commonDir, "info/exclude");
    if (fs.lstatSync(excludes, { throwIfNoEntry: false })?.isFile())
      fs.copyFileSync(excludes, join(this.dir, "info/exclude"));
    this.settings = ignoredByUser();
  }

  /** Where the work tree's files are noted: another index than this one's own can be looked at by naming it. */
  private call(args: readonly string[], input: string | undefined, index: string | undefined) {
    const env = {
      GIT_DIR: this.dir,
      GIT_WORK_TREE: this.workTree,
      ...(index === undefined ? {} : { GIT_INDEX_FILE: index }),
    };
    const words = [...this.settings, ...args];
    return [words, { cwd: this.workTree, env, ...(input === undefined ? {} : { input }) }] as const;
  }

  run(args: readonly string[], { input, index }: { input?: string; index?: string } = {}): Result<string> {
    return git(...this.call(args, input, index));
  }

  /** The same where more than one exit code is an answer. */
  ask(args: readonly string[], { input, index }: { input?: string; index?: string } = {}): GitEnd {
    return callGit(...this.call(args, input, index));
  }

  /** A copy of somebody's index, to be read only; undefined if there is none. */
  copyIndex(from: string): string | undefined {
    const copy = join(this.dir, "theirs");
    if (!fs.lstatSync(from, { throwIfNoEntry: false })?.isFile()) return undefined;
    fs.copyFileSync(from, copy);
    return copy;
  }

  close(): void {
    fs.rmSync(this.dir, { recursive: true, force: true });
  }
}

/** The file with what the user ignores everywhere, named in their own configuration: a name, and nothing that runs. */
function ignoredByUser(): string[] {
  const asked = callGit(["config", "--global", "--type=path", "--get", "core.excludesFile"], {
    cwd: "/",
    env: { GIT_CONFIG_GLOBAL: undefined },
  });
  const file = asked.out.toString("utf8").trim();
  return asked.code === 0 && file !== "" ? ["-c", `core.excludesFile=${file}`] : [];
}
