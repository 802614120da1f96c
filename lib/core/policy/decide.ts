import { agentStep, type Caller } from "../actor";
import { countOf } from "../count";
import { err, ok, type Result } from "../result";
import type { Sequence, Step } from "../sequence/schema";
import type { risks } from "./file";
import { judgeCommand, nowhere, shellRule, type World } from "./judge-command";
import type { Policy } from "./policy";

/** What a call does to the world; decides who may and how often is asked. */
export type Risk = (typeof risks)[number];

/** Whether a call goes ahead, or how often a person is asked first, and why. */
export type Verdict = { ask: 0 } | { ask: 1 | 2; why: string };

/** What a call is judged by besides the call itself. */
export interface Scene {
  world: World;
  sequence?: Sequence;
  /** Names of the actions that a call made of several holds. */
  within?: readonly string[];
}

/** Judges a call. Pure and total: an exception on the way denies. `starts` are the steps it would start. */
export function judge(
  policy: Policy,
  risk: Risk,
  action: string,
  caller: Caller,
  starts: readonly Step[],
  { world, sequence, within = [] }: Scene = { world: nowhere },
): Result<Verdict> {
  const step = agentStep(caller.actor);
  if (step !== undefined && (risk === "decide" || risk === "widen" || risk === "narrow")) {
    return err({ code: "agent.forbidden", action, step });
  }
  const tooLarge = starts.length > 0 && sequence ? denySize(policy, sequence) : undefined;
  if (tooLarge) return tooLarge;
  for (const started of starts) {
    const denied = denyCommand(policy, started, world);
    if (denied) return denied;
  }
  if (step !== undefined) return ok({ ask: 1, why: "an agent asked" });
  return ok(question(policy, risk, [action, ...within], starts, world));
}

function question(
  policy: Policy,
  risk: Risk,
  actions: readonly string[],
  starts: readonly Step[],
  world: World,
): Verdict {
  const verdict = byRisk(policy, risk, starts, world);
  if (verdict.ask > 0) return verdict;
  const rule = confirmationRule(policy, actions, risk);
  return rule === undefined ? verdict : { ask: 1, why: `${rule} says so` };
}

/** The rule by which a person is asked about one of these actions, whatever else would let it pass. */
export function confirmationRule(policy: Policy, actions: readonly string[], risk: Risk): string | undefined {
  for (const { tier, says } of policy.tiers) {
    const at = says.confirmation_required?.findIndex((name) => actions.includes(name) || name === risk) ?? -1;
    if (at >= 0) return `${tier}:confirmation_required[${at}]`;
  }
  return undefined;
}

function byRisk(policy: Policy, risk: Risk, starts: readonly Step[], world: World): Verdict {
  switch (risk) {
    case "edit":
    case "stop":
    case "narrow":
      return { ask: 0 };
    case "remove":
      return { ask: 2, why: "it removes something" };
    case "widen":
      return { ask: 2, why: "it loosens the rules" };
    case "decide":
      return { ask: 1, why: "a gate is a person's decision" };
    case "run": {
      if (policy.mode === "SAFE") return { ask: 1, why: "mode SAFE" };
      for (const started of starts) {
        const { verdict, rule, class: kind } = judgeCommand(policy, started, world);
        if (verdict === "ask") return { ask: 1, why: whyAsked(started, kind, rule) };
      }
      const boss = starts.find((s) => s.type === "b" && s.orchestrator === undefined);
      return boss ? { ask: 1, why: `'${boss.id}' may add steps by itself` } : { ask: 0 };
    }
  }
}

function whyAsked(step: Step, kind: string, rule: string): string {
  if (typeof step.command === "string") return `'${step.id}' runs a line through the shell`;
  if (rule === shellRule) return `'${step.id}' starts a shell, rule ${rule}`;
  return `'${step.id}' is ${kind}, rule ${rule}`;
}

/** Denies a step whose command no rule lets pass; says which rule it was. */
export function denyCommand(policy: Policy, step: Step, world?: World): ReturnType<typeof err> | undefined {
  if (step.command === undefined) return undefined;
  const { verdict, rule, why } = judgeCommand(policy, step, world);
  if (verdict !== "deny") return undefined;
  const first = Array.isArray(step.command) ? step.command[0] : undefined;
  const what = first === undefined ? "a line for the shell" : `'${first}'`;
  return err({
    code: "policy.denied",
    rule,
    problem: `step '${step.id}' runs ${what}, which is not allowed: ${why}`,
    hint: hintFor(rule, step),
  });
}

function hintFor(rule: string, step: Step): string {
  const key = /^(?:user|policy\.yaml|sequence):(\w+)/.exec(rule)?.[1];
  const tell = `\`seqctl policy explain --step ${step.id}\` says more`;
  if (key === undefined) return tell;
  const file = rule.startsWith("user:")
    ? "your own policy.yaml (`seqctl policy show` says where)"
    : rule.startsWith("sequence:")
      ? "the sequence's own policy"
      : ".threados/policy.yaml";
  return `${key} in ${file} ${saidBy[key] ?? "says so"}; ${tell}`;
}

/** What each rule about commands names. */
const saidBy: Record<string, string> = {
  allowed_commands: "names what may run",
  forbidden_patterns: "names what may not run",
  allowed_cwd: "names the folders that steps may run in",
  env_allow: "names the variables that a step may set",
  max_command_bytes: "says how long a command may be",
};

/** What a person who is asked is told of a command beside its words: `  (destructive, rule builtin.rm)`. */
export function classNote(policy: Policy, step: Step, world: World): string {
  if (step.command === undefined) return "";
  const { class: kind, class_rule: rule } = judgeCommand(policy, step, world);
  return `  (${kind}, rule ${rule})`;
}

/** Denies a sequence that is larger or deeper than the rules let anybody oversee. */
function denySize(policy: Policy, sequence: Sequence): ReturnType<typeof err> | undefined {
  const { maxSteps, maxDepth, sources } = policy;
  const steps = sequence.steps?.length ?? 0;
  const denied = (key: "max_steps" | "max_depth", problem: string) =>
    err({
      code: "policy.denied",
      rule: `${sources[key]}:${key}`,
      problem,
      hint: "split the work into several sequences, or raise the limit",
    });
  if (maxSteps !== undefined && steps > maxSteps)
    return denied("max_steps", `the sequence has ${countOf(steps, "step")}, and ${maxSteps} is the limit`);
  if (maxDepth === undefined) return undefined;
  const depth = depthOf(sequence);
  return depth > maxDepth
    ? denied(
        "max_depth",
        `${depth} steps and gates wait for one another in a row, and ${maxDepth} is the limit`,
      )
    : undefined;
}

/** The longest chain of steps and gates that wait for one another. */
function depthOf(sequence: Sequence): number {
  const needs = new Map(
    [...(sequence.steps ?? []), ...(sequence.gates ?? [])].map((node) => [node.id, node.depends_on ?? []]),
  );
  const depths = new Map<string, number>();
  const open = [...needs.keys()];
  while (open.length > 0) {
    const id = open.at(-1) as string;
    const waiting = (needs.get(id) ?? []).filter((need) => needs.has(need) && !depths.has(need));
    if (waiting.length > 0 && !depths.has(id)) open.push(...waiting);
    else {
      open.pop();
      depths.set(id, 1 + Math.max(0, ...(needs.get(id) ?? []).map((need) => depths.get(need) ?? 0)));
    }
  }
  return Math.max(0, ...depths.values());
}
