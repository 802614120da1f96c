import { z } from "zod";
import { saidOf } from "../issue";
import type { Json } from "../json";
import { nearest } from "../nearest";
import { err, ok, type Result } from "../result";
import { Gate, Step } from "../sequence/schema";
import { readSource } from "../sequence/source";
import type { Template } from "./template";

const Param = z.strictObject({
  type: z.enum(["string", "number", "boolean", "list"]).optional(),
  description: z.string().optional(),
  default: z.json().optional(),
  options: z.array(z.string()).min(1).optional(),
});
type Param = z.infer<typeof Param>;

const UserTemplate = z.strictObject({
  title: z.string().optional(),
  params: z.record(z.string().regex(/^[a-z][a-z0-9_]*$/, "is no name of a parameter"), Param).optional(),
  steps: z.array(z.record(z.string(), z.json())).optional(),
  gates: z.array(z.record(z.string(), z.json())).optional(),
});

const Nodes = z.strictObject({ steps: z.array(Step), gates: z.array(Gate) });

/** Reads a template of the user's own: nodes as in sequence.yaml, with `${name}` where a parameter goes. */
export function readTemplate(type: string, text: string, file: string): Result<Template<Values>> {
  const source = readSource(text, file);
  if (!source.ok) return source;
  const parsed = UserTemplate.safeParse(source.value);
  const invalid = (problem: string, hint?: string) =>
    err({ code: "template.invalid", file, problem, ...(hint === undefined ? {} : { hint }) });
  if (!parsed.success) return invalid(faultOf(parsed.error));
  const { title, params = {}, steps = [], gates = [] } = parsed.data;
  if ("id" in params) return invalid("`id` is given by whoever applies it and can't be a parameter");
  const nodes = { steps, gates } as Json;
  const fault = faultIn(nodes, [...Object.keys(params), "id"]);
  if (fault) return invalid(fault.problem, fault.hint);
  const generate = (id: string, values: Values) => {
    const filled = Nodes.safeParse(fill(nodes, { ...values, id }));
    if (!filled.success) throw new TemplateFault(faultOf(filled.error));
    return filled.data;
  };
  return ok({
    type,
    title: title ?? `Template of this workspace (${file})`,
    params: schemaOf(params),
    generate,
  });
}

/** What is wrong with the nodes once the values stand in them; only values can tell. */
export class TemplateFault extends Error {}

type Values = Record<string, Json>;

function faultOf(error: z.ZodError): string {
  const issue = error.issues[0];
  const where = issue?.path.join(".") ?? "";
  return `${where === "" ? "" : `${where}: `}${saidOf(issue)}`;
}

function schemaOf(params: Record<string, Param>): z.ZodType<Values> {
  const shape = Object.entries(params).map(([name, param]) => {
    let schema: z.ZodType = plainSchema(param);
    if (param.description !== undefined) schema = schema.describe(param.description);
    return [name, param.default === undefined ? schema : schema.default(param.default)] as const;
  });
  return z.strictObject(Object.fromEntries(shape)) as unknown as z.ZodType<Values>;
}

function plainSchema({ type, options }: Param): z.ZodType {
  if (options) return z.enum(options as [string, ...string[]]);
  switch (type) {
    case "number":
      return z.number();
    case "boolean":
      return z.boolean();
    case "list":
      return z.array(z.string());
    default:
      return z.string();
  }
}

// `$${name}` stands for the text `${name}`.
const placeholder = /(\$?)\$\{([^}]*)\}/g;

/** Placeholders that name nothing, and such as would be read by a shell. */
function faultIn(node: Json, known: readonly string[]): { problem: string; hint: string } | undefined {
  if (typeof node === "string") {
    for (const [, escaped, name = ""] of node.matchAll(placeholder)) {
      if (escaped || known.includes(name)) continue;
      const near = nearest(name, known);
      const hint = near
        ? `did you mean '${near}'?`
        : `declare it below params:, or write $\${${name}} for that text`;
      return { problem: `there is no parameter '${name}'`, hint };
    }
    return undefined;
  }
  if (Array.isArray(node)) return firstFault(node, known);
  if (node === null || typeof node !== "object") return undefined;
  if (typeof node.command === "string" && placesIn(node.command))
    return {
      problem: "a value can't be put into a line for the shell, which would read it as code",
      hint: `write the command as a list of words: ["npm", "test", "\${name}"]`,
    };
  return firstFault(Object.values(node), known);
}

function firstFault(nodes: readonly Json[], known: readonly string[]) {
  for (const node of nodes) {
    const fault = faultIn(node, known);
    if (fault) return fault;
  }
  return undefined;
}

function placesIn(text: string): boolean {
  return [...text.matchAll(placeholder)].some(([, escaped]) => !escaped);
}

/** Puts values where their names stand: within text as text, alone as what they are. Keys and the YAML itself are never touched. */
function fill(node: Json, values: Values): Json {
  if (typeof node === "string") {
    const alone = /^\$\{([^}]*)\}$/.exec(node)?.[1];
    if (alone !== undefined) return values[alone] ?? null;
    return node.replace(placeholder, (_, escaped, name) =>
      escaped ? `\${${name}}` : wordOf(values[name] ?? null),
    );
  }
  if (Array.isArray(node)) return node.map((item) => fill(item, values));
  if (node === null || typeof node !== "object") return node;
  return Object.fromEntries(Object.entries(node).map(([key, item]) => [key, fill(item, values)]));
}

function wordOf(value: Json): string {
  return typeof value === "string"
    ? value
    : Array.isArray(value)
      ? value.map(wordOf).join(",")
      : JSON.stringify(value);
}
