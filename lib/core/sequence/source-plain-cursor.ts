import { MAX_NODES } from "./source-limits";

/** Where the plain reader stands in a text. */
export interface Cursor {
  readonly text: string;
  pos: number;
  /** Where the line of `pos` begins. */
  lineStart: number;
  /** Column of the content at `pos` after a line was ended; -1 at the end of the text. */
  column: number;
  nodes: number;
  /** How many brackets are open. */
  flowDepth: number;
}

/** Thrown, and caught by `readPlain` alone, where a text leaves the plain subset: one exit out of any depth. */
export const notPlain: unique symbol = Symbol("not plain");

/** Character codes that several readers look for. */
export const [LF, CR, SPACE, HASH, DASH] = [10, 13, 32, 35, 45] as const;

/** Leaves the plain reader. */
export function leave(): never {
  throw notPlain;
}

/** Counts one key or value. */
export function count(c: Cursor): void {
  c.nodes++;
  if (c.nodes > MAX_NODES) leave();
}

/** Matches a sticky expression here and steps over it. */
export function match(c: Cursor, sticky: RegExp): RegExpExecArray | null {
  sticky.lastIndex = c.pos;
  const found = sticky.exec(c.text);
  if (found) c.pos = sticky.lastIndex;
  return found;
}

/** Steps over spaces. */
export function skipSpaces(c: Cursor): void {
  while (c.text.charCodeAt(c.pos) === SPACE) c.pos++;
}

/** Says whether nothing but a comment is left on this line. */
export function atLineEnd(c: Cursor): boolean {
  const code = c.text.charCodeAt(c.pos);
  if (code === HASH) return c.pos === 0 || c.text.charCodeAt(c.pos - 1) === SPACE;
  return code === LF || code === CR || c.pos >= c.text.length;
}

/** Ends the line, which may hold a comment but nothing else, and goes to the next content. */
export function endLine(c: Cursor): void {
  skipSpaces(c);
  if (!atLineEnd(c)) leave();
  nextLine(c);
  toContent(c);
}

/** Goes to the beginning of the next line. */
export function nextLine(c: Cursor): void {
  const end = c.text.indexOf("\n", c.pos);
  c.pos = end === -1 ? c.text.length : end + 1;
}

/** From the beginning of a line, steps over blank lines and comment lines to the next content. */
export function toContent(c: Cursor): void {
  while (c.pos < c.text.length) {
    c.lineStart = c.pos;
    skipSpaces(c);
    const code = c.text.charCodeAt(c.pos);
    if (c.pos >= c.text.length) break;
    if (code !== LF && code !== CR && code !== HASH) {
      c.column = c.pos - c.lineStart;
      return;
    }
    nextLine(c);
  }
  c.column = -1;
}

/** Says whether a list item begins here. */
export function atDash(c: Cursor): boolean {
  if (c.text.charCodeAt(c.pos) !== DASH) return false;
  const next = c.text.charCodeAt(c.pos + 1);
  return next === SPACE || next === LF || next === CR || c.pos + 1 >= c.text.length;
}
