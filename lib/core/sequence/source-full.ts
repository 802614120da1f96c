import { type Document, isScalar, parseDocument } from "yaml";
import type { Failure } from "../failure";
import type { Json } from "../json";
import { err, ok, type Result } from "../result";
import { hasTooManyLines, tooManyLines } from "./source-limits";
import { placeAt } from "./source-place";
import { describeProblem } from "./source-problem";
import { scanSource } from "./source-scan";
import { documentValue } from "./source-value";

const options = {
  // Checked in source-value.ts in linear time; the library's own check is quadratic.
  uniqueKeys: false,
  prettyErrors: false,
  keepSourceTokens: true,
  version: "1.2",
  schema: "core",
  logLevel: "silent",
} as const;

const forbiddenCharacter = /[^\P{Cc}\t\n\r]|\r(?!\n)/u;

/** Reads any YAML text a sequence file may hold, or says what is wrong with it and where. */
export function readFull(text: string, file: string): Result<Json> {
  const read = readDocument(text, file);
  return read.ok ? ok(read.value.value) : read;
}

/** What `readFull` reads, with the document that it was read from. */
export function readDocument(text: string, file: string): Result<{ value: Json; doc: Document.Parsed }> {
  const parsed = parseSource(text, file);
  if (!parsed.ok) return parsed;
  const doc = parsed.value;
  const root = doc.contents;
  if (root === null || (isScalar(root) && root.value === null)) return err({ code: "sequence.empty", file });
  const value = documentValue(root, text, file);
  return value.ok ? ok({ value: value.value, doc }) : value;
}

/** The document of a text, once nothing in it can hurt and its syntax is right. */
export function parseSource(text: string, file: string): Result<Document.Parsed> {
  if (hasTooManyLines(text)) return err(tooManyLines(file));
  const failure = checkCharacters(text, file) ?? scanSource(text, file);
  if (failure) return err(failure);
  const doc = parseDocument(text, options);
  const problems = [...doc.errors, ...doc.warnings];
  return problems.length > 0 ? err(describeProblem(doc, problems, text, file)) : ok(doc);
}

function checkCharacters(text: string, file: string): Failure | undefined {
  const at = text.search(forbiddenCharacter);
  if (at === -1) return undefined;
  const code = text.charCodeAt(at).toString(16).padStart(2, "0");
  const remedy = code === "0d" ? "end lines with LF or CRLF" : `write it as "\\x${code}" in double quotes`;
  const problem = `the control character 0x${code} can't stand in YAML; ${remedy}`;
  return { code: "sequence.encoding", file, problem, place: placeAt(text, file, at) };
}
