import { z } from "zod";
import type { AuditEntry } from "../../audit/entry";
import { AnyJson } from "../../sequence/schema";
import { bytes, count, digest, stamp, tells } from "./tells";

/** An entry of the audit log. */
export const Entry = tells<AuditEntry>()(
  z.strictObject({
    seq: z.int().min(1),
    ts: stamp,
    actor: z.string(),
    surface: z.string(),
    action: z.string(),
    target: z.string().nullable(),
    payload: AnyJson,
    policy_mode: z.string(),
    result: z.enum(["success", "denied", "error", "pending"]),
    error: z.strictObject({ code: z.string(), message: z.string() }).optional(),
    before: digest.optional(),
    after: digest.optional(),
    prev: digest,
    hash: digest,
  }),
);

/** A line that is no entry any more has its place all the same. */
const lines = z
  .array(Entry.nullable())
  .describe("null for a line that is no entry; what somebody changed, `view=verify` tells");

/** Answer of `audit.read`. */
export const EntryPage = z.strictObject({
  entries: lines,
  total: count,
  offset: count,
  limit: count,
});

/** Answer of `audit.tail`. */
export const EntryTail = z.strictObject({ entries: lines });

/** Answer of `audit.find`. */
export const EntriesFound = z.strictObject({
  entries: z.array(Entry),
  next: z.int().nullable().describe("where to go on, for `before`"),
});

/** Answer of `audit.verify`. */
export const Verified = z.strictObject({
  ok: z.literal(true),
  entries: count,
  head: digest,
  segments: count,
  repaired_bytes: bytes,
  checkpoint: z.strictObject({ seq: count, ts: stamp }).nullable(),
  earlier_log: z.strictObject({ entries: count, ts: stamp }).nullable(),
  accepted: z
    .array(
      z.strictObject({
        seq: count,
        ts: stamp,
        problem: z.string().nullable(),
        kept: z.array(z.string()),
        up_to: count
          .describe("the last entry that a person accepted as it stood, where the fault stood between others")
          .optional(),
      }),
    )
    .describe(
      "where a person went on with a log that was not the one that was written: why, and what was set aside",
    ),
  journals: z.strictObject({ sealed: count, missing: z.array(z.string()) }),
});
