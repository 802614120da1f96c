import { countOf } from "./count";

/** Says what a schema has against a value in this project's words: what the value must be. */
export function saidOf(issue: { message: string } | undefined): string {
  const message = issue?.message.replace(/^Invalid input: /, "") ?? "is not valid";
  const bound = /^Too (?:small|big): expected (\w+) to (?:be|have) (>=|<=|>|<)(-?[\d.e+]+)/.exec(message);
  if (bound) return boundText(bound[1] ?? "", bound[2] ?? "", Number(bound[3]));
  const options = /^Invalid option: expected one of (.*)$/.exec(message)?.[1];
  if (options !== undefined) return `must be one of ${options.replaceAll('"', "").split("|").join(", ")}`;
  return message;
}

function boundText(what: string, sign: string, limit: number): string {
  const units: Record<string, string> = { array: "item", string: "character" };
  const unit = units[what];
  if (unit !== undefined && sign === ">=" && limit === 1) return "must not be empty";
  const words = { ">=": "at least", "<=": "at most", ">": "more than", "<": "less than" }[sign];
  if (unit === undefined) return `must be ${words} ${limit}`;
  return `must have ${words} ${countOf(limit, unit)}`;
}
