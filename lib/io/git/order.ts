import * as fs from "node:fs";
import { join } from "node:path";
import type { WorktreeFacts } from "../../core/engine/fact";
import { readIfThere } from "../files/atomic";
import type { Repository } from "./repository";

/** Everything that is to be done for one attempt in a worktree, written down before its process starts. */
export interface WorktreeOrder {
  repository: Repository;
  /** The commit it begins from. */
  base: string;
  /** Where the worktree stands. */
  path: string;
  /** An earlier attempt's worktree is gone on with. */
  goesOn: boolean;
  /** The step's folder, relative to the workspace. */
  cwd: string;
  setup: string[] | null;
  command: string[];
  test: string[] | null;
}

/** One command beside the step's own, as it ended. */
export interface BesideEnd {
  command: string[];
  exit_code: number;
  duration_ms: number;
}

/** What `worktree.json` of an attempt says. */
export interface WorktreeRecord {
  path: string;
  base: string;
  included: string[];
  setup: BesideEnd | null;
  test: BesideEnd | null;
  diff: {
    sha256: string;
    bytes: number;
    files: number;
    insertions: number;
    deletions: number;
    left_out: string[];
  } | null;
  tree_bytes: number | null;
  problem: string | null;
}

const orderFile = "order.json";
const recordFile = "worktree.json";
const maxBytes = 4 * 1024 * 1024;

/** Leaves the order in the attempt's folder, for its own process. */
export function writeOrder(folder: string, order: WorktreeOrder): void {
  fs.writeFileSync(join(folder, orderFile), JSON.stringify(order), { mode: 0o600 });
}

/** The order in an attempt's folder. */
export function readOrder(folder: string): WorktreeOrder | undefined {
  return readJson(join(folder, orderFile));
}

/** Leaves the record; a reader finds it whole or not at all. */
export function writeRecord(folder: string, record: WorktreeRecord): void {
  const temp = join(folder, `${recordFile}.tmp`);
  fs.writeFileSync(temp, `${JSON.stringify(record, null, 2)}\n`);
  fs.renameSync(temp, join(folder, recordFile));
}

/** The part of an attempt's record that the journal keeps; undefined for an attempt without a worktree. */
export function worktreeFacts(folder: string): WorktreeFacts | undefined {
  const order = readOrder(folder);
  if (!order) return undefined;
  const record = readJson<WorktreeRecord>(join(folder, recordFile));
  const { base } = order;
  // It was killed before it could say anything.
  if (!record) return { base };
  const { diff, test, problem, tree_bytes } = record;
  return {
    base,
    ...(diff
      ? {
          patch: diff.sha256,
          patchBytes: diff.bytes,
          files: diff.files,
          insertions: diff.insertions,
          deletions: diff.deletions,
        }
      : {}),
    ...(tree_bytes === null ? {} : { treeBytes: tree_bytes }),
    ...(test ? { test: { code: test.exit_code, durationMs: test.duration_ms } } : {}),
    ...(problem === null ? {} : { problem }),
  };
}

function readJson<T>(path: string): T | undefined {
  const read = readIfThere(path, maxBytes);
  if (!read || "problem" in read) return undefined;
  try {
    return JSON.parse(read.bytes.toString("utf8")) as T;
  } catch {
    return undefined;
  }
}
