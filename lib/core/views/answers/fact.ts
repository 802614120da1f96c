import { z } from "zod";
import type { AgentFacts } from "../../agents/report";
import type { Exhibit, ShownFile, ShownStep } from "../../engine/exhibit";
import type { Recorded, WorktreeFacts } from "../../engine/fact";
import { AnyJson, Step } from "../../sequence/schema";
import { bytes, count, digest, span, stamp, tells, time } from "./tells";

const text = z.string();
const texts = z.array(text);
const attempt = z.int().min(1);
const value = z.union([z.boolean(), z.number(), text]);
const subs = { subs: z.record(text, digest).optional() };
const terms = {
  ...subs,
  params: z.record(text, value).optional(),
  bearsFailures: z.literal(true).optional(),
  mandates: z.record(text, count).optional(),
};

/** A file as a gate shows it. */
export const FileShown = tells<ShownFile>()(
  z.strictObject({ name: text, size: bytes, sha256: digest, traces: text.optional() }),
);

/** A step as a gate shows it. */
export const StepShown = tells<ShownStep>()(
  z.strictObject({
    step: text,
    attempt: count,
    standing: text.describe("how that attempt ended; `open` while it has not"),
    definition: text,
    stale: text.optional().describe("why its result is not what it would come to now"),
    files: z.array(FileShown),
  }),
);

const start = z.strictObject({ step: text, attempt: z.int(), definition: digest });
const exhibit = tells<Exhibit>()(
  z.strictObject({ gate: digest, steps: z.array(StepShown), starts: z.array(start).optional(), digest }),
);

const agent = tells<AgentFacts>()(
  z.strictObject({
    session: text.optional(),
    turns: count,
    tokensIn: count,
    tokensOut: count,
    costUsd: z.number().optional(),
    errorClass: z.enum(["auth", "quota", "rate_limit", "permanent"]).optional(),
    resetAt: time.optional(),
    problem: text.optional(),
  }),
);

const worktree = tells<WorktreeFacts>()(
  z.strictObject({
    base: text,
    patch: digest.optional(),
    patchBytes: bytes.optional(),
    files: count.optional(),
    insertions: count.optional(),
    deletions: count.optional(),
    treeBytes: bytes.optional(),
    test: z.strictObject({ code: z.int(), durationMs: span }).optional(),
    problem: text.optional(),
  }),
);

type Shape = { [key: string]: z.ZodType };

/** Every fact has its number and time. */
const fact = <N extends string, S extends Shape>(type: N, shape: S) =>
  z.strictObject({ type: z.literal(type), ...shape, seq: z.int().min(1), ts: stamp });

const ofAttempt = { step: text, attempt };
const byWhom = { by: text };
const rejected = { gate: text, by: text, reason: text };

/** One thing that happened in a run. */
export const RunFact = tells<Recorded>()(
  z.union([
    fact("run.opened", { run: text, revision: digest, ...byWhom }),
    fact("plan.amended", { revision: digest, by: text.optional(), added: texts.optional(), ...subs }),
    fact("run.canceled", byWhom),
    fact("run.completed", {}),
    fact("run.settled", { pursued: texts }),
    fact("run.requested", { again: texts, ...byWhom, ...terms }),
    fact("steps.requested", { steps: texts, ...byWhom, ...terms }),
    fact("gate.approved", {
      gate: text,
      ...byWhom,
      shown: exhibit.optional(),
      answers: z.record(text, value).optional(),
    }),
    fact("gate.voided", { gate: text, changed: texts, stale: texts }),
    fact("gate.blocked", { gate: text, ...byWhom }),
    fact("gate.rejected", rejected),
    fact("gate.rejected", { ...rejected, back: text, nth: z.int().min(1), again: texts, ...subs }),
    fact("gate.reopened", { gate: text, ...byWhom }),
    fact("stop.requested", { step: text, ...byWhom }),
    fact("restart.requested", { step: text, ...byWhom, ...subs }),
    fact("engine.started", { fence: z.int(), pid: z.int(), boot: text }),
    fact("engine.stopped", { fence: z.int(), reason: text }),
    fact("attempt.intended", { ...ofAttempt, fence: z.int(), definition: text, does: text.optional() }),
    fact("attempt.started", { ...ofAttempt, pid: z.int() }),
    fact("attempt.adopted", { ...ofAttempt, pid: z.int() }),
    fact("attempt.exited", {
      ...ofAttempt,
      code: z.int(),
      at: time.optional(),
      tree: z.enum(["gone", "unproven"]).optional(),
      leftovers: count.optional(),
      outputs: AnyJson.optional(),
      outputsBytes: bytes.optional(),
      invalid: text.optional(),
      agent: agent.optional(),
      worktree: worktree.optional(),
    }),
    fact("attempt.refused", { ...ofAttempt, problem: text }),
    fact("attempt.lost", ofAttempt),
    fact("attempt.stopping", {
      ...ofAttempt,
      cause: z.enum([
        "stopped",
        "timeout",
        "restart",
        "group_failed",
        "idle_timeout",
        "boss_failed",
        "watched_ended",
      ]),
    }),
    fact("attempt.printed", { ...ofAttempt, at: time }),
    fact("attempt.killed", ofAttempt),
    fact("retry.scheduled", { ...ofAttempt, at: time, cause: z.enum(["quota", "loop"]).optional() }),
    fact("fusion.picked", { synth: text, candidate: text, patch: digest, ...byWhom }),
    fact("step.canceled", { step: text, cause: z.enum(["stopped", "group_failed", "boss_failed"]) }),
    fact("step.skipped", { step: text, cause: z.enum(["when", "empty_list"]), condition: text }),
    fact("step.skipped", { step: text, cause: z.enum(["needs_skipped", "not_called"]) }),
    fact("plan.expanded", {
      step: text,
      count,
      items: z.array(AnyJson).optional(),
      sub: z
        .strictObject({ revision: digest, steps: z.array(Step), params: z.record(text, value) })
        .optional(),
    }),
    fact("step.joined", { step: text, failed: texts, outputs: AnyJson.optional() }),
    fact("loop.exhausted", { ...ofAttempt, rounds: count, condition: text, problem: text.optional() }),
    fact("handler.called", { ...ofAttempt, ...byWhom }),
    fact("step.unjudged", { step: text, condition: text, problem: text }),
    fact("clock.jumped", { by: z.number().describe("ms") }),
    fact("journal.repaired", { bytes }),
  ]),
);
