import { z } from "zod";
import type { Json } from "../../core/json";
import { answers, parts } from "../../core/views/answers";
import type { View, ViewName } from "../../core/views/view";

type Map = { [key: string]: Json };
/** The name of a schema that answers are made of. */
export type PartName = keyof typeof parts;

const known = Object.entries(parts) as [PartName, z.ZodType][];

/** Refers to a schema of the document. */
export const partRef = (name: PartName): Map => ({ $ref: `#/components/schemas/${name}` });

/** Refers to the schema of what a view answers with. */
export function answerRef({ name }: View): Map {
  const schema = answers[name as ViewName] as z.ZodType;
  const part = known.find(([, one]) => one === schema);
  if (!part) throw new Error(`the answer of '${name}' has no name among the parts`);
  return partRef(part[0]);
}

/** The schemas that answers are made of. They are left open: a later version may tell more. */
export function partSchemas(): Map {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of known) registry.add(schema, { id });
  const uri = (id: string) => `#/components/schemas/${id}`;
  const { schemas } = z.toJSONSchema(registry, { uri, io: "output" });
  return JSON.parse(JSON.stringify(schemas), (key, value: unknown) =>
    isNoise(key, value) ? undefined : value,
  );
}

/** What says nothing to a reader, and what would shut out keys of later versions. */
function isNoise(key: string, value: unknown): boolean {
  if (key === "$schema" || key === "$id") return true;
  if (key === "additionalProperties") return value === false;
  return (key === "minimum" || key === "maximum") && Math.abs(Number(value)) === Number.MAX_SAFE_INTEGER;
}
