import { isMap, isScalar, isSeq, type Node, type Scalar, type YAMLMap, type YAMLSeq } from "yaml";
import type { Failure, Place } from "../failure";
import type { Json } from "../json";
import { err, ok, type Result } from "../result";
import { forbidden, MAX_DEPTH, MAX_NODES, RESERVED_KEYS, tooDeep, tooMany } from "./source-limits";
import { placeAt } from "./source-place";

const loneSurrogate = /\p{Surrogate}/u;

interface Reading {
  text: string;
  file: string;
  nodes: number;
  /** Of the value being read: "steps", "[2]", "name". */
  path: string[];
  failure: Failure | undefined;
}

/** What a parsed document means as JSON, or the first thing in it that JSON or a sequence file can't hold. */
export function documentValue(root: Node, text: string, file: string): Result<Json> {
  const reading: Reading = { text, file, nodes: 0, path: [], failure: undefined };
  const value = toJson(root, 1, reading);
  return reading.failure ? err(reading.failure) : ok(value);
}

function toJson(node: Node | null, depth: number, reading: Reading): Json {
  if (reading.failure) return null;
  reading.nodes++;
  if (reading.nodes > MAX_NODES) return fail(reading, node, tooMany(reading.file));
  if (isScalar(node)) return scalarToJson(node, reading);
  if (depth > MAX_DEPTH) return fail(reading, node, tooDeep(reading.file));
  if (isMap<Node, Node | null>(node)) return mapToJson(node, depth, reading);
  return isSeq<Node | null>(node) ? listToJson(node, depth, reading) : null;
}

function listToJson(node: YAMLSeq<Node | null>, depth: number, reading: Reading): Json {
  return node.items.map((item, index) =>
    within(`[${index}]`, reading, () => toJson(item, depth + 1, reading)),
  );
}

function mapToJson(node: YAMLMap<Node, Node | null>, depth: number, reading: Reading): Json {
  const map: { [key: string]: Json } = {};
  const seen = new Map<string, Node>();
  for (const { key: keyNode, value } of node.items) {
    reading.nodes++;
    const key: unknown = isScalar(keyNode) ? keyNode.value : undefined;
    if (typeof key !== "string") return fail(reading, keyNode, notText(keyNode));
    const failure = checkKey(key, keyNode) ?? checkDuplicate(key, seen.get(key), reading);
    if (failure) return fail(reading, keyNode, failure);
    seen.set(key, keyNode);
    map[key] = within(key, reading, () => toJson(value, depth + 1, reading));
  }
  return map;
}

function within(step: string, reading: Reading, read: () => Json): Json {
  reading.path.push(step);
  const value = read();
  reading.path.pop();
  return value;
}

function notText(key: Node): Failure {
  const problem = isScalar(key) ? `the key ${String(key.value)} is not text` : "a list or map can't be a key";
  return forbidden(problem, "write the key as text, in quotes if need be");
}

function checkKey(key: string, node: Node): Failure | undefined {
  if (RESERVED_KEYS.has(key)) return forbidden(`the key '${key}' is reserved`, "choose another name");
  if (key !== "<<" || !isScalar(node) || node.type !== "PLAIN") return undefined;
  return forbidden("a merge key (<<) is not allowed", "write the merged keys out where they are needed");
}

function checkDuplicate(key: string, first: Node | undefined, reading: Reading): Failure | undefined {
  return first && { code: "sequence.duplicate_key", key, first: placeOf(reading, first) };
}

function scalarToJson(node: Scalar, reading: Reading): Json {
  const value: unknown = node.value;
  if (typeof value === "number") return checkNumber(node, value, reading);
  if (typeof value === "string" && loneSurrogate.test(value)) {
    return invalid(
      reading,
      node,
      "half of a surrogate pair can't be saved as UTF-8",
      "write the whole character",
    );
  }
  return value as string | boolean | null;
}

function checkNumber(node: Scalar, value: number, reading: Reading): Json {
  const source = node.source ?? String(value);
  if (!Number.isFinite(value))
    return invalid(reading, node, `${source} is not a finite number`, `write "${source}" if it is text`);
  const isWhole = /^[-+]?\d+$|^0[ox]/.test(source);
  if (!isWhole || Number.isSafeInteger(value)) return value;
  return invalid(
    reading,
    node,
    `the number ${source} would lose digits`,
    `write "${source}" to keep it as text`,
  );
}

function invalid(reading: Reading, node: Node, problem: string, hint: string): null {
  const where = reading.path.join(".").replaceAll(".[", "[") || "the sequence";
  return fail(reading, node, { code: "sequence.invalid", where, problem, hint });
}

function fail(reading: Reading, node: Node | null, failure: Failure): null {
  reading.failure ??= node ? { ...failure, place: placeOf(reading, node) } : failure;
  return null;
}

function placeOf(reading: Reading, node: Node): Place {
  const [from, to] = node.range ?? [0, 1];
  return placeAt(reading.text, reading.file, from, to);
}
