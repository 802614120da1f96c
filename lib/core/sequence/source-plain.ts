import type { Json } from "../json";
import { hasTooManyLines, MAX_DEPTH } from "./source-limits";
import {
  atDash,
  atLineEnd,
  type Cursor,
  count,
  endLine,
  leave,
  notPlain,
  skipSpaces,
  toContent,
} from "./source-plain-cursor";
import { atFlow, readFlow } from "./source-plain-flow";
import {
  atQuote,
  readKey,
  readLiteral,
  readNothing,
  readPlainKey,
  readPlainLine,
  readQuotedScalar,
} from "./source-plain-scalar";
import { type Branch, endOf, type Leaf, type Slot, type Tree } from "./source-tree";

// What no plain file holds: control characters, lone carriage returns, exotic line breaks, lone surrogates.
const oddCharacter = /[^\P{Cc}\t\n\r]|[\p{Surrogate}\u2028\u2029\ufeff\ufffe\uffff]|\r(?!\n)/u;
const BAR = 124;

/** The value of a text that the plain reader understands; it is the caller's own. */
export function readPlain(text: string): Json | undefined {
  return parsePlain(text)?.value;
}

/** The tree of the long text that was read last: it is judged, sliced and asked about places one after the other. */
let last: { text: string; tree: Branch | undefined } | undefined;
/** In characters; what is shorter is read in no time, and must not take a long one's place. */
const long = 4096;

/**
 * Reads what nearly every sequence file is written in: block maps and lists, flow lists and maps, one-line
 * scalars, literal blocks, comments. Answers nothing as soon as a text holds anything else, or anything wrong:
 * the full reader then says what it means, or what is the matter with it. Where this one answers, both agree.
 * It needs no YAML library, so a program that only reads starts fast.
 */
export function readPlainTree(text: string): Branch | undefined {
  if (text.length < long) return parsePlain(text);
  if (last?.text !== text) last = { text, tree: parsePlain(text) };
  return last.tree;
}

function parsePlain(text: string): Branch | undefined {
  const start = text.startsWith("\ufeff") ? 1 : 0;
  if (hasTooManyLines(text) || oddCharacter.test(start === 1 ? text.slice(1) : text)) return undefined;
  try {
    return readDocument({ text, pos: start, lineStart: start, column: 0, nodes: 0, flowDepth: 0 });
  } catch (thrown) {
    if (thrown === notPlain) return undefined;
    throw thrown;
  }
}

function readDocument(c: Cursor): Branch {
  toContent(c);
  if (c.column === 0 && c.text.startsWith("---", c.pos)) {
    c.pos += 3;
    endLine(c);
  }
  if (c.column === -1) leave();
  const tree = readBlock(c, 1);
  if (c.column !== -1) leave();
  return tree;
}

/** The block list or map whose first item or key stands here. */
function readBlock(c: Cursor, depth: number): Branch {
  return atDash(c) ? readList(c, c.column, depth) : readMap(c, c.column, depth);
}

function readMap(c: Cursor, column: number, depth: number): Branch {
  if (depth > MAX_DEPTH) leave();
  count(c);
  const slots: Slot[] = [];
  const value: { [key: string]: Json } = {};
  do {
    const key = readKey(c);
    if (Object.hasOwn(value, key.key)) leave();
    const node = readValue(c, column, depth, key.head);
    slots.push({ key: key.key, inFlow: false, from: key.from, head: key.head, node });
    value[key.key] = node.value;
  } while (c.column === column);
  return blockBranch(c, column, "map", slots, value);
}

function readValue(c: Cursor, column: number, depth: number, head: number): Tree {
  skipSpaces(c);
  if (!atLineEnd(c)) return readInline(c, column, depth);
  endLine(c);
  if (c.column > column) return readBlock(c, depth + 1);
  if (c.column === column && atDash(c)) return readList(c, column, depth + 1);
  return readNothing(c, head);
}

function readList(c: Cursor, column: number, depth: number): Branch {
  if (depth > MAX_DEPTH) leave();
  count(c);
  const slots: Slot[] = [];
  do {
    const from = c.pos++;
    slots.push({ key: undefined, inFlow: false, from, head: from + 1, node: readItem(c, column, depth) });
  } while (c.column === column && atDash(c));
  return blockBranch(
    c,
    column,
    "list",
    slots,
    slots.map(({ node }) => node.value),
  );
}

/** What follows deeper than the entries belongs to none of them: a scalar over several lines, or a mistake. */
function blockBranch(c: Cursor, column: number, kind: Branch["kind"], slots: Slot[], value: Json): Branch {
  const [first, last] = [slots[0], slots.at(-1)];
  if (c.column > column || !first || !last) leave();
  return { kind, flow: false, from: first.from, to: endOf(last), slots, value };
}

function readItem(c: Cursor, column: number, depth: number): Tree {
  const head = c.pos;
  skipSpaces(c);
  if (atLineEnd(c)) {
    endLine(c);
    return c.column > column ? readBlock(c, depth + 1) : readNothing(c, head);
  }
  const inner = c.pos - c.lineStart;
  if (atDash(c)) return readList(c, inner, depth + 1);
  return startsMap(c) ? readMap(c, inner, depth + 1) : readInline(c, column, depth);
}

/** Says whether a plain key stands here, without reading it. */
function startsMap(c: Cursor): boolean {
  if (atQuote(c)) return false;
  const { pos, nodes } = c;
  const found = readPlainKey(c) !== undefined;
  c.pos = pos;
  c.nodes = nodes;
  return found;
}

/** The value that stands on the same line as its key or dash; stands at the next content afterwards. */
function readInline(c: Cursor, column: number, depth: number): Tree {
  if (c.text.charCodeAt(c.pos) === BAR) return readLiteral(c, column);
  const tree = atFlow(c) ? readFlow(c, column, depth + 1) : readScalar(c);
  endLine(c);
  return tree;
}

function readScalar(c: Cursor): Leaf {
  count(c);
  return atQuote(c) ? readQuotedScalar(c) : readPlainLine(c);
}
