import { type StdioOptions, spawn as spawnProcess } from "node:child_process";
import * as fs from "node:fs";
import { dirname } from "node:path";
import type { Json } from "../../core/json";
import { err, ok, type Result } from "../../core/result";
import type {
  AttemptRecord,
  ExitReport,
  OutputReport,
  ProcessHost,
  Recovery,
  SpawnOrder,
  TypedBy,
} from "../../runtime/ports";
import { agentNote, noteAgent, readReport, writeReport } from "../agents/attempt-report";
import { attemptFolder } from "../files/artifact-files";
import { worktreeCommand } from "../git/isolation";
import { worktreeFacts, writeOrder } from "../git/order";
import { knownSecrets, withoutSecrets } from "../secrets";
import { forgetSocket, noteSocket } from "../terminal/place";
import { exitCodeOf, exitTimeOf, mark, readTraces, settledTraces, shimAlive } from "./attempt";
import { Chores } from "./chores";
import { describeInputs } from "./inputs";
import { lastSignOfLife, outputFolder } from "./life";
import { endLeftovers, type Live, leftOf, signalTree } from "./live";
import { importOutputs } from "./outputs";
import { prepare, promptFile, type Surroundings } from "./prepare";
import type { Ready } from "./ready";
import { shimCommand } from "./shim";
import { canSeeProcesses } from "./tree";
import { readTypedOutputs } from "./typed-outputs";

const pollMs = 200;
/** What a shell reports of a command that was killed. */
const killedCode = 137;

/** Runs attempts as process groups of their own, each in a shim. */
export class DirectHost implements ProcessHost {
  private readonly live = new Map<string, Live>();
  /** Names that were not imported, until the attempt's record is written. */
  private readonly leftOut = new Map<string, string[]>();
  private report: (exit: ExitReport) => void = () => undefined;
  private readonly chores = new Chores();
  private poll: ReturnType<typeof setInterval> | undefined;

  private readonly at: Surroundings;
  private readonly folder: string;

  constructor(at: Surroundings) {
    this.at = at;
    this.folder = at.folder;
    fs.mkdirSync(at.outputs, { recursive: true, mode: 0o700 });
  }

  onExit(report: (exit: ExitReport) => void): void {
    this.report = report;
  }

  spawn(order: SpawnOrder): Result<{ pid: number }> {
    const ready = prepare(this.at, order);
    const started = ready.ok ? this.start(order, ready.value) : ready;
    if (!started.ok) this.at.doors.close(order);
    return started;
  }

  private start(order: SpawnOrder, ready: Ready): Result<{ pid: number }> {
    const { line, program, cwd, env, command, isolated, socket } = ready;
    const folder = attemptFolder(this.folder, order.run, order.step, order.attempt);
    // From the outside in: made as one, each missing folder costs a failed try first.
    if (order.attempt === 1)
      for (const outer of [dirname(dirname(folder)), dirname(folder)])
        fs.mkdirSync(outer, { recursive: true });
    const isNew = fs.mkdirSync(folder, { recursive: true }) !== undefined;
    const spawn = isNew ? 1 : (readTraces(folder)?.spawn ?? 0) + 1;
    noteAgent(folder, program, line);
    if (socket !== undefined) noteSocket(folder, socket);
    if (env.THREADOS_INPUTS)
      fs.writeFileSync(env.THREADOS_INPUTS, JSON.stringify(describeInputs(this.folder, order)), {
        mode: 0o600,
      });
    const { agent } = line;
    if (isolated) writeOrder(folder, { ...isolated, command });
    const prompt = agent?.adapter.prompt === "stdin" ? fs.openSync(agent.promptFile, "r") : undefined;
    const out = fs.openSync(`${folder}/stdout.log`, "a", 0o644);
    const error = fs.openSync(`${folder}/stderr.log`, "a", 0o644);
    this.chores.link(folder, order.attempt);
    fs.mkdirSync(env.THREADOS_OUTPUT_DIR as string, { recursive: true, mode: 0o700 });
    try {
      const words = isolated ? worktreeCommand(this.at, folder) : command;
      const [file, args] = shimCommand(folder, spawn, words);
      const stdio: StdioOptions = [prompt ?? "ignore", out, error];
      const child = spawnProcess(file, args, { cwd, env, detached: true, stdio });
      if (child.pid === undefined) {
        // Without a listener the refusal would be thrown again as an uncaught 'error' event.
        child.on("error", () => undefined);
        return err({
          code: "input.invalid",
          problem: "the system refused to start a process (too many, or too large a command)",
        });
      }
      const { run, step, attempt } = order;
      const pid = child.pid;
      const kind = { isAgent: !!agent, isIsolated: !!isolated, isTty: !!socket, hasDoor: order.sandbox };
      const live: Live = { run, step, attempt, folder, spawn, pid, ...kind, stopping: false };
      this.live.set(mark(live), live);
      // An engine that leaves does not wait for what it started.
      child.unref();
      child.on("exit", () => this.shimEnded(live));
      return ok({ pid: child.pid });
    } catch (error) {
      return err({
        code: "input.invalid",
        problem: `the system refused to start it (${(error as NodeJS.ErrnoException).code ?? error})`,
      });
    } finally {
      if (prompt !== undefined) fs.closeSync(prompt);
      fs.closeSync(out);
      fs.closeSync(error);
    }
  }

  relink(run: string, step: string, attempt: number): void {
    this.chores.link(attemptFolder(this.folder, run, step, attempt), attempt);
  }

  recover(run: string, step: string, attempt: number, isStopping: boolean): Recovery {
    const folder = attemptFolder(this.folder, run, step, attempt);
    const traces = settledTraces(folder);
    if (!traces) return { kind: "never_started" };
    const pid = traces.pid ?? 0;
    const live: Live = { run, step, attempt, folder, spawn: traces.spawn, pid, stopping: false };
    if (shimAlive(folder, traces)) {
      live.isAdopted = true;
      this.live.set(mark(live), live);
      this.poll ??= setInterval(() => this.pollAdopted(), pollMs);
      this.at.doors.reopen(live);
      return { kind: "alive", pid: live.pid };
    }
    this.at.doors.close(live);
    const left = isStopping ? leftOf(live) : "unknown";
    if (left === "some") {
      // The shim is gone and the tree is not: the stop goes on as if it had been this engine's.
      live.stopping = true;
      this.live.set(mark(live), live);
      setImmediate(() => this.shimEnded(live));
      return { kind: "ending" };
    }
    // Read again: the shim may have written its last word between the two looks.
    const code = exitCodeOf(folder, traces.spawn);
    if (code === undefined) return { kind: "lost" };
    const said = this.said(live, code);
    const tree = left === "nothing" ? "gone" : "unproven";
    const endedAt = exitTimeOf(folder, traces.spawn);
    const when = endedAt === undefined ? {} : { endedAt };
    return { kind: "exited", exit: { run, step, attempt, code, ...when, leftovers: 0, tree, ...said } };
  }

  signal(run: string, step: string, attempt: number, signal: "TERM" | "KILL"): void {
    const live = this.live.get(mark({ run, step, attempt }));
    if (live) signalTree(live, signal);
  }

  printedAt(run: string, step: string, attempt: number): number | undefined {
    const folder = attemptFolder(this.folder, run, step, attempt);
    return lastSignOfLife(folder, outputFolder(this.at.outputs, run, step, attempt));
  }

  collect(run: string, step: string, attempt: number, typed: TypedBy | undefined): OutputReport {
    const folder = attemptFolder(this.folder, run, step, attempt);
    const leftOut = importOutputs(outputFolder(this.at.outputs, run, step, attempt), folder);
    if (leftOut.length > 0) this.leftOut.set(mark({ run, step, attempt }), leftOut);
    // What a step hands on is written down: a secret must not be among it.
    return typed ? (withoutSecrets(readTypedOutputs(folder, typed.schema) as Json) as OutputReport) : {};
  }

  finish(record: AttemptRecord): void {
    const { run, step, attempt } = record;
    const folder = attemptFolder(this.folder, run, step, attempt);
    const leftOut = this.leftOut.get(mark(record)) ?? [];
    this.leftOut.delete(mark(record));
    this.chores.empty(outputFolder(this.at.outputs, run, step, attempt));
    const note = record.agent && agentNote(folder);
    if (record.agent) this.chores.remove(promptFile(this.at.outputs, record));
    if (note && record.agent) writeReport(folder, note, record.agent, record.endedAt - record.startedAt);
    const status = {
      run,
      step,
      attempt,
      status: record.status,
      reason: record.reason,
      exit_code: record.exitCode,
      started_at: new Date(record.startedAt).toISOString(),
      ended_at: new Date(record.endedAt).toISOString(),
      duration_ms: record.endedAt - record.startedAt,
      ...(leftOut.length > 0 ? { outputs_left_out: leftOut } : {}),
    };
    const temp = `${folder}/status.json.tmp`;
    fs.writeFileSync(temp, `${JSON.stringify(status, null, 2)}\n`);
    fs.renameSync(temp, `${folder}/status.json`);
  }

  linkAll(): void {
    this.chores.linkAll();
  }

  tidy(): void {
    this.chores.finish();
  }

  sweep(): void {
    const inUse = [...this.live.values()].map((l) => outputFolder(this.at.outputs, l.run, l.step, l.attempt));
    this.chores.sweep(this.at.outputs, new Set(inUse));
  }

  close(): void {
    clearInterval(this.poll);
    this.at.doors.end();
  }

  private pollAdopted(): void {
    for (const live of this.live.values()) {
      if (!live.isAdopted) continue;
      const traces = readTraces(live.folder);
      if (!traces || !shimAlive(live.folder, traces)) this.shimEnded(live);
    }
  }

  /** The shim is gone: its record tells how the command ended, then what it left running is ended. */
  private shimEnded(live: Live): void {
    if (!this.live.delete(mark(live))) return;
    endLeftovers(live, (leftovers) => this.ended(live, leftovers));
  }

  private ended(live: Live, leftovers: number): void {
    const { run, step, attempt, folder, spawn } = live;
    const code = exitCodeOf(folder, spawn);
    if (live.hasDoor !== false) this.at.doors.close(live);
    if (live.isTty !== false) forgetSocket(folder);
    this.report({
      run,
      step,
      attempt,
      code,
      leftovers,
      tree: canSeeProcesses && live.isForeignGroup !== true ? "gone" : "unproven",
      ...this.said(live, code ?? killedCode),
    });
  }

  /** What became of the attempt's worktree, and what its agent printed, if there was one. */
  private said({ folder, isAgent, isIsolated }: Live, code: number): Pick<ExitReport, "agent" | "worktree"> {
    const worktree = isIsolated === false ? undefined : worktreeFacts(folder);
    // Its agent never ran, or what it did was not kept: that is what it failed for.
    if (worktree?.problem !== undefined) return { worktree };
    const note = isAgent === false ? undefined : agentNote(folder);
    return {
      ...(note ? { agent: readReport(folder, note, code, knownSecrets()) } : {}),
      ...(worktree ? { worktree } : {}),
    };
  }
}
