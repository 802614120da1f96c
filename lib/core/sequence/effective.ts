import type { Retry, Sequence, Step } from "./schema";

/** The adapter a step runs under: its own, the sequence's default, or `shell` for a bare command. */
export function modelOf(sequence: Sequence, step: Step): string {
  return step.model ?? (step.command ? "shell" : (sequence.defaults?.model ?? "shell"));
}

/** The attempt's time limit in ms, or undefined for none. */
export function timeoutMsOf(sequence: Sequence, step: Step, policyDefaultMs?: number): number | undefined {
  return step.timeout_ms ?? sequence.defaults?.timeout_ms ?? policyDefaultMs;
}

/** How often and how a failed attempt is retried. Commands are retried only when their own step says so. */
export function retryOf(sequence: Sequence, step: Step): Retry {
  const inherited = modelOf(sequence, step) === "shell" ? undefined : sequence.defaults?.retry;
  return step.retry ?? inherited ?? { limit: 0 };
}

/** How long to wait before retry number `retry` (from 0), in ms: exponential, capped. */
export function backoffMs(retry: Retry, number: number): number {
  const base = retry.backoff_ms ?? 1000;
  return Math.min(base * (retry.factor ?? 2) ** number, retry.max_ms ?? 60_000);
}

/** What a step uses that this version can't run yet, in a person's words. */
export function unsupportedBy(sequence: Sequence, step: Step): string | undefined {
  const model = modelOf(sequence, step);
  if (model !== "shell") return `the agent '${model}'`;
  if (step.isolation === "worktree") return "isolation: worktree";
  if (step.when !== undefined) return "when";
  if ((step.fanout ?? 1) > 1) return "fanout";
  if (step.watchdog_for !== undefined) return "watchdog_for";
  if (step.orchestrator !== undefined || step.type === "b") return "orchestrator";
  if (step.outputs?.schema !== undefined) return "outputs.schema";
  if (Object.values(step.env ?? {}).some((value) => value.startsWith("secret:")))
    return "a secret: reference";
  return undefined;
}
