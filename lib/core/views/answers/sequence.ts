import { z } from "zod";
import type { ChangeDoc, HistoryDoc } from "../../../runtime/history";
import type { DiffDoc, Revision } from "../../../runtime/revisions";
import type { TextDoc } from "../../../runtime/text-doc";
import type { FieldChange, NodeChange, SequenceDiff } from "../../sequence/diff";
import { AnyJson, SequenceFile } from "../../sequence/schema";
import type { ProblemDoc } from "../problem";
import { count, digest, stamp, tells } from "./tells";

/** Answer of `sequence`. */
export const Definition = z.strictObject({ revision: digest, text: z.string(), sequence: SequenceFile });

/** Answer of `sequence.problems`. */
export const Problems = z.strictObject({
  problems: z.array(
    tells<ProblemDoc>()(
      z.strictObject({
        severity: z.enum(["error", "warning"]),
        code: z.string(),
        message: z.string(),
        hint: z.string().nullable(),
        node: z.string().nullable().describe("the step or gate that it is about"),
        file: z.string(),
        line: z.int().min(1).nullable(),
        column: z.int().min(1).nullable(),
        excerpt: z.string().nullable(),
      }),
    ),
  ),
});

const field = tells<FieldChange>()(z.strictObject({ field: z.string(), before: AnyJson, after: AnyJson }));

const node = tells<NodeChange>()(
  z.strictObject({
    kind: z.enum(["step", "gate"]),
    id: z.string(),
    change: z.enum(["added", "removed", "changed"]),
    fields: z.array(field),
  }),
);

/** What makes two sequences different. */
export const Diff = tells<SequenceDiff>()(
  z.strictObject({ fields: z.array(field), nodes: z.array(node), reordered: z.boolean() }),
);

const revision = tells<Revision>()(
  z.strictObject({
    digest,
    by: z
      .strictObject({
        seq: count,
        ts: stamp,
        actor: z.string(),
        action: z.string(),
        target: z.string().nullable(),
      })
      .nullable()
      .describe("the recorded change that brought it"),
  }),
);

/** Answer of `sequence.diff`. */
export const RevisionDiff = tells<DiffDoc>()(
  z.strictObject({
    from: revision,
    to: revision,
    skipped: digest.optional().describe("of the newer revision that was no valid sequence"),
    ...Diff.shape,
  }),
);

const fault = z.strictObject({
  code: z.string(),
  message: z.string(),
  hint: z.string().nullable(),
  line: count,
  column: count,
  length: count,
});

/** Answer of `sequence.text`. */
export const DefinitionText = tells<TextDoc>()(
  z.strictObject({
    revision: digest,
    text: z.string(),
    fault: fault.nullable().describe("what keeps it from being read; line and column count from 1"),
  }),
);

const done = tells<ChangeDoc>()(
  z.strictObject({
    change: z.string(),
    by: z.string(),
    proposal: z
      .string()
      .nullable()
      .describe("the proposal that it was, by its first id; null of any other change"),
  }),
);

/** Answer of `sequence.history`. */
export const History = tells<HistoryDoc>()(
  z.strictObject({
    undo: done.nullable().describe("null where there is nothing to undo"),
    redo: done.nullable().describe("null where there is nothing to do again"),
  }),
);

/** Answer of `prompt`. */
export const Prompt = z.strictObject({
  id: z.string(),
  path: z.string(),
  text: z.string().nullable().describe("null while there is none"),
  sha256: z.string().describe("of the text, hex; empty while there is none"),
});
