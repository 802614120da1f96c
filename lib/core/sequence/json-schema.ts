import { z } from "zod";
import type { Json } from "../json";
import { PolicyFile } from "../policy/policy";
import { SequenceFile } from "./schema";

/** The files there is a JSON Schema of. */
export const schemaNames = ["sequence", "policy"] as const;

const files = {
  sequence: { schema: SequenceFile, title: "ThreadOS sequence (.threados/sequence.yaml)" },
  policy: { schema: PolicyFile, title: "ThreadOS policy (.threados/policy.yaml)" },
};

/** The JSON Schema of a file as people write it, for editors. */
export function jsonSchema(name: (typeof schemaNames)[number]): Json {
  const { schema, title } = files[name];
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: "input" }) as { [key: string]: Json };
  return { ...($schema === undefined ? {} : { $schema }), title, ...rest };
}

/** JSON as it stands in the published files: what fits on a line stands on one. */
export function layOut(value: Json, indent = ""): string {
  const flat = JSON.stringify(value, null, 1).replace(/\n */g, " ");
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const line = flat.replace(/^\[ /, "[").replace(/ \]$/, "]");
    if (value.every((item) => item === null || typeof item !== "object") && indent.length + line.length < 90)
      return line;
    return `[\n${value.map((item) => `${inner}${layOut(item, inner)}`).join(",\n")}\n${indent}]`;
  }
  if (value === null || typeof value !== "object" || Object.keys(value).length === 0) return flat;
  const members = Object.entries(value).map(
    ([key, item]) => `${inner}${JSON.stringify(key)}: ${layOut(item, inner)}`,
  );
  return `{\n${members.join(",\n")}\n${indent}}`;
}
