import { z } from "zod";
import { AnyJson, SequenceFile } from "../../sequence/schema";
import type { CandidateDoc, FusionDoc } from "../fusion";
import type { ReplayDoc } from "../replay";
import type { RunDoc, RunStepDoc } from "../run";
import type { RunDiffDoc } from "../run-diff";
import { RunFact } from "./fact";
import { bytes, count, counts, digest, span, tells, time } from "./tells";

const text = z.string();

/** A step's part of a run. */
export const RunStep = tells<RunStepDoc>()(
  z.strictObject({
    id: text,
    type: text,
    status: text,
    reason: text.nullable(),
    attempts: count,
    started_at: time.nullable(),
    ended_at: time.nullable(),
    duration_ms: span.describe("ms in all of its attempts together"),
    exit_code: z.int().nullable(),
    tries: z
      .array(
        z.strictObject({
          attempt: count,
          started_at: time,
          ended_at: time.nullable(),
          exit_code: z.int().nullable(),
          end: text.nullable().describe("exit, refused, lost, or why it was stopped; null while it goes on"),
        }),
      )
      .describe("its attempts, the first first"),
  }),
);

const metrics = z.strictObject({
  duration_ms: span,
  work_ms: span.describe("ms in attempts, all steps together"),
  attempts: count,
  failures: count,
  restarts: count,
  retries: count,
  most_at_once: count,
  by_type: z.record(text, z.strictObject({ steps: count, done: count, failed: count, duration_ms: span })),
  gates: z.array(
    z.strictObject({
      gate: text,
      decision: z.enum(["approved", "rejected", "blocked"]),
      by: text,
      reason: text.nullable().describe("why it was turned down"),
      back_to: text.nullable().describe("the step that the work went back to"),
      ready_at: time,
      decided_at: time,
      latency_ms: span,
    }),
  ),
  fusions: z.array(
    z.strictObject({
      synth: text,
      candidates: count,
      agreement: z.number().min(0).max(1).nullable(),
      picked: text.nullable(),
    }),
  ),
});

const head = {
  id: text,
  state: z.enum(["open", "complete", "canceled", "superseded"]),
  opened_at: time,
  opened_by: text,
  last_at: time,
  revision: digest,
  counts,
};

/** Answer of `runs.show`. */
export const RunDetail = tells<RunDoc>()(z.strictObject({ ...head, steps: z.array(RunStep), metrics }));

/** Answer of `runs.list`. */
export const Runs = z.strictObject({
  runs: z.array(
    z.union([
      z.strictObject({ ...head, duration_ms: span, attempts: count, failures: count }),
      z.strictObject({ id: text, problem: text.describe("code of why it can't be read") }),
    ]),
  ),
  total: count,
});

/** Answer of `runs.diff`. */
export const RunDiff = tells<RunDiffDoc>()(
  z.strictObject({
    a: z.strictObject({ ...head, metrics }),
    b: z.strictObject({ ...head, metrics }),
    same_revision: z.boolean(),
    steps: z.array(
      z.strictObject({ id: text, a: RunStep.nullable(), b: RunStep.nullable(), differs: z.boolean() }),
    ),
  }),
);

/** Answer of `events`. */
export const Events = z.strictObject({ run: text, facts: z.array(RunFact) });

const limits = z.strictObject({
  maxConcurrent: count,
  timeoutDefaultMs: span.optional(),
  graceMs: span,
  maxFanout: count.optional(),
  maxOrchestrated: count.optional(),
});

/** Answer of `runs.replay`. */
export const Replay = tells<ReplayDoc>()(
  z.strictObject({
    run: text,
    newest: z.boolean(),
    facts: z.array(RunFact),
    plans: z
      .record(
        text,
        z.strictObject({
          sequence: SequenceFile,
          limits,
          digests: z.record(text, digest),
          does: z.record(text, digest).optional(),
        }),
      )
      .describe("by revision"),
  }),
);

const candidate = tells<CandidateDoc>()(
  z.strictObject({
    id: text,
    status: text,
    why: text,
    attempt: count,
    duration_ms: span.nullable(),
    base: text.nullable().describe("the commit it began from"),
    diff: z
      .strictObject({ files: count, insertions: count, deletions: count, bytes, sha256: digest })
      .nullable(),
    test: z.strictObject({ passed: z.boolean(), exit_code: z.int(), duration_ms: span }).nullable(),
    outputs: AnyJson,
    usage: z
      .strictObject({
        tokens_in: count,
        tokens_out: count,
        cost_usd: z.number().nullable(),
        turns: count,
      })
      .nullable(),
  }),
);

/** Answer of `fusion.compare`. */
export const Fusion = tells<FusionDoc>()(
  z.strictObject({
    run: text,
    synth: text,
    candidates: z.array(candidate),
    agreement: z.number().min(0).max(1).nullable(),
    picked: text.nullable(),
  }),
);

/** Answer of `worktree.list`. */
export const Worktrees = z.strictObject({
  worktrees: z.array(
    z.strictObject({
      run: text,
      step: text,
      attempt: count,
      path: text,
      state: z.enum(["living", "kept", "unneeded"]),
      why: text,
      bytes,
    }),
  ),
});
