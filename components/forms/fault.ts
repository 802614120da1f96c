import { isMissing, placeOf, type SchemaIssue, saidOf } from "../../lib/core/issue";
import type { Json } from "../../lib/core/json";
import { oneOf } from "./structure";

/** What a schema has against what was filled in, as a sentence below the field, with an example of what it may be: `Question 2, ask must be a text, not a number.` */
export function faultSaid(issue: SchemaIssue, example?: string): string {
  const { path = [] } = issue;
  if (path.length <= 1 && isMissing(issue)) return "It is needed.";
  const place = placeOf(issue, 1).replace(/^number/, oneOf(String(path[0] ?? "")));
  const said = `${place === "" ? "it" : place} ${saidOf(issue)}`;
  const sentence = `${said.charAt(0).toUpperCase()}${said.slice(1)}${said.endsWith(".") ? "" : "."}`;
  return place === "" && example !== undefined ? `${sentence} For example: ${example}` : sentence;
}

/** What is wrong with a field: the place within it, as a sentence below the field, and as one beside that very part. */
export interface Fault {
  at: readonly string[];
  said: string;
  short: string;
}

/** A fault of the field as a whole. */
export const wholeFault = (said: string): Fault => ({ at: [], said, short: said });

/** What a schema has against a field, with its place within that. */
export function faultOf(issue: SchemaIssue, example?: string): Fault {
  const said = faultSaid(issue, example);
  // The name itself is wrong, and not what stands behind it.
  const at = issue.code === "invalid_key" ? [] : (issue.path ?? []).slice(1).map(String);
  return { at, said, short: at.length === 0 ? said : faultSaid({ ...issue, path: [] }) };
}

/** The faults that are in a part, seen from there. */
export const faultsAt = (faults: readonly Fault[], part: string | number): Fault[] =>
  faults.filter(({ at }) => at[0] === String(part)).map((fault) => ({ ...fault, at: fault.at.slice(1) }));

/** The faults that may still be there after a change: those of parts that are what they were, where they were. */
export function faultsLeft(
  faults: readonly Fault[],
  before: Json | undefined,
  after: Json | undefined,
): Fault[] {
  return faults.filter(({ at }) => {
    let [one, other]: (Json | undefined)[] = [before, after];
    for (const key of at) {
      if (Array.isArray(one) && Array.isArray(other) && one.length !== other.length) return false;
      [one, other] = [inside(one, key), inside(other, key)];
    }
    return JSON.stringify(one) === JSON.stringify(other);
  });
}

const inside = (value: Json | undefined, key: string): Json | undefined =>
  typeof value === "object" && value !== null ? (value as { [key: string]: Json })[key] : undefined;
