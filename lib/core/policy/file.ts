import { z } from "zod";
import type { Place } from "../failure";
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
  max_fanout: z
    .int()
    .min(1)
    .max(1000)
    .optional()
    .meta({ description: "most instances of one step", examples: [8] }),
  max_orchestrated: z
    .int()
    .min(0)
    .max(1000)
    .optional()
    .meta({ description: "most steps that a boss may add by itself in one run", examples: [5] }),
  max_steps: z
    .int()
    .min(1)
    .max(10_000)
    .optional()
    .meta({ description: "most steps of a sequence that is run", examples: [100] }),
  max_depth: z
    .int()
    .min(1)
    .max(10_000)
    .optional()
    .meta({ description: "most steps and gates that wait for one another in a row", examples: [20] }),
  max_command_bytes: z
    .int()
    .min(1)
    .max(131_072)
    .optional()
    .meta({ description: "most bytes of one command", examples: [4096] }),
  limits: ResourceLimits.optional().meta({
    description: "what each process of a step may use",
    examples: [{ memory_mb: 2048 }],
  }),
  allowed_commands: z
    .array(z.union([word, CommandRule], "must be a first word, or a map with 'command'"))
    .max(1000)
    .optional()
    .meta({ description: "what may run; all else is denied", examples: [["npm", "git"]] }),
  allowed_cwd: z
    .array(folder)
    .max(1000)
    .optional()
    .meta({ description: "folders that steps may run in", examples: [["packages/*"]] }),
  forbidden_patterns: z
    .array(z.string().min(1).max(200))
    .max(100)
    .optional()
    .meta({ description: "patterns that no command may hold", examples: [["rm -rf"]] }),
  confirmation_required: z
    .array(confirmed)
    .max(100)
    .optional()
    .meta({
      description: "actions, risks and classes of commands that are always asked about",
      examples: [["step.rm", "network"]],
    }),
  env_allow: z
    .array(
      z
        .string()
        .regex(/^[A-Za-z_][A-Za-z0-9_]*\*?$/, "is no name of a variable, nor the beginning of one with '*'"),
    )
    .max(1000)
    .optional()
    .meta({ description: "variables that a step's own env may set", examples: [["NODE_*"]] }),
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

/** Points at a path of a policy in its text; only asked for when something is wrong. */
type Locate = (path: readonly (string | number)[], what: "key" | "value") => Place | undefined;

/** Checks a parsed policy file; an unknown key is a fault, since a misspelt limit would not hold. */
export function readPolicy(
  value: Json | undefined,
  file = "policy.yaml",
  locate: Locate = () => undefined,
): Result<PolicyFile> {
  if (value === undefined || value === null) return ok({});
  const parsed = PolicyFile.safeParse(value);
  if (parsed.success) return ok(parsed.data);
  const { said, path, what } = faultOf(parsed.error, value);
  const place = locate(path, what);
  return err({ code: "policy.invalid", problem: `${file}: ${said}`, ...(place ? { place } : {}) });
}

interface Issue {
  code: string;
  path: PropertyKey[];
  message: string;
  keys?: string[];
  values?: unknown[];
  errors?: Issue[][];
}

interface Fault {
  said: string;
  path: (string | number)[];
  what: "key" | "value";
}

/** The keys of the maps in a policy, by the key that holds the map. */
const keysOf = (holder: string | number | undefined) => {
  if (holder === undefined) return Object.keys(PolicyFile.shape);
  return Object.keys((holder === "limits" ? ResourceLimits : CommandRule).shape);
};

/** The first fault with its place: `allowed_commands[2].flags[0] …`. */
function faultOf({ issues }: z.ZodError, value: Json): Fault {
  const { issue, path: given } = deepest(issues[0] as Issue, []);
  const path = given.filter((part) => typeof part !== "symbol");
  const meant = (word: unknown, known: readonly unknown[] = []) => {
    const near = typeof word === "string" && nearest(word, known.map(String));
    return near ? `; did you mean '${near}'?` : "";
  };
  if (issue.code === "unrecognized_keys") {
    const key = issue.keys?.[0] ?? "";
    const said = `${placeOf([...path, key])} is no key of it${meant(key, keysOf(path[0]))}`;
    return { said, path: [...path, key], what: "key" };
  }
  if (path.length === 0) return { said: "must be a map of keys such as `mode: SAFE`", path, what: "value" };
  const found = path.reduce<unknown>((at, part) => (at as Record<string | number, unknown>)?.[part], value);
  return { said: `${placeOf(path)} ${saidOf(issue)}${meant(found, issue.values)}`, path, what: "value" };
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
