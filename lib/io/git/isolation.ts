import * as fs from "node:fs";
import { join, resolve, sep } from "node:path";
import { ok, type Result } from "../../core/result";
import { worktreeOf } from "../../core/sequence/effective";
import type { Command, Sequence, Step } from "../../core/sequence/schema";
import { attemptFolder } from "../files/artifact-files";
import { leadsOut } from "../files/cwd";
import { readOrder, type WorktreeOrder } from "./order";
import { findRepository } from "./repository";

/** Where worktrees of a workspace stand, and how attempts in them are started. */
export interface Worktrees {
  root: string;
  /** `.threados`. */
  folder: string;
  /** The private folder that holds the worktrees. */
  worktrees: string;
  /** The words that start seqctl again. */
  program: readonly string[];
}

/** The attempt that is to be isolated. */
interface Isolating {
  run: string;
  step: string;
  attempt: number;
  /** It goes on with a session of the attempt before it. */
  resume?: string;
}

/** What is to be done for an attempt in a worktree, all but its command; refuses what can be known beforehand. */
export function isolate(
  at: Worktrees,
  attempt: Isolating,
  sequence: Sequence,
  step: Step,
): Result<Omit<WorktreeOrder, "command">> {
  const cwd = step.cwd ?? ".";
  const wanted = resolve(at.root, cwd);
  if (wanted !== at.root && !wanted.startsWith(at.root + sep)) return leadsOut(cwd);
  const repository = findRepository(at.root);
  if (!repository.ok) return repository;
  const { setup, test } = worktreeOf(sequence, step);
  const before = attempt.resume === undefined ? undefined : earlier(at, attempt);
  return ok({
    repository: repository.value,
    base: before?.base ?? repository.value.head,
    path: before?.path ?? join(at.worktrees, nameOf(attempt)),
    goesOn: before !== undefined,
    cwd,
    setup: wordsOf(setup),
    test: wordsOf(test),
  });
}

/** What the step is told about its worktree. */
export function worktreeEnvironment({ path, base }: { path: string; base: string }): Record<string, string> {
  return { THREADOS_WORKTREE: path, THREADOS_BASE: base };
}

/** The words that run an attempt in its worktree: seqctl does, by the order in the attempt's folder. */
export function worktreeCommand(at: Worktrees, folder: string): string[] {
  return [...at.program, "worktree", "run", folder];
}

/** The name of an attempt's worktree. */
function nameOf({ run, step, attempt }: Isolating): string {
  return `${run}.${step}.${attempt}`;
}

/** A session lives in the folder it began in: the worktree of the attempt before, if it is still there. */
function earlier(
  at: Worktrees,
  { run, step, attempt }: Isolating,
): { path: string; base: string } | undefined {
  const order = readOrder(attemptFolder(at.folder, run, step, attempt - 1));
  const ours = new RegExp(`^${run}\\.${step}\\.\\d+$`);
  const name = order?.path.slice(at.worktrees.length + 1) ?? "";
  if (!order || !ours.test(name) || order.path !== join(at.worktrees, name)) return undefined;
  return fs.lstatSync(order.path, { throwIfNoEntry: false })?.isDirectory() ? order : undefined;
}

function wordsOf(command: Command | undefined): string[] | null {
  if (command === undefined) return null;
  return typeof command === "string" ? ["/bin/sh", "-c", command] : command;
}
