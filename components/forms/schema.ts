import { parse, stringify } from "yaml";
import type { Json } from "../../lib/core/json";
import { readCommand, writeCommand } from "./words";

/** How a value is filled in. */
export type FieldKind =
  | "text"
  | "lines"
  | "choice"
  | "number"
  | "truth"
  | "command"
  | "nodes"
  | "list"
  | "yaml";

/** One key of an action's input, as a form shows it. */
export interface FieldSpec {
  key: string;
  kind: FieldKind;
  options: string[];
  hint?: string;
}

/** A JSON Schema, as far as forms read it. */
export interface FormSchema {
  properties?: Record<
    string,
    { type?: string; enum?: unknown[]; items?: { type?: string }; description?: string }
  >;
}

const nodeLists = new Set([
  "depends_on",
  "shows",
  "ids",
  "candidates",
  "fusion_candidates",
  "on_success",
  "on_failure",
  "finally",
]);
const longTexts = new Set(["description", "text"]);

/** The fields of an input's schema, in its order. */
export function fieldsOf(schema: FormSchema, without: ReadonlySet<string> = new Set()): FieldSpec[] {
  return Object.entries(schema.properties ?? {})
    .filter(([key]) => !without.has(key))
    .map(([key, at]) => ({
      key,
      kind: kindOf(key, at),
      options: (at.enum ?? []).map(String),
      ...(at.description === undefined ? {} : { hint: at.description }),
    }));
}

function kindOf(key: string, at: NonNullable<FormSchema["properties"]>[string]): FieldKind {
  if (key === "command" || key === "synth_command") return "command";
  if (at.enum) return "choice";
  if (at.type === "string") return longTexts.has(key) ? "lines" : "text";
  if (at.type === "integer" || at.type === "number") return "number";
  if (at.type === "boolean") return "truth";
  if (at.type === "array" && at.items?.type === "string") return nodeLists.has(key) ? "nodes" : "list";
  return "yaml";
}

/** What was read from a field: a value, nothing (the key is left out), or what is wrong. */
type FieldValue = { value: Json | undefined } | { fault: string };

/** A value as a text to be edited. Lists of nodes are kept as their ids, one a line. */
export function writeField(kind: FieldKind, value: Json | undefined): string {
  if (value === undefined || value === null) return "";
  switch (kind) {
    case "command":
      return writeCommand(value as string | string[]);
    case "nodes":
      return (value as string[]).join("\n");
    case "list":
      return (value as string[]).join(", ");
    case "yaml":
      return stringify(value).trimEnd();
    default:
      return String(value);
  }
}

/** The value that a text stands for. */
export function readField(kind: FieldKind, text: string): FieldValue {
  if (text.trim() === "") return { value: undefined };
  switch (kind) {
    case "command": {
      const command = readCommand(text);
      return command === undefined
        ? { fault: "A quote is left open, or the list is not whole." }
        : { value: command };
    }
    case "number":
      return Number.isFinite(Number(text)) ? { value: Number(text) } : { fault: "A number is expected." };
    case "truth":
      return { value: text === "true" };
    case "nodes":
      return { value: text.split("\n") };
    case "list":
      return { value: text.split(",").flatMap((item) => item.trim() || []) };
    case "yaml":
      return readYaml(text);
    default:
      return { value: text };
  }
}

function readYaml(text: string): FieldValue {
  try {
    return { value: parse(text, { maxAliasCount: 0 }) as Json };
  } catch (error) {
    return {
      fault: error instanceof Error ? (error.message.split("\n")[0] ?? "It is no YAML.") : String(error),
    };
  }
}
