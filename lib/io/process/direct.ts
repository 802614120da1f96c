import { type StdioOptions, spawn as spawnProcess } from "node:child_process";
import * as fs from "node:fs";
import { resolve, sep } from "node:path";
import { stepIn } from "../../core/engine/step";
import type { Json } from "../../core/json";
import { err, ok, type Result } from "../../core/result";
import { isBuiltInWatchdog } from "../../core/sequence/threads";
import type {
  AttemptRecord,
  ExitReport,
  OutputReport,
  ProcessHost,
  Recovery,
  SpawnOrder,
  TokenStore,
  TypedBy,
} from "../../runtime/ports";
import { agentNote, noteAgent, readReport, writeReport } from "../agents/attempt-report";
import { agentEnvironment } from "../agents/environment";
import { readyPrompt, type StartLine, startLine } from "../agents/start";
import { attemptFolder } from "../files/artifact-files";
import { isolate, type Worktrees, worktreeCommand, worktreeEnvironment } from "../git/isolation";
import { worktreeFacts, writeOrder } from "../git/order";
import { confineStep, insideSandbox } from "../sandbox/step";
import { knownSecrets, withoutSecrets, withSecrets } from "../secrets";
import { exitCodeOf, isRevoked, readTraces, revokeSpawn, shimAlive } from "./attempt";
import { Chores } from "./chores";
import { stepEnvironment } from "./environment";
import { resolveExecutable } from "./executable";
import { describeInputs } from "./inputs";
import { lastSignOfLife, outputFolder } from "./life";
import { importOutputs } from "./outputs";
import type { Ready } from "./ready";
import { shimCommand } from "./shim";
import { canSeeProcesses, groupAlive, markedProcesses, signalIfThere } from "./tree";
import { readTypedOutputs } from "./typed-outputs";

const pollMs = 200;
const leftoverGraceMs = 2000;
/** What a shell reports of a command that was killed. */
const killedCode = 137;

interface Live {
  run: string;
  step: string;
  attempt: number;
  folder: string;
  spawn: number;
  pid: number;
  /** Known where this engine started it: most steps run no agent, and asking the disk for a note costs as much as reading one. */
  isAgent?: boolean;
  /** The same for most steps without a worktree. */
  isIsolated?: boolean;
  /** A stop was sent: the whole tree must be proven gone before the end is reported. */
  stopping: boolean;
}

/** Runs attempts as process groups of their own, each in a shim; `outputs` is a private folder outside the workspace. */
export class DirectHost implements ProcessHost {
  private readonly live = new Map<string, Live>();
  /** Names that were not imported, until the attempt's record is written. */
  private readonly leftOut = new Map<string, string[]>();
  private report: (exit: ExitReport) => void = () => undefined;
  private readonly chores = new Chores();
  private poll: ReturnType<typeof setInterval> | undefined;

  private readonly at: Worktrees;
  private readonly root: string;
  private readonly folder: string;
  private readonly outputs: string;
  private readonly tokens: TokenStore;

  constructor(at: Worktrees & { outputs: string; tokens: TokenStore }) {
    this.at = at;
    this.root = at.root;
    this.folder = at.folder;
    this.outputs = at.outputs;
    this.tokens = at.tokens;
    fs.mkdirSync(this.outputs, { recursive: true, mode: 0o700 });
  }

  onExit(report: (exit: ExitReport) => void): void {
    this.report = report;
  }

  spawn(order: SpawnOrder): Result<{ pid: number }> {
    const definition = stepIn(order.plan, order.step);
    if (!definition) return err({ code: "step.no_command", id: order.step });
    const start = { promptFile: this.promptFile(order), resume: order.resume };
    const line: Result<StartLine> = isBuiltInWatchdog(definition)
      ? ok({ argv: [...this.at.program, "engine", "watch"] })
      : startLine(this.root, order.plan.sequence, definition, start);
    if (!line.ok) return line;
    const { argv, agent } = line.value;
    const isIsolated = definition.isolation === "worktree";
    const isolated = isIsolated ? isolate(this.at, order, order.plan.sequence, definition) : ok(undefined);
    if (!isolated.ok) return isolated;
    const cwd = this.workingFolder(isIsolated ? "." : (definition.cwd ?? "."));
    if (!cwd.ok) return cwd;
    const given = withSecrets(definition.env ?? {});
    if (!given.ok) return given;
    const own = { ...(agent ? agentEnvironment(process.env, agent.adapter) : {}), ...given.value };
    const facts = isolated.value ? worktreeEnvironment(isolated.value) : {};
    const env = stepEnvironment(process.env, own, { ...this.factsFor(order), ...facts });
    const program = resolveExecutable(argv[0] as string, env.PATH ?? "");
    if (!program) {
      return err({
        code: "input.invalid",
        problem: `'${argv[0]}' was not found on the PATH (${env.PATH ?? "empty"})`,
      });
    }
    const prompted = readyPrompt(this.root, definition, line.value, order.env.THREADOS_REJECTION);
    if (!prompted.ok) return prompted;
    const command = [program, ...argv.slice(1)];
    const ready: Ready = { line: line.value, cwd: cwd.value, env, command, isolated: isolated.value };
    if (!order.sandbox) return this.start(order, ready);
    const confined = confineStep(this.root, definition, ready);
    return confined.ok ? this.start(order, confined.value) : confined;
  }

  private start(order: SpawnOrder, { line, cwd, env, command, isolated }: Ready): Result<{ pid: number }> {
    const folder = attemptFolder(this.folder, order.run, order.step, order.attempt);
    const isNew = fs.mkdirSync(folder, { recursive: true }) !== undefined;
    const spawn = isNew ? 1 : (readTraces(folder)?.spawn ?? 0) + 1;
    noteAgent(folder, command[0] as string, line);
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
    this.chores.makeFolder(env.THREADOS_OUTPUT_DIR as string);
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
      const kind = { isAgent: !!agent, isIsolated: !!isolated };
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

  recover(run: string, step: string, attempt: number): Recovery {
    const folder = attemptFolder(this.folder, run, step, attempt);
    let traces = readTraces(folder);
    if (!traces) return { kind: "never_started" };
    if (traces.spawn === 0) {
      if (revokeSpawn(folder, 1)) return { kind: "never_started" };
      traces = readTraces(folder) ?? traces;
    }
    if (isRevoked(folder, traces.spawn)) {
      // The engine that revoked it may have started the next one before it died itself.
      if (revokeSpawn(folder, traces.spawn + 1)) return { kind: "never_started" };
      traces = readTraces(folder) ?? traces;
    }
    // The claim is created an instant before its pid is written.
    for (let looks = 0; traces.pid === undefined && looks < 10; looks++) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
      traces = readTraces(folder) ?? traces;
    }
    const live: Live = {
      run,
      step,
      attempt,
      folder,
      spawn: traces.spawn,
      pid: traces.pid ?? 0,
      stopping: false,
    };
    if (shimAlive(folder, traces)) {
      this.live.set(mark(live), live);
      this.poll ??= setInterval(() => this.pollAdopted(), pollMs);
      return { kind: "alive", pid: live.pid };
    }
    // Read again: the shim may have written its last word between the two looks.
    const code = exitCodeOf(folder, traces.spawn);
    if (code === undefined) return { kind: "lost" };
    const said = this.said(live, code);
    return {
      kind: "exited",
      exit: { run, step, attempt, code, leftovers: 0, tree: "unproven", ...said },
    };
  }

  signal(run: string, step: string, attempt: number, signal: "TERM" | "KILL"): void {
    const live = this.live.get(mark({ run, step, attempt }));
    if (!live) return;
    live.stopping = true;
    const marked = markedProcesses(mark(live));
    const inside = signal === "TERM" ? insideSandbox(marked) : undefined;
    for (const pid of inside ?? marked) signalIfThere(pid, `SIG${signal}`);
    if (!inside) signalIfThere(-live.pid, `SIG${signal}`);
  }

  printedAt(run: string, step: string, attempt: number): number | undefined {
    const folder = attemptFolder(this.folder, run, step, attempt);
    return lastSignOfLife(folder, this.outputFolder(run, step, attempt));
  }

  collect(run: string, step: string, attempt: number, typed: TypedBy | undefined): OutputReport {
    const folder = attemptFolder(this.folder, run, step, attempt);
    const leftOut = importOutputs(this.outputFolder(run, step, attempt), folder);
    if (leftOut.length > 0) this.leftOut.set(mark({ run, step, attempt }), leftOut);
    // What a step hands on is written down: a secret must not be among it.
    return typed ? (withoutSecrets(readTypedOutputs(folder, typed.schema) as Json) as OutputReport) : {};
  }

  finish(record: AttemptRecord): void {
    const { run, step, attempt } = record;
    const folder = attemptFolder(this.folder, run, step, attempt);
    const leftOut = this.leftOut.get(mark(record)) ?? [];
    this.leftOut.delete(mark(record));
    this.chores.giveBack(this.outputFolder(run, step, attempt));
    const note = record.agent && agentNote(folder);
    if (record.agent) this.chores.remove(this.promptFile(record));
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

  tidy(): void {
    this.chores.finish();
  }

  close(): void {
    clearInterval(this.poll);
  }

  private pollAdopted(): void {
    for (const live of this.live.values()) {
      const traces = readTraces(live.folder);
      if (!traces || !shimAlive(live.folder, traces)) this.shimEnded(live);
    }
  }

  /** The shim is gone: its record tells how the command ended, then what it left running is ended. */
  private shimEnded(live: Live): void {
    if (!this.live.delete(mark(live))) return;
    const survivors = () => (live.stopping ? markedProcesses(mark(live)) : []);
    if (!groupAlive(live.pid) && survivors().length === 0) {
      this.ended(live, 0);
      return;
    }
    const leftovers = Math.max(1, markedProcesses(mark(live)).length);
    const deadline = performance.now() + leftoverGraceMs;
    const end = (signal: NodeJS.Signals) => {
      signalIfThere(-live.pid, signal);
      for (const pid of markedProcesses(mark(live))) signalIfThere(pid, signal);
    };
    end("SIGTERM");
    const timer = setInterval(() => {
      if (performance.now() > deadline) end("SIGKILL");
      if (groupAlive(live.pid) || survivors().length > 0) return;
      clearInterval(timer);
      this.ended(live, leftovers);
    }, 20);
  }

  private ended(live: Live, leftovers: number): void {
    const { run, step, attempt, folder, spawn } = live;
    const code = exitCodeOf(folder, spawn);
    this.report({
      run,
      step,
      attempt,
      code,
      leftovers,
      tree: canSeeProcesses ? "gone" : "unproven",
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

  private workingFolder(cwd: string): Result<string> {
    const wanted = resolve(this.root, cwd);
    try {
      const real = fs.realpathSync(wanted);
      if (!fs.statSync(real).isDirectory())
        return err({ code: "input.invalid", problem: `cwd '${cwd}' is not a folder` });
      if (real === this.root || real.startsWith(this.root + sep)) return ok(real);
      return err({
        code: "policy.denied",
        rule: "cwd",
        problem: `cwd '${cwd}' leads out of the workspace`,
        hint: "choose a folder inside it",
      });
    } catch {
      return err({ code: "input.invalid", problem: `cwd '${cwd}' does not exist` });
    }
  }

  private outputFolder(run: string, step: string, attempt: number): string {
    return outputFolder(this.outputs, run, step, attempt);
  }

  /** The agent's own copy of its prompt: what runs must not change when the file is edited. */
  private promptFile({ run, step, attempt }: { run: string; step: string; attempt: number }): string {
    return `${this.outputs}/${run}.${step}.${attempt}.prompt.md`;
  }

  /** What a step is told about itself and the results it builds on. */
  private factsFor(order: SpawnOrder): Record<string, string> {
    const { run, step, attempt } = order;
    const token = this.tokens.issue({ run, step, attempt });
    return {
      ...order.env,
      THREADOS_WORKSPACE: this.root,
      THREADOS_RUN_ID: run,
      THREADOS_STEP_ID: step,
      THREADOS_ATTEMPT: mark(order),
      THREADOS_IDEMPOTENCY_KEY: `${run}/${step}`,
      THREADOS_OUTPUT_DIR: this.outputFolder(run, step, attempt),
      ...(token === undefined ? {} : { THREADOS_TOKEN: token }),
      ...(order.inputs.length > 0
        ? { THREADOS_INPUTS: `${attemptFolder(this.folder, run, step, attempt)}/inputs.json` }
        : {}),
    };
  }
}

/** `run/step/attempt`: what `THREADOS_ATTEMPT` says in each process of the tree. */
function mark(of: { run: string; step: string; attempt: number }): string {
  return `${of.run}/${of.step}/${of.attempt}`;
}
