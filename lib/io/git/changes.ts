import * as fs from "node:fs";
import { dirname, join } from "node:path";
import { ok, type Result } from "../../core/result";
import { fsyncFolder, fsyncPath } from "../files/atomic";
import { sha256 } from "../files/digest";
import { PrivateGit } from "./private-git";
import type { Repository } from "./repository";
import { namesIn, nulList } from "./run-git";
import { statOf } from "./stat";
import { metadataOf } from "./worktree";

/** How far a worktree has come from its base. */
export interface Changes {
  patch: string;
  patchBytes: number;
  files: number;
  insertions: number;
  deletions: number;
  /** What could not be taken into the patch: repositories within, files that can't be read. */
  leftOut: string[];
}

/**
 * Writes everything that differs from the base as one patch: commits, changes, new files, but not what is ignored and never
 * was added. `.threados` is left out: what stands there changes through the door alone.
 */
export function recordChanges(
  repository: Repository,
  { worktree, base, into }: { worktree: string; base: string; into: string },
): Result<Changes> {
  const own = new PrivateGit({ ...repository, head: base }, worktree);
  try {
    const noted = noteAll(own, repository, worktree, base);
    if (!noted.ok) return noted;
    const scope = ["--", ".", `:(exclude,top,literal)${join(repository.prefix, ".threados")}`];
    const plain = [
      "--no-ext-diff",
      "--no-textconv",
      "--no-renames",
      "--no-color",
      "--ignore-submodules=none",
    ];
    const how = ["diff-index", "--cached", ...plain];
    const form = ["--binary", "--full-index", "--src-prefix=a/", "--dst-prefix=b/"];
    const temp = `${into}.tmp`;
    const made = own.run([...how, "-p", ...form, `--output=${temp}`, base, ...scope]);
    if (!made.ok) return made;
    const counted = own.run([...how, "--numstat", "-z", base, ...scope]);
    if (!counted.ok) return counted;
    // Its digest goes into the journal: what stands there must not be lost behind that.
    fsyncPath(temp);
    fs.renameSync(temp, into);
    fsyncFolder(dirname(into));
    const { size } = fs.statSync(into);
    const patch = sha256(fs.readFileSync(into));
    return ok({ patch, patchBytes: size, ...tally(counted.value), leftOut: noted.value });
  } finally {
    own.close();
  }
}

/** Puts the worktree as it stands into the private index; what had to be left out. */
function noteAll(own: PrivateGit, repository: Repository, worktree: string, base: string): Result<string[]> {
  const begun = own.run(["read-tree", base]);
  if (!begun.ok) return begun;
  const modules = links(own);
  if (!modules.ok) return modules;
  // A repository within is never looked into: git would ask the programs of its configuration.
  const without = unlink(own, [...modules.value.keys()]);
  if (!without.ok) return without;
  const added = own.ask(["add", "-A", "--ignore-errors", "--", "."]);
  const unread = added.err.split("\n").flatMap((line) => {
    const found = /^error: (?:open\("(.*)"\)|'(.*?)\/?' does not have a commit checked out)/.exec(line);
    return found?.[1] ?? found?.[2] ?? [];
  });
  const forced = addForced(own, repository, worktree);
  if (!forced.ok) return forced;
  const now = links(own);
  if (!now.ok) return now;
  const within = [...now.value.keys()].filter((name) => !modules.value.has(name));
  const cleaned = unlink(own, [...now.value.keys()]);
  if (!cleaned.ok) return cleaned;
  const lines = [...modules.value].map(([name, commit]) => `160000 ${commit}\t${name}\0`).join("");
  const restored = lines === "" ? ok("") : own.run(["update-index", "-z", "--index-info"], { input: lines });
  return restored.ok ? ok([...within, ...unread]) : restored;
}

/** Other repositories in the index, by name, with their commits. */
function links(own: PrivateGit): Result<Map<string, string>> {
  const listed = own.run(["ls-files", "-s", "-z"]);
  if (!listed.ok) return listed;
  const found = namesIn(listed.value).flatMap((line): [string, string][] => {
    const parts = /^160000 ([0-9a-f]+) \d\t([\s\S]+)$/.exec(line);
    return parts ? [[parts[2] as string, parts[1] as string]] : [];
  });
  return ok(new Map(found));
}

function unlink(own: PrivateGit, names: readonly string[]): Result<string> {
  if (names.length === 0) return ok("");
  return own.run(["update-index", "--force-remove", "-z", "--stdin"], { input: nulList(names) });
}

/** What the step has told git to keep although it is ignored; only names are taken from its index. */
function addForced(own: PrivateGit, repository: Repository, worktree: string): Result<null> {
  const metadata = metadataOf(repository.commonDir, worktree);
  const theirs = metadata === undefined ? undefined : own.copyIndex(join(metadata, "index"));
  if (theirs === undefined) return ok(null);
  const listed = own.ask(["ls-files", "-z"], { index: theirs });
  if (listed.code !== 0) return ok(null);
  const known = own.run(["ls-files", "-z"]);
  if (!known.ok) return known;
  const mine = new Set(namesIn(known.value));
  const missing = namesIn(listed.out.toString("utf8")).filter((name) => {
    const stat = statOf(join(worktree, name));
    return !mine.has(name) && stat !== undefined && (stat.isFile() || stat.isSymbolicLink());
  });
  if (missing.length === 0) return ok(null);
  own.ask(
    ["--literal-pathspecs", "add", "-f", "--ignore-errors", "--pathspec-from-file=-", "--pathspec-file-nul"],
    {
      input: nulList(missing),
    },
  );
  return ok(null);
}

/** Sums `--numstat -z`: a binary file counts as a file without lines. */
function tally(numstat: string): { files: number; insertions: number; deletions: number } {
  let [files, insertions, deletions] = [0, 0, 0];
  for (const line of namesIn(numstat)) {
    const [added, removed] = line.split("\t");
    files += 1;
    insertions += Number(added) || 0;
    deletions += Number(removed) || 0;
  }
  return { files, insertions, deletions };
}

/** Bytes of all plain files below a folder, links not followed. */
export function treeBytes(folder: string): number {
  let sum = 0;
  const waiting = [folder];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    for (const entry of entriesOf(at)) {
      const path = join(at, entry.name);
      if (entry.isDirectory()) waiting.push(path);
      else if (entry.isFile()) sum += fs.lstatSync(path, { throwIfNoEntry: false })?.size ?? 0;
    }
  }
  return sum;
}

function entriesOf(folder: string): fs.Dirent[] {
  try {
    return fs.readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
