import { scrubbed, scrubJson, scrubText } from "../audit/scrub";
import type { Json } from "../json";
import type { FieldChange, SequenceDiff } from "./diff";
import { treeOf } from "./source-document";
import type { Leaf, Tree } from "./source-tree";

/** A leaf of the text and what is shown in its place. */
interface Hidden {
  leaf: Leaf;
  shown: Json;
}

/** What is written behind `•••` in place of a secret, where two of them must be told apart. */
type Mark = (secret: string) => string;

/** A text of the definition, or of a part of it, as it may be shown: what its values are decides, however they are written. */
export function shownSource(text: string, known: readonly string[], mark: Mark = () => ""): string {
  const tree = treeOf(text);
  if (!tree) return scrubText(text, known);
  let out = "";
  let from = 0;
  const hidden: Hidden[] = [];
  for (const leaf of leavesIn(tree, scrubJson(tree.value, known), known, hidden)) {
    out += shownBetween(text.slice(from, leaf.from), known);
    const found = hidden.at(-1);
    const raw = text.slice(leaf.from, leaf.to);
    out += found?.leaf === leaf ? written(found, raw) + mark(JSON.stringify(leaf.value)) : raw;
    from = leaf.to;
  }
  return out + shownBetween(text.slice(from), known);
}

/** The leaves in their order; those that are shown otherwise are noted. */
function* leavesIn(tree: Tree, shown: Json, known: readonly string[], hidden: Hidden[]): Generator<Leaf> {
  if (!("slots" in tree)) {
    if (JSON.stringify(tree.value) !== JSON.stringify(shown)) hidden.push({ leaf: tree, shown });
    yield tree;
    return;
  }
  for (const [index, { key, node }] of tree.slots.entries()) {
    const at = key === undefined ? index : scrubText(key, known);
    const part = typeof shown === "string" ? shown : (shown as { [key: string]: Json })[at];
    yield* leavesIn(node, part === undefined ? scrubbed : part, known, hidden);
  }
}

/** Between the values stand keys, which are shown as they are, and comments. */
function shownBetween(text: string, known: readonly string[]): string {
  return text.includes("#") ? text.replace(/#.*$/gm, (comment) => scrubText(comment, known)) : text;
}

function written({ leaf, shown }: Hidden, raw: string): string {
  if (shown === scrubbed) return scrubbed;
  if (typeof shown !== "string") return JSON.stringify(shown);
  if (leaf.style === "PLAIN") return shown;
  if (!leaf.style.startsWith("BLOCK")) return JSON.stringify(shown);
  const [head, first = ""] = raw.split("\n");
  const indent = /^\s*/.exec(first)?.[0] ?? "";
  const lines = shown.trimEnd().split("\n");
  return [head, ...lines.map((line) => (line === "" ? "" : indent + line))].join("\n");
}

const marks = /\uFDD1\d+\uFDD1/g;

/** Two texts of the definition whose difference may be shown once `unmarked`: that a secret changed can still be seen. */
export function shownSources(before: string, after: string, known: readonly string[]): [string, string] {
  const numbers = new Map<string, number>();
  const mark = (secret: string) => {
    const number = numbers.get(secret) ?? numbers.size;
    numbers.set(secret, number);
    return `\uFDD1${number}\uFDD1`;
  };
  return [shownSource(before, known, mark), shownSource(after, known, mark)];
}

/** A difference of `shownSources`, as it is shown. */
export function unmarked(text: string): string {
  return text.replace(marks, "");
}

/** A difference as it may be shown; that a secret changed can still be seen. */
export function shownDiff<D extends SequenceDiff>(diff: D, known: readonly string[]): D {
  const shown = (fields: readonly FieldChange[]) =>
    fields.map(({ field, before, after }) => ({
      field,
      before: scrubJson(before, known),
      after: scrubJson(after, known),
    }));
  const nodes = diff.nodes.map((node) => ({ ...node, fields: shown(node.fields) }));
  return { ...diff, fields: shown(diff.fields), nodes };
}
