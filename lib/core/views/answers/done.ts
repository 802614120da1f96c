import { z } from "zod";
import type { AgentInfo } from "../../../runtime/agent-ports";
import type { Done } from "../../../runtime/passage";
import { AnyJson } from "../../sequence/schema";
import type { TemplateDoc, TemplateRow } from "../template";
import { Start } from "./status";
import { count, digest, tells } from "./tells";

const text = z.string();

/** What a call did, or would do. */
export const Deed = tells<Done>()(
  z.strictObject({
    action: text,
    summary: text,
    changed: z.boolean(),
    before: digest.optional().describe("of the definition before"),
    after: digest.optional().describe("of the definition after"),
    made: z.array(text).optional().describe("steps and gates that came with it"),
    run: text.optional().describe("id of the run it speaks to"),
    pursued: z.array(text).nullable().optional().describe("steps to wait for; null for everything"),
    audit: count.optional().describe("number of the audit entry"),
    starts_nothing: z.literal(true).optional().describe("what it asks for was under way or waiting already"),
    note: text.optional(),
    voids: z.array(text).optional().describe("gates whose approval does not hold on what it leaves"),
    starts: z.array(Start).optional().describe("of a dry run: the steps that it would start"),
    follows: z.array(Start).optional().describe("of a dry run: what goes on by itself once that is done"),
    asks: z
      .strictObject({ times: z.union([z.literal(1), z.literal(2)]), why: text })
      .optional()
      .describe("of a dry run: how often a person would be asked first, and why"),
    warnings: z.array(text),
  }),
);

const agent = tells<AgentInfo>()(
  z.strictObject({
    name: text,
    source: z.enum(["built-in", "agents.yaml"]),
    executable: text,
    path: text.nullable(),
    version: text.nullable(),
    ready: z.boolean(),
    problem: text.nullable(),
    resumes: z.boolean().describe("whether it can go on with a session"),
  }),
);

/** Answer of `agents.list`. */
export const Agents = z.strictObject({ agents: z.array(agent) });

const row = tells<TemplateRow>()(
  z.strictObject({
    type: text,
    title: text,
    own: z.boolean(),
    problem: text.nullable().describe("why it can't be used"),
  }),
);

/** Answer of `template.list`. */
export const Templates = z.strictObject({ templates: z.array(row) });

/** Answer of `template.show`. */
export const TemplateShown = tells<TemplateDoc>()(
  z.strictObject({
    ...row.shape,
    params: AnyJson.describe("JSON Schema of the parameters"),
    example: text.nullable().describe("YAML of what it makes of their defaults"),
  }),
);
