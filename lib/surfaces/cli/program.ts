import { Argument, Command, CommanderError, Help, Option, type OutputConfiguration } from "commander";
import type { z } from "zod";
import { err, ok, type Result } from "../../core/result";
import type { RunFlags } from "./act";
import { coerce, type Flag, flagsOf, pairsFrom, placeholder } from "./flags";
import { type CommandSpec, nouns } from "./grammar";
import { hintFor } from "./meant";

/** What a command line asks for, ready to be carried out. */
export interface Parsed {
  spec: CommandSpec;
  input: Record<string, unknown>;
  /** Words that are no input of an action or view. */
  operands: readonly string[];
  globals: { dir?: string; json: boolean; yes: boolean };
  flags: RunFlags & {
    watch?: boolean;
    held?: boolean;
    follow?: boolean;
    attempt?: string;
    policy?: string;
    format?: string;
    out?: string;
    port?: string;
    new?: boolean;
    open?: boolean;
    printConfig?: boolean;
    conversation?: string;
    name?: string;
    from?: string;
    sandbox?: "required" | "off";
  };
}

/** The records that commands stand for; loaded only when a command is built. */
interface Registry {
  recordOf(
    spec: CommandSpec,
  ): { title: string; input: z.ZodType; positional?: readonly string[] } | undefined;
}

async function loadRegistry(specs: readonly CommandSpec[]): Promise<Registry> {
  const actions = specs.some((spec) => spec.action) ? await import("../../core/actions") : undefined;
  const views = specs.some((spec) => spec.view) ? await import("../../core/views/view") : undefined;
  return {
    recordOf: (spec) =>
      spec.action ? actions?.findAction(spec.action) : spec.view ? views?.findView(spec.view) : undefined,
  };
}

interface Source {
  title: string;
  flags: Flag[];
  positional: Flag[];
}

/** Title, flags and positionals of a command, from the record it stands for. */
function sourceOf(spec: CommandSpec, registry: Registry): Source {
  const record = registry.recordOf(spec);
  const all = record ? flagsOf(record.input) : [];
  const keys = spec.positional ?? record?.positional ?? [];
  const taken = new Set([...keys, ...Object.keys(spec.fixed ?? {}), ...(spec.without ?? [])]);
  return {
    title: spec.title ?? record?.title ?? "",
    positional: keys.flatMap((key) => all.find((flag) => flag.key === key) ?? []),
    flags: all.filter((flag) => !taken.has(flag.key)),
  };
}

/** The program with its global flags and no commands; `withHelp` once there is something to list. */
export function newProgram(version: string, withHelp: boolean, output: OutputConfiguration): Command {
  const program = new Command("seqctl")
    .description(
      "Threads of work by coding agents and commands: one YAML file, one door, a record you can prove.",
    )
    .version(version, "-V, --version")
    .option("-C <dir>", "work in this folder instead of the current one")
    .option("--json", "print one JSON document, refusals too")
    .option("--yes", "say yes to every question beforehand")
    .configureOutput(output)
    .configureHelp({ showGlobalOptions: true })
    .exitOverride();
  return withHelp ? program : program.helpOption(false);
}

/** Adds commands to the program; `onParsed` hears which one the line was. */
export async function addCommands(
  program: Command,
  specs: readonly CommandSpec[],
  onParsed: (parsed: Parsed) => void,
): Promise<void> {
  const registry = await loadRegistry(specs);
  for (const spec of specs) addCommand(program, spec, sourceOf(spec, registry), onParsed);
}

function addCommand(
  program: Command,
  spec: CommandSpec,
  source: Source,
  onParsed: (parsed: Parsed) => void,
): void {
  const [noun, verb] = spec.words.split(" ") as [string, string | undefined];
  const parent =
    verb === undefined
      ? program
      : (program.commands.find((c) => c.name() === noun) ?? addNoun(program, noun));
  const how = { hidden: spec.hidden ?? false, isDefault: spec.words === "run all" };
  const command = parent.command(verb ?? noun, how).description(source.title);
  for (const [index, { key, kind, required, description }] of source.positional.entries()) {
    const word = `${key.replaceAll("_", "-")}${isVariadic(source, index, kind) ? "..." : ""}`;
    command.argument(required || spec.positional ? `<${word}>` : `[${word}]`, description);
  }
  for (const { name, description, choices } of spec.operands ?? []) {
    const operand = new Argument(name, description);
    command.addArgument(choices ? operand.choices(choices) : operand);
  }
  for (const flag of source.flags) command.addOption(optionFor(flag));
  addOwnOptions(command, spec);
  if (how.isDefault) showOptionsOf(command, parent);
  command.action(() => {
    const input = collect(command, spec, source);
    if (!input.ok) throw new UsageFailure(input);
    const operands = spec.operands ? command.args : [];
    onParsed({ spec, input: input.value, operands, globals: readGlobals(program), flags: command.opts() });
  });
}

function addNoun(program: Command, noun: string): Command {
  return program.command(noun).description(nouns[noun] ?? "");
}

/** The noun alone stands for its default command, so its help shows that one's flags. */
function showOptionsOf(command: Command, noun: Command): void {
  const visibleOptions = (asked: Command) => new Help().visibleOptions(asked === noun ? command : asked);
  noun.configureHelp({ ...noun.configureHelp(), visibleOptions });
}

function optionFor(flag: Flag): Option {
  const value = flag.kind === "boolean" ? "" : ` <${placeholder(flag)}>`;
  const option = new Option(`${flag.name}${value}`, flag.description);
  if (flag.kind === "pairs" || flag.kind === "list")
    option.argParser((typed: string, before: string[] | undefined) => [...(before ?? []), typed]);
  return flag.choices ? option.choices(flag.choices) : option;
}

/** Flags that are no input of an action or view. */
function addOwnOptions(command: Command, spec: CommandSpec): void {
  if (spec.action) command.option("--dry-run", "say what it would do, and change nothing");
  if (["run.start", "step.restart", "step.rerun"].includes(spec.action ?? "")) {
    command.addOption(new Option("--detach", "return as soon as it is under way").conflicts("attach"));
    command.option("--attach", "stay until it has ended, which is what it does unless told otherwise");
  }
  if (spec.action === "gate.approve" || spec.action === "gate.reject")
    command.option("--follow", "stay with the run until it has ended or waits again");
  if (["gate.approve", "proposal.approve"].includes(spec.action ?? ""))
    command.option("--digest <sha256>", "say yes to exactly what was shown under this digest");
  if (spec.view === "status") command.option("--watch", "redraw it as things change");
  if (spec.view === "policy.test")
    command.option("--policy <file>", "try this file in the place of .threados/policy.yaml");
  if (spec.view === "logs") command.option("-f, --follow", "print all of it, and go on as it grows");
  if (spec.special === "attach")
    command.option("--attempt <n>", "only this attempt (the newest, and those after it)");
  if (spec.special === "init") {
    command.option("--name <text>", "name of the sequence (the folder's name)");
    command.option("--from <file>", "start from an authored sequence");
    command.addOption(
      new Option("--sandbox <required|off>", "whether every step runs in a sandbox (off)").choices([
        "required",
        "off",
      ]),
    );
  }
  if (spec.special === "engine.run")
    command.option("--held", "begin only when a line comes on standard input");
  if (spec.special === "mprocs.open")
    command.option("--print-config", "print the configuration, and open nothing");
  if (spec.special === "audit.export") {
    command.addOption(
      new Option("--format <jsonl|bundle>", "lines as they stand, or one JSON document (jsonl)").choices([
        "jsonl",
        "bundle",
      ]),
    );
    command.option("--out <file>", "write to this new file instead of standard output");
  }
  if (spec.special === "mcp")
    command.option("--print-config", "print what a client's configuration needs, and end");
  if (spec.special === "chat") command.option("--conversation <id>", "go on with a conversation");
  if (spec.special === "ui") {
    command.option("--port <n>", "port to listen on (the one before, else a free one)");
    command.option("--new", "start another server, even if one is up already");
    command.option("--no-open", "do not open the browser");
  }
}

function readGlobals(program: Command): Parsed["globals"] {
  const { C: dir, json, yes } = program.opts<{ C?: string; json?: boolean; yes?: boolean }>();
  return { ...(dir === undefined ? {} : { dir }), json: json ?? false, yes: yes ?? false };
}

/** A refusal found while reading the command line. */
class UsageFailure extends Error {
  readonly result: Result<never>;
  constructor(result: Result<never>) {
    super("usage");
    this.result = result;
  }
}

function collect(command: Command, spec: CommandSpec, source: Source): Result<Record<string, unknown>> {
  const given = command.opts<Record<string, unknown>>();
  const typed: [Flag, unknown][] = [
    ...source.positional.map((flag, index): [Flag, unknown] => [
      flag,
      isVariadic(source, index, flag.kind) ? listFrom(command.args.slice(index)) : command.args[index],
    ]),
    ...source.flags.map((flag): [Flag, unknown] => [flag, given[camel(flag.name)]]),
  ];
  const input: Record<string, unknown> = { ...spec.fixed };
  if (spec.rest !== undefined && command.args.length > 0) input[spec.rest] = restOf(command.args);
  for (const [flag, text] of typed) {
    if (text === undefined) continue;
    const value = inputFrom(flag, text, source.flags.includes(flag));
    if (!value.ok) return value;
    input[flag.key] = value.value;
  }
  return ok(input);
}

/** What was typed as its flag wants it; a list flag that is given several times takes all that was given. */
function inputFrom(flag: Flag, typed: unknown, isFlag: boolean): Result<unknown> {
  if (typeof typed === "string") return coerce(flag, typed);
  if (!isFlag || !Array.isArray(typed)) return ok(typed);
  if (flag.kind === "pairs") return pairsFrom(flag, typed);
  const parts: unknown[] = [];
  for (const text of typed) {
    const part = coerce(flag, text);
    if (!part.ok) return part;
    parts.push(...(Array.isArray(part.value) ? part.value : [part.value]));
  }
  return ok(parts);
}

/** Words as they stand; a single one with blanks in it is a line. */
function restOf(words: readonly string[]): string | string[] {
  const [only] = words;
  return words.length === 1 && only !== undefined && /\s/.test(only) ? only : [...words];
}

/** The last positional takes all the words that are left if it is a list. */
function isVariadic(source: Source, index: number, kind: Flag["kind"]): boolean {
  return kind === "list" && index === source.positional.length - 1;
}

/** `a b,c` as `a`, `b`, `c`; nothing typed is nothing said. */
function listFrom(words: readonly string[]): string[] | undefined {
  const parts = words.flatMap((word) => word.split(",")).map((word) => word.trim());
  return parts.length === 0 ? undefined : parts.filter((word) => word !== "");
}

const camel = (name: string) =>
  name.slice(2).replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** Whether commander stopped because it has printed what was asked for: help or version. */
export function isGood(error: unknown): boolean {
  return error instanceof CommanderError && error.exitCode === 0;
}

/** What commander found wrong, as a refusal; anything else is a bug and goes on up. */
export function usageFailure(error: unknown, program: Command, argv: readonly string[]): Result<never> {
  if (error instanceof UsageFailure) return error.result;
  if (!(error instanceof CommanderError)) throw error;
  const problem = error.message.replace(/^error: /, "").replace(/\n[\s\S]*$/, "");
  return err({
    code: "input.invalid",
    problem: error.code === "commander.help" ? "say which command" : problem,
    hint: hintFor(error, program, argv),
  });
}
