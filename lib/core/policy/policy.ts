import { z } from "zod";
import type { Limits } from "../engine/plan";
import type { Json } from "../json";
import { err, ok, type Result } from "../result";
import type { Sequence } from "../sequence/schema";

/** SAFE asks before anything runs; POWER asks only before something is destroyed. */
export type Mode = "SAFE" | "POWER";

/** What `policy.yaml` may say. */
export const PolicyFile = z.strictObject({
  version: z.literal(1).optional(),
  mode: z.enum(["SAFE", "POWER"]).optional(),
  max_concurrent: z.int().min(1).max(1000).optional(),
  timeout_default_ms: z.int().min(1).optional(),
  max_fanout: z.int().min(1).max(1000).optional(),
  max_orchestrated: z.int().min(0).max(1000).optional(),
  stop_grace_ms: z.int().min(0).max(600_000).optional(),
  allowed_commands: z.array(z.string().min(1)).optional(),
  sandbox: z.enum(["required", "off"]).optional(),
});

export type PolicyFile = z.infer<typeof PolicyFile>;

/** The rules in force: built-in defaults, narrowed by policy.yaml, narrowed by the sequence. */
export interface Policy {
  mode: Mode;
  limits: Limits;
  /** First words of commands that may run; undefined allows all (they are asked about). */
  allowedCommands: string[] | undefined;
  /** Whether every step runs in a sandbox; where there is none, nothing starts. */
  sandbox: "required" | "off";
  /** Where the sequence asked for more than policy.yaml gives. */
  warnings: string[];
}

/** In force where nothing else is said. */
export const builtIn = {
  mode: "SAFE",
  maxConcurrent: 8,
  maxFanout: 50,
  maxOrchestrated: 20,
  graceMs: 5000,
} as const;

/** Checks a parsed policy file; an unknown key is a fault, since a misspelt limit would not hold. */
export function readPolicy(value: Json | undefined): Result<PolicyFile> {
  if (value === undefined || value === null) return ok({});
  const parsed = PolicyFile.safeParse(value);
  if (parsed.success) return ok(parsed.data);
  const issue = parsed.error.issues[0];
  return err({
    code: "policy.invalid",
    problem: `policy.yaml: ${issue?.path.join(".") ?? ""} ${issue?.message ?? "is invalid"}`.trim(),
  });
}

/** The minimum of file and sequence: the sequence may only narrow. */
export function effectivePolicy(file: PolicyFile, sequence: Sequence): Policy {
  const own = sequence.policy ?? {};
  const warnings: string[] = [];
  const mode: Mode = file.mode ?? builtIn.mode;
  if (own.mode === "POWER" && mode === "SAFE")
    warnings.push("the sequence asks for POWER, but policy.yaml says SAFE: SAFE holds");
  const narrow = (key: "max_concurrent" | "timeout_default_ms", base: number | undefined) => {
    const wanted = own[key];
    if (wanted === undefined) return base;
    if (base !== undefined && wanted > base) {
      warnings.push(`the sequence asks for ${key}: ${wanted}, but ${base} is the limit: ${base} holds`);
      return base;
    }
    return wanted;
  };
  return {
    mode: own.mode === "SAFE" ? "SAFE" : mode,
    limits: {
      maxConcurrent:
        narrow("max_concurrent", file.max_concurrent ?? builtIn.maxConcurrent) ?? builtIn.maxConcurrent,
      timeoutDefaultMs: narrow("timeout_default_ms", file.timeout_default_ms),
      graceMs: file.stop_grace_ms ?? builtIn.graceMs,
      maxFanout: file.max_fanout ?? builtIn.maxFanout,
      maxOrchestrated: file.max_orchestrated ?? builtIn.maxOrchestrated,
    },
    allowedCommands: file.allowed_commands,
    sandbox: own.sandbox === "required" ? "required" : (file.sandbox ?? "off"),
    warnings,
  };
}
