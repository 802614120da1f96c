import type { Retry, Sequence, Step, Worktree } from "./schema";
import { isBuiltInWatchdog } from "./threads";

/** The adapter a step runs under: its own, the sequence's default, or `shell` for a bare command. */
export function modelOf(sequence: Sequence, step: Step): string {
  const isOurs = step.command || step.sequence || isBuiltInWatchdog(step);
  return step.model ?? (isOurs ? "shell" : (sequence.defaults?.model ?? "shell"));
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

/** Whether the step names nothing that could be run: no command, no agent, no sequence, and it is no watchdog of ours. */
export function hasNothingToRun(sequence: Sequence, step: Step): boolean {
  if (step.command !== undefined || step.sequence !== undefined) return false;
  return !isBuiltInWatchdog(step) && !isAgentStep(sequence, step);
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

const reference = /^secret:([A-Za-z_][A-Za-z0-9_]*)$/;

/** The name of the secret that a value of a step's `env` refers to, if it does. */
export function secretIn(value: string): string | undefined {
  return reference.exec(value)?.[1];
}

/** Names of the secrets that a sequence's steps refer to, each once. */
export function secretsOf(sequence: Sequence | undefined): string[] {
  const values = (sequence?.steps ?? []).flatMap(({ env = {} }) => Object.values(env));
  return [...new Set(values.flatMap((value) => secretIn(value) ?? []))];
}

/** The commands around a step's own in its worktree: `setup` before it, `test` after it has ended well. */
export function worktreeOf(sequence: Sequence, step: Step): Worktree {
  if (step.isolation !== "worktree") return {};
  return { ...sequence.defaults?.worktree, ...step.worktree };
}

/** A step's commands besides its own, as steps: policy judges them and people see them like any other. */
export function commandsBeside(sequence: Sequence, step: Step): Step[] {
  const { setup, test } = worktreeOf(sequence, step);
  // They run in its folder and with its variables.
  const { cwd, env } = step;
  const around = { ...(cwd === undefined ? {} : { cwd }), ...(env === undefined ? {} : { env }) };
  return [
    ...(setup === undefined ? [] : [{ id: `${step.id} (setup)`, command: setup, ...around }]),
    ...(test === undefined ? [] : [{ id: `${step.id} (test)`, command: test, ...around }]),
  ];
}
