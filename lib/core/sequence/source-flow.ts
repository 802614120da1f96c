import { commonQuotes } from "./source-block";
import { columnAt, endsLine, leadStart, lineEnd, lineStart, nextLine, startsLine } from "./source-lines";
import { type Insert, type Plan, removedRuns } from "./source-match";
import { renderFlow, renderFlowEntry } from "./source-render";
import { type Rewriting, splice } from "./source-replace";
import { type Branch, endOf, type Slot } from "./source-tree";

/** Adds and removes entries of a flow map or list that keeps at least one; each on its own line if they are so now. */
export function editFlow(r: Rewriting, branch: Branch, plan: Plan): void {
  const groups = new Map<number, string[]>();
  for (const insert of plan.inserts) {
    const group = groups.get(insert.after) ?? [];
    group.push(entryText(r, branch, insert));
    groups.set(insert.after, group);
  }
  for (const [from, to] of removedRuns(branch.slots, plan))
    removeRun(r, branch, from, to, groups.has(from - 1));
  const firstKept = [...plan.kept.keys()][0] ?? 0;
  for (const [after, texts] of groups) {
    const anchor = branch.slots[after];
    if (anchor) addBehind(r, branch, anchor, texts);
    else addBefore(r, branch, branch.slots[firstKept], texts);
  }
}

function entryText(r: Rewriting, branch: Branch, { key, value }: Insert): string {
  return key === undefined
    ? renderFlow(value, r.habits, commonQuotes(branch, value))
    : renderFlowEntry(key, value, r.habits);
}

function isVertical(r: Rewriting, { from, slots }: Branch): boolean {
  const [first, second] = slots;
  if (!first) return false;
  const upper = second ? first.from : from;
  return lineStart(r.text, upper) !== lineStart(r.text, (second ?? first).from);
}

function addBefore(r: Rewriting, branch: Branch, slot: Slot | undefined, texts: string[]): void {
  if (!slot) return;
  const separator = isVertical(r, branch) ? `,${lineBreak(r, slot)}` : ", ";
  splice(r, slot.from, slot.from, texts.map((text) => text + separator).join(""));
}

function addBehind(r: Rewriting, branch: Branch, anchor: Slot, texts: string[]): void {
  const end = endOf(anchor);
  if (!isVertical(r, branch)) {
    splice(r, end, end, texts.map((text) => `, ${text}`).join(""));
    return;
  }
  const comma = commaBehind(r.text, end);
  const separator = lineBreak(r, anchor);
  const behind = comma ?? end;
  // Behind the comment of the line, if the line has nothing else.
  const at = endsLine(r.text, behind) ? lineEnd(r.text, behind) : behind;
  if (comma === undefined) splice(r, end, end, ",");
  const lines = separator + texts.join(`,${separator}`);
  splice(r, at, at, comma === undefined ? lines : `${lines},`);
}

function lineBreak(r: Rewriting, slot: Slot): string {
  return r.habits.eol + " ".repeat(columnAt(r.text, slot.from));
}

/** Right behind the comma that follows an entry, comments and line breaks between them or not. */
function commaBehind(text: string, offset: number): number | undefined {
  const found = /^(?:\s|#[^\n]*(?:\n|$))*,/.exec(text.slice(offset));
  return found ? offset + found[0].length : undefined;
}

function removeRun(r: Rewriting, branch: Branch, from: number, to: number, addedBefore: boolean): void {
  const { slots } = branch;
  const [before, first, last, behind] = [slots[from - 1], slots[from], slots[to], slots[to + 1]];
  if (!first || !last) return;
  const comma = commaBehind(r.text, endOf(last));
  const end = comma ?? endOf(last);
  if (startsLine(r.text, first.from) && endsLine(r.text, end)) {
    splice(r, leadStart(r.text, first), nextLine(r.text, end), "");
    if (!behind && comma === undefined && before && !addedBefore) removeComma(r, endOf(before));
  } else if (behind) splice(r, first.from, behind.from, "");
  else if (before) splice(r, endOf(before), endOf(last), "");
}

function removeComma(r: Rewriting, offset: number): void {
  const comma = commaBehind(r.text, offset);
  if (comma !== undefined) splice(r, comma - 1, comma, "");
}
