import { isMissing, placeOf, type SchemaIssue, saidOf } from "../../lib/core/issue";
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
