import { z } from "zod";
import type { Place } from "../failure";
import { saidOf } from "../issue";
import { nearest } from "../nearest";
import { err, ok, type Result } from "../result";
import { decodeSource, locate, readSource } from "../sequence/source";
import { streamKinds } from "./stream";

const noNul = (text: string) => !text.includes("\0");
const Word = z.string().max(4096).refine(noNul, "holds a NUL byte");
const Words = z.array(Word).max(200);

const BelowHome = z.array(
  z.string().regex(/^(?!.*(?:^|\/)\.\.(?:\/|$))[^/\0][^\0]*$/, "is no path below the home folder"),
);

const Variables = z.array(
  z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "is no name of an environment variable"),
);

/** Letters of the digest by which a yes is bound to what an agent of a workspace looked like. */
export const grantDigits = 32;

/** What a person allows an agent that a workspace's agents.yaml describes. */
const Grant = z.strictObject({
  agent: z.string(),
  env: Variables,
  digest: z.string().regex(new RegExp(`^[0-9a-f]{${grantDigits}}$`), "is no digest that a refusal named"),
});

/** One agent of agents.yaml. `{prompt_file}` in `args` stands for the prompt's file, `{}` in the others for their value. */
export const AgentEntry = z.strictObject({
  extends: z.string().optional(),
  executable: Word.min(1).optional(),
  args: Words.optional(),
  prompt: z.enum(["stdin", "file"]).optional(),
  stream: z.enum(streamKinds).optional(),
  env: Variables.optional(),
  home: BelowHome.optional(),
  settings: BelowHome.optional(),
  network: z.boolean().optional(),
  model_args: Words.optional(),
  resume_args: Words.optional(),
  version_args: Words.optional(),
});

/** The whole of agents.yaml: the user's own agents by name. */
export const AgentsFile = z.strictObject({
  version: z.literal(1).optional(),
  agents: z
    .record(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, "can't be the name of an agent"), AgentEntry)
    .optional(),
  allow_env: z.array(Grant).optional(),
});

export type AgentEntry = z.infer<typeof AgentEntry>;
export type AgentsFile = z.infer<typeof AgentsFile>;
export type Grant = z.infer<typeof Grant>;

type Path = readonly (string | number)[];

/**
 * Reads agents.yaml; the first fault is named with its place. `builtIn` are names that are taken; only the user's own file
 * (`isOwn`) may allow anything.
 */
export function readAgentsFile(
  bytes: Uint8Array,
  file: string,
  builtIn: readonly string[],
  isOwn = true,
): Result<AgentsFile> {
  const text = decodeSource(bytes, file);
  if (!text.ok) return text;
  const value = readSource(text.value, file);
  if (!value.ok) return value;
  const refuse = (path: Path, what: "key" | "value", problem: string, hint?: string): Result<never> => {
    const place: Place = locate(text.value, file, path, what);
    const where = path.join(".") || file;
    return err({ code: "agents.invalid", where, problem, place, ...(hint ? { hint } : {}) });
  };
  const parsed = AgentsFile.safeParse(value.value);
  if (!parsed.success) return fromIssue(parsed.error.issues, refuse);
  if (parsed.data.allow_env && !isOwn) {
    const hint = "in ~/.config/threados/agents.yaml it counts: that file is yours alone";
    return refuse(["allow_env"], "key", "is not for a workspace to say", hint);
  }
  if (!parsed.data.agents && !parsed.data.allow_env) return refuse(["agents"], "value", "is missing");
  for (const [name, entry] of Object.entries(parsed.data.agents ?? {})) {
    const fault = faultOf(name, entry, builtIn);
    if (fault)
      return refuse(
        ["agents", name, ...fault.at],
        fault.at.length > 0 ? "value" : "key",
        fault.problem,
        fault.hint,
      );
  }
  return ok(parsed.data);
}

function fromIssue(
  issues: z.core.$ZodIssue[],
  refuse: (path: Path, what: "key" | "value", problem: string, hint?: string) => Result<never>,
): Result<never> {
  const issue = issues.find((i) => i.code === "unrecognized_keys") ?? issues[0];
  const path = (issue?.path ?? []).filter((part): part is string | number => typeof part !== "symbol");
  if (issue?.code === "unrecognized_keys") {
    const key = issue.keys[0] ?? "";
    const known = Object.keys(shapeAt(path));
    const near = nearest(key, known);
    const hint = near ? `did you mean '${near}'?` : `known keys: ${known.join(", ")}`;
    return refuse([...path, key], "key", "is an unknown key", hint);
  }
  if (issue?.code === "invalid_key") return refuse(path, "key", "can't be the name of an agent");
  const problem = saidOf(issue);
  return refuse(path, "value", problem);
}

function shapeAt(path: Path): object {
  if (path.length === 0) return AgentsFile.shape;
  return path[0] === "allow_env" ? Grant.shape : AgentEntry.shape;
}

interface Fault {
  at: (string | number)[];
  problem: string;
  hint?: string;
}

function faultOf(name: string, entry: AgentEntry, builtIn: readonly string[]): Fault | undefined {
  if (name === "shell" || builtIn.includes(name)) {
    const hint = `give it a name of its own, with \`extends: ${name}\``;
    return { at: [], problem: "is built in and can't be changed", hint };
  }
  if (entry.extends !== undefined && !builtIn.includes(entry.extends)) {
    return { at: ["extends"], problem: `'${entry.extends}' is not built in`, hint: builtIn.join(", ") };
  }
  if (entry.extends === undefined && entry.executable === undefined)
    return { at: [], problem: "needs an executable, or extends" };
  const takesFile = entry.args?.some((word) => word.includes("{prompt_file}")) === true;
  if (entry.prompt === "file" && !takesFile) {
    return { at: ["prompt"], problem: "is file, but no word of args holds {prompt_file}" };
  }
  if (entry.prompt !== "file" && takesFile) {
    return { at: ["args"], problem: "hold {prompt_file}, which needs prompt: file" };
  }
  for (const key of ["model_args", "resume_args"] as const)
    if (entry[key] && !entry[key].some((word) => word.includes("{}")))
      return { at: [key], problem: "have no {} to put the value in" };
  return undefined;
}
