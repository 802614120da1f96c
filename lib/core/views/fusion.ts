import type { Recorded } from "../engine/fact";
import type { Plan } from "../engine/plan";
import { type Run, stepRun } from "../engine/run";
import type { Json } from "../json";
import type { Step } from "../sequence/schema";
import { stepDoc } from "./status";

/** What a candidate's agent used. */
interface CandidateUsage {
  tokens_in: number;
  tokens_out: number;
  cost_usd: number | null;
  turns: number;
}

/** One candidate as a person compares it. Durations in ms, sizes in bytes. */
export interface CandidateDoc {
  id: string;
  status: string;
  why: string;
  attempt: number;
  duration_ms: number | null;
  base: string | null;
  diff: { files: number; insertions: number; deletions: number; bytes: number; sha256: string } | null;
  test: { passed: boolean; exit_code: number; duration_ms: number } | null;
  outputs: Json;
  usage: CandidateUsage | null;
}

/** A fusion: its candidates side by side. */
export interface FusionDoc {
  run: string;
  synth: string;
  candidates: CandidateDoc[];
  /** Of the candidates that left a patch, the share whose patch is the commonest one; 0 if all differ, null below two. */
  agreement: number | null;
  /** The candidate whose changes were taken last. */
  picked: string | null;
}

/** The fusions of a definition: steps that join candidates. */
export function fusionsOf(plan: Plan): Step[] {
  return (plan.sequence.steps ?? []).filter((step) => step.fusion_synth && step.fusion_candidates?.length);
}

/** Candidates taken in a run, by the synthesis they were meant for. */
export function picksIn(facts: readonly Recorded[]): Map<string, string> {
  const picks = new Map<string, string>();
  for (const fact of facts) if (fact.type === "fusion.picked") picks.set(fact.synth, fact.candidate);
  return picks;
}

/** Sets the candidates of a fusion side by side. */
export function fusionDoc(
  plan: Plan,
  run: Run,
  { synth, facts, engineAlive }: { synth: Step; facts: readonly Recorded[]; engineAlive: boolean },
): FusionDoc {
  const ids = synth.fusion_candidates ?? [];
  return {
    run: run.id,
    synth: synth.id,
    candidates: ids.map((id) => candidate(plan, run, id, engineAlive)),
    agreement: agreement(run, ids),
    picked: picksIn(facts).get(synth.id) ?? null,
  };
}

function candidate(plan: Plan, run: Run, id: string, engineAlive: boolean): CandidateDoc {
  const { status, why, attempt, started_at, ended_at } = stepDoc(plan, run, id, engineAlive);
  const { worktree, agent, outputs = null } = stepRun(run, id);
  const { patch, test } = worktree ?? {};
  return {
    id,
    status,
    why,
    attempt,
    duration_ms: started_at === null || ended_at === null ? null : ended_at - started_at,
    base: worktree?.base ?? null,
    diff:
      patch === undefined
        ? null
        : {
            files: worktree?.files ?? 0,
            insertions: worktree?.insertions ?? 0,
            deletions: worktree?.deletions ?? 0,
            bytes: worktree?.patchBytes ?? 0,
            sha256: patch,
          },
    test: test ? { passed: test.code === 0, exit_code: test.code, duration_ms: test.durationMs } : null,
    outputs,
    usage: agent
      ? {
          tokens_in: agent.tokensIn,
          tokens_out: agent.tokensOut,
          cost_usd: agent.costUsd ?? null,
          turns: agent.turns,
        }
      : null,
  };
}

/** How much candidates agree: of those that left a patch, the share with the commonest one, 0 if all differ; null below two. */
export function agreement(run: Run, candidates: readonly string[]): number | null {
  const patches = candidates.flatMap((id) => stepRun(run, id).worktree?.patch ?? []);
  if (patches.length < 2) return null;
  const most = Math.max(...patches.map((patch) => patches.filter((other) => other === patch).length));
  return most === 1 ? 0 : most / patches.length;
}
