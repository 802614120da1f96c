import { resolve } from "node:path";
import type { Command, Option } from "commander";
import type { StatusDoc } from "../../core/views/status";
import type { Threados } from "../../threados";
import { type CommandSpec, grammar } from "./grammar";
import { addCommands, newProgram } from "./program";
import type { Shell } from "./shell";

/** What the last of the words could become: commands, flags, choices, and ids that the workspace knows. */
export async function complete(shell: Shell, typed: readonly string[]): Promise<string[]> {
  const word = typed.at(-1) ?? "";
  const line = readLine(typed.slice(0, -1));
  const found = await candidates(shell, line, word);
  const kept = word.slice(0, word.lastIndexOf(",") + 1);
  // Names may be listed with commas: what stands before the last one stays.
  const fitting = found.list
    ? found.words.map((candidate) => kept + candidate).filter((candidate) => candidate.startsWith(word))
    : found.words.filter((candidate) => candidate.startsWith(word));
  return [...new Set(fitting)];
}

interface Line {
  /** The words before the last, without global flags. */
  words: string[];
  /** Those of them that are no flags; values of flags are among them. */
  plain: string[];
  dir: string | undefined;
  /** The word before the last, if it is a flag. */
  flag: string | undefined;
}

interface Found {
  words: string[];
  /** Whether several may be given with commas between them. */
  list?: boolean;
}

function readLine(typed: readonly string[]): Line {
  const words: string[] = [];
  let dir: string | undefined;
  for (let i = 0; i < typed.length; i++) {
    const word = typed[i] as string;
    if (word === "-C" && i + 1 < typed.length) dir = typed[++i];
    else if (!["--json", "--yes"].includes(word)) words.push(word);
  }
  const before = words.at(-1);
  const flag = before?.startsWith("-") && before === typed.at(-1) ? before : undefined;
  return { words, plain: words.filter((word) => !word.startsWith("-")), dir, flag };
}

const globals = ["-C", "--json", "--yes", "--help"];

async function candidates(shell: Shell, line: Line, word: string): Promise<Found> {
  if (line.flag === "-C") return { words: [] };
  const [noun, verb] = line.plain;
  const visible = grammar.filter((spec) => !spec.hidden);
  if (noun === undefined) {
    const first = visible.map((spec) => spec.words.split(" ")[0] as string);
    return { words: word.startsWith("-") ? [...globals, "--version"] : first };
  }
  const specs = visible.filter((spec) => spec.words.split(" ")[0] === noun);
  const spec = specs.find((s) => s.words === `${noun} ${verb}`) ?? specs.find((s) => s.words === noun);
  if (!spec && verb === undefined && !word.startsWith("-") && line.flag === undefined)
    return { words: specs.map((s) => s.words.split(" ")[1] ?? "") };
  // `run` alone stands for `run all`.
  const meant = spec ?? specs.find((s) => s.words === "run all");
  if (!meant) return { words: word.startsWith("-") ? globals : [] };
  return forCommand(shell, meant, line, word);
}

async function forCommand(shell: Shell, spec: CommandSpec, line: Line, word: string): Promise<Found> {
  const command = await commandOf(spec);
  const { flag } = line;
  const option = command.options.find((each) => flag !== undefined && [each.long, each.short].includes(flag));
  if (option?.required) return forValue(shell, line, spec, option);
  if (word.startsWith("-"))
    return { words: [...command.options.flatMap((each) => each.long ?? []), ...globals] };
  const place = operandsIn(command, line, spec);
  const { registeredArguments: all } = command;
  const argument = all[Math.min(place, all.length - 1)];
  if (!argument || (place >= all.length && !argument.variadic)) return { words: [] };
  if (argument.argChoices) return { words: argument.argChoices };
  const words = await ids(shell, line, kindOf(spec, argument.name()));
  return { words: argument.variadic ? words.filter((id) => !line.plain.includes(id)) : words };
}

/** How many operands of the command stand on the line already; a flag's value is none. */
function operandsIn(command: Command, { words }: Line, spec: CommandSpec): number {
  let count = -spec.words.split(" ").length;
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    if (!word.startsWith("-")) count += 1;
    else if (command.options.some((option) => option.required && [option.long, option.short].includes(word)))
      i += 1;
  }
  return Math.max(0, count);
}

async function forValue(shell: Shell, line: Line, spec: CommandSpec, option: Option): Promise<Found> {
  if (option.argChoices) return { words: option.argChoices };
  const key = option.long?.slice(2) ?? "";
  return { words: await ids(shell, line, kindOf(spec, key)), list: true };
}

async function commandOf(spec: CommandSpec): Promise<Command> {
  const program = newProgram("", true, {});
  await addCommands(program, [spec], () => undefined);
  const [noun, verb] = spec.words.split(" ");
  const first = program.commands.find((command) => command.name() === noun) as Command;
  return verb === undefined ? first : (first.commands.find((command) => command.name() === verb) as Command);
}

type Kind = "step" | "gate" | "node" | "group" | "proposal" | "template" | "run" | "model" | undefined;

/** What a word names, from where it stands. */
function kindOf(spec: CommandSpec, key: string): Kind {
  switch (key) {
    case "id":
      if (["step add", "gate insert", "template apply"].includes(spec.words)) return undefined;
      if (spec.words === "approve" || spec.words === "reject") return "proposal";
      if (spec.words === "run group") return "group";
      if (spec.words.startsWith("gate ")) return "gate";
      return spec.words === "why" || spec.words === "step show" ? "node" : "step";
    case "step":
    case "dep":
    case "depends-on":
      return "node";
    case "ids":
    case "synth":
    case "candidates":
    case "shows":
    case "orchestrator":
    case "watchdog-for":
      return "step";
    case "group-id":
      return "group";
    case "type":
      return spec.words.startsWith("template ") ? "template" : undefined;
    case "run":
      return "run";
    case "a":
    case "b":
      return spec.words === "runs diff" ? "run" : undefined;
    default:
      return undefined;
  }
}

/** Ids of a kind that the workspace knows; none without a workspace. */
async function ids(shell: Shell, line: Line, kind: Kind): Promise<string[]> {
  if (kind === undefined) return [];
  const opened = await shell.open(resolve(shell.cwd, line.dir ?? "."));
  return opened.ok ? idsIn(opened.value, kind) : [];
}

async function idsIn(threados: Threados, kind: NonNullable<Kind>): Promise<string[]> {
  const { ports } = threados;
  if (kind === "run") return ports.runs.list().reverse();
  const view = kind === "proposal" ? "inbox" : kind === "template" ? "template.list" : "status";
  const answer = await threados.query(view, {});
  if (!answer.ok) return [];
  if (kind === "proposal")
    return (answer.value as { proposals: { id: string }[] }).proposals.map((p) => p.id);
  if (kind === "template")
    return (answer.value as { templates: { type: string }[] }).templates.map(({ type }) => type);
  const { steps, gates } = answer.value as StatusDoc;
  if (kind === "group") return steps.flatMap((step) => step.group_id ?? []);
  const nodes = kind === "gate" ? gates : kind === "step" ? steps : [...steps, ...gates];
  return nodes.map((node) => node.id);
}
