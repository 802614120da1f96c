import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
  type YAMLMap,
} from "yaml";
import type { Failure } from "../failure";
import type { Json } from "../json";
import { err, ok, type Result } from "../result";
import { tooDeep, tooMany } from "./source-limits";
import { placeAt } from "./source-place";
import { readPlain } from "./source-plain";
import { MAX_DEPTH, MAX_NODES, RESERVED_KEYS } from "./source-plain-cursor";
import { describeProblem } from "./source-problem";
import { scanSource } from "./source-scan";

// Uniqueness of keys is checked here, in linear time; the library's own check is quadratic.
const options = {
  uniqueKeys: false,
  prettyErrors: false,
  version: "1.2",
  schema: "core",
  merge: false,
  logLevel: "silent",
} as const;
const forbiddenCharacter = /[^\P{Cc}\t\n\r]|\r(?!\n)/u;
const loneSurrogate = /\p{Surrogate}/u;

/** Reads any YAML text a sequence file may hold, or says what is wrong with it and where. */
export function readFull(text: string, file: string): Result<Json> {
  const parsed = parseSource(text, file);
  if (!parsed.ok) return parsed;
  const root = parsed.value.contents;
  if (root === null || (isScalar(root) && root.value === null)) return err({ code: "sequence.empty", file });
  const reading: Reading = { text, file, nodes: 0, failure: undefined };
  const value = toJson(root, 1, reading);
  return reading.failure ? err(reading.failure) : ok(value);
}

/** The document of a text, once nothing in it can hurt and its syntax is right. */
export function parseSource(text: string, file: string): Result<Document.Parsed> {
  // A text the plain reader understands holds nothing dangerous, and that one looks much faster.
  const isPlain = readPlain(text) !== undefined;
  const failure = isPlain ? undefined : (checkCharacters(text, file) ?? scanSource(text, file));
  if (failure) return err(failure);
  const doc = parseDocument(text, { ...options, keepSourceTokens: true });
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

interface Reading {
  text: string;
  file: string;
  nodes: number;
  failure: Failure | undefined;
}

function toJson(node: Node | null, depth: number, reading: Reading): Json {
  if (reading.failure) return null;
  reading.nodes++;
  if (reading.nodes > MAX_NODES) return fail(reading, node, tooMany(reading.file));
  if (isScalar(node)) return scalarToJson(node, reading);
  if (depth > MAX_DEPTH) return fail(reading, node, tooDeep(reading.file));
  if (isMap<Node, Node | null>(node)) return mapToJson(node, depth, reading);
  if (isSeq<Node | null>(node)) return node.items.map((item) => toJson(item, depth + 1, reading));
  return null;
}

function mapToJson(node: YAMLMap<Node, Node | null>, depth: number, reading: Reading): Json {
  const map: { [key: string]: Json } = {};
  const seen = new Map<string, Node>();
  for (const pair of node.items) {
    const key = keyOf(pair, reading);
    if (key === undefined) return null;
    const first = seen.get(key);
    if (first)
      return fail(reading, pair.key, { code: "sequence.duplicate_key", key, first: placeOf(reading, first) });
    seen.set(key, pair.key);
    map[key] = toJson(pair.value, depth + 1, reading);
  }
  return map;
}

function keyOf(pair: Pair<Node, Node | null>, reading: Reading): string | undefined {
  reading.nodes++;
  const key: unknown = isScalar(pair.key) ? pair.key.value : undefined;
  if (typeof key !== "string") {
    const problem = isScalar(pair.key)
      ? `the key ${String(key)} is not text`
      : "a list or map can't be a key";
    fail(reading, pair.key, {
      code: "sequence.forbidden",
      problem,
      hint: "write the key as text, in quotes if need be",
    });
    return undefined;
  }
  if (key === "<<" && isScalar(pair.key) && pair.key.type === "PLAIN") {
    const hint = "write the merged keys out where they are needed";
    fail(reading, pair.key, { code: "sequence.forbidden", problem: "a merge key (<<) is not allowed", hint });
    return undefined;
  }
  if (RESERVED_KEYS.has(key)) {
    fail(reading, pair.key, {
      code: "sequence.forbidden",
      problem: `the key '${key}' is reserved`,
      hint: "choose another name",
    });
    return undefined;
  }
  return key;
}

function scalarToJson(node: Scalar, reading: Reading): Json {
  const value: unknown = node.value;
  if (typeof value === "number") return checkNumber(node, value, reading);
  if (typeof value === "string" && loneSurrogate.test(value)) {
    return fail(
      reading,
      node,
      invalid("half of a surrogate pair can't be saved as UTF-8", "write the whole character"),
    );
  }
  return value as string | boolean | null;
}

function checkNumber(node: Scalar, value: number, reading: Reading): Json {
  const source = node.source ?? String(value);
  if (!Number.isFinite(value))
    return fail(reading, node, invalid(`${source} is not a number JSON can hold`, "quote it if it is text"));
  const whole = /^[-+]?\d+$|^0[ox]/.test(source);
  if (whole && !Number.isSafeInteger(value)) {
    return fail(reading, node, invalid(`the number ${source} would lose digits`, `quote it: "${source}"`));
  }
  return value;
}

function invalid(problem: string, hint: string): Failure {
  return { code: "sequence.invalid", where: "a value", problem, hint };
}

function fail(reading: Reading, node: Node | null, failure: Failure): null {
  reading.failure ??= node ? { ...failure, place: placeOf(reading, node) } : failure;
  return null;
}

function placeOf(reading: Reading, node: Node) {
  const [from, to] = node.range ?? [0, 1];
  return placeAt(reading.text, reading.file, from, to);
}
