import { z } from "zod";

/** One thing that can be asked, defined once for every surface; how it is answered stands in `runtime/query`. */
export interface View {
  /** `noun` or `noun.verb`; wire API. */
  name: string;
  title: string;
  input: z.ZodType;
  /** Keys given without a flag on a command line, in order. */
  positional?: readonly string[];
}

const Id = z.string().describe("id of a step or gate");
const none = z.strictObject({});
const run = z.string().optional().describe("a run's id; the newest if left out");
const attempt = z.int().min(1).optional().describe("number of the attempt; the newest if left out");
const stream = z.enum(["stdout", "stderr"]).optional().describe("which of the two outputs (stdout)");
const from = z.int().optional().describe("first byte; negative counts from the end");
const limit = z.int().min(0).max(1_048_576).optional().describe("most bytes to return");

const entriesWanted = {
  action: z.string().max(200).optional().describe("part of the action's name"),
  actor: z.string().max(200).optional().describe("part of who did it, and by what: `system by engine`"),
  target: z
    .string()
    .max(200)
    .optional()
    .describe(
      "a step, gate, file or run (or the end of its id) it is about, also by a batch, a proposal or undo",
    ),
  refused: z.boolean().optional().describe("only what was refused or failed"),
};

/** Everything that can be asked. */
export const views = [
  { name: "status", title: "Show where every step and gate stands", input: none },
  { name: "sequence", title: "Show the sequence as text and data", input: none },
  {
    name: "sequence.text",
    title: "Show the text of the sequence as it stands, also where it can't be read, and its fault",
    input: none,
  },
  {
    name: "sequence.problems",
    title: "List what is wrong with the file, and what is worth a second look",
    input: none,
  },
  {
    name: "sequence.diff",
    title: "Show what changed between two revisions; the last change if none is named",
    input: z.strictObject({
      from: z.string().optional().describe("beginning of a revision's digest"),
      to: z.string().optional().describe("the same; what stands now if left out"),
    }),
    positional: ["from", "to"],
  },
  { name: "sequence.history", title: "Say what undo would undo, and redo would do again", input: none },
  {
    name: "step",
    title: "Show one step or gate: definition, status, attempts",
    input: z.strictObject({ id: Id }),
    positional: ["id"],
  },
  {
    name: "why",
    title: "Say in one sentence why a step or gate stands where it stands",
    input: z.strictObject({ id: Id }),
    positional: ["id"],
  },
  {
    name: "prompt",
    title: "Show the prompt of an agent's step",
    input: z.strictObject({ id: z.string().describe("id of the step") }),
    positional: ["id"],
  },
  { name: "layout", title: "Show where steps and gates stand on the canvas", input: none },
  {
    name: "agents.list",
    title: "List the agents, where they are found and whether they answer",
    input: none,
  },
  { name: "gate.list", title: "List the gates with their status", input: none },
  {
    name: "gate.show",
    title: "Show all that a gate shows, with the digest that its approval is bound to",
    input: z.strictObject({ id: z.string().describe("id of the gate") }),
    positional: ["id"],
  },
  { name: "group.list", title: "List the groups with their members and how they stand", input: none },
  {
    name: "fusion.compare",
    title: "Set a fusion's candidates side by side: changes, tests, time, cost",
    input: z.strictObject({ synth: z.string().describe("id of the synthesis, or of a candidate"), run }),
    positional: ["synth"],
  },
  {
    name: "worktree.list",
    title: "List the worktrees of steps, and whether they are still needed",
    input: none,
  },
  { name: "template.list", title: "List the templates, your own too", input: none },
  {
    name: "template.show",
    title: "Show a template: its parameters and what it makes",
    input: z.strictObject({ type: z.string().describe("name of the template") }),
    positional: ["type"],
  },
  {
    name: "logs",
    title: "Show what a step printed",
    input: z.strictObject({
      id: z.string().describe("id of the step"),
      stream: z.enum(["stdout", "stderr"]).optional().describe("only this one of the two outputs"),
      run,
      attempt,
      from,
      limit,
    }),
    positional: ["id"],
  },
  {
    name: "logs.lines",
    title: "Count the lines of what a step printed, and say where every 256th begins",
    input: z.strictObject({
      id: z.string().describe("id of the step"),
      stream,
      run,
      attempt,
      from: z.int().min(0).optional().describe("first byte; the beginning of a line"),
    }),
    positional: ["id"],
  },
  {
    name: "logs.search",
    title: "Look for a text or a pattern in what a step printed, a part of the file at a time",
    input: z.strictObject({
      id: z.string().describe("id of the step"),
      text: z.string().min(1).max(1000).describe("what to look for"),
      pattern: z.boolean().optional().describe("the text is a pattern (RE2)"),
      match_case: z.boolean().optional().describe("A is not a"),
      stream,
      run,
      attempt,
      from: z.int().min(0).optional().describe("first byte; the beginning of a line"),
      limit: z.int().min(1).optional().describe("most bytes to look at, up to 8 MiB (1 MiB for a pattern)"),
    }),
    positional: ["id", "text"],
  },
  {
    name: "artifacts",
    title: "List what an attempt left behind",
    input: z.strictObject({ step: z.string().describe("id of the step"), run, attempt }),
    positional: ["step"],
  },
  {
    name: "artifact",
    title: "Read one file an attempt left behind",
    input: z.strictObject({
      step: z.string().describe("id of the step"),
      name: z.string().describe("name of the file"),
      run,
      attempt,
      from,
      limit,
    }),
    positional: ["step", "name"],
  },
  {
    name: "events",
    title: "Show the facts of a run",
    input: z.strictObject({
      run,
      after: z.int().min(0).optional().describe("only facts with a higher number"),
    }),
  },
  {
    name: "runs.list",
    title: "List the runs, newest first",
    input: z.strictObject({ limit: z.int().min(1).max(1000).optional().describe("how many (20)") }),
  },
  {
    name: "runs.show",
    title: "Show a run in numbers: steps by type, times, failures, restarts, waits at gates",
    input: z.strictObject({ run: z.string().optional().describe("beginning or end of its id (the newest)") }),
    positional: ["run"],
  },
  {
    name: "runs.replay",
    title:
      "Show all that a run's picture at any moment is made of: its facts, and the definitions it followed",
    input: z.strictObject({
      run: z.string().optional().describe("beginning or end of its id (the newest)"),
      after: z.int().min(0).optional().describe("only facts with a higher number"),
    }),
    positional: ["run"],
  },
  {
    name: "runs.diff",
    title: "Set two runs side by side; the newest two if none is named",
    input: z.strictObject({
      a: z.string().optional().describe("beginning or end of a run's id (the run before the other)"),
      b: z.string().optional().describe("the same of the other (the newest)"),
    }),
    positional: ["a", "b"],
  },
  {
    name: "audit.read",
    title: "Page through the audit log, oldest first",
    input: z.strictObject({
      limit: z.int().min(1).max(10_000).optional().describe("most entries to show (100)"),
      offset: z.int().min(0).optional().describe("entries to pass over first"),
      ...entriesWanted,
    }),
  },
  {
    name: "audit.tail",
    title: "Show the newest entries of the audit log",
    input: z.strictObject({ n: z.int().min(1).max(10_000).optional().describe("how many (20)") }),
  },
  {
    name: "audit.find",
    title: "Look for entries of the audit log, newest first",
    input: z.strictObject({
      ...entriesWanted,
      before: z.int().min(1).optional().describe("only entries with a lower number"),
      limit: z.int().min(1).max(1000).optional().describe("most entries to show (100)"),
    }),
  },
  {
    name: "audit.verify",
    title: "Check the audit log's chain from the first entry to the last",
    input: none,
  },
  { name: "inbox", title: "List what waits for a person", input: none },
  { name: "policy.show", title: "Show the rules in force, and where each comes from", input: none },
  {
    name: "policy.explain",
    title: "Say which rule decides over a command, and why",
    input: z.strictObject({
      command: z
        .union([z.array(z.string()).max(10_000), z.string().max(1_000_000)])
        .optional()
        .describe("the words; a text is a line for the shell, or a list in JSON"),
      step: z.string().optional().describe("a step, as it would be started"),
      cwd: z.string().optional().describe("folder it would run in"),
    }),
  },
  {
    name: "policy.test",
    title: "Say which commands of past runs the rules would have stopped",
    input: z.strictObject({
      policy: z.string().max(1_048_576).optional().describe("text of another policy.yaml to try"),
    }),
  },
  { name: "engine.status", title: "Show whether an engine is alive", input: none },
] as const satisfies readonly View[];

/** The name of a view. */
export type ViewName = (typeof views)[number]["name"];

/** The view of that name. */
export function findView(name: string): View | undefined {
  return views.find((view) => view.name === name);
}
