import { z } from "zod";
import { defineAction } from "./action";

const Any = z.strictObject({
  any: z.boolean().optional().describe("also pass a change that somebody else made"),
});

export const undo = defineAction({
  name: "sequence.undo",
  title: "Undo the last change of the sequence",
  risk: "edit",
  input: Any,
  summary: () => "undo the last change",
  effect: { kind: "history", direction: "undo", any: (input) => input.any ?? false },
});

export const redo = defineAction({
  name: "sequence.redo",
  title: "Redo the change that was undone last",
  risk: "edit",
  input: Any,
  summary: () => "redo the change that was undone last",
  effect: { kind: "history", direction: "redo", any: (input) => input.any ?? false },
});
