import * as fs from "node:fs";
import { resolve, sep } from "node:path";
import { doorVariable } from "../../core/door";
import { stepIn } from "../../core/engine/step";
import { err, ok, type Result } from "../../core/result";
import { isBuiltInWatchdog } from "../../core/sequence/threads";
import type { SpawnOrder, TokenStore } from "../../runtime/ports";
import { agentEnvironment } from "../agents/environment";
import { readyPrompt, type StartLine, startLine } from "../agents/start";
import type { DoorRelay } from "../door/relay";
import { attemptFolder } from "../files/artifact-files";
import { leadsOut } from "../files/cwd";
import { isolate, type Worktrees, worktreeEnvironment } from "../git/isolation";
import { type Confining, confineStep } from "../sandbox/step";
import { withSecrets } from "../secrets";
import { type Terminals, throughTerminal } from "../terminal/order";
import { mark } from "./attempt";
import { stepEnvironment } from "./environment";
import { resolveExecutable } from "./executable";
import { outputFolder } from "./life";
import { limited } from "./limits";
import type { Ready } from "./ready";

/** Where the attempts of a workspace work. */
export interface Surroundings extends Worktrees, Confining {
  /** A private folder outside the workspace, for what they write and read. */
  outputs: string;
  terminals: Terminals;
  tokens: TokenStore;
  doors: DoorRelay;
}

interface Attempt {
  run: string;
  step: string;
  attempt: number;
}

/** The agent's own copy of its prompt: what runs must not change when the file is edited. */
export function promptFile(outputs: string, { run, step, attempt }: Attempt): string {
  return `${outputs}/${run}.${step}.${attempt}.prompt.md`;
}

/** Makes everything out that an attempt is started with; refused if anything stands in its way. */
export function prepare(at: Surroundings, order: SpawnOrder): Result<Ready> {
  const definition = stepIn(order.plan, order.step);
  if (!definition) return err({ code: "step.no_command", id: order.step });
  const start = { promptFile: promptFile(at.outputs, order), resume: order.resume };
  const line: Result<StartLine> = isBuiltInWatchdog(definition)
    ? ok({ argv: [...at.program, "engine", "watch"] })
    : startLine(at.root, order.plan.sequence, definition, start);
  if (!line.ok) return line;
  const { argv, agent } = line.value;
  const isIsolated = definition.isolation === "worktree";
  const isolated = isIsolated ? isolate(at, order, order.plan.sequence, definition) : ok(undefined);
  if (!isolated.ok) return isolated;
  const cwd = workingFolder(at.root, isIsolated ? "." : (definition.cwd ?? "."));
  if (!cwd.ok) return cwd;
  const given = withSecrets(definition.env ?? {});
  if (!given.ok) return given;
  const own = { ...(agent ? agentEnvironment(process.env, agent.adapter) : {}), ...given.value };
  const door = order.sandbox ? at.doors.open(order) : undefined;
  const facts = {
    ...factsFor(at, order),
    ...(isolated.value ? worktreeEnvironment(isolated.value) : {}),
    ...(door ? { [doorVariable]: door.socket } : {}),
  };
  const env = stepEnvironment(process.env, own, facts);
  const program = resolveExecutable(argv[0] as string, env.PATH ?? "");
  if (!program) {
    return err({
      code: "input.invalid",
      problem: `'${argv[0]}' was not found on the PATH (${env.PATH ?? "empty"})`,
    });
  }
  const prompted = readyPrompt(at.root, definition, line.value, order.env.THREADOS_REJECTION);
  if (!prompted.ok) return prompted;
  const within = (words: readonly string[]) =>
    limited(words, order.limits, { sandboxed: order.sandbox, isRoot: process.getuid?.() === 0 });
  const open: Ready = {
    line: line.value,
    program,
    cwd: cwd.value,
    env,
    command: within([program, ...argv.slice(1)]),
    isolated: isolated.value && {
      ...isolated.value,
      setup: isolated.value.setup && within(isolated.value.setup),
      test: isolated.value.test && within(isolated.value.test),
    },
  };
  const ready = order.sandbox ? confineStep(at, definition, open, door?.folder) : ok(open);
  if (!ready.ok || definition.tty !== true) return ready;
  return onTerminal(at, order, ready.value, own.TERM);
}

/** The attempt on a terminal of its own. Whatever holds the terminal stays outside the sandbox: it is ours, and has to be reached. */
function onTerminal(
  at: Surroundings,
  order: SpawnOrder,
  ready: Ready,
  term = "xterm-256color",
): Result<Ready> {
  const held = throughTerminal(at.terminals, at.root, mark(order), ready.command);
  if (!held.ok) return held;
  const { argv, socket } = held.value;
  return ok({ ...ready, env: { ...ready.env, TERM: term }, command: argv, socket });
}

function workingFolder(root: string, cwd: string): Result<string> {
  const wanted = resolve(root, cwd);
  // The root is a real path already, and what runs in it has just read its files there.
  if (wanted === root) return ok(root);
  try {
    const real = fs.realpathSync(wanted);
    if (!fs.statSync(real).isDirectory())
      return err({ code: "input.invalid", problem: `cwd '${cwd}' is not a folder` });
    if (real === root || real.startsWith(root + sep)) return ok(real);
    return leadsOut(cwd);
  } catch {
    return err({ code: "input.invalid", problem: `cwd '${cwd}' does not exist` });
  }
}

/** What a step is told about itself and the results it builds on. */
function factsFor(
  { root, folder, outputs, tokens }: Surroundings,
  order: SpawnOrder,
): Record<string, string> {
  const { run, step, attempt } = order;
  const token = tokens.issue({ run, step, attempt });
  return {
    ...order.env,
    THREADOS_WORKSPACE: root,
    THREADOS_RUN_ID: run,
    THREADOS_STEP_ID: step,
    THREADOS_ATTEMPT: mark(order),
    THREADOS_IDEMPOTENCY_KEY: `${run}/${step}`,
    THREADOS_OUTPUT_DIR: outputFolder(outputs, run, step, attempt),
    ...(token === undefined ? {} : { THREADOS_TOKEN: token }),
    ...(order.inputs.length > 0
      ? { THREADOS_INPUTS: `${attemptFolder(folder, run, step, attempt)}/inputs.json` }
      : {}),
  };
}
