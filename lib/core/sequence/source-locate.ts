import { isCollection, isMap, isScalar, type Node } from "yaml";
import type { Place } from "../failure";
import { parseSource } from "./source-full";
import { placeAt } from "./source-place";

interface Found {
  key: Node | undefined;
  value: Node | undefined;
}

/**
 * Finds where a path of the value stands in the text, or its nearest ancestor that does. A value that is not
 * written out (`key:`) is pointed at by its key.
 */
export function locate(
  text: string,
  file: string,
  path: readonly (string | number)[],
  what: "key" | "value" = "value",
): Place {
  const parsed = parseSource(text, file);
  if (!parsed.ok) return parsed.failure.place ?? placeAt(text, file, 0);
  let found: Found = { key: undefined, value: parsed.value.contents ?? undefined };
  for (const step of path) {
    const next = child(found.value, step);
    if (!next) break;
    found = next;
  }
  const asked = what === "key" || !isWritten(found.value) ? (found.key ?? found.value) : found.value;
  const [from, to] = asked?.range ?? [0, 1];
  return placeAt(text, file, from, to);
}

function child(node: Node | undefined, step: string | number): Found | undefined {
  if (!isCollection(node)) return undefined;
  if (!isMap<Node, Node | null>(node)) {
    const value = typeof step === "number" ? (node.items[step] as Node | undefined) : undefined;
    return value && { key: undefined, value };
  }
  const pair = node.items.find((item) => isScalar(item.key) && item.key.value === String(step));
  return pair && { key: pair.key, value: pair.value ?? undefined };
}

function isWritten(node: Node | undefined): boolean {
  const [from, to] = node?.range ?? [0, 0];
  return to > from;
}
