import { z } from "zod";
import { gateEdit } from "../../lib/core/actions/gate-edit";
import { sequenceEdit } from "../../lib/core/actions/sequence-edit";
import { stepEdit } from "../../lib/core/actions/step";
import { type FormSchema, fieldsOf } from "./schema";

const notAsked = new Set(["id", "unset", "base"]);
const schemaOf = (input: z.ZodType) => z.toJSONSchema(input, { io: "input" }) as FormSchema;

/** What can be set of a step, a gate and the whole sequence, and by which action. */
export const settings = {
  step: { action: stepEdit, fields: fieldsOf(schemaOf(stepEdit.input), notAsked) },
  gate: { action: gateEdit, fields: fieldsOf(schemaOf(gateEdit.input), notAsked) },
  sequence: { action: sequenceEdit, fields: fieldsOf(schemaOf(sequenceEdit.input), notAsked) },
} as const;
