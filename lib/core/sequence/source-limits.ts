import type { Failure } from "../failure";

/** Depth of lists and maps within each other that a file may have. */
export const MAX_DEPTH = 64;
/** Keys and values that a file may have. */
export const MAX_NODES = 500_000;
const MAX_LINES = 500_000;
/** Keys that would reach into JavaScript's own objects. */
export const RESERVED_KEYS: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/** The refusal of a file whose lists and maps nest too deep. */
export function tooDeep(file: string): Failure {
  const problem = `it nests lists and maps more than ${MAX_DEPTH} deep`;
  return { code: "sequence.too_large", file, problem, limit: `${MAX_DEPTH} levels` };
}

/** The refusal of a file that holds too many keys and values. */
export function tooMany(file: string): Failure {
  const limit = `${MAX_NODES.toLocaleString("en-US")} keys and values`;
  return { code: "sequence.too_large", file, problem: `it holds more than ${limit}`, limit };
}

/** Says whether a text has more lines than a file may have, blank ones and comments included. */
export function hasTooManyLines(text: string): boolean {
  if (text.length <= MAX_LINES) return false;
  let lines = 0;
  for (let at = text.indexOf("\n"); at !== -1 && lines <= MAX_LINES; at = text.indexOf("\n", at + 1)) lines++;
  return lines > MAX_LINES;
}

/** The refusal of a file that has too many lines. */
export function tooManyLines(file: string): Failure {
  const limit = `${MAX_LINES.toLocaleString("en-US")} lines`;
  return { code: "sequence.too_large", file, problem: `it has more than ${limit}`, limit };
}

/** The refusal of YAML that a sequence file may not use. */
export function forbidden(problem: string, hint: string): Failure {
  return { code: "sequence.forbidden", problem, hint };
}

/** The refusal of what is no YAML. */
export function syntax(problem: string): Failure {
  return { code: "sequence.syntax", problem };
}
