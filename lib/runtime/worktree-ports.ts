import type { Result } from "../core/result";

/** The worktree of an attempt, as it stands on disk. */
export interface WorktreeEntry {
  run: string;
  step: string;
  attempt: number;
  path: string;
}

/** A candidate's patch, tried against the workspace's files, with everything ready to be moved into place. */
export interface StagedPatch {
  /** SHA-256 of the patch. */
  digest: string;
  /** Files it changes, makes or removes, relative to the repository. */
  files: string[];
}

/** A file that could not be put in place, and what the system said. */
export interface StuckFile {
  path: string;
  problem: string;
}

/** The worktrees of isolated steps, and the workspace's own files as far as a patch changes them. All calls but `list` and `bytes` need the lock. */
export interface WorktreeStore {
  list(): WorktreeEntry[];
  /** Bytes of its files. */
  bytes(entry: WorktreeEntry): number;
  /** Removes it, with what git knows of it. */
  remove(entry: WorktreeEntry): void;
  /** Tries an attempt's patch as `stage` does and leaves nothing behind; needs no lock. */
  look(of: { run: string; step: string; attempt: number }, expected: string): Result<StagedPatch>;
  /** Readies an attempt's patch beside the files; refuses if it does not fit them or somebody changed them. `expected` is its SHA-256. */
  stage(of: { run: string; step: string; attempt: number }, expected: string): Result<StagedPatch>;
  /**
   * Moves what is staged into place; may be repeated after a crash. A file that somebody changed meanwhile stays theirs. What
   * could not be moved is told, and what is staged then stays until `discard`.
   */
  publish(digest: string): StuckFile[];
  /** The digest of a patch that is staged. */
  staged(): string | undefined;
  discard(): void;
}
