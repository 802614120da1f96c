import { z } from "zod";
import { countOf } from "../count";
import { defineAction } from "./action";

const maxChars = 8 * 1024 * 1024;

export const sequenceWrite = defineAction({
  name: "sequence.write",
  title: "Write the whole text of the sequence",
  risk: "edit",
  input: z.strictObject({
    text: z.string().max(maxChars).describe("the whole of sequence.yaml, comments and all"),
    base: z
      .string()
      .optional()
      .describe("digest of the revision that the text was made from; refused where another stands by now"),
  }),
  positional: ["text"],
  summary: ({ text }) =>
    `replace the whole text of the sequence (${countOf(text.split("\n").length, "line")})`,
  effect: { kind: "text", write: (input) => input },
});
