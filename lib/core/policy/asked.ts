import type { Json } from "../json";
import type { SequenceDiff } from "../sequence/diff";
import { type StartFacts, sayFacts } from "./asked-facts";
import type { Risk } from "./decide";
import type { Around } from "./shown";

/** A step that would be started; at once, or once a person has approved the gates that stand before it. */
export interface AskedStart extends Omit<Around, "network">, StartFacts {
  step: string;
  command: string[] | string;
  class: string | null;
  rule: string | null;
  /** Gates before it, however far, that nobody has approved. */
  gates: string[];
}

/** The same on a line: its words, what they run with and where, the class of its command, and what else has to be approved. */
export function sayStart(start: AskedStart): string {
  const { step, command, class: kind, env, cwd, gates } = start;
  const words = Array.isArray(command) ? JSON.stringify(command) : command;
  const about = [
    ...(env === undefined ? [] : [`with the environment ${JSON.stringify(env)}`]),
    ...(cwd === undefined ? [] : [`in ${cwd}`]),
    ...sayFacts(start),
    ...(kind === null ? [] : [kind.replaceAll("-", " ")]),
    ...(gates.length === 0 ? [] : [`behind ${gates.join(", ")}`]),
  ];
  return [`${step}: ${words === "" ? "it has no command" : words}`, ...about].join("; ");
}

/** What a person is asked about, part by part, for surfaces that show more than lines. A yes is bound to its digest alone. */
export interface AskedAbout {
  /** The call that a yes carries out. */
  call: { action: string; input: Json };
  /** What it consists of, one thing done each, in the imperative. */
  parts: { action: string; summary: string; risk: Risk }[];
  changes: SequenceDiff;
  /** What would be started, with the class of its command and the rule that gave it. */
  starts: AskedStart[];
  /** What a gate shows, a step a line, where the yes is to that. */
  shown?: string[];
  /** What comes of it beside that: other files, patches, worktrees, what bosses are allowed; one thing a line. */
  beside: string[];
  /** Whether undo takes all of it back. */
  undone: boolean;
}
