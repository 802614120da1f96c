import type { Command, CommanderError } from "commander";
import { allNearest } from "../../core/nearest";
import { grammar } from "./grammar";

/** Everyday words for what is called otherwise here. */
const otherwise: Record<string, string> = {
  ls: "list",
  ps: "status",
  start: "run",
  resume: "run",
  continue: "run",
  kill: "stop",
  retry: "restart",
  accept: "approve",
  delete: "rm",
  remove: "rm",
  del: "rm",
  create: "add",
  new: "add",
  get: "show",
  view: "show",
  cat: "show",
  update: "edit",
  set: "edit",
  version: "--version",
};

const visible = grammar.filter(({ hidden }) => !hidden).map(({ words }) => words.split(" "));
const nouns = [...new Set(visible.map(([noun]) => noun as string))];

/** The words of a line that are no flags. */
function wordsOf(argv: readonly string[]): string[] {
  return argv.filter((word, index) => !word.startsWith("-") && argv[index - 1] !== "-C");
}

/** The commands that a line most likely means whose first or second word there is none of. */
function commandsMeant(argv: readonly string[]): string[] {
  const [first = "", second = ""] = wordsOf(argv);
  if (nouns.includes(first)) {
    const verbs = visible.filter(([noun]) => noun === first).flatMap(([, verb]) => verb ?? []);
    const near = allNearest(otherwise[second] ?? second, verbs);
    if (near.length === 0 && first === "step" && otherwise[second] !== "rm") return ["status"];
    return (near.length > 0 ? near : verbs).map((verb) => `${first} ${verb}`);
  }
  const word = otherwise[first] ?? first;
  if (word.startsWith("-")) return [word];
  const ofVerb = (verbs: string[]) =>
    visible.filter(([, verb]) => verb !== undefined && verbs.includes(verb)).map((words) => words.join(" "));
  const exact = [...nouns.filter((noun) => noun === word), ...ofVerb([word])];
  if (exact.length > 0) return exact;
  const near = allNearest(word, new Set([...nouns, ...visible.flatMap(([, verb]) => verb ?? [])]));
  const likely = nouns.filter((noun) => near.includes(noun));
  return likely.length > 0 ? likely : ofVerb(near);
}

/** The command that a line names, as commander knows it. */
function commandOf(program: Command, argv: readonly string[]): Command {
  const [first, second] = wordsOf(argv);
  const noun = program.commands.find((command) => command.name() === first);
  return noun?.commands.find((command) => command.name() === second) ?? noun ?? program;
}

/** How a command is called, with its operands. */
function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}

const oneOf = (names: string[]) =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;

/** What helps whoever typed a line that can't be read. */
export function hintFor(error: CommanderError, program: Command, argv: readonly string[]): string {
  const command = commandOf(program, argv);
  const help = `\`${pathOf(command)} --help\``;
  const [first, second] = wordsOf(argv);
  switch (error.code) {
    case "commander.unknownCommand": {
      const meant = commandsMeant(argv);
      if (meant.length > 0) return `did you mean ${oneOf(meant.map((words) => `'${words}'`))}?`;
      return "`seqctl --help` says what there is";
    }
    case "commander.unknownOption": {
      const near = /Did you mean (?:one of )?([^)]+)\?/.exec(error.message)?.[1];
      return near
        ? `did you mean ${oneOf(near.split(", ").map((flag) => `'${flag}'`))}?`
        : `${help} lists its flags`;
    }
    case "commander.excessArguments":
      if (first === "run" && second !== undefined) {
        const meant = commandsMeant(argv);
        if (meant.length === 1) return `did you mean '${meant[0]}'?`;
        return `one step: seqctl run step ${second}; a group: seqctl run group ${second}`;
      }
      return `${usageOf(command)}; ${help} says more`;
    case "commander.optionMissingArgument":
    case "commander.invalidArgument":
      return `${help} says more`;
    case "commander.missingArgument":
      return `${usageOf(command)}; ${help} says more`;
    default:
      return "`seqctl --help` and `seqctl <command> --help` say what there is";
  }
}

function usageOf(command: Command): string {
  const operands = command.registeredArguments.map((one) => {
    const name = `${one.name()}${one.variadic ? "..." : ""}`;
    return one.required ? `<${name}>` : `[${name}]`;
  });
  return [pathOf(command), ...operands].join(" ");
}
