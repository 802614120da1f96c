import type { Failure } from "../failure";
import { MAX_DEPTH, MAX_NODES } from "./source-plain-cursor";

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

/** The refusal of YAML that a sequence file may not use. */
export function forbidden(problem: string, hint: string): Failure {
  return { code: "sequence.forbidden", problem, hint };
}

/** The refusal of what is no YAML. */
export function syntax(problem: string): Failure {
  return { code: "sequence.syntax", problem };
}
