import { Scalar } from "yaml";
import type { Json } from "../json";
import { columnAt, lineEnd } from "./source-lines";
import { isMap } from "./source-match";
import { indented, type Rendered, renderFlow, renderItem, renderValue } from "./source-render";
import type { Splice } from "./source-splice";
import type { Habits } from "./source-style";
import { isBlockScalar, isEmpty, type Leaf, type Slot } from "./source-tree";

/** What a rewrite works on and collects. */
export interface Rewriting {
  text: string;
  habits: Habits;
  splices: Splice[];
  /** Entries at this depth and deeper are replaced as a whole; lower is coarser and surer. */
  maxDepth: number;
}

/** Puts a new value into an entry. Its comment on the same line stays. */
export function replaceValue(r: Rewriting, slot: Slot, next: Json): void {
  const { node } = slot;
  const style = scalarStyle(slot, next);
  if (slot.inFlow) {
    const insert = renderFlow(next, r.habits, style);
    if (isEmpty(node)) splice(r, slot.head, slot.head, ` ${insert}`);
    else splice(r, node.from, node.to, insert);
    return;
  }
  const rendered = rendering(r, slot, next, style);
  const behindHead = lineEnd(r.text, slot.head);
  if (isEmpty(node)) putBehindHead(r, slot, rendered, behindHead);
  else if (node.from > behindHead) putBehindHead(r, slot, rendered, lineEnd(r.text, node.to));
  else if (isBlockScalar(node)) replaceBlockScalar(r, slot, node, rendered);
  else replaceInline(r, slot, rendered);
}

/** Adds a splice. */
export function splice(r: Rewriting, from: number, to: number, insert: string): void {
  r.splices.push({ from, to, insert });
}

/** The quoting to keep, if a scalar replaces a scalar. */
function scalarStyle(slot: Slot, next: Json): Scalar.Type | undefined {
  const { node } = slot;
  if (node.kind !== "scalar" || node.style === "EMPTY") return undefined;
  if (typeof next !== "string" || typeof node.value !== "string") return undefined;
  return node.style === Scalar.PLAIN ? undefined : node.style;
}

function rendering(r: Rewriting, slot: Slot, next: Json, style: Scalar.Type | undefined): Rendered {
  const flow = flowMap(r, slot, next);
  if (flow !== undefined) return { inline: flow, body: [] };
  const column = columnAt(r.text, slot.from);
  const habits = { ...r.habits, indent: blockScalarIndent(r, slot, column) ?? r.habits.indent };
  const rendered =
    slot.key === undefined ? renderItem(next, habits, gapOf(slot), style) : renderValue(next, habits, style);
  return { inline: rendered.inline, body: rendered.body.map((line) => indented(line, column)) };
}

/** A map of scalars that takes the place of `{}` or of another flow map stays one. */
function flowMap(r: Rewriting, { node }: Slot, next: Json): string | undefined {
  if (node.kind === "scalar" || !r.text.startsWith("{", node.from) || !isMap(next)) return undefined;
  if (Object.values(next).some((value) => typeof value === "object" && value !== null)) return undefined;
  return renderFlow(next, r.habits);
}

function blockScalarIndent(r: Rewriting, slot: Slot, column: number): number | undefined {
  if (!isBlockScalar(slot.node)) return undefined;
  const firstLine = /\n *(?=[^ \r\n])/.exec(r.text.slice(slot.node.from, slot.node.to));
  return firstLine ? Math.max(1, firstLine[0].length - 1 - column) : undefined;
}

/** Columns from a dash to what stands behind it. */
export function gapOf(slot: Slot): number {
  const gap = slot.node.from - slot.from;
  return isEmpty(slot.node) || gap < 2 || gap > 8 ? 2 : gap;
}

/** For an old value that is absent or stands below: `bodyEnd` is where its last line ends. */
function putBehindHead(r: Rewriting, slot: Slot, { inline, body }: Rendered, bodyEnd: number): void {
  if (inline !== "") splice(r, slot.head, slot.head, ` ${inline}`);
  splice(r, lineEnd(r.text, slot.head), bodyEnd, below(r, body));
}

function replaceBlockScalar(r: Rewriting, slot: Slot, node: Leaf, { inline, body }: Rendered): void {
  const header = /^[|>][-+\d]*/.exec(r.text.slice(node.from, node.to))?.[0] ?? "";
  replaceHead(r, slot, node.from + header.length, inline);
  splice(r, lineEnd(r.text, node.from), node.to, below(r, body));
}

function replaceInline(r: Rewriting, slot: Slot, { inline, body }: Rendered): void {
  const { node } = slot;
  const isBlock = (node.kind === "map" || node.kind === "list") && !node.flow;
  const end = lineEnd(r.text, node.to);
  replaceHead(r, slot, isBlock ? end : node.to, inline);
  splice(r, end, end, below(r, body));
}

function replaceHead(r: Rewriting, slot: Slot, to: number, inline: string): void {
  if (inline === "") splice(r, slot.head, to, "");
  else splice(r, slot.node.from, to, inline);
}

/** Lines to stand below the one they are put behind. */
function below(r: Rewriting, lines: readonly string[]): string {
  return lines.map((line) => r.habits.eol + line).join("");
}
