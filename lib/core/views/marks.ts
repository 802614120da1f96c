import type { AgentFacts } from "../agents/report";
import { retryOf } from "../sequence/effective";
import type { Sequence, Step } from "../sequence/schema";

/** What of a step's definition is worth seeing beside its name; each key only where there is something to say. */
export interface StepMarks {
  /** Candidates whose results it joins. */
  candidates?: string[];
  /** The file of the sequence that it runs in its place. */
  sequence?: string;
  /** How many instances of it run side by side, or the list that says so. */
  fan?: number | string;
  isolation?: "worktree";
  sandbox?: "required";
  /** How often it is tried again after a failure. */
  retries?: number;
}

/** The marks of a step. */
export function marksOf(sequence: Sequence, step: Step): StepMarks {
  const { limit } = retryOf(sequence, step);
  const fan = step.for_each ?? ((step.fanout ?? 1) > 1 ? step.fanout : undefined);
  return {
    ...(step.fusion_synth && step.fusion_candidates ? { candidates: step.fusion_candidates } : {}),
    ...(step.sequence === undefined ? {} : { sequence: step.sequence }),
    ...(fan === undefined ? {} : { fan }),
    ...(step.isolation === "worktree" ? { isolation: "worktree" as const } : {}),
    ...(step.sandbox === undefined ? {} : { sandbox: step.sandbox }),
    ...(limit > 0 ? { retries: limit } : {}),
  };
}

/** What an agent's newest attempt used. */
export interface StepUsageDoc {
  tokens: number;
  /** US dollars; null where the agent did not say. */
  cost_usd: number | null;
}

/** The usage that an agent reported, in short. */
export function usageOf({ tokensIn, tokensOut, costUsd }: AgentFacts): StepUsageDoc {
  return { tokens: tokensIn + tokensOut, cost_usd: costUsd ?? null };
}
