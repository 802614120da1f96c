import { z } from "zod";
import type { GateShowDoc } from "../../../runtime/gate-doc";
import type { ProposalDoc } from "../../../runtime/proposal-doc";
import { Question } from "../../sequence/schema";
import { StepShown } from "./fact";
import { Diff } from "./sequence";
import { FailedStep, fell, GateStatus, Start, WaitingGate } from "./status";
import { bytes, count, digest, span, stamp, tells, time } from "./tells";

const text = z.string();

const file = z.strictObject({
  name: text,
  size: bytes,
  excerpt: text.nullable().describe("its beginning; null where it is no text"),
  shown: bytes.describe(
    "how many of its bytes the excerpt stands for; the view `artifact` reads on from there",
  ),
  cut: z.boolean().describe("whether the excerpt is not all of it"),
});

const answers = z.record(text, z.union([z.boolean(), z.number(), text]));

const past = z.strictObject({
  decision: z.enum(["approved", "rejected", "blocked", "voided", "reopened"]),
  by: text.nullable().describe("null of an approval that became void"),
  at: time,
  reason: text.nullable().describe("why it was turned down"),
  back_to: text.nullable().describe("the step that the work went back to"),
  answers,
  changed: z.array(text).describe("what made an approval void"),
});

/** Answer of `gate.show`. */
export const GateShown = tells<GateShowDoc>()(
  z.strictObject({
    ...GateStatus.shape,
    description: text.nullable(),
    questions: z.array(Question),
    expires_ms: span.nullable(),
    digest: digest.describe("of all that it shows"),
    confirm: digest.describe("what a yes is bound to: all that it shows, and what starts then"),
    shows: z.array(
      z.strictObject({
        ...StepShown.shape,
        files: z.array(z.strictObject({ ...file.shape, sha256: digest })),
        unbound: z.array(file).describe("what a yes is not bound to: the standard error"),
      }),
    ),
    starts: z.array(Start).describe("what an approval would start: what was asked for before"),
    fell: z
      .strictObject({
        ...fell,
        shows: z
          .array(
            z.strictObject({
              step: text,
              attempt: count,
              definition: text,
              files: z.array(z.strictObject({ name: text, sha256: digest })),
            }),
          )
          .describe("what it showed then, to tell what is new"),
        edits: z
          .array(z.strictObject({ node: text, by: text, at: time, change: text }))
          .describe("the newest edit of each step or gate that made it void, as far as it is recorded"),
      })
      .optional()
      .describe("the approval that became void, until somebody decides anew"),
    decision: z
      .strictObject({
        status: text,
        by: text,
        at: time,
        digest: digest.nullable(),
        reason: text.nullable(),
        answers,
      })
      .nullable()
      .describe("the decision that holds"),
    decisions: z.array(past).describe("all that was decided here in this run, the first first"),
    earlier: z
      .array(z.strictObject({ run: text, decisions: z.array(past) }))
      .describe("the same of runs before it, the newest of them first"),
  }),
);

const call = z.strictObject({ action: text, input: z.unknown() });

const proposal = {
  id: text,
  ts: stamp,
  actor: text,
  surface: text,
  summary: text,
  base: text.describe("digest of the definition it was made on"),
  calls: z.array(call),
  replaces: text.optional(),
};

/** A proposal that waits for a person. */
export const WaitingProposal = tells<ProposalDoc>()(
  z.strictObject({
    ...proposal,
    state: z.enum(["ready", "moved", "stale", "blocked"]),
    problem: text.nullable(),
    out_of_date: z
      .boolean()
      .describe("whether something changed since, so that it can't be carried out as it was made"),
    standing: text.nullable().describe("its state in words; null where it is ready"),
    remedy: text.nullable().describe("what helps, where it is out of date"),
    changed: z.array(text),
    confirm: digest.nullable().describe("what a yes is bound to"),
    times: z.literal([1, 2]).describe("how often a person is asked"),
    commands: z.array(Start.omit({ class: true, rule: true, gates: true, news: true })),
    diff: Diff.nullable(),
    lines: z.array(text),
    sentences: z.array(text).describe("what each call does"),
    unified: text.describe("the change of sequence.yaml, as a unified diff"),
    beside: z.array(text).describe("what would start, and other files that would change"),
    verdict: z
      .strictObject({ ask: z.literal([0, 1, 2]).describe("how often a person is asked"), why: text })
      .nullable()
      .describe("null where it can't be carried out"),
    next: z.array(text),
  }),
);

/** Answer of `inbox`. */
export const Inbox = z.strictObject({
  gates: z.array(WaitingGate),
  failed: z.array(FailedStep),
  proposals: z.array(WaitingProposal),
});
