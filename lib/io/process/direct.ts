import { spawn as spawnProcess } from "node:child_process";
import * as fs from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import { stepIn } from "../../core/engine/step";
import { err, ok, type Result } from "../../core/result";
import type { AttemptRecord, ExitReport, ProcessHost, Recovery, SpawnOrder } from "../../runtime/ports";
import { attemptFolder, bookkeeping } from "../files/artifact-files";
import { exitCodeOf, readTraces, revokeSpawn, shimAlive } from "./attempt";
import { stepEnvironment } from "./environment";
import { resolveExecutable } from "./executable";
import { importOutputs } from "./outputs";
import { shimCommand } from "./shim";
import { canSeeProcesses, groupAlive, markedProcesses, signalIfThere } from "./tree";

const pollMs = 200;
const leftoverGraceMs = 2000;

interface Live {
  run: string;
  step: string;
  attempt: number;
  folder: string;
  spawn: number;
  pid: number;
  /** A stop was sent: the whole tree must be proven gone before the end is reported. */
  stopping: boolean;
}

/** Runs attempts as process groups of their own, each in a shim; `outputs` is a private folder outside the workspace. */
export class DirectHost implements ProcessHost {
  private readonly live = new Map<string, Live>();
  private report: (exit: ExitReport) => void = () => undefined;
  private poll: ReturnType<typeof setInterval> | undefined;

  private readonly root: string;
  private readonly folder: string;
  private readonly outputs: string;

  constructor(at: { root: string; folder: string; outputs: string }) {
    this.root = at.root;
    this.folder = at.folder;
    this.outputs = at.outputs;
    fs.mkdirSync(this.outputs, { recursive: true, mode: 0o700 });
  }

  onExit(report: (exit: ExitReport) => void): void {
    this.report = report;
  }

  spawn(order: SpawnOrder): Result<{ pid: number }> {
    const definition = stepIn(order.plan, order.step);
    if (!definition?.command) return err({ code: "step.no_command", id: order.step });
    const cwd = this.workingFolder(definition.cwd ?? ".");
    if (!cwd.ok) return cwd;
    const env = stepEnvironment(process.env, definition.env ?? {}, this.factsFor(order));
    const argv =
      typeof definition.command === "string" ? ["/bin/sh", "-c", definition.command] : definition.command;
    const program = resolveExecutable(argv[0] as string, env.PATH ?? "");
    if (!program) {
      return err({
        code: "input.invalid",
        problem: `'${argv[0]}' was not found on the PATH (${env.PATH ?? "empty"})`,
      });
    }
    const folder = attemptFolder(this.folder, order.run, order.step, order.attempt);
    const [command, args] = [program, argv.slice(1)];
    return this.start(order, folder, cwd.value, env, [command, ...args]);
  }

  private start(
    order: SpawnOrder,
    folder: string,
    cwd: string,
    env: NodeJS.ProcessEnv,
    command: string[],
  ): Result<{ pid: number }> {
    const isNew = fs.mkdirSync(folder, { recursive: true }) !== undefined;
    const spawn = isNew ? 1 : (readTraces(folder)?.spawn ?? 0) + 1;
    const out = fs.openSync(join(folder, "stdout.log"), "a", 0o644);
    const error = fs.openSync(join(folder, "stderr.log"), "a", 0o644);
    // Nobody waits for the links; they are made while the command already runs.
    if (isNew) setImmediate(() => linkNewest(folder, order.attempt));
    fs.mkdirSync(env.THREADOS_OUTPUT_DIR as string, { recursive: true, mode: 0o700 });
    try {
      const [file, args] = shimCommand(folder, spawn, command);
      const child = spawnProcess(file, args, { cwd, env, detached: true, stdio: ["ignore", out, error] });
      if (child.pid === undefined) {
        // Without a listener the refusal would be thrown again as an uncaught 'error' event.
        child.on("error", () => undefined);
        return err({
          code: "input.invalid",
          problem: "the system refused to start a process (too many, or too large a command)",
        });
      }
      const { run, step, attempt } = order;
      const live: Live = { run, step, attempt, folder, spawn, pid: child.pid, stopping: false };
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
      fs.closeSync(out);
      fs.closeSync(error);
    }
  }

  recover(run: string, step: string, attempt: number): Recovery {
    const folder = attemptFolder(this.folder, run, step, attempt);
    let traces = readTraces(folder);
    if (!traces) return { kind: "never_started" };
    linkNewest(folder, attempt);
    if (traces.spawn === 0) {
      if (revokeSpawn(folder, 1)) return { kind: "never_started" };
      traces = readTraces(folder) ?? traces;
    }
    if (isRevoked(folder, traces.spawn)) return { kind: "never_started" };
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
    return { kind: "exited", exit: { run, step, attempt, code, leftovers: 0, tree: "unproven" } };
  }

  signal(run: string, step: string, attempt: number, signal: "TERM" | "KILL"): void {
    const live = this.live.get(mark({ run, step, attempt }));
    if (!live) return;
    live.stopping = true;
    for (const pid of markedProcesses(mark(live))) signalIfThere(pid, `SIG${signal}`);
    signalIfThere(-live.pid, `SIG${signal}`);
  }

  finish(record: AttemptRecord): void {
    const { run, step, attempt } = record;
    const folder = attemptFolder(this.folder, run, step, attempt);
    const leftOut = importOutputs(this.outputFolder(run, step, attempt), folder);
    this.tidyLater(this.outputFolder(run, step, attempt), this.inputsFile(run, step, attempt));
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
    const temp = join(folder, "status.json.tmp");
    fs.writeFileSync(temp, `${JSON.stringify(status, null, 2)}\n`);
    fs.renameSync(temp, join(folder, "status.json"));
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
    this.report({
      run,
      step,
      attempt,
      code: exitCodeOf(folder, spawn),
      leftovers,
      tree: canSeeProcesses ? "gone" : "unproven",
    });
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
    return join(this.outputs, `${run}.${step}.${attempt}`);
  }

  private inputsFile(run: string, step: string, attempt: number): string {
    return join(this.outputs, `${run}.${step}.${attempt}.inputs.json`);
  }

  /** What a step is told about itself and the results it builds on. */
  private factsFor(order: SpawnOrder): Record<string, string> {
    const { run, step, attempt } = order;
    const inputs = this.inputsFile(run, step, attempt);
    if (order.inputs.length > 0)
      fs.writeFileSync(inputs, JSON.stringify(this.describeInputs(order)), { mode: 0o600 });
    return {
      THREADOS_WORKSPACE: this.root,
      THREADOS_RUN_ID: run,
      THREADOS_STEP_ID: step,
      THREADOS_ATTEMPT: mark(order),
      THREADOS_IDEMPOTENCY_KEY: `${run}/${step}`,
      THREADOS_OUTPUT_DIR: this.outputFolder(run, step, attempt),
      ...(order.inputs.length > 0 ? { THREADOS_INPUTS: inputs } : {}),
    };
  }

  /** Removing takes as long as many a step does, and nobody waits for it: it is done once the next steps have started. */
  private tidyLater(outputs: string, inputs: string): void {
    setImmediate(() => {
      fs.rmSync(inputs, { force: true });
      try {
        fs.rmdirSync(outputs);
      } catch {
        fs.rmSync(outputs, { recursive: true, force: true });
      }
    });
  }

  private describeInputs(order: SpawnOrder): Record<string, unknown> {
    return Object.fromEntries(
      order.inputs.map(({ step, attempt, status }) => {
        const dir = attemptFolder(this.folder, order.run, step, attempt);
        const files = Object.fromEntries(filesIn(dir).map((name) => [name, join(dir, name)]));
        return [
          step,
          { status, dir, stdout: join(dir, "stdout.log"), output: files["output.json"] ?? null, files },
        ];
      }),
    );
  }
}

/** What an attempt left; nothing if somebody has removed its folder since. */
function filesIn(folder: string): string[] {
  try {
    const entries = fs.readdirSync(folder, { withFileTypes: true });
    return entries.flatMap((entry) => (entry.isFile() && !bookkeeping.test(entry.name) ? [entry.name] : []));
  } catch {
    return [];
  }
}

/** `run/step/attempt`: what `THREADOS_ATTEMPT` says in each process of the tree. */
function mark(of: { run: string; step: string; attempt: number }): string {
  return `${of.run}/${of.step}/${of.attempt}`;
}

function isRevoked(folder: string, spawn: number): boolean {
  try {
    return fs.readFileSync(join(folder, `claim-${spawn}`), "utf8") === "revoked\n";
  } catch {
    return false;
  }
}

/** Points `<step>/stdout.log` and its siblings at the newest attempt, by relative links. */
function linkNewest(folder: string, attempt: number): void {
  const step = dirname(dirname(folder));
  for (const name of ["stdout.log", "stderr.log", "status.json"]) {
    const link = join(step, name);
    if (attempt > 1) fs.rmSync(link, { force: true });
    try {
      fs.symlinkSync(join("attempts", String(attempt), name), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}
