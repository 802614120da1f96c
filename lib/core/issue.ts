import { countOf } from "./count";

/** What a schema has against a value, as far as it is said here. */
export interface SchemaIssue {
  message: string;
  path?: readonly PropertyKey[];
  code?: string | undefined;
  /** Keys that the schema does not know. */
  keys?: readonly string[];
  /** What each form that was possible has against it. */
  errors?: readonly (readonly SchemaIssue[])[];
  /** What is wrong with a key of its own choosing. */
  issues?: readonly SchemaIssue[];
}

/** What a schema's types are called. */
const kinds: Record<string, string> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  bigint: "a whole number",
  boolean: "true or false",
  array: "a list",
  tuple: "a list",
  object: "a map of keys and values",
  record: "a map of keys and values",
  map: "a map of keys and values",
  null: "nothing",
  undefined: "nothing",
};
const kindOf = (name: string) => kinds[name] ?? name;

/** Says what a schema has against a value in this project's words: what the value must be. */
export function saidOf(issue: SchemaIssue | undefined): string {
  if (issue === undefined) return "is not valid";
  const { message } = issue;
  if (isMissing(issue)) return "is missing";
  if (issue.code === "invalid_key" && issue.issues?.[0]) return saidOf(issue.issues[0]);
  if (issue.keys && message.startsWith("Unrecognized key"))
    return `takes no ${issue.keys.map(quoted).join(", ")}`;
  const type = /^Invalid input: expected (\w+), received (-?\w+)$/.exec(message);
  if (type) return typeText([type[1] ?? ""], type[2] ?? "");
  const only = /^Invalid input: expected (.+)$/s.exec(message)?.[1];
  if (only !== undefined) return `must be ${only}`;
  const bound = /^Too (?:small|big): expected (\w+) to (?:be|have) (exactly |>=|<=|>|<)(-?[\d.e+]+)/.exec(
    message,
  );
  if (bound) return boundText(bound[1] ?? "", bound[2] ?? "", Number(bound[3]));
  const options = /^Invalid option: expected one of (.*)$/s.exec(message)?.[1];
  if (options !== undefined) return `must be one of ${options.replaceAll('"', "").split("|").join(", ")}`;
  const format = /^Invalid (?:string|number): (must .*)$/s.exec(message)?.[1];
  if (format !== undefined) return format;
  const named = /^Invalid (?!input|value|key|discriminator)(.+)$/s.exec(message)?.[1];
  if (named !== undefined) return `is no valid ${named}`;
  if (message === "Invalid input" || message.startsWith("Invalid "))
    return formsText(issue) ?? "is not valid";
  return message;
}

/** Whether it is said of a value that is not there at all. */
export function isMissing({ message }: SchemaIssue): boolean {
  return message.startsWith("Invalid input: expected") && message.endsWith("received undefined");
}

/** The place of an issue within a value that is `skip` keys deep, for people: `limit`, or `number 2, ask`. */
export function placeOf({ path = [] }: SchemaIssue, skip = 0): string {
  return path.slice(skip).map(sayPart).join(", ");
}

/** Names that whoever wrote it chose are quoted. */
function sayPart(part: PropertyKey): string {
  if (typeof part === "number") return `number ${part + 1}`;
  return /^[a-z_]+$/.test(String(part)) ? String(part) : quoted(String(part));
}

/** Place and fault of an issue within a value that is `skip` keys deep: `limit: must be a number, not a text`. */
export function saidAt(issue: SchemaIssue, skip = 0): string {
  const place = placeOf(issue, skip);
  const said = saidOf(issue);
  return place === "" ? said : `${place}: ${said}`;
}

function typeText(expected: readonly string[], received: string): string {
  const wanted = [...new Set(expected.map(kindOf))];
  const last = wanted.at(-1) ?? "";
  const all = wanted.length === 1 ? last : `${wanted.slice(0, -1).join(", ")} or ${last}`;
  // A fraction where a whole number is wanted: to say "not a number" would be wrong.
  const isNumber = received === "number" && expected.every((name) => ["int", "bigint"].includes(name));
  return `must be ${all}${isNumber ? "" : `, not ${kindOf(received)}`}`;
}

/** What is wanted of a value that may have several forms, and has none of them. */
function formsText({ errors = [] }: SchemaIssue): string | undefined {
  const firsts = errors.flatMap((each) => each.slice(0, 1));
  const types = firsts.map(({ message, path = [] }) =>
    path.length === 0 ? /^Invalid input: expected (\w+), received (-?\w+)$/.exec(message) : null,
  );
  const deeper = firsts.find((_, at) => types[at] === null);
  // One form has the right type, and something against what is in it.
  if (deeper) return saidAt(deeper);
  const received = types[0]?.[2];
  return received === undefined
    ? undefined
    : typeText(
        types.flatMap((type) => type?.[1] ?? []),
        received,
      );
}

function boundText(what: string, sign: string, limit: number): string {
  const units: Record<string, string> = { array: "item", string: "character", map: "entry", set: "item" };
  const unit = units[what];
  if (unit !== undefined && sign === ">=" && limit === 1) return "must not be empty";
  const words = {
    ">=": "at least",
    "<=": "at most",
    ">": "more than",
    "<": "less than",
    "exactly ": "exactly",
  }[sign];
  if (unit === undefined) return `must be ${words} ${limit}`;
  return `must have ${words} ${countOf(limit, unit)}`;
}

const quoted = (key: string) => `'${key}'`;
