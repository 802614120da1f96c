import { expect } from "bun:test";
import type { Json } from "../../../lib/core/json";
import { readSource, rewriteSource } from "../../../lib/core/sequence/source";

export type JsonMap = { [key: string]: Json };
type Path = (string | number)[];
/** A change of a value in place. */
export type Edit = (value: JsonMap) => void;

/** What a text means, to be changed at will. */
export function read(text: string): JsonMap {
  const result = readSource(text, "sequence.yaml");
  if (!result.ok) throw new Error(`${JSON.stringify(result.failure)}\n${text}`);
  return structuredClone(result.value) as JsonMap;
}

/** The lines an edit takes away (-) and brings (+), between the first and the last that differ. */
export function difference(before: string, ...edits: Edit[]): string[] {
  const next = read(before);
  for (const edit of edits) edit(next);
  const after = rewriteSource(before, next);
  expect(read(after)).toEqual(next);
  const [old, now] = [before.split("\n"), after.split("\n")];
  while (old.length > 0 && now.length > 0 && old[0] === now[0]) {
    old.shift();
    now.shift();
  }
  while (old.length > 0 && now.length > 0 && old.at(-1) === now.at(-1)) {
    old.pop();
    now.pop();
  }
  return [...old.map((line) => `-${line}`), ...now.map((line) => `+${line}`)];
}

/** Sets a value, as the last key of its map if it is new. */
export function set(path: Path, value: Json): Edit {
  return (root) => {
    (parentOf(root, path) as JsonMap)[path.at(-1) as string] = value;
  };
}

/** Removes a key, or an item of a list. */
export function remove(path: Path): Edit {
  return (root) => {
    const [parent, last] = [parentOf(root, path), path.at(-1)];
    if (Array.isArray(parent)) parent.splice(Number(last), 1);
    else delete (parent as JsonMap)[last as string];
  };
}

/** Adds items to a list, before the one at the path's end. */
export function insert(path: Path, ...items: Json[]): Edit {
  return (root) => {
    (parentOf(root, path) as Json[]).splice(path.at(-1) as number, 0, ...items);
  };
}

function parentOf(root: JsonMap, path: Path): Json {
  return path.slice(0, -1).reduce<Json>((value, step) => (value as JsonMap)[step] as Json, root);
}
