import { join } from "node:path";
import type { WorktreeEntry, WorktreeStore } from "../../runtime/worktree-ports";
import { attemptFolder } from "../files/artifact-files";
import { namesIn } from "../files/presence";
import { readTraces, shimAlive } from "../process/attempt";
import { treeBytes } from "./changes";
import { readOrder, worktreeFacts } from "./order";
import { findRepository } from "./repository";
import { publishStaged } from "./staged-files";
import { discardStaged, stagedPatch, stagePatch } from "./staged-patch";
import { removeWorktree } from "./worktree";

const name = /^([0-9A-Z]{26})\.([A-Za-z0-9][A-Za-z0-9_-]{0,63})\.([1-9]\d*)$/;

/** The worktrees of a workspace, known by their names in its private folder and by nothing that a step could write. */
export function worktreeStore(at: { root: string; folder: string; worktrees: string }): WorktreeStore {
  const folderOf = ({ run, step, attempt }: Omit<WorktreeEntry, "path">) =>
    attemptFolder(at.folder, run, step, attempt);
  return {
    list: () => {
      const found = namesIn(at.worktrees).flatMap((entry): WorktreeEntry[] => {
        const [, run, step, attempt] = name.exec(entry) ?? [];
        if (!run || !step) return [];
        return [{ run, step, attempt: Number(attempt), path: join(at.worktrees, entry) }];
      });
      return found.sort((a, b) => (a.path < b.path ? -1 : 1));
    },
    bytes: (entry) => worktreeFacts(folderOf(entry))?.treeBytes ?? treeBytes(entry.path),
    remove: (entry) => {
      const traces = readTraces(folderOf(entry));
      if (traces && shimAlive(folderOf(entry), traces)) return;
      const repository = findRepository(at.root);
      const common = repository.ok
        ? repository.value.commonDir
        : readOrder(folderOf(entry))?.repository.commonDir;
      removeWorktree(common, entry.path);
    },
    look: (of, expected) => stagePatch(at, of.step, join(folderOf(of), "diff.patch"), expected, false),
    stage: (of, expected) => stagePatch(at, of.step, join(folderOf(of), "diff.patch"), expected, true),
    publish: (digest) => publishStaged(at.folder, digest),
    staged: () => stagedPatch(at.folder),
    discard: () => discardStaged(at.folder),
  };
}
