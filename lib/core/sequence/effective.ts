import type { Retry, Sequence, Step } from "./schema";

/** The adapter a step runs under: its own, the sequence's default, or `shell` for a bare command. */
export function modelOf(sequence: Sequence, step: Step): string {
  return step.model ?? (step.command ? "shell" : (sequence.defaults?.model ?? "shell"));
}

/** The two halves of `model:`, as in `claude-code` or `opencode:anthropic/some-model`: the adapter, and the model within it. */
export function agentOf(model: string): { adapter: string; model: string | undefined } {
  const at = model.indexOf(":");
  return at < 0
    ? { adapter: model, model: undefined }
    : { adapter: model.slice(0, at), model: model.slice(at + 1) || undefined };
}

/** Whether an agent runs the step, rather than a command. */
export function isAgentStep(sequence: Sequence, step: Step): boolean {
  return agentOf(modelOf(sequence, step)).adapter !== "shell";
}

/** The file with an agent step's prompt, relative to `.threados`. */
export function promptPathOf(step: Step): string {
  return step.prompt ?? `prompts/${step.id}.md`;
}

/** Whether and how often a step goes on by itself after a usage limit was reached. */
export function resumeOf(sequence: Sequence, step: Step): { auto: boolean; max: number } {
  const { auto = false, max = 3 } = step.resume ?? sequence.defaults?.resume ?? {};
  return { auto, max };
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
export function unsupportedBy(step: Step): string | undefined {
  if (step.tty === true && step.command === undefined)
    return "tty: true without a command (name the agent's own program as the command)";
  if (step.isolation === "worktree") return "isolation: worktree";
  if (step.watchdog_for !== undefined) return "watchdog_for";
  if (step.orchestrator !== undefined || step.type === "b") return "orchestrator";
  if (Object.values(step.env ?? {}).some((value) => value.startsWith("secret:")))
    return "a secret: reference";
  return undefined;
}
