import { isMap, isSeq, parseDocument } from "yaml";

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
  const items = parseDocument(text, { keepSourceTokens: false }).get(list);
  if (!isSeq(items)) return undefined;
  const node = items.items.find((item) => isMap(item) && item.get("id") === id);
  const range = isMap(node) ? node.range : undefined;
  if (!range) return undefined;
  const column = range[0] - (text.lastIndexOf("\n", range[0]) + 1);
  const own = text.slice(range[0], range[1]).trimEnd();
  return { start: range[0], end: range[0] + own.length, column, lines: own.split("\n") };
}

const outdented = (line: string, index: number, column: number) =>
  index > 0 && /^\s*$/.test(line.slice(0, column)) ? line.slice(column) : line;
