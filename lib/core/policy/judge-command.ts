import type { Step } from "../sequence/schema";
import { matchCommand } from "./allowed";
import { classifyCommand, classifyEnvironment, classifyLine, type Looked } from "./classify";
import { type CommandClass, type Finding, graver } from "./command-class";
import { matchesFolder, matchesName } from "./folders";
import type { Policy, TierRules } from "./policy";
import { isListedShell, shellIn } from "./shells";

/** What a judgement needs to know of the world; rules that need more than it says deny. */
export interface World {
  look(step: Step): Looked;
  /** Whether a text holds what a pattern of `forbidden_patterns` describes; takes time linear in the text. */
  matches(pattern: string, text: string): boolean;
}

/** A world that nothing is known of. */
export const nowhere: World = {
  look: () => ({}),
  matches: () => {
    throw new Error("there is nothing to match patterns with");
  },
};

/** What becomes of a command, by which rule, and why. */
export interface CommandVerdict {
  verdict: "allow" | "ask" | "deny";
  rule: string;
  why: string;
  class: CommandClass;
  /** The rule that gave it its class. */
  class_rule: string;
}

type Denial = { rule: string; why: string };

const longestShown = 60;
const errorRule = "builtin.error";
/** The rule by which POWER asks about a shell, wherever in a command's words it stands. */
export const shellRule = "builtin.shell";

/** Judges one command. Pure and total: whatever goes wrong on the way denies. */
export function judgeCommand(policy: Policy, step: Step, world: World = nowhere): CommandVerdict {
  let found: Finding = { class: "arbitrary-code", rule: errorRule, why: "it could not be judged" };
  const said = (verdict: CommandVerdict["verdict"], { rule, why }: Denial): CommandVerdict => ({
    verdict,
    rule,
    why,
    class: found.class,
    class_rule: found.rule,
  });
  try {
    const { command } = step;
    if (command === undefined)
      return said("allow", { rule: "builtin.nothing-to-run", why: "it runs nothing" });
    const looked = world.look(step);
    const own = Array.isArray(command) ? classifyCommand(command, looked) : classifyLine(command);
    found = graver(own, classifyEnvironment(Object.keys(step.env ?? {})));
    const denied =
      tooComplex(policy, command) ??
      firstOf(policy, (tier) => forbidden(tier, command, world)) ??
      firstOf(policy, (tier) => notAllowed(tier, command, looked)) ??
      firstOf(policy, (tier) => foreignVariable(tier, step)) ??
      firstOf(policy, (tier) => foreignFolder(tier, looked));
    if (denied) return said("deny", denied);
    return question(policy, command, found, looked, said);
  } catch (error) {
    return said("deny", {
      rule: errorRule,
      why: `judging it failed: ${error instanceof Error ? error.message : error}`,
    });
  }
}

function question(
  policy: Policy,
  command: string | string[],
  found: Finding,
  looked: Looked,
  said: (verdict: "allow" | "ask", by: Denial) => CommandVerdict,
): CommandVerdict {
  for (const { tier, says } of policy.tiers) {
    const at = says.confirmation_required?.indexOf(found.class) ?? -1;
    if (at >= 0)
      return said("ask", {
        rule: `${tier}:confirmation_required[${at}]`,
        why: `commands of the class ${found.class} are always asked about; ${found.why}`,
      });
  }
  if (policy.mode === "SAFE" || typeof command === "string" || found.class === "destructive")
    return said("ask", found);
  const shell = shellIn(command, looked);
  if (shell !== undefined && !isListedShell(policy, command, looked))
    return said("ask", {
      rule: shellRule,
      why: `by '${shell.slice(0, longestShown)}' it starts a shell, and a shell runs whatever it is told`,
    });
  return said("allow", allowance(policy, command, looked) ?? found);
}

/** The entry that lets a command pass. */
function allowance(policy: Policy, command: string[], looked: Looked): Denial | undefined {
  return firstOf(policy, ({ tier, says }) => {
    const at =
      says.allowed_commands?.findIndex((rule) => matchCommand(rule, command, looked) === "yes") ?? -1;
    return at < 0 ? undefined : { rule: `${tier}:allowed_commands[${at}]`, why: "it is listed" };
  });
}

function firstOf(policy: Policy, judge: (rules: TierRules) => Denial | undefined): Denial | undefined {
  for (const rules of policy.tiers) {
    const denial = judge(rules);
    if (denial) return denial;
  }
  return undefined;
}

const maxWords = 10_000;

function tooComplex(policy: Policy, command: string | string[]): Denial | undefined {
  const words = Array.isArray(command) ? command : [command];
  const { sources, maxCommandBytes } = policy;
  const rule = sources.max_command_bytes
    ? `${sources.max_command_bytes}:max_command_bytes`
    : "builtin.max-command-bytes";
  if (words.length === 0 || words[0] === "")
    return { rule: "builtin.no-program", why: "it names no program" };
  if (words.length > maxWords)
    return { rule: "builtin.max-words", why: `it has more than ${maxWords} words` };
  if (words.some((word) => word.includes("\0")))
    return { rule: "builtin.nul", why: "one of its words holds a NUL, where programs would stop reading" };
  // Every character is one byte at least; only what could be too long is measured.
  const bytes = words.reduce((sum, word) => sum + utf8Bytes(word) + 1, 0);
  return bytes > maxCommandBytes
    ? { rule, why: `it is ${bytes} bytes long, and ${maxCommandBytes} is the limit` }
    : undefined;
}

function utf8Bytes(text: string): number {
  let bytes = 0;
  for (const letter of text) {
    const point = letter.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes;
}

/** Each word alone, and all of them as one would type them. */
function forbidden({ tier, says }: TierRules, command: string | string[], world: World): Denial | undefined {
  const texts = Array.isArray(command) ? [command.join(" "), ...command] : [command];
  const at =
    says.forbidden_patterns?.findIndex((pattern) => texts.some((text) => world.matches(pattern, text))) ?? -1;
  return at < 0
    ? undefined
    : {
        rule: `${tier}:forbidden_patterns[${at}]`,
        why: `it holds what ${JSON.stringify(says.forbidden_patterns?.[at])} describes`,
      };
}

function notAllowed(
  { tier, says }: TierRules,
  command: string | string[],
  looked: Looked,
): Denial | undefined {
  const list = says.allowed_commands;
  if (!list) return undefined;
  const rule = `${tier}:allowed_commands`;
  if (typeof command === "string") return { rule, why: "a line for the shell is on no list" };
  let nearest: Denial | undefined;
  for (const [at, entry] of list.entries()) {
    const match = matchCommand(entry, command, looked);
    if (match === "yes") return undefined;
    if (match !== "other program") nearest ??= { rule: `${rule}[${at}].${match.part}`, why: match.problem };
  }
  return nearest ?? { rule, why: `'${command[0]}' is not listed` };
}

function foreignVariable({ tier, says }: TierRules, step: Step): Denial | undefined {
  const { env_allow: allowed } = says;
  const name =
    allowed && Object.keys(step.env ?? {}).find((each) => !allowed.some((glob) => matchesName(glob, each)));
  return name === undefined
    ? undefined
    : { rule: `${tier}:env_allow`, why: `it sets the variable ${name}, which is not listed` };
}

function foreignFolder({ tier, says }: TierRules, { cwd }: Looked): Denial | undefined {
  const { allowed_cwd: globs } = says;
  if (!globs) return undefined;
  if (cwd === undefined) return { rule: `${tier}:allowed_cwd`, why: "its folder is not in the workspace" };
  return globs.some((glob) => matchesFolder(glob, cwd))
    ? undefined
    : { rule: `${tier}:allowed_cwd`, why: `it would run in '${cwd}', which is not listed` };
}
