import type { Json } from "../json";
import {
  atDash,
  atLineEnd,
  type Cursor,
  count,
  endLine,
  leave,
  MAX_DEPTH,
  notPlain,
  skipSpaces,
  toContent,
} from "./source-plain-cursor";
import { atFlow, readFlow } from "./source-plain-flow";
import {
  atQuote,
  readKey,
  readLiteral,
  readPlainLine,
  readQuoted,
  readQuotedKey,
} from "./source-plain-scalar";

// What no plain file holds: control characters, lone carriage returns, exotic line breaks, lone surrogates.
const oddCharacter = /[^\P{Cc}\t\n\r]|[\p{Surrogate}\u2028\u2029\ufeff\ufffe\uffff]|\r(?!\n)/u;
const BAR = 124;

/**
 * Reads what nearly every sequence file is written in: block maps and lists, flow lists and maps, one-line
 * scalars, literal blocks, comments. Answers nothing as soon as a text holds anything else, or anything wrong:
 * the full reader then says what it means, or what is the matter with it. Where this one answers, both agree.
 * It needs no YAML library, so a program that only reads starts fast.
 */
export function readPlain(text: string): Json | undefined {
  const c: Cursor = { text, pos: text.startsWith("\ufeff") ? 1 : 0, lineStart: 0, column: 0, nodes: 0 };
  if (oddCharacter.test(c.pos === 1 ? text.slice(1) : text)) return undefined;
  try {
    return readDocument(c);
  } catch (thrown) {
    if (thrown === notPlain) return undefined;
    throw thrown;
  }
}

function readDocument(c: Cursor): Json {
  if (c.pos === 1) c.lineStart = 1;
  toContent(c);
  if (c.column === 0 && c.text.startsWith("---", c.pos)) {
    c.pos += 3;
    endLine(c);
  }
  if (c.column === -1) leave();
  const value = readBlock(c, 1);
  if (c.column !== -1) leave();
  return value;
}

/** The block list or map whose first item or key stands here. */
function readBlock(c: Cursor, depth: number): Json {
  return atDash(c) ? readList(c, c.column, depth) : readMap(c, c.column, depth);
}

function readMap(c: Cursor, column: number, depth: number): Json {
  if (depth > MAX_DEPTH) leave();
  count(c);
  const map: { [key: string]: Json } = {};
  do {
    const key = (atQuote(c) ? readQuotedKey(c) : readKey(c)) ?? leave();
    addTo(c, map, key, column, depth);
  } while (c.column === column);
  if (c.column > column) leave();
  return map;
}

function addTo(c: Cursor, map: { [key: string]: Json }, key: string, column: number, depth: number): void {
  if (Object.hasOwn(map, key)) leave();
  skipSpaces(c);
  if (!atLineEnd(c)) {
    map[key] = readInline(c, column, depth);
    return;
  }
  endLine(c);
  if (c.column > column) map[key] = readBlock(c, depth + 1);
  else if (c.column === column && atDash(c)) map[key] = readList(c, column, depth + 1);
  else map[key] = readNothing(c);
}

function readList(c: Cursor, column: number, depth: number): Json {
  if (depth > MAX_DEPTH) leave();
  count(c);
  const list: Json[] = [];
  do {
    c.pos++;
    list.push(readItem(c, column, depth));
  } while (c.column === column && atDash(c));
  if (c.column > column) leave();
  return list;
}

function readItem(c: Cursor, column: number, depth: number): Json {
  skipSpaces(c);
  if (atLineEnd(c)) {
    endLine(c);
    return c.column > column ? readBlock(c, depth + 1) : readNothing(c);
  }
  const inner = c.pos - c.lineStart;
  if (atDash(c)) return readList(c, inner, depth + 1);
  const start = c.pos;
  const keyed = !atQuote(c) && readKey(c) !== null;
  if (!keyed) return readInline(c, column, depth);
  c.pos = start;
  c.nodes--;
  return readMap(c, inner, depth + 1);
}

/** The value that stands on the same line as its key or dash; stands at the next content afterwards. */
function readInline(c: Cursor, column: number, depth: number): Json {
  if (c.text.charCodeAt(c.pos) === BAR) {
    count(c);
    return readLiteral(c, column);
  }
  const value = atFlow(c) ? readFlow(c, column, depth + 1) : readScalar(c);
  endLine(c);
  return value;
}

function readScalar(c: Cursor): Json {
  count(c);
  return atQuote(c) ? readQuoted(c) : readPlainLine(c);
}

function readNothing(c: Cursor): null {
  count(c);
  return null;
}
