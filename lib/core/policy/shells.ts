import { matchCommand } from "./allowed";
import type { Looked } from "./classify";
import type { Policy } from "./policy";
import { findProgram, judgeProgram } from "./programs";
import { lineIn } from "./shell-lines";
import { programName } from "./words";

const versioned = /[-.]?\d[\d.]*$/;
const isShell = (word: string) => {
  const name = programName(word);
  const program = findProgram(name) ?? findProgram(name.replace(versioned, ""));
  return program?.rule === "builtin.shell";
};
/** Programs that start what their words name: `env sh`, `find . -exec sh`. */
const starters = /^builtin\.(?:wrapper|privilege|(?:find|fd|nc)\.exec)$/;

/** The word by which a command starts a shell, be it the program itself or what another program is told to start. */
export function shellIn(argv: readonly string[], { executable }: Looked): string | undefined {
  const [word = "", ...args] = argv;
  const names = [word, ...(executable === undefined ? [] : [executable])];
  if (names.some(isShell)) return word;
  for (const name of names) {
    const line = lineIn(name, args);
    if (line !== undefined) return line === name ? word : line;
  }
  const starts = (name: string) => {
    const program = findProgram(programName(name));
    return program !== undefined && starters.test(judgeProgram(program, args).rule);
  };
  if (!names.some(starts)) return undefined;
  for (const [at, arg] of args.entries()) {
    const rest = args.slice(at + 1);
    // A last word has nothing to hand on: `timeout 60 npm run watch`.
    const shell = headsOf(arg).find(isShell) ?? (rest.length > 0 ? lineIn(arg, rest) : undefined);
    if (shell !== undefined) return shell;
  }
  return undefined;
}

/** A line for another program counts by its first word, and a flag by its value: `'sh -c …'`, `--exec=/bin/sh`, `-x/bin/sh`. */
function headsOf(arg: string): string[] {
  const [head = ""] = arg.trim().split(/\s/, 1);
  if (!head.startsWith("-")) return [head];
  const value = head.slice(head.indexOf("=") + 1 || head.length);
  const glued = head.indexOf("/");
  return [value, ...(glued > 0 ? [head.slice(glued)] : [])];
}

/** Whether every list of what may run names that shell itself: who lists `env` has not listed `env sh`. */
export function isListedShell({ tiers }: Policy, argv: readonly string[], looked: Looked): boolean {
  const shell = shellIn(argv, looked);
  const lists = tiers.flatMap(({ says }) => (says.allowed_commands ? [says.allowed_commands] : []));
  return (
    lists.length > 0 &&
    lists.every((list) =>
      list.some((rule) => {
        if (matchCommand(rule, argv, looked) !== "yes") return false;
        const words =
          typeof rule === "string"
            ? [rule]
            : [rule.command, ...(rule.subcommands ?? []), ...(Array.isArray(rule.args) ? rule.args : [])];
        return words.some((each) => each === shell || isShell(each));
      }),
    )
  );
}
