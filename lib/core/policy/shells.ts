import { matchCommand } from "./allowed";
import type { Looked } from "./classify";
import type { Policy } from "./policy";
import { findProgram, judgeProgram } from "./programs";
import { programName } from "./words";

const isShell = (word: string) => findProgram(programName(word))?.rule === "builtin.shell";
/** Programs that start what their words name: `env sh`, `find . -exec sh`. */
const starters = /^builtin\.(?:wrapper|privilege|(?:find|fd)\.exec)$/;
const wordsLookedAt = 64;

/** The word by which a command starts a shell, be it the program itself or what another program is told to start. */
export function shellIn(argv: readonly string[], { executable }: Looked): string | undefined {
  const [word = "", ...args] = argv;
  if (isShell(word) || (executable !== undefined && isShell(executable))) return word;
  const starts = (name: string) => {
    const program = findProgram(programName(name));
    return program !== undefined && starters.test(judgeProgram(program, args).rule);
  };
  if (!starts(word) && (executable === undefined || !starts(executable))) return undefined;
  // A line for another program counts by its first word: `env -S 'sh -c …'`.
  const heads = args.slice(0, wordsLookedAt).map((arg) => arg.trim().split(/\s/)[0] ?? "");
  return heads.find(isShell);
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
