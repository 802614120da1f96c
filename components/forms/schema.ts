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
  /** Texts, one a line. */
  | "items"
  /** A list of things with parts. */
  | "rows"
  /** Values by names that whoever fills it in gives. */
  | "map"
  /** A thing with parts. */
  | "parts"
  | "yaml";

/** One key of an action's input, as a form shows it. */
export interface FieldSpec {
  key: string;
  /** The key of what it is a part of. */
  of?: string;
  kind: FieldKind;
  options: string[];
  hint?: string;
  /** A value that it may have, as it is typed; of a map the name that stands before it. */
  example?: string;
  exampleName?: string;
  /** What holds where nothing is filled in. */
  unset?: string;
  /** It can't be left out. */
  isNeeded?: boolean;
  /** What it consists of: the parts of it, or of each row. */
  parts?: FieldSpec[];
  /** What each value of a map is. */
  value?: FieldSpec;
}

/** A JSON Schema, as far as forms read it. */
export interface FormSchema {
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  items?: FormSchema;
  anyOf?: FormSchema[];
  description?: string;
  examples?: unknown[];
  default?: unknown;
  properties?: Record<string, FormSchema>;
  required?: string[];
  additionalProperties?: boolean | FormSchema;
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
const longTexts = new Set(["description", "text", "ask"]);

/** The fields of an input's schema, in its order. */
export function fieldsOf(schema: FormSchema, without: ReadonlySet<string> = new Set()): FieldSpec[] {
  return Object.entries(schema.properties ?? {})
    .filter(([key]) => !without.has(key))
    .map(([key, at]) => specOf(key, at, schema.required?.includes(key) ?? false));
}

function specOf(key: string, at: FormSchema, isNeeded = false): FieldSpec {
  const kind = kindOf(key, at);
  const inside = kind === "rows" ? at.items : at;
  const [example] = (at.examples ?? []) as Json[];
  return {
    key,
    kind,
    options: (at.enum ?? (at.const === undefined ? [] : [at.const])).map(String),
    ...(at.description === undefined ? {} : { hint: at.description }),
    ...(example === undefined ? {} : { example: writeExample(kind, example) }),
    ...(at.default === undefined ? {} : { unset: String(at.default) }),
    ...(isNeeded ? { isNeeded } : {}),
    ...(kind === "rows" || kind === "parts" ? { parts: partsOf(key, inside ?? {}) } : {}),
    ...(kind === "map" ? ofMap(at.additionalProperties as FormSchema, example) : {}),
  };
}

const partsOf = (of: string, schema: FormSchema): FieldSpec[] =>
  fieldsOf(schema).map((spec) => ({ ...inRow(spec), of }));

/** What the rows of a map are: a name, of which the schema gives an example, and a value. */
function ofMap(value: FormSchema, example: Json | undefined): Pick<FieldSpec, "value" | "exampleName"> {
  const isMap = typeof example === "object" && example !== null && !Array.isArray(example);
  const [first] = isMap ? Object.entries(example) : [];
  const spec = inRow(specOf("value", value));
  return first
    ? { value: { ...spec, example: writeExample(spec.kind, first[1]) }, exampleName: first[0] }
    : { value: spec };
}

/** An example takes one line. */
function writeExample(kind: FieldKind, value: Json): string {
  if (["rows", "map", "parts", "yaml"].includes(kind))
    return stringify(value, { collectionStyle: "flow", lineWidth: 0 }).trimEnd();
  return writeField(kind, value).replaceAll("\n", ", ");
}

/** A text in a row may hold commas: such lists are written one a line. */
const inRow = (spec: FieldSpec): FieldSpec => (spec.kind === "list" ? { ...spec, kind: "items" } : spec);

const isCommand = ({ anyOf = [] }: FormSchema) =>
  anyOf.length === 2 && anyOf[0]?.items?.type === "string" && anyOf[1]?.type === "string";

function kindOf(key: string, at: FormSchema): FieldKind {
  if (isCommand(at) || key === "command" || key === "synth_command") return "command";
  if (at.enum || at.const !== undefined) return "choice";
  if (at.type === "string") return longTexts.has(key) ? "lines" : "text";
  if (at.type === "integer" || at.type === "number") return "number";
  if (at.type === "boolean") return "truth";
  if (at.type === "array" && at.items?.type === "string") return nodeLists.has(key) ? "nodes" : "list";
  if (at.type === "array" && at.items?.properties) return "rows";
  if (at.type === "object" && at.properties) return "parts";
  if (at.type === "object" && typeof at.additionalProperties === "object") return "map";
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
    case "items":
      return (value as string[]).join("\n");
    case "list":
      return (value as string[]).join(", ");
    case "rows":
    case "map":
    case "parts":
    case "yaml":
      return writeYaml(value);
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
    case "items":
      return { value: text.split("\n").flatMap((item) => item.trim() || []) };
    case "list":
      return { value: text.split(",").flatMap((item) => item.trim() || []) };
    case "rows":
    case "map":
    case "parts":
    case "yaml":
      return readYaml(text);
    default:
      return { value: text };
  }
}

/** Whether two texts of a field stand for the same value, however they are written; what can't be read is only itself. */
export function isSameField(kind: FieldKind, one: string, other: string): boolean {
  if (one === other) return true;
  const [a, b] = [readField(kind, one), readField(kind, other)];
  return "value" in a && "value" in b && isSame(a.value, b.value);
}

function isSame(one: Json | undefined, other: Json | undefined): boolean {
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null)
    return one === other;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const [a, b] = [one as Record<string, Json>, other as Record<string, Json>];
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && isSame(a[key], b[key]));
}

/** A value as YAML; nothing where it holds nothing. */
export function writeYaml(value: Json): string {
  const isEmpty = typeof value === "object" && value !== null && Object.keys(value).length === 0;
  return isEmpty ? "" : stringify(value).trimEnd();
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
