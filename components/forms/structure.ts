import type { Json } from "../../lib/core/json";
import { type FieldSpec, readField } from "./schema";

/** A value with parts. */
export type Parts = { [key: string]: Json };

/** Whether a value can be filled in part by part: one of another shape is shown as the text that it is. */
export function fits({ kind, parts, value: of }: FieldSpec, value: Json | undefined): boolean {
  if (value === undefined || value === null) return true;
  const isParts = (each: Json): each is Parts =>
    typeof each === "object" && each !== null && !Array.isArray(each);
  const fitsParts = (each: Json) =>
    isParts(each) &&
    Object.entries(each).every(([key, inner]) => {
      const part = parts?.find((one) => one.key === key);
      return part !== undefined && fits(part, inner);
    });
  switch (kind) {
    case "rows":
      return Array.isArray(value) && value.every(fitsParts);
    case "parts":
      return fitsParts(value);
    case "map":
      return isParts(value) && Object.values(value).every((each) => of !== undefined && fits(of, each));
    case "items":
    case "list":
    case "nodes":
      return Array.isArray(value) && value.every((each) => typeof each === "string");
    case "command":
      return typeof value === "string" || Array.isArray(value);
    case "yaml":
      return true;
    default:
      return typeof value !== "object";
  }
}

/** The parts that are asked for: the options only of a choice, or where they stand all the same. */
export function askedParts(all: readonly FieldSpec[], parts: Parts): readonly FieldSpec[] {
  const isAsked = parts.options !== undefined || parts.type === "choice" || !hasOptions(all);
  return isAsked ? all : all.filter(({ key }) => key !== "options");
}

/** Whether a choice is one of the types, and says what it is one of. */
const hasOptions = (all: readonly FieldSpec[]) =>
  all.some(({ key }) => key === "options") &&
  all.some(({ key, options }) => key === "type" && options.includes("choice"));

/** The same parts with one set to a value, or left out, in the order of the schema. */
export function withPart(
  all: readonly FieldSpec[],
  parts: Parts,
  key: string,
  value: Json | undefined,
): Parts {
  const next = { ...parts, ...(value === undefined ? {} : { [key]: value }) };
  if (value === undefined) delete next[key];
  // What was chosen from goes with the choice.
  if (key === "type" && value !== "choice" && hasOptions(all)) delete next.options;
  const order = (name: string) => all.findIndex((each) => each.key === name);
  return Object.fromEntries(Object.entries(next).sort(([a], [b]) => order(a) - order(b)));
}

/** What was typed as a value; what makes no sense stays the text that it is, for the action's own schema to refuse. */
export function valueFrom({ kind }: FieldSpec, text: string): Json | undefined {
  const read = readField(kind, text);
  return "fault" in read ? text : read.value;
}

/** What one of several is called: of questions, a question. */
export const oneOf = (key: string) =>
  (key.endsWith("s") && key.length > 3 ? key.slice(0, -1) : key).replaceAll("_", " ");
