import { Document } from "yaml";
import type { Json } from "../json";
import { canEditBlock, editBlock } from "./source-block";
import { treeOf } from "./source-document";
import { editFlow } from "./source-flow";
import { parseSource, readFull } from "./source-full";
import { isMap, type Plan, planList, planMap, sameValue } from "./source-match";
import { readPlain } from "./source-plain";
import { renderEntry } from "./source-render";
import { reorderSplices } from "./source-reorder";
import { type Rewriting, replaceValue } from "./source-replace";
import { applySplices } from "./source-splice";
import { defaultHabits, habitsOf } from "./source-style";
import type { Branch, Slot, Tree } from "./source-tree";

/** Every entry by itself; else a step's keys, then steps, then top-level keys as a whole. */
const depths = [Number.POSITIVE_INFINITY, 3, 2, 1];

/**
 * Changes the text so that it means `next`, touching only the lines the difference is about; the same meaning
 * gives the same text, byte for byte. Each attempt is read again, and a coarser one is made if it does not mean
 * `next`. If `next` holds what no file may hold (a reserved key), the text says so at its next reading.
 */
export function rewriteSource(text: string, next: Json): string {
  if (means(text, next)) return text;
  const { eol } = defaultHabits(text);
  const isOpen = text !== "" && !text.endsWith("\n");
  for (const attempt of attempts(isOpen ? text + eol : text, next)) {
    const result = isOpen ? withoutLastBreak(attempt) : attempt;
    if (result !== undefined && means(result, next)) return result;
  }
  return wholeDocument(text, next);
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
    const source: Source = { text, root };
    const ordered = reordered(source, next);
    for (const depth of depths) yield edited(ordered, next, depth);
    if (ordered !== source) for (const depth of depths) yield edited(source, next, depth);
  }
  yield appended(text, next);
}

interface Source {
  text: string;
  root: Branch;
}

function rootOf(text: string): Branch | undefined {
  const tree = treeOf(text);
  return tree?.kind === "map" ? tree : undefined;
}

/** Pass by pass, as a list within an item that moves is put in order only after it has moved. */
function reordered(source: Source, next: Json): Source {
  const splices = reorderSplices(source.text, source.root, next);
  const text = splices.length > 0 ? applySplices(source.text, splices) : undefined;
  const root = text === undefined || text === source.text ? undefined : rootOf(text);
  return text !== undefined && root ? reordered({ text, root }, next) : source;
}

function edited({ text, root }: Source, next: { [key: string]: Json }, maxDepth: number): string | undefined {
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

/** The last resort keeps only the comments at the very top and the very end. */
function wholeDocument(text: string, next: Json): string {
  const doc = new Document(next, { aliasDuplicateObjects: false });
  const parsed = parseSource(text, "");
  if (parsed.ok) {
    doc.commentBefore = parsed.value.commentBefore;
    doc.comment = parsed.value.comment;
  }
  return doc.toString({ lineWidth: 0, flowCollectionPadding: false });
}
