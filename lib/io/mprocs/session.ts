import * as fs from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { err, ok, type Result } from "../../core/result";
import type { Step } from "../../core/sequence/schema";
import { writeAtomic } from "../files/atomic";
import { sha256 } from "../files/digest";
import { resolveExecutable } from "../process/executable";
import { findMprocs } from "./binary";
import { selectDocument, sendDocument } from "./client";
import { mprocsConfig } from "./config";
import { mayListen, networked } from "./elsewhere";
import { forgetOpening, isListening, isOpen, panesFolder, processFile, readMap, writeMap } from "./map";
import { firstStepIndex, panesOf } from "./panes";
import { listeningScript } from "./scripts";

const { spawn, execFileSync } = process.getBuiltinModule("node:child_process");
/** Words of one command line that makes pipes: far below what any system takes. */
const pipesAtOnce = 200;

/** An open mprocs: how a person gets to it, or that it has been and ended. */
export interface Opened {
  config: string;
  port: number | null;
  session: string | null;
  panes: number;
  /** Steps that were added since it was opened: it shows none of them. */
  unshown: string[];
  /** The line that brings its window to a terminal; null where it had one. */
  attach: string | null;
  wasOpen: boolean;
}

/** What is shown, and the argv that starts seqctl. */
export interface Shown {
  root: string;
  program: readonly string[];
  steps: readonly Step[];
  /** Whether it may take commands at a port, which no step in a sandbox must reach. */
  listens: boolean;
}

/** What an opening is made from. */
export interface Opening extends Shown {
  env: NodeJS.ProcessEnv;
  /** Whether mprocs can have the terminal of this program; else it gets a tmux of its own. */
  hasTerminal: boolean;
}

/** The configuration as `open` would write it, with a port that is free this moment. */
export async function configFor(opening: Shown): Promise<string> {
  return configWith(opening, await portFor(opening));
}

function configWith({ root, program, steps }: Shown, port: number | null): string {
  const folder = panesFolder(`${root}/.threados`);
  return mprocsConfig({ port, root, panesFolder: folder, program, panes: panesOf(steps) });
}

/** Opens mprocs on a sequence; at a terminal it returns when the window is closed. */
export async function openMprocs(opening: Opening): Promise<Result<Opened>> {
  const { root, program, env, hasTerminal } = opening;
  const folder = `${root}/.threados`;
  const before = readMap(folder);
  // A second one would take the place of one that still listens, and hide it from steps that are to keep away from it.
  if (before && (isOpen(folder) || isListening(folder))) {
    const { config, port, session } = before;
    const panes = Object.keys(before.panes).length;
    const unshown = opening.steps.map(({ id }) => id).filter((id) => !Object.hasOwn(before.panes, id));
    return ok({ config, port, session, panes, unshown, attach: attachLine(session), wasOpen: true });
  }
  const binary = findMprocs([dirname(program.at(-1) ?? root), root], env);
  if (!binary.ok) return binary;
  const tmux = resolveExecutable("tmux", env.PATH ?? "");
  if (!hasTerminal && tmux === undefined) {
    const hint = "install tmux, or call this at a terminal";
    return err({ code: "program.missing", name: "tmux", hint });
  }
  try {
    return await start(opening, binary.value, tmux);
  } finally {
    forgetOpening(folder);
  }
}

async function start(opening: Opening, binary: string, tmux: string | undefined): Promise<Result<Opened>> {
  const { root, steps, env, hasTerminal } = opening;
  const folder = `${root}/.threados`;
  const port = await portOf(opening);
  if (port === null) forgetOpening(folder);
  const config = join(folder, "state", "mprocs.yaml");
  const session = hasTerminal ? null : `threados-${sha256(root).slice(0, 16)}`;
  readyPipes(panesFolder(folder), steps);
  writeAtomic(config, configWith(opening, port), 0o600);
  const panes = Object.fromEntries(steps.map(({ id }, index) => [id, index + firstStepIndex]));
  writeMap(folder, { version: 1, port, session, config, panes });
  const opened: Opened = {
    config,
    port,
    session,
    panes: steps.length,
    unshown: [],
    attach: attachLine(session),
    wasOpen: false,
  };
  const own = [binary, "-c", config];
  const words = port === null ? own : listening(folder, own);
  const problem =
    session === null
      ? await atTerminal(words, root, env)
      : inTmux(tmux as string, session, words, root, env, folder);
  return problem === undefined ? ok(opened) : err({ code: "input.invalid", problem });
}

const listening = (folder: string, words: string[]) => [
  ...["/bin/sh", "-c", listeningScript, "threados-mprocs"],
  ...[processFile(folder), String(process.pid), networked(), ...words],
];

/** Selects the pane of a step in the mprocs that is open. */
export async function selectPane(root: string, step: string): Promise<Result<{ index: number }>> {
  const folder = `${root}/.threados`;
  const map = readMap(folder);
  if (!map || !isOpen(folder)) return err({ code: "mprocs.closed" });
  const index = map.panes[step];
  if (index === undefined) return err({ code: "step.unknown", id: step });
  if (map.port === null)
    return err({
      code: "input.invalid",
      problem: "this mprocs takes no commands: a step in a sandbox with network could have sent it some",
      hint: "choose the pane in its window, or see the step by `seqctl attach`",
    });
  const problem = await sendDocument(map.port, selectDocument(index));
  return problem === undefined ? ok({ index }) : err({ code: "mprocs.closed" });
}

const portFor = async ({ listens }: Shown) => (listens ? freePort() : null);

/** As `portFor`, and the user's other workspaces are told. */
const portOf = async (shown: Shown) => portFor({ ...shown, listens: mayListen(shown.root) && shown.listens });

const attachLine = (session: string | null) => (session === null ? null : `tmux -L ${session} attach`);

/** The system's choice of a free port; nobody is asked at that port. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

/** A pipe a step, through which its pane is told what to show; what an earlier mprocs left goes. */
function readyPipes(folder: string, steps: readonly Step[]): void {
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const pipes = steps.map(({ id }) => join(folder, `${id}.wake`));
  for (let at = 0; at < pipes.length; at += pipesAtOnce)
    execFileSync("mkfifo", ["-m", "600", ...pipes.slice(at, at + pipesAtOnce)]);
}

function atTerminal([program = "", ...words]: string[], cwd: string, env: NodeJS.ProcessEnv) {
  return new Promise<string | undefined>((resolve) => {
    const child = spawn(program, words, { cwd, env, stdio: "inherit" });
    child.on("error", (error) => resolve(`mprocs could not be started: ${error.message}`));
    child.on("exit", () => resolve(undefined));
  });
}

function inTmux(
  tmux: string,
  session: string,
  words: string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
  folder: string,
) {
  try {
    const size = ["-x", "200", "-y", "50", "-P", "-F", "#{pane_pid}"];
    // Given as words, not as a line: tmux runs them without a shell.
    const pid = execFileSync(
      tmux,
      ["-L", session, "-f", "/dev/null", "new-session", "-d", ...size, ...words],
      {
        cwd,
        env,
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    // It writes that itself, maybe only after this process has taken its own note back.
    writeAtomic(processFile(folder), pid.toString());
    return undefined;
  } catch (error) {
    const said = String((error as { stderr?: Buffer }).stderr ?? error).trim();
    return `tmux could not be started: ${said}`;
  }
}
