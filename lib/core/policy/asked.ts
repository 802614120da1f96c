import type { StartNews } from "../engine/exhibit";
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
  /** How it differs from what it was when the gate was approved, where that approval fell. */
  news?: StartNews;
}

/** The same on a line: its words, what they run with and where, the class of its command, and what else has to be approved. */
export function sayStart(start: AskedStart): string {
  const { step, command, class: kind, env, cwd, gates, news } = start;
  const words = Array.isArray(command) ? JSON.stringify(command) : command;
  const about = [
    ...(env === undefined ? [] : [`with the environment ${JSON.stringify(env)}`]),
    ...(cwd === undefined ? [] : [`in ${cwd}`]),
    ...sayFacts(start),
    ...(kind === null ? [] : [kind.replaceAll("-", " ")]),
    ...(gates.length === 0 ? [] : [`behind ${gates.join(", ")}`]),
    ...(news === undefined ? [] : [`${news} since the approval that became void`]),
  ];
  return [`${step}: ${words === "" ? "it has no command" : words}`, ...about].join("; ");
}

/** A step that goes on by itself, and the gates that it waits for first. */
export type GoesOn = Pick<AskedStart, "step" | "gates">;

const mostNamed = 12;

/** What goes on by itself once it is done, on a line: the steps, and the gates that each waits for first; none where nothing does. */
export function goesOnLine(follows: readonly GoesOn[]): string[] {
  const gatesOf = new Map(follows.map(({ step, gates }) => [step, gates]));
  const named = [...gatesOf].slice(0, mostNamed).map(([step, gates]) => {
    if (gates.length === 0) return step;
    return `${step} (behind ${gates.length === 1 ? "gate" : "gates"} ${gates.join(", ")})`;
  });
  const more = gatesOf.size - named.length;
  return named.length === 0
    ? []
    : [`goes on then: ${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}`];
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
  /** What was asked for before, and goes on by itself once that is done; behind gates, where it names some. */
  follows: AskedStart[];
  /** What a gate shows, a step a line, where the yes is to that. */
  shown?: string[];
  /** What comes of it beside that: other files, patches, worktrees, what bosses are allowed; one thing a line. */
  beside: string[];
  /** Whether undo takes all of it back. */
  undone: boolean;
}
