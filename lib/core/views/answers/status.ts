import { z } from "zod";
import { gateVerbs } from "../../engine/decidable";
import { gateStatuses, stepStatuses } from "../../engine/status";
import type { AskedStart } from "../../policy/asked";
import { Gate, Step } from "../../sequence/schema";
import type { GroupDoc } from "../group";
import type { InboxFailure, InboxGate } from "../inbox";
import type { InsideDoc } from "../inside";
import type { StepMarks, StepUsageDoc } from "../marks";
import type { GateStatusDoc, StatusDoc, StepStatusDoc, UsageDoc } from "../status";
import { count, counts, digest, tells, time } from "./tells";

const usage = tells<StepUsageDoc>()(z.strictObject({ tokens: count, cost_usd: z.number().nullable() }));

const marks = tells<StepMarks>()(
  z.strictObject({
    candidates: z.array(z.string()).optional(),
    sequence: z.string().optional(),
    fan: z.union([z.int(), z.string()]).optional(),
    isolation: z.literal("worktree").optional(),
    sandbox: z.literal("required").optional(),
    retries: count.optional(),
  }),
);

/** How a step stands. */
export const StepStatus = tells<StepStatusDoc>()(
  z.strictObject({
    id: z.string(),
    name: z.string(),
    type: z.string(),
    model: z.string(),
    status: z.enum(stepStatuses),
    reason: z.string().nullable().describe("code of why it stands so"),
    why: z.string().describe("the same as a sentence"),
    attempt: count.describe("0 before the first one"),
    started_at: time.nullable(),
    ended_at: time.nullable(),
    heartbeat_at: time.optional().describe("its last sign of life, ms since the epoch"),
    exit_code: z.int().nullable(),
    stale: z.boolean().describe("what it builds on has changed since"),
    stale_why: z.string().optional(),
    depends_on: z.array(z.string()),
    group_id: z.string().nullable(),
    of: z.string().optional().describe("the step that it is an instance or a part of"),
    usage: usage.optional(),
    marks: marks.optional(),
  }),
);

/** An approval that became void. */
export const fell = {
  by: z.string(),
  at: time.describe("when it was given"),
  changed: z.array(z.string()).describe("what made it void"),
};

/** How a gate stands. */
export const GateStatus = tells<GateStatusDoc>()(
  z.strictObject({
    id: z.string(),
    name: z.string(),
    status: z.enum(gateStatuses),
    reason: z.string().nullable().describe("code of why it stands so"),
    why: z.string().describe("the same as a sentence"),
    depends_on: z.array(z.string()),
    shows: z.array(z.string()),
    sent_back: count.describe("how often the work was sent back from here"),
    takes: z.array(z.enum(gateVerbs)).describe("what a person can decide here now"),
    fell: z
      .strictObject(fell)
      .optional()
      .describe("the approval that became void, until somebody decides anew"),
  }),
);

const engine = z.strictObject({ running: z.boolean(), pid: z.int().nullable() });

const runUsage = tells<UsageDoc>()(
  z.strictObject({ tokens_in: count, tokens_out: count, cost_usd: z.number(), unpriced: count }),
);

/** Answer of `status`, and each event of its stream. */
export const Status = tells<StatusDoc>()(
  z.strictObject({
    run: z.string().nullable(),
    root: z.string().describe("the folder that holds .threados"),
    open: z.boolean(),
    canceled: z.boolean(),
    takes_in: z
      .literal(true)
      .optional()
      .describe("a step that is added now joins the run, and starts once what it waits for is done"),
    name: z.string(),
    mode: z.string(),
    sandbox: z.enum(["required", "off"]),
    revision: digest,
    seq: count.describe("number of the run's last fact"),
    engine,
    steps: z.array(StepStatus),
    gates: z.array(GateStatus),
    counts,
    usage: runUsage.optional(),
    audit: z
      .strictObject({
        seq: count,
        hash: digest,
        problem: z.string().optional(),
        unverified: z
          .string()
          .describe(
            "the log's files were changed from outside since they were verified last; another word for each change",
          )
          .optional(),
      })
      .optional(),
    warnings: z.array(z.string()),
  }),
);

const inside = tells<InsideDoc>()(
  z.strictObject({
    id: z.string(),
    name: z.string(),
    model: z.string(),
    depends_on: z.array(z.string()),
  }),
);

/** Answer of `step`: a step, or a gate. */
export const StepDetail = z.union([
  z.strictObject({
    run: z.string().nullable(),
    revision: digest.describe("of the definition it was read from"),
    definition: Step,
    yaml: z.string().nullable(),
    status: StepStatus,
    attempts: z.array(z.int().min(1)),
    inside: z.array(inside).optional(),
  }),
  z.strictObject({
    revision: digest.describe("of the definition it was read from"),
    definition: Gate,
    yaml: z.string().nullable(),
    status: GateStatus,
    attempts: z.array(z.never()),
  }),
]);

/** Answer of `why`. */
export const Why = z.strictObject({
  id: z.string(),
  status: z.enum([...new Set([...stepStatuses, ...gateStatuses])]),
  reason: z.string().nullable(),
  why: z.string(),
  stale_why: z.string().optional().describe("why its result is not what it would come to now"),
});

/** Answer of `gate.list`. */
export const Gates = z.strictObject({ gates: z.array(GateStatus) });

/** Answer of `group.list`. */
export const Groups = z.strictObject({
  groups: z.array(
    tells<GroupDoc>()(
      z.strictObject({
        id: z.string(),
        fail_policy: z.enum(["fail_fast", "best_effort"]),
        members: z.array(StepStatus),
        counts,
      }),
    ),
  ),
});

const waiting = {
  blocks: count.describe("how many steps and gates can't end before it is settled"),
  next: z.array(z.string()).describe("command lines that settle it or tell more"),
};

const startedInside = z.strictObject({
  step: z.string(),
  with: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  fan: z.union([z.int(), z.string()]).optional(),
});

/** A step that a call would start. */
export const Start = tells<AskedStart>()(
  z.strictObject({
    step: z.string(),
    command: z.union([z.array(z.string()), z.string()]),
    env: z.record(z.string(), z.string()).optional(),
    cwd: z.string().optional(),
    network: z.boolean().optional().describe("absent in a sandbox where its agent's adapter says it"),
    isolation: z.literal("worktree").optional(),
    sandbox: z.literal("required").optional().describe("because it or the policy says so"),
    fan: z
      .union([z.int(), z.string()])
      .optional()
      .describe("instances side by side, or the list that says so"),
    candidates: z.array(z.string()).optional().describe("whose results it joins"),
    inside: z
      .array(startedInside)
      .optional()
      .describe("the steps whose sub-sequences it belongs to, the outermost first"),
    class: z.string().nullable().describe("the class of its command"),
    rule: z.string().nullable().describe("the rule that gave it"),
    gates: z.array(z.string()).describe("gates to be approved before it starts; of an approval: other ones"),
    news: z
      .enum(["changed", "new"])
      .optional()
      .describe("how it differs from what the approval that became void was given for"),
  }),
);

/** A gate that waits for a person. */
export const WaitingGate = tells<InboxGate>()(
  z.strictObject({
    ...GateStatus.shape,
    ...waiting,
    stale: z
      .array(z.strictObject({ step: z.string(), why: z.string() }))
      .optional()
      .describe("what it shows that is not what it would come to now"),
    starts: z.array(Start).describe("what an approval would start"),
  }),
);

const { id, name, status, reason, why, attempt, ended_at, exit_code } = StepStatus.shape;

/** A step that failed, and waits for a person. */
export const FailedStep = tells<InboxFailure>()(
  z.strictObject({ id, name, status, reason, why, attempt, ended_at, exit_code, ...waiting }),
);

/** Answer of `engine.status`. */
export const Engine = z.strictObject({
  ...engine.shape,
  fence: z.int().nullable(),
  started_at: z.string().nullable(),
});
