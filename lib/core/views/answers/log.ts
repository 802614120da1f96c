import { z } from "zod";
import type { LogLines } from "../../../runtime/log-lines";
import type { LogMatches } from "../../../runtime/log-search";
import { bytes, count, tells } from "./tells";

const text = z.string();
const piece = {
  size: bytes.describe("bytes of the whole file"),
  from: count.describe("first byte of the piece"),
  bytes: bytes.describe("how far the piece reaches, in bytes"),
  text: text.describe("the piece, secrets left out"),
};
const whose = { run: text, step: text, attempt: count };

/** Answer of `logs`. */
export const Log = z.strictObject({
  ...whose,
  name: text,
  ...piece,
  stream: z.enum(["stdout", "stderr"]),
  ran_as: z.array(text).optional().describe("steps that it went on as; what it printed is theirs"),
  stderr: z.strictObject(piece).optional().describe("where no one stream was asked for"),
});

const part = {
  ...whose,
  stream: text,
  size: bytes.describe("bytes of the whole file"),
  from: count,
  bytes: bytes.describe("bytes that were looked at"),
  lines: count,
};

/** Answer of `logs.lines`. */
export const Lines = tells<LogLines>()(
  z.strictObject({
    ...part,
    ended: z.boolean().describe("whether the last of them ends a line"),
    marks: z.array(z.tuple([count, count])).describe("[lines before it, first byte] of some lines"),
  }),
);

/** Answer of `logs.search`. */
export const Matches = tells<LogMatches>()(
  z.strictObject({
    ...part,
    matches: z.array(z.tuple([count, count, count])).describe("[line from 0, column, length]"),
    capped: z.boolean().describe("it ended early, as so much was found: ask again from there"),
    problem: text.nullable().describe("what is wrong with the pattern"),
  }),
);

/** Answer of `artifacts`. */
export const Artifacts = z.strictObject({
  ...whose,
  files: z.array(z.strictObject({ name: text, size: bytes })),
});

/** Answer of `artifact`. */
export const Artifact = z.strictObject({ ...whose, name: text, ...piece });
