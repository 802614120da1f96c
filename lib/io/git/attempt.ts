import { type StdioOptions, spawn } from "node:child_process";
import * as fs from "node:fs";
import { constants } from "node:os";
import { join, resolve, sep } from "node:path";
import { renderFailure } from "../../core/failure-table";
import { err, ok, type Result } from "../../core/result";
import { recordChanges, treeBytes } from "./changes";
import { bringIgnored } from "./include";
import { type BesideEnd, readOrder, type WorktreeOrder, type WorktreeRecord, writeRecord } from "./order";
import { makeWorktree } from "./worktree";

/** What the attempt's process says of an attempt whose command never ran, or whose changes could not be recorded. */
const failedCode = 1;

/**
 * One attempt in a worktree of its own, from making it to recording what changed. It runs inside the attempt's shim: an
 * engine that dies leaves it alone, and whoever stops the step stops it too. The exit code is that of the step's command.
 */
export async function runInWorktree(folder: string): Promise<number> {
  const order = readOrder(folder);
  if (!order) {
    say(`there is no order in ${folder}`);
    return failedCode;
  }
  let isStopping = false;
  // Whoever is asked to end sees its command end and still records what there is.
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const)
    process.on(signal, () => {
      isStopping = true;
    });
  const { path, base } = order;
  const record: WorktreeRecord = {
    path,
    base,
    included: [],
    setup: null,
    test: null,
    diff: null,
    tree_bytes: null,
    problem: null,
  };
  const cwd = await makeReady(order, record);
  if (!cwd.ok) return giveUp(folder, record, renderFailure(cwd.failure).message);
  if (isStopping) return giveUp(folder, record, "it was stopped before its command began");
  const ran = await run(order.command, cwd.value, "inherit");
  if (ran.code === 0 && order.test && !isStopping)
    record.test = await beside(order.test, cwd.value, `test: ${order.test.join(" ")}`);
  const changes = attemptTo(() =>
    recordChanges(order.repository, { worktree: path, base, into: join(folder, "diff.patch") }),
  );
  if (!changes.ok)
    return giveUp(
      folder,
      record,
      `its changes could not be recorded: ${renderFailure(changes.failure).message}`,
    );
  const { patch, patchBytes, leftOut, ...lines } = changes.value;
  record.diff = { sha256: patch, bytes: patchBytes, ...lines, left_out: leftOut };
  record.tree_bytes = treeBytes(path);
  writeRecord(folder, record);
  return ran.code;
}

function say(text: string): void {
  fs.writeSync(2, `threados: ${text}\n`);
}

function giveUp(folder: string, record: WorktreeRecord, problem: string): number {
  say(problem);
  writeRecord(folder, { ...record, problem });
  return failedCode;
}

/** Makes the worktree and runs the setup; the folder that the command is to run in. */
async function makeReady(order: WorktreeOrder, record: WorktreeRecord): Promise<Result<string>> {
  const { repository, path, base } = order;
  if (!order.goesOn) {
    const made = attemptTo(() => makeWorktree(repository, path, base));
    if (!made.ok) return made;
    const brought = attemptTo(() => bringIgnored(repository, path));
    if (!brought.ok) return brought;
    record.included = brought.value;
  }
  const cwd = workingFolder(order);
  if (!cwd.ok || order.goesOn || !order.setup) return cwd;
  const words = order.setup.join(" ");
  record.setup = await beside(order.setup, cwd.value, `setup: ${words}`);
  if (record.setup.exit_code === 0) return cwd;
  const problem = `the setup command \`${words}\` exited with ${record.setup.exit_code}; stderr.log has what it printed`;
  return err({ code: "input.invalid", problem });
}

/** What the disk refuses (it is full, it is read-only) fails the attempt with a reason. */
function attemptTo<T>(work: () => Result<T>): Result<T> {
  try {
    return work();
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return err({
      code: "input.invalid",
      problem: `the disk refused it (${code}${path ? ` at ${path}` : ""})`,
    });
  }
}

/** The step's folder within the worktree; a link of the commit must not lead out of it. */
function workingFolder({ repository, path, base, cwd }: WorktreeOrder): Result<string> {
  const wanted = resolve(path, repository.prefix, cwd);
  const shown = join(repository.prefix, cwd) || ".";
  try {
    const real = fs.realpathSync(wanted);
    const top = fs.realpathSync(path);
    if (real !== top && !real.startsWith(top + sep))
      return err({ code: "input.invalid", problem: `cwd '${shown}' leads out of the worktree` });
    if (fs.statSync(real).isDirectory()) return ok(real);
  } catch {
    // What is not there is told below.
  }
  const problem = `cwd '${shown}' is no folder of the commit ${base.slice(0, 12)}; commit it first`;
  return err({ code: "input.invalid", problem });
}

interface RunEnd {
  code: number;
  durationMs: number;
}

/** A command beside the step's own: what it prints stands in stderr.log, since stdout.log is the step's. */
async function beside(command: string[], cwd: string, title: string): Promise<BesideEnd> {
  say(title);
  const { code, durationMs } = await run(command, cwd, ["ignore", 2, 2]);
  return { command, exit_code: code, duration_ms: durationMs };
}

function run(command: string[], cwd: string, stdio: StdioOptions): Promise<RunEnd> {
  const [file, ...args] = command as [string, ...string[]];
  const since = performance.now();
  return new Promise((finish) => {
    const end = (code: number) => finish({ code, durationMs: Math.round(performance.now() - since) });
    const child = spawn(file, args, { cwd, stdio });
    child.on("error", (error: NodeJS.ErrnoException) => {
      say(error.code === "ENOENT" ? `'${file}' was not found` : `'${file}' can't be started (${error.code})`);
      end(error.code === "ENOENT" ? 127 : 126);
    });
    child.on("exit", (code, signal) => end(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}
