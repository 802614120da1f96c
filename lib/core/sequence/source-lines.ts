import { endOf, type Slot } from "./source-tree";

/** Where the line of an offset begins. */
export function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf("\n", offset - 1) + 1;
}

/** Where the line of an offset ends, its line break not included. */
export function lineEnd(text: string, offset: number): number {
  const newline = text.indexOf("\n", offset);
  if (newline === -1) return text.length;
  return newline > offset && text[newline - 1] === "\r" ? newline - 1 : newline;
}

/** Where the line behind the one of an offset begins, or the end of the text. */
export function nextLine(text: string, offset: number): number {
  const newline = text.indexOf("\n", offset);
  return newline === -1 ? text.length : newline + 1;
}

/** Column of an offset, from 0; a byte order mark takes none. */
export function columnAt(text: string, offset: number): number {
  const start = lineStart(text, offset);
  return offset - start - (start === 0 && text.startsWith("\ufeff") ? 1 : 0);
}

/** Says whether nothing stands before an offset on its line. */
export function startsLine(text: string, offset: number): boolean {
  return /^\ufeff?[ \t]*$/.test(text.slice(lineStart(text, offset), offset));
}

/** Says whether nothing but a comment stands behind an offset on its line. */
export function endsLine(text: string, offset: number): boolean {
  return /^[ \t]*(?:#.*)?$/.test(text.slice(offset, lineEnd(text, offset)));
}

/**
 * Where the lines of a block entry begin: at the comment lines directly above it, in its own column, with no
 * blank line between. Comments at the very top of the file are the file's, not its first key's.
 */
export function leadStart(text: string, slot: Slot): number {
  const own = lineStart(text, slot.from);
  const column = columnAt(text, slot.from);
  let start = own;
  while (start > 0) {
    const above = lineStart(text, start - 1);
    if (commentColumn(text, above) !== column) return start;
    start = above;
  }
  return own;
}

/** Where the last line of a block entry ends: comment lines below it that are indented deeper are still its own. */
export function extentEnd(text: string, slot: Slot): number {
  const column = columnAt(text, slot.from);
  let end = lineEnd(text, endOf(slot));
  for (let line = nextLine(text, end); line < text.length; line = nextLine(text, line)) {
    const comment = commentColumn(text, line);
    if (comment === undefined ? !isBlank(text, line) : comment <= column) break;
    if (comment !== undefined) end = lineEnd(text, line);
  }
  return end;
}

/** Says whether the line that begins here is blank. */
export function isBlank(text: string, line: number): boolean {
  return /^[ \t]*$/.test(text.slice(line, lineEnd(text, line)));
}

/** Column of the comment that the line beginning here consists of. */
function commentColumn(text: string, line: number): number | undefined {
  const match = /^\ufeff?( *)#/.exec(text.slice(line, lineEnd(text, line)));
  return match?.[1]?.length;
}
