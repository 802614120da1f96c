import { z } from "zod";
import { ok } from "../result";
import { SequenceFile } from "../sequence/schema";
import { Base, defineAction } from "./action";

const { name, metadata, policy, defaults, params } = SequenceFile.shape;
const settable = z.enum(["metadata", "policy", "defaults", "params"]);

export const sequenceEdit = defineAction({
  name: "sequence.edit",
  title: "Change what holds for the whole sequence: its name, defaults, parameters and rules",
  risk: "edit",
  input: z.strictObject({
    name: name.optional(),
    metadata,
    policy,
    defaults,
    params,
    unset: z.array(settable).optional().describe("keys to remove from the sequence"),
    base: Base,
  }),
  summary: ({ unset, base: _, ...keys }) => {
    const given = Object.entries(keys).flatMap(([key, value]) => (value === undefined ? [] : [key]));
    const changed = [...given, ...(unset ?? [])].join(", ");
    return changed === "" ? "leave the sequence as it is" : `change ${changed} of the sequence`;
  },
  effect: {
    kind: "edit",
    isAboutRules: true,
    bases: ({ base }) => [base],
    apply: (sequence, { unset, base: _, ...keys }) => {
      const given = Object.entries(keys).filter(([, value]) => value !== undefined);
      const changed = { ...sequence, ...Object.fromEntries(given) };
      for (const key of unset ?? []) delete changed[key];
      return ok(changed);
    },
  },
});
