import { resolve, sep } from "node:path";
import { type Command, CommanderError } from "commander";
import { countOf } from "../../core/count";
import { renderFailure } from "../../core/failure-table";
import { thrownFailure } from "../../core/failure-thrown";
import { type CommandSpec, grammar } from "./grammar";
import { painter } from "./paint";
import { addCommands, isGood, newProgram, type Parsed, usageFailure } from "./program";
import { type Answering, sayFailure, sayJson } from "./say";
import { type Shell, standardOutput } from "./shell";

/** Runs one command line; its exit code. */
export async function main(shell: Shell): Promise<number> {
  const own = shell.argv.indexOf("--");
  const json = (own < 0 ? shell.argv : shell.argv.slice(0, own)).includes("--json");
  const paint = painter(shell.outIsTerminal, shell.env);
  const home = homeOf(shell);
  let answering: Answering = { shell, json, yes: false, dir: home, paint };
  try {
    if (willRun(shell)) await shell.warm(home);
    const parsed = await parse(shell, answering);
    if (typeof parsed === "number") return parsed;
    const { globals } = parsed;
    const dir = globals.dir === undefined ? home : resolve(shell.cwd, globals.dir);
    answering = { ...answering, json: globals.json, yes: globals.yes, dir };
    return await carryOut(answering, parsed);
  } catch (error) {
    if (shell.env.THREADOS_DEBUG && error instanceof Error) shell.err(`${error.stack}\n`);
    const failure = thrownFailure(error);
    // Where nothing more can be printed the other channel says so.
    const isMute = failure.code === "io.failed" && failure.path === standardOutput;
    return sayFailure(isMute ? { ...answering, json: false } : answering, failure);
  }
}

/** Where the workspace is looked for: an isolated step that says nothing else means the one it belongs to, not the copy in its worktree. */
function homeOf({ cwd, env }: Shell): string {
  const { THREADOS_WORKTREE: worktree, THREADOS_WORKSPACE: workspace } = env;
  const isInside = worktree && (cwd === worktree || cwd.startsWith(worktree + sep));
  return isInside && workspace ? workspace : cwd;
}

/** Whether an engine will most likely be wanted: its program loads while the command line is read and the call judged. */
function willRun({ argv, canAsk }: Shell): boolean {
  const others = ["-C", "--dry-run", "--help", "-h"];
  return (
    argv[0] === "run" && (canAsk || argv.includes("--yes")) && !argv.some((word) => others.includes(word))
  );
}

/** One reading of the command line. */
interface Reading {
  program: Command;
  parsed?: Parsed;
  /** What commander or a flag's value found wrong. */
  error?: unknown;
  /** Help that commander printed on the error channel. */
  said: string;
  /** What was asked for: help, or the version. */
  told: string;
}

/** The command line as a call, or the exit code if it was help, version or a mistake. */
async function parse(shell: Shell, answering: Answering): Promise<Parsed | number> {
  const first = firstWord(shell.argv);
  const selected = grammar.filter((spec) => spec.words.split(" ")[0] === first);
  // Only what the first word selects is built; a line that does not fit that is read again with the whole grammar at hand.
  let reading = await read(shell, selected);
  if (!reading.parsed && reading.error !== undefined && selected.length === 0)
    reading = await read(shell, grammar);
  const { parsed, error, said, told, program } = reading;
  if (parsed) return parsed;
  if (error === undefined) {
    // What was asked for is help, or the version.
    const isVersion = shell.argv.some((word) => word === "-V" || word === "--version");
    if (answering.json) sayJson(answering, isVersion ? { version: told.trim() } : { help: told });
    else shell.out(told);
    return 0;
  }
  const failure = usageFailure(error, program, shell.argv);
  if (failure.ok) return 0;
  if (!isBare(error) || answering.json) return sayFailure(answering, failure.failure);
  shell.err(said);
  return renderFailure(failure.failure).exit;
}

async function read(shell: Shell, commands: readonly CommandSpec[]): Promise<Reading> {
  let said = "";
  let told = "";
  const program = newProgram(shell.version, commands.length > 0, {
    writeOut: (text) => {
      told += text;
    },
    writeErr: (text) => {
      said += text;
    },
    getOutHelpWidth: () => shell.columns,
  });
  const reading: Reading = { program, said, told };
  const onParsed = (found: Parsed) => {
    reading.parsed = found;
  };
  if (commands.length > 0) await addCommands(program, commands, onParsed);
  try {
    program.parse(shell.argv as string[], { from: "user" });
    if (!reading.parsed) reading.error = new CommanderError(2, "commander.help", "say which command");
  } catch (error) {
    if (!isGood(error)) reading.error = error;
  }
  return { ...reading, said, told };
}

/** Whether only the noun was given, so that its help is the best answer. */
function isBare(error: unknown): boolean {
  return error instanceof CommanderError && error.code === "commander.help";
}

/** The first word that is no global flag: decides which commands have to be built at all. */
function firstWord(argv: readonly string[]): string | undefined {
  for (let i = 0; i < argv.length; i++) {
    if (argv[i] === "-C") i += 1;
    else if (!argv[i]?.startsWith("-")) return argv[i];
  }
  return undefined;
}

async function carryOut(answering: Answering, { spec, input, operands, flags }: Parsed): Promise<number> {
  const { shell } = answering;
  if (spec.aside) return (await import("./aside")).aside(answering, spec.aside, operands);
  if (spec.special === "init") return init(answering, flags);
  if (spec.special === "skill") {
    const { skill } = await import("./skill");
    const text = await skill(shell.version);
    if (answering.json) sayJson(answering, { text });
    else shell.out(text);
    return 0;
  }
  const opened = await shell.open(answering.dir);
  if (!opened.ok) return sayFailure(answering, opened.failure);
  const threados = opened.value;
  if (spec.action) {
    const { act } = await import("./act");
    return act(answering, threados, { action: spec.action, input }, flags);
  }
  if (spec.view) {
    const { followLogs, show, watchStatus } = await import("./show");
    if (spec.view === "status" && flags.watch) return watchStatus(answering, threados);
    if (spec.view === "logs" && flags.follow) return followLogs(answering, threados, input);
    if (spec.view === "policy.test" && flags.policy !== undefined) {
      const { readPolicyToTry } = await import("./show-policy");
      const policy = await readPolicyToTry(resolve(shell.cwd, flags.policy));
      if (!policy.ok) return sayFailure(answering, policy.failure);
      return show(answering, threados, spec.view, { ...input, policy: policy.value });
    }
    return show(answering, threados, spec.view, input);
  }
  switch (spec.special) {
    case "engine.run": {
      const ended = await shell.runEngine(threados, flags.held === true);
      if (!ended.ok) return sayFailure(answering, ended.failure);
      shell.err(`engine: ${ended.value}\n`);
      return 0;
    }
    case "engine.stop": {
      const stopped = await threados.ports.engine.stop();
      if (!stopped.ok) return sayFailure(answering, stopped.failure);
      if (answering.json) sayJson(answering, { stopped: stopped.value });
      else shell.out(stopped.value ? "the engine has left; what runs goes on\n" : "no engine was alive\n");
      return 0;
    }
    case "engine.door":
      await shell.serveDoor(threados);
      return 0;
    case "worktree.run":
      return shell.runInWorktree(operands[0] ?? "");
    case "attach": {
      const { attach } = await import("./attach");
      return attach(answering, threados, operands[0] ?? "", flags.attempt);
    }
    case "mprocs.open":
    case "mprocs.select":
    case "mprocs.start":
    case "mprocs.watch": {
      const { openWindow, selectPane, startFromPane, watchPanes } = await import("./mprocs");
      const id = operands[0] ?? "";
      if (spec.special === "mprocs.open") return openWindow(answering, threados, flags.printConfig === true);
      if (spec.special === "mprocs.select") return selectPane(answering, threados, id);
      if (spec.special === "mprocs.start") return startFromPane(answering, threados, id);
      return watchPanes(answering, threados);
    }
    case "audit.export":
      return (await import("./export-audit")).exportAudit(answering, threados, {
        bundle: flags.format === "bundle" || (answering.json && flags.out === undefined),
        out: flags.out === undefined ? undefined : resolve(shell.cwd, flags.out),
      });
    case "audit.accept":
      return (await import("./accept-audit")).acceptAudit(answering, threados);
    case "engine.watch":
      return (await import("./watch")).watch(answering, threados);
    case "chat": {
      const { converse } = await import("./chat");
      return converse(answering, threados, operands.join(" "), flags.conversation);
    }
    case "mcp":
      return mcp(answering, threados, flags);
    default:
      return ui(answering, threados, flags);
  }
}

async function init(answering: Answering, flags: Parsed["flags"]): Promise<number> {
  const { shell, json, paint } = answering;
  const from = flags.from === undefined ? {} : { from: resolve(shell.cwd, flags.from) };
  const made = await shell.init(answering.dir, {
    ...from,
    ...(flags.name === undefined ? {} : { name: flags.name }),
    sandbox: flags.sandbox ?? "try",
  });
  if (!made.ok) return sayFailure(answering, made.failure);
  const { root, name, steps, sandbox, words } = made.value;
  if (json) sayJson(answering, { root, name, steps, sandbox });
  else {
    const next = steps === 0 ? `seqctl step add hello --command '["echo","hello"]'` : "seqctl run";
    shell.out(
      `${paint("green", "✓")} made the workspace '${name}' in ${root}/.threados (${countOf(steps, "step")})\n  next: ${next}\n${words === undefined ? "" : paint("dim", `  ${words}\n`)}`,
    );
  }
  return 0;
}

async function ui(
  answering: Answering,
  threados: Parameters<Shell["serve"]>[0],
  flags: Parsed["flags"],
): Promise<number> {
  const { shell, json, paint } = answering;
  const port = flags.port === undefined ? undefined : Number(flags.port);
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port < 65_536)) {
    return sayFailure(answering, {
      code: "input.invalid",
      problem: `--port: '${flags.port}' is no port`,
      hint: "a number from 0 to 65535",
    });
  }
  const isElsewhere = (other: { port: number }) => port !== undefined && port !== other.port;
  const up = flags.new === true ? undefined : await shell.served(threados);
  if (up && !isElsewhere(up)) {
    const { url, port: taken, pid } = up;
    if (json) sayJson(answering, { url, port: taken, pid });
    else
      shell.out(
        `${paint("green", "▶")} the workbench is up already at\n\n  ${paint("bold", url)}\n\n${paint("dim", `  Process ${pid} serves it; \`seqctl ui --new\` starts another.`)}\n`,
      );
    if (flags.open !== false && !json) shell.openBrowser(url);
    return 0;
  }
  const served = await shell.serve(threados, port === undefined ? {} : { port });
  if (!served.ok) return sayFailure(answering, served.failure);
  const { url, port: actual, closed } = served.value;
  if (json) sayJson(answering, { url, port: actual, pid: process.pid });
  else
    shell.out(
      `${paint("green", "▶")} the workbench is at\n\n  ${paint("bold", url)}\n\n${paint("dim", "  Ctrl-C stops serving; runs go on without it.")}\n`,
    );
  if (flags.open !== false && !json) shell.openBrowser(url);
  await closed;
  return 0;
}

async function mcp(
  { shell, json, paint }: Answering,
  threados: Parameters<Shell["serve"]>[0],
  flags: Parsed["flags"],
): Promise<number> {
  if (!flags.printConfig) {
    await shell.mcp.serve(threados);
    return 0;
  }
  const { config, tools, digest } = await shell.mcp.config(threados);
  shell.out(`${json ? JSON.stringify(config) : JSON.stringify(config, null, 2)}\n`);
  if (!json) shell.err(paint("dim", `${countOf(tools, "tool")}, sha256 of their list ${digest}\n`));
  return 0;
}
