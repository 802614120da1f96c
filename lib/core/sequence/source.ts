import type { Json } from "../json";
import { ok, type Result } from "../result";
import { documentTree } from "./source-document";
import { readDocument, readFull } from "./source-full";
import { type Locator, locatorOf } from "./source-locate";
import { readPlain, readPlainTree } from "./source-plain";

export { decodeSource } from "./source-decode";
export { locate, locatorOf } from "./source-locate";
export { rewriteSource } from "./source-rewrite";

/** Parses strictly to a plain value: the plain reader where it can (about 1 ms for 200 steps), else the full one. */
export function readSource(text: string, file: string): Result<Json> {
  const value = readPlain(text);
  return value === undefined ? readFull(text, file) : ok(value);
}

/** Parses as `readSource` does; the places of what it holds are found without parsing again. */
export function readLocated(text: string, file: string): Result<{ value: Json; locate: Locator }> {
  const plain = readPlainTree(text);
  if (plain) return ok({ value: plain.value, locate: locatorOf(text, file, () => plain) });
  const read = readDocument(text, file);
  if (!read.ok) return read;
  const { value, doc } = read.value;
  return ok({ value, locate: locatorOf(text, file, () => documentTree(doc, text)) });
}
