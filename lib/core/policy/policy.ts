import type { Limits } from "../engine/plan";
import type { Sequence } from "../sequence/schema";
import type { PolicyFile } from "./file";
import { narrower, type ResourceLimits, widerThan } from "./resources";

export { PolicyFile, readPolicy } from "./file";

/** SAFE asks before anything runs; POWER asks only before something is destroyed or a shell is started. */
export type Mode = "SAFE" | "POWER";

/** Where rules stand: the user's own configuration, the repository, or the sequence. Each may only narrow the one before. */
export type Tier = "user" | "policy.yaml" | "sequence";

/** What one tier says; rules are named by it: `policy.yaml:allowed_commands[2]`. */
export interface TierRules {
  tier: Tier;
  says: PolicyFile;
}

/** The rules in force: built-in defaults, narrowed by the user's policy, by policy.yaml, and by the sequence. */
export interface Policy {
  mode: Mode;
  limits: Limits;
  tiers: TierRules[];
  /** Which tier a limit comes from. */
  sources: Partial<Record<LimitKey | "mode" | "sandbox", Tier>>;
  /** Whether every step runs in a sandbox; where there is none, nothing starts. */
  sandbox: "required" | "off";
  /** How much of the machine each step may use, at most; undefined is no limit of ours. */
  resources: ResourceLimits | undefined;
  /** Most bytes of one command's words, most steps, and the longest chain of steps; undefined is no limit of ours. */
  maxCommandBytes: number;
  maxSteps: number | undefined;
  maxDepth: number | undefined;
  /** Where a tier asked for more than the one before gives. */
  warnings: string[];
}

/** In force where nothing else is said. */
export const builtIn = {
  mode: "SAFE",
  maxConcurrent: 8,
  maxFanout: 50,
  maxOrchestrated: 20,
  graceMs: 5000,
  maxCommandBytes: 131_072,
} as const;

const limitKeys = [
  "max_concurrent",
  "timeout_default_ms",
  "max_fanout",
  "max_orchestrated",
  "stop_grace_ms",
  "max_steps",
  "max_depth",
  "max_command_bytes",
] as const;

type LimitKey = (typeof limitKeys)[number];

const names: Record<Tier, string> = {
  user: "the user's policy",
  "policy.yaml": "policy.yaml",
  sequence: "the sequence",
};

/** Meets the tiers: the narrower of each limit, every list of rules, SAFE where anybody says so. */
export function effectivePolicy(file: PolicyFile, sequence: Sequence, user: PolicyFile = {}): Policy {
  const tiers: TierRules[] = [
    { tier: "user", says: user },
    { tier: "policy.yaml", says: file },
    { tier: "sequence", says: (sequence.policy ?? {}) as PolicyFile },
  ];
  const warnings: string[] = [];
  const sources: Policy["sources"] = {};
  const mode = meetMode(tiers, warnings, sources);
  const sandbox = meetSandbox(tiers, warnings, sources);
  const limits = new Map<LimitKey, number>();
  for (const { tier, says } of tiers) {
    for (const key of limitKeys) {
      const wanted = says[key];
      if (wanted === undefined) continue;
      const bound = limits.get(key) ?? (tier === "sequence" ? defaults[key] : undefined);
      if (bound !== undefined && wanted > bound)
        warnings.push(`${names[tier]} asks for ${key}: ${wanted}, but ${bound} is the limit: ${bound} holds`);
      else {
        limits.set(key, wanted);
        sources[key] = tier;
      }
    }
  }
  const limit = (key: LimitKey) => limits.get(key) ?? defaults[key];
  return {
    mode,
    limits: {
      maxConcurrent: limit("max_concurrent") ?? builtIn.maxConcurrent,
      timeoutDefaultMs: limit("timeout_default_ms"),
      graceMs: limit("stop_grace_ms") ?? builtIn.graceMs,
      maxFanout: limit("max_fanout") ?? builtIn.maxFanout,
      maxOrchestrated: limit("max_orchestrated") ?? builtIn.maxOrchestrated,
    },
    tiers: tiers.filter(({ says }) => Object.keys(says).length > 0),
    sources,
    sandbox,
    resources: meetResources(tiers, warnings),
    maxCommandBytes: limit("max_command_bytes") ?? builtIn.maxCommandBytes,
    maxSteps: limit("max_steps"),
    maxDepth: limit("max_depth"),
    warnings,
  };
}

/** Whether a tier says anything that a command itself is judged by. */
export function hasCommandRules(says: PolicyFile): boolean {
  const { allowed_commands, allowed_cwd, forbidden_patterns, env_allow, max_command_bytes } = says;
  return (
    (allowed_commands ?? allowed_cwd ?? forbidden_patterns ?? env_allow ?? max_command_bytes) !== undefined
  );
}

const defaults: Partial<Record<LimitKey, number>> = {
  max_concurrent: builtIn.maxConcurrent,
  max_fanout: builtIn.maxFanout,
  max_orchestrated: builtIn.maxOrchestrated,
  stop_grace_ms: builtIn.graceMs,
  max_command_bytes: builtIn.maxCommandBytes,
};

/** Who speaks first sets the mode; whoever comes later can only make it SAFE. A sequence never makes it POWER. */
function meetMode(tiers: readonly TierRules[], warnings: string[], sources: Policy["sources"]): Mode {
  let mode: Mode | undefined;
  for (const { tier, says } of tiers) {
    const bound = mode ?? (tier === "sequence" ? builtIn.mode : undefined);
    if (says.mode === undefined) continue;
    if (says.mode === "POWER" && bound === "SAFE") {
      const by = sources.mode === undefined ? "policy.yaml" : names[sources.mode];
      warnings.push(`${names[tier]} asks for POWER, but ${by} says SAFE: SAFE holds`);
    } else if (mode !== says.mode) {
      mode = says.mode;
      sources.mode = tier;
    }
  }
  return mode ?? builtIn.mode;
}

/** Whoever requires it, all are bound to. */
function meetSandbox(
  tiers: readonly TierRules[],
  warnings: string[],
  sources: Policy["sources"],
): Policy["sandbox"] {
  let sandbox: Policy["sandbox"] = "off";
  for (const { tier, says } of tiers) {
    if (says.sandbox === undefined) continue;
    if (says.sandbox === "off" && sandbox === "required") {
      const by = names[sources.sandbox ?? tier];
      warnings.push(`${names[tier]} asks for no sandbox, but ${by} requires one: it is required`);
    } else if (sources.sandbox === undefined || sandbox !== says.sandbox) {
      sandbox = says.sandbox;
      sources.sandbox = tier;
    }
  }
  return sandbox;
}

function meetResources(tiers: readonly TierRules[], warnings: string[]): ResourceLimits | undefined {
  let resources: ResourceLimits | undefined;
  for (const { tier, says } of tiers) {
    for (const [key, wanted, bound] of widerThan(says.limits ?? {}, resources))
      warnings.push(
        `${names[tier]} asks for limits.${key}: ${wanted}, but ${bound} is the limit: ${bound} holds`,
      );
    resources = narrower(resources, says.limits);
  }
  return resources;
}
