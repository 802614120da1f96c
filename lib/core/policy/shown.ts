import type { Json } from "../json";
import type { FieldChange, SequenceDiff } from "../sequence/diff";
import type { Step } from "../sequence/schema";
import { type GoesOn, goesOnLine } from "./asked";
import { type StartFacts, sayFacts } from "./asked-facts";

/** What decides beside its words what becomes of a step that is started; absent where the step says nothing. */
export interface Around {
  env?: Record<string, string>;
  cwd?: string;
  network?: true;
}

/** What a step says of that itself. */
export function aroundOf({ env, cwd, network }: Step): Around {
  return {
    ...(env !== undefined && Object.keys(env).length > 0 ? { env } : {}),
    ...(cwd === undefined || cwd === "." ? {} : { cwd }),
    ...(network ? { network } : {}),
  };
}

/** A step that a call would start, with the words it is started with, where and how often. */
interface ShownCommand extends Omit<Around, "network">, StartFacts {
  step: string;
  command: string[] | string;
}

/** What an approval is bound to: exactly what the person is shown. Digests are SHA-256, hex. */
export interface Shown {
  calls: { action: string; input: Json }[];
  diff: SequenceDiff;
  commands: ShownCommand[];
  /** The prompts of the agents among them. */
  prompts: { step: string; sha256: string }[];
  /** Other files that would be replaced. */
  files: { path: string; before: string | null; after: string }[];
  /** What else the calls are about: a candidate's patch, worktrees that go. */
  subjects: { digest: string; shows: string[] }[];
  /** What goes on by itself once that is done; absent where nothing does. */
  follows?: GoesOn[];
  digest: string;
}

/** Puts together what is shown, with its digest. */
export function showing(shown: Omit<Shown, "digest">, sha256: (text: string) => string): Shown {
  const { calls, diff, commands, prompts, files, subjects, follows } = shown;
  const bound = [calls, diff, commands, prompts, files, subjects, ...(follows ? [follows] : [])];
  return { ...shown, digest: sha256(JSON.stringify(bound)) };
}

/** The same for people, one thing a line; `notes` as in `startLines`. */
export function shownLines(shown: Omit<Shown, "digest">, notes: readonly string[] = []): string[] {
  const { calls, diff } = shown;
  return [
    ...calls.map(({ action, input }) => `${action} ${JSON.stringify(input)}`),
    ...diff.fields.map((field) => `~ sequence, ${change(field)}`),
    ...diff.nodes.flatMap((node) => {
      const fields = Object.fromEntries(
        node.fields.map(({ field, before, after }) => [field, node.change === "added" ? after : before]),
      );
      if (node.change === "added") return [`+ ${node.kind} ${node.id} ${JSON.stringify(fields)}`];
      if (node.change === "removed") return [`- ${node.kind} ${node.id} ${JSON.stringify(fields)}`];
      return node.fields.map((field) => `~ ${node.kind} ${node.id}, ${change(field)}`);
    }),
    ...(diff.reordered ? ["~ the order of the steps or gates"] : []),
    ...besideLines(shown, notes),
  ];
}

/** What would come of it beside a change of the sequence, one thing a line: what starts, other files, and what else it is about. */
export function besideLines(shown: Omit<Shown, "digest">, notes: readonly string[] = []): string[] {
  return [
    ...startLines(shown, notes),
    ...shown.files.map(({ path, after }) => `~ .threados/${path}, sha256 ${after.slice(0, 16)}`),
    ...shown.subjects.flatMap(({ shows }) => shows),
    ...goesOnLine(shown.follows ?? []),
  ];
}

/** What would be started, one thing a line. `notes` are told behind the commands, in their order; no approval is bound to them. */
export function startLines(
  { commands, prompts }: Pick<Shown, "commands" | "prompts">,
  notes: readonly string[] = [],
): string[] {
  return [
    // Words in JSON: joined by blanks, nobody could tell `rm "a b"` from `rm a b`.
    ...commands.map(
      ({ step, command }, index) =>
        `${step}: ${Array.isArray(command) ? JSON.stringify(command) : command}${notes[index] ?? ""}`,
    ),
    ...commands.flatMap(({ step, env, cwd, ...facts }) => [
      ...(env ? [`${step}: with the environment ${JSON.stringify(env)}`] : []),
      ...(cwd === undefined ? [] : [`${step}: in the folder ${cwd}`]),
      ...sayFacts(facts).map((fact) => `${step}: ${fact}`),
    ]),
    ...prompts.map(({ step, sha256 }) => `${step}: its prompt, sha256 ${sha256.slice(0, 16)}`),
  ];
}

const change = ({ field, before, after }: FieldChange) =>
  `${field}: ${JSON.stringify(before)} → ${JSON.stringify(after)}`;
