import type { Scalar } from "yaml";
import type { Json } from "../json";
import { columnAt, extentEnd, isBlank, leadStart, lineStart, nextLine, startsLine } from "./source-lines";
import { type Insert, isMap, type Plan, removedRuns } from "./source-match";
import { indented, renderEntry, renderFlow, renderItem } from "./source-render";
import { gapOf, type Rewriting, splice } from "./source-replace";
import type { Branch, Slot } from "./source-tree";

const MAX_FLOW_ITEM = 100;

/** Lines can't express a new first item of a list that begins on another dash's line. */
export function canEditBlock(r: Rewriting, branch: Branch, plan: Plan): boolean {
  const first = branch.slots[0];
  return (
    first !== undefined && (startsLine(r.text, first.from) || plan.inserts.every(({ after }) => after !== -1))
  );
}

/**
 * Adds and removes entries of a block map or list, line by line. What is removed takes the comment behind it,
 * the comment lines directly above it and those below it that are indented deeper. What is added is spaced as
 * most of its siblings are.
 */
export function editBlock(r: Rewriting, branch: Branch, plan: Plan): void {
  for (const [from, to] of removedRuns(branch.slots, plan)) removeRun(r, branch.slots, from, to);
  if (plan.inserts.length === 0) return;
  const blank = isSpaced(r, branch) ? [""] : [];
  for (const insert of plan.inserts) addEntry(r, branch, insert, blank);
}

function addEntry(r: Rewriting, branch: Branch, insert: Insert, blank: string[]): void {
  const anchor = branch.slots[insert.after];
  const model = anchor ?? branch.slots[0];
  if (!model) return;
  const column = columnAt(r.text, branch.slots[0]?.from ?? model.from);
  const lines = entryLines(r, branch, model, insert).map((line) => indented(line, column));
  const at = anchor ? nextLine(r.text, extentEnd(r.text, anchor)) : leadStart(r.text, model);
  const spaced = anchor ? [...blank, ...lines] : [...lines, ...blank];
  splice(r, at, at, spaced.map((line) => line + r.habits.eol).join(""));
}

function entryLines(r: Rewriting, branch: Branch, model: Slot, { key, value }: Insert): string[] {
  if (key !== undefined) return renderEntry(key, value, r.habits);
  const gap = gapOf(model);
  const dash = `-${" ".repeat(gap - 1)}`;
  const flow = flowItem(r, branch, value);
  if (flow !== undefined) return [dash + flow];
  const { inline, body } = renderItem(value, r.habits, gap, commonQuotes(branch, value));
  return [inline === "" ? "-" : dash + inline, ...body];
}

/** A map among maps that are all written in flow style. */
function flowItem(r: Rewriting, branch: Branch, value: Json): string | undefined {
  if (!isMap(value) || !branch.slots.every(({ node }) => node.kind === "map" && node.flow)) return undefined;
  const flow = renderFlow(value, r.habits);
  return flow.length <= MAX_FLOW_ITEM ? flow : undefined;
}

/** The quotes that every text of a list stands in. */
export function commonQuotes(branch: Branch, value: Json): Scalar.Type | undefined {
  if (typeof value !== "string") return undefined;
  const texts = branch.slots.flatMap(({ node }) =>
    node.kind === "scalar" && typeof node.value === "string" ? [node] : [],
  );
  const style = texts[0]?.style;
  const isCommon = texts.every((text) => text.style === style);
  return isCommon && (style === "QUOTE_DOUBLE" || style === "QUOTE_SINGLE") ? style : undefined;
}

/** Says whether the author leaves a blank line between most entries. */
function isSpaced(r: Rewriting, { slots }: Branch): boolean {
  const spaced = slots.slice(1).filter((slot, index) => hasBlankBetween(r, slots[index] ?? slot, slot));
  return spaced.length * 2 > slots.length - 1;
}

function hasBlankBetween(r: Rewriting, above: Slot, under: Slot): boolean {
  const end = lineStart(r.text, under.from);
  for (let line = nextLine(r.text, extentEnd(r.text, above)); line < end; line = nextLine(r.text, line)) {
    if (isBlank(r.text, line)) return true;
  }
  return false;
}

/** Removes the entries from one index to another with their comments. */
function removeRun(r: Rewriting, slots: Slot[], from: number, to: number): void {
  const [first, last] = [slots[from], slots[to]];
  if (!first || !last) return;
  if (!startsLine(r.text, first.from)) {
    removeBehindDash(r, first, last, slots[to + 1]);
    return;
  }
  const start = leadStart(r.text, first);
  const end = nextLine(r.text, extentEnd(r.text, last));
  const hasBlankAbove = start > 0 && isBlank(r.text, lineStart(r.text, start - 1));
  removeLines(r, start, end, from === 0 || hasBlankAbove);
}

/** Removes whole lines, so that one blank line between neighbours stays one, and none is left at the end. */
function removeLines(r: Rewriting, start: number, end: number, blanksBehindToo: boolean): void {
  let behind = end;
  while (blanksBehindToo && behind < r.text.length && isBlank(r.text, behind))
    behind = nextLine(r.text, behind);
  let before = start;
  if (behind === r.text.length)
    while (before > 0 && isBlank(r.text, lineStart(r.text, before - 1)))
      before = lineStart(r.text, before - 1);
  splice(r, before, behind, "");
}

/** The first keys of a map that begins on its dash's line: the next key moves up, unless comments stand before it. */
function removeBehindDash(r: Rewriting, first: Slot, last: Slot, next: Slot | undefined): void {
  if (!next) return;
  const end = extentEnd(r.text, last);
  const between = r.text.slice(end, lineStart(r.text, next.from));
  if (!between.includes("#")) splice(r, first.from, next.from, "");
  else splice(r, behindDash(r.text, first.from), end, "");
}

function behindDash(text: string, offset: number): number {
  let at = offset;
  while (text[at - 1] === " ") at--;
  return at;
}
