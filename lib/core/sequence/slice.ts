import { isMap, isSeq, parseDocument } from "yaml";

/** The lines of one step or gate as they stand in the text, without the list's indentation; empty if it is not there. */
export function sliceSource(text: string, list: "steps" | "gates", id: string): string {
  const items = parseDocument(text, { keepSourceTokens: false }).get(list);
  if (!isSeq(items)) return "";
  const node = items.items.find((item) => isMap(item) && item.get("id") === id);
  const range = isMap(node) ? node.range : undefined;
  if (!range) return "";
  const lineStart = text.lastIndexOf("\n", range[0]) + 1;
  const column = range[0] - lineStart;
  const lines = text.slice(range[0], range[1]).trimEnd().split("\n");
  return lines
    .map((line, index) => (index > 0 && /^\s*$/.test(line.slice(0, column)) ? line.slice(column) : line))
    .join("\n");
}
