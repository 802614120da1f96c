import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { err, ok, type Result } from "../../core/result";
import type { StagedPatch } from "../../runtime/worktree-ports";
import { fsyncFolder, readIfThere, writeNew } from "../files/atomic";
import { sha256 } from "../files/digest";
import { PrivateGit } from "./private-git";
import { findRepository, type Repository } from "./repository";
import { namesIn, nulList } from "./run-git";
import { contentOf, fsyncFiles, hasPlainParents, type Manifest, shutFolder } from "./staged-files";
import { statOf } from "./stat";

/** One file that a patch changes, makes or removes. Modes and object names are git's; zeros stand for nothing. */
interface Change {
  path: string;
  oldMode: string;
  newMode: string;
  oldId: string;
}

const stagedName = /^pick-([0-9a-f]{64})\.tmp$/;
const maxPatchBytes = 256 * 1024 * 1024;

/** A patch that is staged in `.threados`: its digest. */
export function stagedPatch(folder: string): string | undefined {
  return fs.readdirSync(folder).flatMap((name) => stagedName.exec(name)?.[1] ?? [])[0];
}

/** Forgets what is staged, and what was left half staged. */
export function discardStaged(folder: string): void {
  for (const name of fs.readdirSync(folder))
    if (/^pick-[0-9a-f]{64}\.(?:tmp|draft-.*)$/.test(name))
      fs.rmSync(join(folder, name), { recursive: true, force: true });
}

/**
 * Tries a patch against the commit that the workspace stands at and stages the files it leads to, in a folder that gets its
 * name when it is whole; without `keep` nothing stays. Refuses where the patch does not fit, or where somebody changed one of its files.
 */
export function stagePatch(
  at: { root: string; folder: string },
  id: string,
  from: string,
  expected: string,
  keep: boolean,
): Result<StagedPatch> {
  if (keep) discardStaged(at.folder);
  const read = readIfThere(from, maxPatchBytes);
  if (!read || "problem" in read)
    return err({ code: "fusion.no_patch", id, problem: `its diff.patch ${read?.problem ?? "is gone"}` });
  const digest = sha256(read.bytes);
  if (digest !== expected)
    return err({ code: "fusion.no_patch", id, problem: "its diff.patch is not what its attempt left" });
  if (read.bytes.length === 0) return ok({ digest, files: [] });
  const repository = findRepository(at.root);
  if (!repository.ok) return repository;
  const own = new PrivateGit(repository.value, repository.value.top);
  const draft = fs.mkdtempSync(join(keep ? at.folder : tmpdir(), `pick-${digest}.draft-`));
  try {
    fs.writeFileSync(join(draft, "patch"), read.bytes);
    const changes = tryPatch(own, repository.value, id, join(draft, "patch"));
    if (!changes.ok) return changes;
    const dirty = changedByOthers(own, repository.value, changes.value);
    if (!dirty.ok) return dirty;
    if (dirty.value.length > 0) {
      const isNew = new Set(changes.value.filter((c) => isNothing(c.oldMode)).map((c) => c.path));
      const made = dirty.value.filter((path) => isNew.has(path));
      const problem = "its files are not as they were committed";
      return err({ code: "fusion.conflict", id, problem, files: dirty.value, made });
    }
    const files = changes.value.map((change) => change.path);
    const shut = shutFolder(repository.value.top, files);
    if (shut) return err({ code: "io.failed", ...shut });
    if (!keep) return ok({ digest, files });
    const staged = writeStaged(own, repository.value, draft, digest, changes.value);
    if (!staged.ok) return staged;
    fs.renameSync(draft, join(at.folder, `pick-${digest}.tmp`));
    fsyncFolder(at.folder);
    return ok({ digest, files });
  } finally {
    own.close();
    fs.rmSync(draft, { recursive: true, force: true });
  }
}

/** Applies the patch to a private index at the commit; what that changes. */
function tryPatch(own: PrivateGit, { head }: Repository, id: string, patch: string): Result<Change[]> {
  const conflict = (problem: string) => err({ code: "fusion.conflict", id, problem, files: [] });
  const begun = own.run(["read-tree", head]);
  if (!begun.ok) return begun;
  const applied = own.ask(["apply", "--cached", "--3way", "--binary", "--whitespace=nowarn", patch]);
  if (applied.code !== 0) {
    const said = /^error: (.*)$/m.exec(applied.err)?.[1] ?? "the files have changed too much since its base";
    return conflict(`the patch does not fit the commit ${head.slice(0, 12)} (${said})`);
  }
  const listed = own.run(["diff-index", "--cached", "--raw", "-z", "--no-renames", "--no-abbrev", head]);
  if (!listed.ok) return listed;
  const parts = namesIn(listed.value);
  const changes: Change[] = [];
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const [oldMode = "", newMode = "", oldId = ""] = (parts[at] as string).slice(1).split(" ");
    const path = parts[at + 1] as string;
    if (path.split("/").some((word) => /^\.(?:git|threados)$/i.test(word)))
      return conflict(`it changes '${path}', and that is not a candidate's to change`);
    if (oldMode === "160000" || newMode === "160000")
      return conflict(`it changes '${path}', another repository`);
    changes.push({ path, oldMode, newMode, oldId });
  }
  return ok(changes);
}

/** Files that are not as the commit has them: in the work tree, or in the user's index. */
function changedByOthers(own: PrivateGit, repository: Repository, changes: Change[]): Result<string[]> {
  const { top, head, gitDir } = repository;
  const index = own.copyIndex(join(gitDir, "index"));
  const staged =
    index === undefined ? ok("") : own.run(["diff-index", "--cached", "--name-only", "-z", head], { index });
  if (!staged.ok) return staged;
  const theirs = new Set(namesIn(staged.value));
  const going = new Set(changes.filter((change) => isNothing(change.newMode)).map((change) => change.path));
  const dirty: string[] = [];
  for (const change of changes) {
    const same = isNothing(change.oldMode)
      ? ok(isFree(top, change.path, going))
      : standsAsCommitted(own, top, change);
    if (!same.ok) return same;
    if (theirs.has(change.path) || !same.value) dirty.push(change.path);
  }
  return ok(dirty);
}

function standsAsCommitted(own: PrivateGit, top: string, { path, oldMode, oldId }: Change): Result<boolean> {
  const full = join(top, path);
  const stat = hasPlainParents(top, path) ? statOf(full) : undefined;
  if (!stat) return ok(false);
  if (oldMode === "120000") {
    if (!stat.isSymbolicLink()) return ok(false);
    const hashed = own.run(["hash-object", "--stdin", "--no-filters"], { input: fs.readlinkSync(full) });
    return hashed.ok ? ok(hashed.value.trim() === oldId) : hashed;
  }
  const isExecutable = (stat.mode & 0o100) !== 0;
  if (!stat.isFile() || isExecutable !== (oldMode === "100755")) return ok(false);
  const hashed = own.run(["hash-object", "--", path]);
  return hashed.ok ? ok(hashed.value.trim() === oldId) : hashed;
}

/** Whether a file can be made at a path: nothing stands there or in its way but what the patch removes. */
function isFree(top: string, path: string, going: ReadonlySet<string>): boolean {
  for (let at = dirname(path); at !== "."; at = dirname(at)) {
    const stat = statOf(join(top, at));
    if (stat && !stat.isDirectory()) return going.has(at);
  }
  const stat = statOf(join(top, path));
  return !stat || (stat.isDirectory() && holdsOnly(top, path, going));
}

function holdsOnly(top: string, folder: string, going: ReadonlySet<string>): boolean {
  return fs.readdirSync(join(top, folder), { withFileTypes: true }).every((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? holdsOnly(top, path, going) : going.has(path);
  });
}

const isNothing = (mode: string) => /^0+$/.test(mode);

function writeStaged(
  own: PrivateGit,
  { top }: Repository,
  draft: string,
  digest: string,
  changes: Change[],
): Result<null> {
  const stays = changes.filter((change) => !isNothing(change.newMode));
  const written = stays.map((change) => change.path);
  const args = ["checkout-index", "-z", "--stdin", `--prefix=${join(draft, "files")}/`];
  fs.mkdirSync(join(draft, "files"));
  const out = own.run(args, { input: nulList(written) });
  if (!out.ok) return out;
  fsyncFiles(join(draft, "files"), written);
  const noted = ({ path, oldMode }: Change) => ({
    path,
    before: isNothing(oldMode) ? null : contentOf(join(top, path)),
  });
  const manifest: Manifest = {
    top,
    digest,
    writes: stays.map(noted),
    removes: changes.filter((change) => isNothing(change.newMode)).map(noted),
  };
  writeNew(join(draft, "manifest.json"), JSON.stringify(manifest));
  return ok(null);
}
