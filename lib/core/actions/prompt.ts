import { z } from "zod";
import { defineAction } from "./action";

const maxChars = 256 * 1024;

export const promptEdit = defineAction({
  name: "prompt.edit",
  title: "Write the prompt of an agent's step",
  risk: "edit",
  input: z.strictObject({
    id: z.string().describe("id of the step"),
    text: z.string().max(maxChars).describe("the whole prompt, in Markdown"),
    base: z
      .string()
      .optional()
      .describe(
        "SHA-256 of the prompt that it was made from, empty where there was none; refused where another stands by now",
      ),
  }),
  positional: ["id"],
  summary: ({ id, text }) => `write the prompt of step ${id} (${text.length} characters)`,
  target: ({ id }) => id,
  effect: { kind: "prompt", edit: (input) => input },
});
