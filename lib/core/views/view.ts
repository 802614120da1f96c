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
const from = z.int().optional().describe("first byte; negative counts from the end");
const limit = z.int().min(0).max(1_048_576).optional().describe("most bytes to return");

/** Everything that can be asked. */
export const views = [
  { name: "status", title: "Show where every step and gate stands", input: none },
  { name: "sequence", title: "Show the sequence as text and data", input: none },
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
  { name: "gate.list", title: "List the gates with their status", input: none },
  {
    name: "logs",
    title: "Show what a step printed",
    input: z.strictObject({
      id: z.string().describe("id of the step"),
      stream: z.enum(["stdout", "stderr"]).optional().describe("which of the two outputs"),
      run,
      attempt,
      from,
      limit,
    }),
    positional: ["id"],
  },
  {
    name: "artifacts",
    title: "List what an attempt left behind",
    input: z.strictObject({ step: z.string(), run, attempt }),
    positional: ["step"],
  },
  {
    name: "artifact",
    title: "Read one file an attempt left behind",
    input: z.strictObject({ step: z.string(), name: z.string(), run, attempt, from, limit }),
    positional: ["step", "name"],
  },
  {
    name: "events",
    title: "Show the facts of a run",
    input: z.strictObject({ run, after: z.int().min(0).optional() }),
  },
  {
    name: "audit.read",
    title: "Page through the audit log, oldest first",
    input: z.strictObject({
      limit: z.int().min(1).max(10_000).optional().describe("most entries to show (100)"),
      offset: z.int().min(0).optional().describe("entries to pass over first"),
    }),
  },
  {
    name: "audit.tail",
    title: "Show the newest entries of the audit log",
    input: z.strictObject({ n: z.int().min(1).max(10_000).optional().describe("how many (20)") }),
  },
  {
    name: "audit.verify",
    title: "Check the audit log's chain from the first entry to the last",
    input: none,
  },
  { name: "inbox", title: "List what waits for a person", input: none },
  { name: "policy.show", title: "Show the rules in force", input: none },
  { name: "engine.status", title: "Show whether an engine is alive", input: none },
] as const satisfies readonly View[];

/** The name of a view. */
export type ViewName = (typeof views)[number]["name"];

/** The view of that name. */
export function findView(name: string): View | undefined {
  return views.find((view) => view.name === name);
}
