import { z } from "zod";
import type { Conversation } from "../../../runtime/chat-history";
import type { ChatRecord } from "../../../runtime/chat-ports";
import type { Preview } from "../../../runtime/chat-preview";
import type { Expected } from "../../engine/forecast";
import { AnyJson } from "../../sequence/schema";
import { Deed } from "./done";
import { Diff } from "./sequence";
import { count, digest, span, stamp, tells } from "./tells";

const text = z.string();
const texts = z.array(text);

/** The chat's conversations, and who answers in them. */
export const Chat = z.strictObject({
  provider: text.nullable(),
  model: text.nullable(),
  problem: text.nullable().describe("why nobody answers"),
  hint: text.nullable(),
  conversations: z.array(
    tells<Conversation>()(
      z.strictObject({
        id: text,
        title: text,
        opened: stamp,
        last: stamp,
        asked: count.describe("how many questions it holds"),
        answering: z.boolean(),
      }),
    ),
  ),
});

/** One conversation. */
export const ConversationShown = z.strictObject({
  id: text,
  records: z.array(
    tells<ChatRecord>()(
      z.strictObject({
        n: z.int().min(1),
        ts: stamp,
        type: z.enum(["opened", "renamed", "asked", "message", "actions", "diff", "done", "error"]),
        data: z.record(text, AnyJson),
      }),
    ),
  ),
  answering: z.boolean(),
});

/** What became of a conversation that was managed. */
export const ConversationManaged = z.union([
  z.strictObject({ id: text, canceled: z.boolean() }),
  z.strictObject({ id: text, title: text }),
  z.strictObject({ id: text, removed: z.literal(true) }),
]);

/** What carrying out a proposal of the chat did. */
export const Applied = z.strictObject({ ...Deed.shape, proposal: text });

const expected = tells<Expected>()(
  z.strictObject({
    ms: span.nullable(),
    cost_usd: z.number().nullable(),
    attempts: count,
    by_agent: texts,
    without_history: texts,
  }),
);

/** What a proposal of the chat would come to now. */
export const Previewed = tells<Preview>()(
  z.strictObject({
    proposal: text,
    base: digest,
    unified: text.describe("the change of the file, as a unified diff"),
    changes: Diff,
    verdict: z.strictObject({
      mode: z.enum(["SAFE", "POWER"]),
      ask: z.literal([0, 1, 2]).describe("how often a person is asked"),
      why: text,
    }),
    forecast: z.strictObject({
      steps: count,
      agents: count,
      gates: count,
      starts: texts,
      bare: texts.describe("steps that have nothing to run"),
      expected: expected.nullable(),
    }),
    unrunnable: z
      .strictObject({ message: text, hint: text.nullable() })
      .nullable()
      .describe("why the sequence could not be run right behind it"),
    moved: texts.nullable().describe("what changed since it was made"),
    standing: text.nullable().describe("the same in words, and whether it would do something else by now"),
  }),
);
