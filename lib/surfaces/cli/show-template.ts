import type { TemplateDoc, TemplateRow } from "../../core/views/template";
import { safe } from "./paint";
import type { Answering } from "./say";
import { columnsOf } from "./table";

/** One line a template. */
export function templateList(rows: readonly TemplateRow[], { paint }: Answering): string {
  const lines = rows.map(({ type, title, own, problem }) => [
    paint(problem === null ? "bold" : "red", type),
    problem === null ? safe(title) : paint("red", safe(problem)),
    own ? paint("dim", `.threados/templates/${type}.yaml`) : "",
  ]);
  return `${columnsOf(lines)}\n\n${paint("dim", "  more: seqctl template show <type>; use it: seqctl template apply <type>")}\n`;
}

interface ParamSchema {
  type?: string;
  enum?: unknown[];
  anyOf?: ParamSchema[];
  default?: unknown;
  description?: string;
}

/** Title, parameters with their defaults, and what it makes of them. */
export function templateShow(doc: TemplateDoc, { paint }: Answering): string {
  const { properties = {}, required = [] } = doc.params as {
    properties?: Record<string, ParamSchema>;
    required?: string[];
  };
  const rows = Object.entries(properties).map(([name, schema]) => [
    `  ${paint("cyan", name)}`,
    kindOf(schema),
    fallback(schema, required.includes(name)),
    paint("dim", safe(schema.description ?? "")),
  ]);
  const head = `${paint("bold", doc.type)}  ${safe(doc.title)}\n`;
  const params = rows.length === 0 ? "  no parameters" : columnsOf(rows);
  const example = doc.example === null ? "" : `\n${safe(doc.example)}`;
  return `${head}\n${params}\n${example}`;
}

function kindOf(schema: ParamSchema): string {
  if (schema.enum) return schema.enum.join("|");
  if (schema.anyOf) return [...new Set(schema.anyOf.map(kindOf))].join("|");
  return schema.type ?? "any";
}

function fallback(schema: ParamSchema, required: boolean): string {
  if (schema.default !== undefined) return `= ${JSON.stringify(schema.default)}`;
  return required ? "needed" : "";
}
