import { z } from "zod";
import { saidOf } from "../issue";
import type { Json } from "../json";
import { nearest } from "../nearest";
import { err, ok, type Result } from "../result";
import { commandClasses } from "./command-class";
import { ResourceLimits } from "./resources";

/** What a call does to the world; decides who may and how often is asked. */
export const risks = ["edit", "remove", "run", "decide", "stop", "narrow", "widen"] as const;

const word = z.string().min(1).max(4096);

/** A command that may run, said more closely than by its first word: what is not listed is not allowed. */
export const CommandRule = z.strictObject({
  command: word,
  subcommands: z.array(word).min(1).optional(),
  flags: z
    .array(z.string().regex(/^-\S+(?: \*)?$/, "is no flag such as '--short', '--max=*' or '-n *'"))
    .optional(),
  args: z.union([z.enum(["any", "none", "paths"]), z.array(word)]).optional(),
});

export type CommandRule = z.infer<typeof CommandRule>;

const folder = word
  .refine(
    (glob) => !glob.startsWith("/") && !glob.split("/").includes(".."),
    "must be a folder inside the workspace",
  )
  .refine((glob) => /^[^[\]{}?!\\]*$/.test(glob), "may hold '*' and '**', and no other wildcards");

const confirmed = z
  .string()
  .refine(
    (name) => /^[a-z]+\.[a-z]+$/.test(name) || ([...risks, ...commandClasses] as string[]).includes(name),
    `is no action (noun.verb), no risk (${risks.join(", ")}) and no class of commands (${commandClasses.join(", ")})`,
  );

/** Rules about commands; policy.yaml and a sequence's own `policy` say them alike. */
export const commandKeys = {
  max_fanout: z.int().min(1).max(1000).optional(),
  max_orchestrated: z.int().min(0).max(1000).optional(),
  max_steps: z.int().min(1).max(10_000).optional(),
  max_depth: z.int().min(1).max(10_000).optional(),
  max_command_bytes: z.int().min(1).max(131_072).optional(),
  limits: ResourceLimits.optional(),
  allowed_commands: z
    .array(z.union([word, CommandRule], "must be a first word, or a map with 'command'"))
    .max(1000)
    .optional(),
  allowed_cwd: z.array(folder).max(1000).optional(),
  forbidden_patterns: z.array(z.string().min(1).max(200)).max(100).optional(),
  confirmation_required: z.array(confirmed).max(100).optional(),
  env_allow: z
    .array(
      z
        .string()
        .regex(/^[A-Za-z_][A-Za-z0-9_]*\*?$/, "is no name of a variable, nor the beginning of one with '*'"),
    )
    .max(1000)
    .optional(),
};

/** What `policy.yaml` may say, in the repository or in the user's own configuration. */
export const PolicyFile = z.strictObject({
  version: z.literal(1).optional(),
  mode: z.enum(["SAFE", "POWER"]).optional(),
  max_concurrent: z.int().min(1).max(1000).optional(),
  timeout_default_ms: z.int().min(1).optional(),
  stop_grace_ms: z.int().min(0).max(600_000).optional(),
  sandbox: z.enum(["required", "off"]).optional(),
  ...commandKeys,
});

export type PolicyFile = z.infer<typeof PolicyFile>;

/** Checks a parsed policy file; an unknown key is a fault, since a misspelt limit would not hold. */
export function readPolicy(value: Json | undefined, file = "policy.yaml"): Result<PolicyFile> {
  if (value === undefined || value === null) return ok({});
  const parsed = PolicyFile.safeParse(value);
  if (parsed.success) return ok(parsed.data);
  return err({ code: "policy.invalid", problem: `${file}: ${faultOf(parsed.error)}` });
}

interface Issue {
  code: string;
  path: PropertyKey[];
  message: string;
  keys?: string[];
  errors?: Issue[][];
}

/** The first fault with its place: `allowed_commands[2].flags[0] …`. */
function faultOf({ issues }: z.ZodError): string {
  const { issue, path } = deepest(issues[0] as Issue, []);
  if (issue.code === "unrecognized_keys") {
    const key = issue.keys?.[0] ?? "";
    const known = path.length === 0 ? Object.keys(PolicyFile.shape) : Object.keys(CommandRule.shape);
    const near = nearest(key, known);
    return `${placeOf([...path, key])} is no key of it${near ? `; did you mean '${near}'?` : ""}`;
  }
  return `${placeOf(path)} ${saidOf(issue)}`.trim();
}

/** Of what could have stood there, the reading that came closest. */
function deepest(issue: Issue, above: PropertyKey[]): { issue: Issue; path: PropertyKey[] } {
  const path = [...above, ...issue.path];
  const [inner] = (issue.errors ?? [])
    .flatMap((reading) => (reading[0] ? [reading[0]] : []))
    .filter((each) => each.path.length > 0 || each.code === "unrecognized_keys");
  return inner ? deepest(inner, path) : { issue, path };
}

const placeOf = (path: PropertyKey[]) =>
  path
    .map((part, index) => (typeof part === "number" ? `[${part}]` : `${index > 0 ? "." : ""}${String(part)}`))
    .join("");
