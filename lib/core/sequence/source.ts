import type { Json } from "../json";
import { ok, type Result } from "../result";
import { readFull } from "./source-full";
import { readPlain } from "./source-plain";

export { decodeSource } from "./source-decode";
export { locate } from "./source-locate";
export { rewriteSource } from "./source-rewrite";

/** Parses strictly to a plain value: the plain reader where it can (about 1 ms for 200 steps), else the full one. */
export function readSource(text: string, file: string): Result<Json> {
  const value = readPlain(text);
  return value === undefined ? readFull(text, file) : ok(value);
}
