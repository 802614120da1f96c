import { type Document, isMap, isSeq, parseDocument } from "yaml";
import type { Json } from "../json";
import { readPlainTree } from "./source-plain";
import type { Branch } from "./source-tree";

/** The lines of one step or gate as they stand in the text, without the list's indentation; empty if it is not there. */
export function sliceSource(text: string, list: "steps" | "gates", id: string): string {
  const span = spanOf(text, list, id);
  if (!span) return "";
  return span.lines.map((line, index) => outdented(line, index, span.column)).join("\n");
}

/** The text with the lines of one step or gate replaced by others, as `sliceSource` gives them; undefined if it is not there. */
export function spliceSource(
  text: string,
  list: "steps" | "gates",
  id: string,
  yaml: string,
): string | undefined {
  const span = spanOf(text, list, id);
  if (!span) return undefined;
  const { start, end, column, lines } = span;
  const slice = lines.map((line, index) => outdented(line, index, column));
  const fresh = yaml.trimEnd().split("\n");
  const most = Math.min(slice.length, fresh.length);
  let head = 0;
  while (head < most && slice[head] === fresh[head]) head += 1;
  let tail = 0;
  while (tail < most - head && slice.at(-1 - tail) === fresh.at(-1 - tail)) tail += 1;
  // Lines that nobody touched stay as they are, however they are indented.
  const between = fresh
    .slice(head, fresh.length - tail)
    .map((line, index) => (head + index > 0 && line !== "" ? " ".repeat(column) + line : line));
  const whole = [...lines.slice(0, head), ...between, ...lines.slice(lines.length - tail)];
  return text.slice(0, start) + whole.join("\n") + text.slice(end);
}

/** Where a step or gate stands in the text, and its lines as they stand there. */
export function spanOf(
  text: string,
  list: "steps" | "gates",
  id: string,
): { start: number; end: number; column: number; lines: string[] } | undefined {
  const range = rangeOf(text, list, id);
  if (!range) return undefined;
  const [start, most] = range;
  const own = text.slice(start, most).trimEnd();
  const column = start - (text.lastIndexOf("\n", start) + 1);
  return { start, end: start + own.length, column, lines: own.split("\n") };
}

/** From where to where a step or gate is written, with the comments that the YAML library counts to it. */
function rangeOf(text: string, list: "steps" | "gates", id: string): readonly [number, number] | undefined {
  const plain = readPlainTree(text);
  if (!plain) return rangeIn(text, ({ contents }) => isMap(contents) && contents.get(list), id);
  const at = plain.slots.findIndex((slot) => slot.key === list);
  const { slots, flow } = (plain.slots[at]?.node as Partial<Branch>) ?? {};
  if (!slots) return undefined;
  const index = slots.findIndex(({ node }) => (node.value as { id?: Json } | null)?.id === id);
  const item = slots[index];
  if (!item || flow) return item && [item.node.from, item.node.to];
  // Of a long text only the item itself is read by the library.
  const end = (slots[index + 1] ?? plain.slots[at + 1])?.from ?? text.length;
  const lead = item.from - (text.lastIndexOf("\n", item.from) + 1);
  const range = rangeIn(" ".repeat(lead) + text.slice(item.from, end), ({ contents }) => contents, id);
  return range && [range[0] - lead + item.from, range[1] - lead + item.from];
}

function rangeIn(
  text: string,
  list: (doc: Document) => unknown,
  id: string,
): readonly [number, number] | undefined {
  const items = list(parseDocument(text, { keepSourceTokens: false }));
  const node = isSeq(items) && items.items.find((item) => isMap(item) && item.get("id") === id);
  return isMap(node) && node.range ? [node.range[0], node.range[1]] : undefined;
}

const outdented = (line: string, index: number, column: number) =>
  index > 0 && /^\s*$/.test(line.slice(0, column)) ? line.slice(column) : line;
