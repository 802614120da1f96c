import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import type { Gate, Param, Step } from "../../lib/core/sequence/schema";
import type { StatusDoc, StepStatusDoc } from "../../lib/core/views/status";
import { initWorkspace } from "../../lib/threados";
import { until } from "./deadline";
import { isAlive, kill, processesWith } from "./processes";
import { seqctlArgv } from "./seqctl";

/** What a command line came to. */
export interface Ended {
  exit: number;
  signal: string | null;
  out: string;
  err: string;
}

/** What a workspace is made with. */
export interface Making {
  name?: string;
  steps?: Step[];
  gates?: Gate[];
  defaults?: Record<string, unknown>;
  params?: Record<string, Param>;
  policy?: Record<string, unknown>;
  /** policy.yaml's keys besides the version. */
  rules?: Record<string, unknown>;
}

const open = new Set<Workspace>();

/** Ends what the test's workspaces left running and removes them; for `afterEach`. */
export async function cleanUp(): Promise<void> {
  for (const workspace of open) await workspace.end();
  open.clear();
}

/** A scratch workspace with a home of its own, and seqctl as a real process in it. */
export class Workspace {
  readonly home: string;
  /** The folder that holds `.threados`. */
  readonly root: string;

  private constructor() {
    this.home = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), "threados-rig-")));
    this.root = join(this.home, "project");
    fs.mkdirSync(this.root);
    fs.mkdirSync(join(this.home, "run"), { mode: 0o700 });
    open.add(this);
  }

  /** A folder without a workspace in it. */
  static empty(): Workspace {
    return new Workspace();
  }

  static async make({ rules, ...sequence }: Making = {}): Promise<Workspace> {
    const workspace = new Workspace();
    const from = join(workspace.home, "authored.yaml");
    fs.writeFileSync(from, stringify({ version: 1, name: "rig", ...sequence }));
    const made = await initWorkspace(workspace.root, { from });
    if (!made.ok) throw new Error(JSON.stringify(made.failure));
    const policy = { version: 1, stop_grace_ms: 300, ...rules };
    workspace.write(".threados/policy.yaml", stringify(policy));
    return workspace;
  }

  get env(): Record<string, string> {
    return {
      PATH: process.env.PATH ?? "/usr/bin:/bin",
      HOME: this.home,
      XDG_CACHE_HOME: join(this.home, "cache"),
      XDG_RUNTIME_DIR: join(this.home, "run"),
      LANG: "C.UTF-8",
    };
  }

  /** Starts seqctl; `env` adds to the environment, `cwd` replaces the project's folder. */
  async start(args: string[], { env = {}, cwd = this.root }: { env?: object; cwd?: string } = {}) {
    return Bun.spawn([...(await seqctlArgv()), ...args], {
      cwd,
      env: { ...this.env, ...env },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
  }

  /** Runs seqctl to its end. */
  async seqctl(args: string[], options: { env?: object; cwd?: string } = {}): Promise<Ended> {
    return ended(await this.start(args, options));
  }

  /** Runs seqctl with --json: the one document on stdout, with the exit code. */
  async json<T = Doc>(args: string[], options: { env?: object; cwd?: string } = {}) {
    const { exit, out, err } = await this.seqctl([...args, "--json"], options);
    return { exit, err, doc: onlyDocument(out, err) as T };
  }

  async status(): Promise<StatusDoc> {
    return (await this.json<StatusDoc>(["status"])).doc;
  }

  /** `id: "STATUS reason attempt"` of every step. */
  async standing(): Promise<Record<string, string>> {
    const { steps } = await this.status();
    return Object.fromEntries(steps.map((step) => [step.id, standingOf(step)]));
  }

  path(name: string): string {
    return join(this.root, name);
  }

  read(name: string): string {
    return fs.readFileSync(this.path(name), "utf8");
  }

  /** A file's lines; none while there is no such file. */
  lines(name: string): string[] {
    if (!fs.existsSync(this.path(name))) return [];
    return this.read(name).split("\n").slice(0, -1);
  }

  write(name: string, text: string | Uint8Array): void {
    fs.mkdirSync(dirname(this.path(name)), { recursive: true });
    fs.writeFileSync(this.path(name), text);
  }

  /** Writes an executable file. */
  script(name: string, text: string): string {
    this.write(name, text);
    fs.chmodSync(this.path(name), 0o755);
    return this.path(name);
  }

  get definition(): string {
    return this.read(".threados/sequence.yaml");
  }

  audit(): AuditLine[] {
    return this.lines(".threados/audit.log").map((line) => JSON.parse(line));
  }

  /** Ids of the runs whose opening is recorded, oldest first. */
  runs(): string[] {
    const folder = this.path(".threados/runs");
    if (!fs.existsSync(folder)) return [];
    return fs
      .readdirSync(folder)
      .filter((run) => this.lines(`.threados/runs/${run}/events.jsonl`).length > 0)
      .sort();
  }

  /** The newest run's facts. */
  facts(): Fact[] {
    const newest = this.runs().at(-1);
    return newest ? this.lines(`.threados/runs/${newest}/events.jsonl`).map((line) => JSON.parse(line)) : [];
  }

  /** The folder of an attempt in the newest run. */
  attempt(step: string, attempt = 1): string {
    return `.threados/runs/${this.runs().at(-1)}/${step}/attempts/${attempt}`;
  }

  /** The living engine's id, as it announced itself. */
  enginePid(): number | undefined {
    try {
      const { pid } = JSON.parse(this.read(".threados/state/engine.json"));
      return isAlive(pid) ? pid : undefined;
    } catch {
      return undefined;
    }
  }

  /** Processes of this workspace: commands, engine, steps. */
  processes(): number[] {
    return processesWith("XDG_CACHE_HOME", join(this.home, "cache"));
  }

  /** Kills the engine the hard way; nothing else dies with it. */
  async killEngine(): Promise<void> {
    const pid = await until("an engine to kill", () => this.enginePid());
    kill(pid);
    await until("the engine's death", () => !isAlive(pid));
  }

  async end(): Promise<void> {
    await until("the workspace's processes to end", () => {
      const left = this.processes();
      for (const pid of left) kill(pid);
      return left.length === 0;
    });
    fs.rmSync(this.home, { recursive: true, force: true });
  }
}

/** What `--json` printed, before one looks closer. */
// biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects, and fails if it is not there
export type Doc = Record<string, any>;

/** A line of the audit log, as tests read it. */
export interface AuditLine extends Doc {
  seq: number;
  action: string;
  result: string;
}

/** A fact of a run, as tests read it. */
export interface Fact extends Doc {
  type: string;
}

const textOf = (stream: ReadableStream<Uint8Array>) => new Response(stream).text();

type Child = Awaited<ReturnType<Workspace["start"]>>;

/** Waits for a started seqctl to end. */
export async function ended(child: Child): Promise<Ended> {
  const [out, err] = await Promise.all([textOf(child.stdout), textOf(child.stderr), child.exited]);
  return {
    exit: child.exitCode ?? -1,
    signal: child.signalCode === null ? null : String(child.signalCode),
    out,
    err,
  };
}

/** Parses a text that must be exactly one line of JSON. */
export function onlyDocument(out: string, err = ""): unknown {
  if (!/^[^\n]+\n$/.test(out)) throw new Error(`not one document: ${JSON.stringify(out)}; stderr: ${err}`);
  return JSON.parse(out);
}

function standingOf({ status, reason, attempt }: StepStatusDoc): string {
  return [status, reason ?? "", attempt].filter((part) => part !== "" && part !== 0).join(" ");
}
