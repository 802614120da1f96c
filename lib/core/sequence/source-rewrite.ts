import { Document } from "yaml";
import type { Json } from "../json";
import { canEditBlock, editBlock } from "./source-block";
import { editFlow } from "./source-flow";
import { parseSource, readFull } from "./source-full";
import { isMap, type Plan, planList, planMap, sameValue } from "./source-match";
import { readPlain } from "./source-plain";
import { renderEntry } from "./source-render";
import { reorderSplices } from "./source-reorder";
import { type Rewriting, replaceValue } from "./source-replace";
import { applySplices } from "./source-splice";
import { defaultHabits, habitsOf } from "./source-style";
import { type Branch, type Slot, type Tree, treeOf } from "./source-tree";

/** Every entry by itself; else a step's keys, then steps, then top-level keys as a whole. */
const depths = [Number.POSITIVE_INFINITY, 3, 2, 1];

/**
 * Changes the text so that it means `next`, touching only the lines the difference is about; the same meaning
 * gives the same text, byte for byte. What each kind of change takes along is written down in docs/files.md.
 *
 * Each attempt is read again, and a coarser one is made if it does not mean `next`. If `next` holds what no file
 * may hold (a reserved key), the text says so at its next reading.
 */
export function rewriteSource(text: string, next: Json): string {
  if (means(text, next)) return text;
  const { eol } = defaultHabits(text);
  const isOpen = text !== "" && !text.endsWith("\n");
  for (const attempt of attempts(isOpen ? text + eol : text, next)) {
    const result = isOpen ? withoutLastBreak(attempt) : attempt;
    if (result !== undefined && means(result, next)) return result;
  }
  return print(new Document(next));
}

/** A text without a last line break stays so; lines are easier to move while each has one. */
function withoutLastBreak(text: string | undefined): string | undefined {
  return text?.replace(/\r?\n$/, "");
}

function means(text: string, wanted: Json): boolean {
  const plain = readPlain(text);
  if (plain !== undefined) return sameValue(plain, wanted);
  const read = readFull(text, "");
  return read.ok && sameValue(read.value, wanted);
}

function* attempts(text: string, next: Json): Generator<string | undefined> {
  const root = rootOf(text);
  if (root && isMap(next)) {
    const ordered = reordered(text, root, next);
    for (const depth of depths) yield edited(ordered, next, depth);
    for (const depth of depths) yield edited(text, next, depth);
  }
  yield appended(text, next);
  yield wholeDocument(text, next);
}

function rootOf(text: string): Branch | undefined {
  const parsed = parseSource(text, "");
  return parsed.ok ? treeOf(parsed.value, text) : undefined;
}

/** A list within an item that moved is put in order by the next pass. */
function reordered(text: string, root: Branch, next: Json): string {
  let current = text;
  for (let tree: Branch | undefined = root; tree; tree = rootOf(current)) {
    const splices = reorderSplices(current, tree, next);
    const moved = splices.length > 0 ? applySplices(current, splices) : undefined;
    if (moved === undefined || moved === current) break;
    current = moved;
  }
  return current;
}

function edited(text: string, next: { [key: string]: Json }, maxDepth: number): string | undefined {
  const root = rootOf(text);
  if (!root) return undefined;
  const rewriting: Rewriting = { text, habits: habitsOf(text, root), splices: [], maxDepth };
  return editChildren(rewriting, root, next, 1) ? applySplices(text, rewriting.splices) : undefined;
}

function change(r: Rewriting, slot: Slot, next: Json, depth: number): void {
  if (sameValue(slot.node.value, next)) return;
  if (depth < r.maxDepth && editChildren(r, slot.node, next, depth + 1)) return;
  replaceValue(r, slot, next);
}

function editChildren(r: Rewriting, node: Tree, next: Json, depth: number): boolean {
  if (node.kind !== "map" && node.kind !== "list") return false;
  const plan = planFor(node, next);
  if (!plan || plan.kept.size === 0) return false;
  if (!node.flow && !canEditBlock(r, node, plan)) return false;
  // Before entries are added: what a value puts below its key comes before a new key at the same place.
  for (const [index, value] of plan.kept) {
    const slot = node.slots[index];
    if (slot) change(r, slot, value, depth);
  }
  if (node.flow) editFlow(r, node, plan);
  else editBlock(r, node, plan);
  return true;
}

function planFor(node: Branch, next: Json): Plan | undefined {
  if (node.kind === "map") return isMap(next) ? planMap(node, next) : undefined;
  return Array.isArray(next) ? planList(node, next) : undefined;
}

/** For a text that holds nothing but comments. */
function appended(text: string, next: Json): string | undefined {
  if (!isMap(next)) return undefined;
  const habits = defaultHabits(text);
  const lines = Object.entries(next).flatMap(([key, value]) => renderEntry(key, value, habits));
  return text + lines.map((line) => line + habits.eol).join("");
}

function wholeDocument(text: string, next: Json): string | undefined {
  const parsed = parseSource(text, "");
  if (!parsed.ok) return undefined;
  const doc = new Document(next);
  doc.commentBefore = parsed.value.commentBefore;
  doc.comment = parsed.value.comment;
  return print(doc);
}

function print(doc: Document): string {
  return doc.toString({ lineWidth: 0, flowCollectionPadding: false });
}
