import { classifyCommand, type Looked } from "./classify";
import { graver } from "./command-class";
import type { CommandRule } from "./file";
import { matchesName } from "./folders";
import { programName, strays } from "./words";

/** How a command stands to one entry of `allowed_commands`. */
export type Match = "yes" | "other program" | { problem: string; part: string };

/** A plain text is a first word, letter by letter; a map says what may follow, and nothing else may. */
export function matchCommand(rule: string | CommandRule, argv: readonly string[], looked: Looked): Match {
  if (typeof rule === "string") return argv[0] === rule ? placed(rule, looked) : "other program";
  const [word = "", ...args] = argv;
  if (!isProgram(rule.command, word, looked)) return "other program";
  const place = placed(rule.command, looked);
  const match = place === "yes" ? matchWords(rule, args, looked) : place;
  return match === "yes" ? notGraver(rule, argv, looked) : match;
}

/** An entry lets nothing pass that is graver than what it lists: not every program marks its flags with a dash. */
function notGraver(rule: CommandRule, argv: readonly string[], { links }: Looked): Match {
  const flags = (rule.flags ?? []).map((flag) => flag.replace(/ \*$/, ""));
  const sub = argv.find((word, at) => at > 0 && rule.subcommands?.includes(word));
  const listed = classifyCommand([rule.command, ...(sub === undefined ? [] : [sub]), ...flags]);
  const found = classifyCommand(argv, links ? { links } : {});
  return graver(listed, found) === listed
    ? "yes"
    : {
        problem: `it is ${found.class} (${found.rule}), and what is listed is ${listed.class}`,
        part: "class",
      };
}

/** A bare name means a program of the system; a file of the workspace has to be named by its path. */
function placed(name: string, looked: Looked): Match {
  return looked.inWorkspace && !name.includes("/")
    ? {
        problem: `'${name}' is a file of the workspace here; name it by its path if that is meant`,
        part: "executable",
      }
    : "yes";
}

/** The word itself, or a path that leads to the program of that name where the system keeps programs. */
function isProgram(name: string, word: string, looked: Looked): boolean {
  if (word === name || looked.executable === name) return true;
  if (name.includes("/") || !word.startsWith("/") || looked.executable === undefined) return false;
  return programName(word) === name && /^\/(?:usr\/)?s?bin\//.test(word);
}

function matchWords(rule: CommandRule, args: readonly string[], looked: Looked): Match {
  const rest = [...args];
  let wantsSub = rule.subcommands !== undefined;
  let onlyOperands = false;
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (!onlyOperands && arg === "--") onlyOperands = true;
    else if (!onlyOperands && arg.startsWith("-") && arg !== "-") {
      const flag = flagFor(rule.flags ?? [], arg);
      if (!flag) return { problem: `the flag '${arg}' is not listed`, part: "flags" };
      if (flag === "with a word") rest.shift();
    } else if (wantsSub) {
      if (!rule.subcommands?.includes(arg))
        return {
          problem: `'${arg}' is not one of the sub-commands ${rule.subcommands?.join(", ")}`,
          part: "subcommands",
        };
      wantsSub = false;
    } else {
      const problem = operandFault(rule.args ?? "any", arg, looked);
      if (problem) return { problem, part: "args" };
    }
  }
  return wantsSub
    ? {
        problem: `one of the sub-commands ${rule.subcommands?.join(", ")} has to follow`,
        part: "subcommands",
      }
    : "yes";
}

function flagFor(flags: readonly string[], arg: string): "alone" | "with a word" | undefined {
  for (const flag of flags) {
    if (flag.endsWith(" *")) {
      if (flag.slice(0, -2) === arg) return "with a word";
    } else if (matchesName(flag, arg)) return "alone";
  }
  return undefined;
}

function operandFault(
  allowed: NonNullable<CommandRule["args"]>,
  arg: string,
  { links }: Looked,
): string | undefined {
  if (allowed === "any") return undefined;
  if (allowed === "none") return `'${arg}' may not follow`;
  if (allowed === "paths") {
    const stray = strays(arg) ?? links?.get(arg);
    if (stray === undefined) return undefined;
    return stray === "outside"
      ? `'${arg}' leads out of the workspace`
      : `'${arg}' is part of what ThreadOS or git obey`;
  }
  return allowed.some((glob) => matchesName(glob, arg))
    ? undefined
    : `'${arg}' is not one of the words that may follow`;
}
