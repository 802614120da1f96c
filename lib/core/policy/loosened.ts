import { isAgentStep } from "../sequence/effective";
import { buildGraph, downstream } from "../sequence/graph";
import type { Sequence, Step } from "../sequence/schema";
import type { Policy, Tier } from "./policy";
import { widerThan } from "./resources";

/** A sequence with the rules that are in force for it. */
export interface Ruled {
  sequence: Sequence;
  policy: Policy;
}

/** What holds less tightly after a change than before it, in words; undefined where nothing does. What a removed step was bound by counts for nothing. */
export function loosened(before: Ruled, after: Ruled): string | undefined {
  const now = new Map((after.sequence.steps ?? []).map((step) => [step.id, step]));
  return (
    rulesLoosened(before.policy, after.policy) ??
    stepsLoosened(before, after, now) ??
    cutOff(before, after, now)
  );
}

const allowing = ["allowed_commands", "allowed_cwd", "env_allow"] as const;
const holding = ["forbidden_patterns", "confirmation_required"] as const;

function rulesLoosened(before: Policy, after: Policy): string | undefined {
  if (before.mode === "SAFE" && after.mode === "POWER") return "the mode becomes POWER";
  if (before.sandbox === "required" && after.sandbox === "off") return "no sandbox is required any more";
  const [was, is] = [numbersOf(before), numbersOf(after)];
  const number = Object.keys(was).find((key) => (is[key] ?? Infinity) > (was[key] ?? Infinity));
  if (number !== undefined) return `the rule ${number} allows more`;
  const resource = widerThan(withAll(after.resources), before.resources)[0];
  if (resource) return `the rule limits.${resource[0]} allows more`;
  for (const { tier, says } of before.tiers) {
    const then = saysOf(after, tier);
    const wider = allowing.find((key) => says[key] && (!then[key] || hasMore(then[key], says[key])));
    const fewer = holding.find((key) => hasMore(says[key] ?? [], then[key] ?? []));
    if (wider ?? fewer) return `the rule ${wider ?? fewer} allows more`;
  }
  return undefined;
}

const saysOf = ({ tiers }: Policy, tier: Tier) => tiers.find((one) => one.tier === tier)?.says ?? {};

function hasMore(list: readonly unknown[], than: readonly unknown[]): boolean {
  const known = new Set(than.map((one) => JSON.stringify(one)));
  return list.some((one) => !known.has(JSON.stringify(one)));
}

const numbersOf = ({
  limits,
  maxCommandBytes,
  maxSteps,
  maxDepth,
}: Policy): Record<string, number | undefined> => ({
  max_concurrent: limits.maxConcurrent,
  timeout_default_ms: limits.timeoutDefaultMs,
  stop_grace_ms: limits.graceMs,
  max_fanout: limits.maxFanout,
  max_orchestrated: limits.maxOrchestrated,
  max_command_bytes: maxCommandBytes,
  max_steps: maxSteps,
  max_depth: maxDepth,
});

const without = {
  memory_mb: Infinity,
  processes: Infinity,
  open_files: Infinity,
  file_mb: Infinity,
  cpu_s: Infinity,
};

/** Limits as numbers to compare: what is not limited has no end. */
const withAll = (limits: Step["limits"]) => ({ ...without, ...limits });

function stepsLoosened(
  before: Ruled,
  { sequence }: Ruled,
  now: ReadonlyMap<string, Step>,
): string | undefined {
  for (const was of before.sequence.steps ?? []) {
    const is = now.get(was.id);
    if (!is || is === was) continue;
    if (was.sandbox && !is.sandbox) return `step ${was.id} leaves its sandbox`;
    const [wider] = widerThan(withAll(is.limits), was.limits);
    if (wider) return `step ${was.id} may use more: limits.${wider[0]}`;
    const gains = was.network !== is.network && !hasNetwork(before.sequence, was) && hasNetwork(sequence, is);
    if (gains) return `step ${was.id} gets the network`;
  }
  return undefined;
}

const hasNetwork = (sequence: Sequence, step: Step) => step.network ?? isAgentStep(sequence, step);

/** A step that no longer waits for a gate which still stands, not through others either. */
function cutOff(before: Ruled, after: Ruled, now: ReadonlyMap<string, Step>): string | undefined {
  const gates = (before.sequence.gates ?? []).filter(({ id }) =>
    after.sequence.gates?.some((gate) => gate.id === id),
  );
  if (gates.length === 0) return undefined;
  const [was, is] = [buildGraph(before.sequence), buildGraph(after.sequence)];
  for (const { id } of gates) {
    const held = downstream(is, id);
    const free = [...downstream(was, id)].find((step) => now.has(step) && !held.has(step));
    if (free !== undefined) return `${free} no longer waits for gate ${id}`;
  }
  return undefined;
}
