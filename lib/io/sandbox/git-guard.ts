import * as fs from "node:fs";
import { dirname, join, resolve } from "node:path";
import { lstatOf, namesIn } from "../files/presence";

const mostInner = 64;

/**
 * Keeps what git, run later by a person, would take commands from as it is. What is missing in a repository is held by something
 * empty, or the command could make it. Where there is no repository it may make one, as the documentation says.
 */
export function guardGit(folder: string): string[] {
  const dot = join(folder, ".git");
  // In a linked worktree `.git` is a file that names the folder; it may not be there yet.
  if (!isFolder(dot)) return ["--ro-bind-try", dot, dot];
  // A mount of its own, so that it can't be moved away with all that is guarded in it.
  return ["--bind", dot, dot, ...guardGitDir(dot)];
}

/** The same for a git directory, wherever it stands. Of its worktrees the named one may be worked with. */
export function guardGitDir(gitDir: string, own?: string): string[] {
  const words = guardCommands(gitDir, ["config", "config.worktree"]);
  const modules = join(gitDir, "modules");
  words.push("--bind-try", modules, modules);
  for (const inner of innerDirs(modules, "config"))
    words.push("--bind", inner, inner, ...guardCommands(inner, ["config"]));
  const worktrees = join(gitDir, "worktrees");
  words.push("--ro-bind-try", worktrees, worktrees);
  if (own === undefined) return words;
  const [mine, common] = [join(worktrees, own), join(worktrees, own, "commondir")];
  return [...words, "--bind-try", mine, mine, "--ro-bind-try", common, common];
}

function guardCommands(gitDir: string, names: readonly string[]): string[] {
  const [hooks, info] = [join(gitDir, "hooks"), join(gitDir, "info")];
  const empty = (folder: string) => ["--tmpfs", folder, "--remount-ro", folder];
  const words = fs.existsSync(hooks) ? ["--ro-bind", hooks, hooks] : empty(hooks);
  // What is mounted can't be moved away: a folder that only holds what is guarded could be.
  const hasInfo = fs.existsSync(info);
  words.push(...(hasInfo ? ["--bind", info, info] : empty(info)));
  for (const name of [...names, ...(hasInfo ? ["info/attributes"] : [])]) {
    const path = join(gitDir, name);
    words.push("--ro-bind", fs.existsSync(path) ? path : "/dev/null", path);
  }
  return words;
}

/** Folders below one, at any depth that a submodule's name may have, that hold a file of that name. */
function innerDirs(top: string, holding: string, depth = 3): string[] {
  const found = namesIn(top).flatMap((name) => {
    const inner = join(top, name);
    if (!isFolder(inner)) return [];
    if (lstatOf(join(inner, holding))?.isFile()) return [inner];
    return depth > 0 ? innerDirs(inner, holding, depth - 1) : [];
  });
  return found.slice(0, mostInner);
}

/**
 * The git directory of a workspace that is a linked worktree itself; undefined of any other. It counts only if it names the
 * workspace in its turn: a command that wrote a `.git` of its own must not choose what the next one may write to.
 */
export function linkedGitDir(root: string): string | undefined {
  try {
    const dot = join(root, ".git");
    const own = /^gitdir: (.+)\n$/.exec(fs.readFileSync(dot, "utf8"))?.[1];
    if (own === undefined) return undefined;
    const gitDir = resolve(root, own);
    if (fs.readFileSync(join(gitDir, "gitdir"), "utf8").trim() !== dot) return undefined;
    const common = resolve(gitDir, fs.readFileSync(join(gitDir, "commondir"), "utf8").trim());
    return resolve(common, "worktrees") === dirname(gitDir) ? common : undefined;
  } catch {
    return undefined;
  }
}

/**
 * A link among what is guarded, if there is one: it can't be held by a mount, and a step that made it could choose by it what
 * the next one is shown.
 */
export function linkInTheWay(gitDirs: readonly string[]): string | undefined {
  const names = ["", "hooks", "config", "config.worktree", "info", "info/attributes", "modules", "worktrees"];
  const all = gitDirs.flatMap((dir) => [dir, ...innerDirs(join(dir, "modules"), "config")]);
  const inner = gitDirs.flatMap((dir) =>
    namesIn(join(dir, "modules")).map((name) => join(dir, "modules", name)),
  );
  return [...all.flatMap((dir) => names.map((name) => join(dir, name))), ...inner].find(isLink);
}

/** The root of the repository that a folder stands in, if any; its own `.git` may be above the workspace. */
export function enclosingRepository(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    if (fs.existsSync(join(at, ".git"))) return at;
    if (at === dirname(at)) return undefined;
  }
}

const isLink = (path: string) => lstatOf(path)?.isSymbolicLink() === true;

const isFolder = (path: string) => lstatOf(path)?.isDirectory() === true;
