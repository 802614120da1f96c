import type { Command } from "commander";
import { type Flag, placeholder } from "../lib/surfaces/cli/flags";
import { type CommandSpec, grammar } from "../lib/surfaces/cli/grammar";
import { addCommands, newProgram } from "../lib/surfaces/cli/program";

const program = newProgram("0", true, {});
await addCommands(program, grammar, () => undefined);

/** The command that a line's words name, as the program itself builds it; undefined if there is none such. */
export function findCommand(words: readonly string[]): Command | undefined {
  let found: Command | undefined = program;
  for (const word of words) found = found?.commands.find((command) => command.name() === word);
  return found;
}

/** How a command is called: what it needs written out, the rest as `[options]`. */
export function usage(spec: CommandSpec, flags: readonly Flag[]): string {
  const command = commandOf(spec);
  const words = command.registeredArguments.map((argument) => argument.name());
  const given = [...words.map((word) => word.replaceAll("-", "_")), ...Object.keys(spec.fixed ?? {})];
  const needed = flags.filter((flag) => flag.required && !given.includes(flag.key));
  const parts = [
    ...words.map((word) => `<${word}>`),
    ...needed.map((flag) => `${flag.name} <${placeholder(flag)}>`),
    ...(command.options.length > needed.length ? ["[options]"] : []),
  ];
  return ["seqctl", spec.words, ...parts].join(" ");
}

/** Flags that are no input of the record behind a command. */
export function ownOptions(spec: CommandSpec): string[] {
  const own = ["--detach", "--follow", "--watch"];
  return commandOf(spec).options.flatMap(({ long }) => (long && own.includes(long) ? [long] : []));
}

function commandOf(spec: CommandSpec): Command {
  const command = findCommand(spec.words.split(" "));
  if (!command) throw new Error(`the program has no command '${spec.words}'`);
  return command;
}
