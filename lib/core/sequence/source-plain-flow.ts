import type { Json } from "../json";
import {
  atLineEnd,
  CR,
  type Cursor,
  count,
  HASH,
  LF,
  leave,
  MAX_DEPTH,
  match,
  nextLine,
  SPACE,
  skipSpaces,
} from "./source-plain-cursor";
import { atQuote, readKey, readQuoted, readQuotedKey, resolvePlain } from "./source-plain-scalar";

const plainInFlow = /[\w./~$+^=()<;\\-](?:[^\s,[\]{}:]|:(?=[^\s,[\]{}])| +(?=[^\s#,[\]{}:]))*/y;
const dashAlone = /-(?:[\s,[\]{}]|$)/y;

const COMMA = 44;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const OPEN_MAP = 123;
const CLOSE_MAP = 125;

/** Says whether a flow list or map begins here. */
export function atFlow(c: Cursor): boolean {
  const code = c.text.charCodeAt(c.pos);
  return code === OPEN_LIST || code === OPEN_MAP;
}

/** The flow list or map that begins here; its further lines must stand deeper than the parent's column. */
export function readFlow(c: Cursor, parentColumn: number, depth: number): Json {
  if (depth > MAX_DEPTH) leave();
  count(c);
  return c.text.charCodeAt(c.pos) === OPEN_LIST
    ? readFlowList(c, parentColumn, depth)
    : readFlowMap(c, parentColumn, depth);
}

function readFlowList(c: Cursor, parentColumn: number, depth: number): Json {
  const list: Json[] = [];
  c.pos++;
  for (;;) {
    skipGap(c, parentColumn);
    if (take(c, CLOSE_LIST)) return list;
    list.push(readFlowValue(c, parentColumn, depth));
    skipGap(c, parentColumn);
    if (!take(c, COMMA) && c.text.charCodeAt(c.pos) !== CLOSE_LIST) leave();
  }
}

function readFlowMap(c: Cursor, parentColumn: number, depth: number): Json {
  const map: { [key: string]: Json } = {};
  c.pos++;
  for (;;) {
    skipGap(c, parentColumn);
    if (take(c, CLOSE_MAP)) return map;
    const key = (atQuote(c) ? readQuotedKey(c) : readKey(c)) ?? leave();
    if (Object.hasOwn(map, key)) leave();
    skipGap(c, parentColumn);
    map[key] = readFlowValue(c, parentColumn, depth);
    skipGap(c, parentColumn);
    if (!take(c, COMMA) && c.text.charCodeAt(c.pos) !== CLOSE_MAP) leave();
  }
}

function readFlowValue(c: Cursor, parentColumn: number, depth: number): Json {
  if (atFlow(c)) return readFlow(c, parentColumn, depth + 1);
  count(c);
  if (atQuote(c)) return readQuoted(c);
  dashAlone.lastIndex = c.pos;
  if (dashAlone.test(c.text)) leave();
  const source = match(c, plainInFlow)?.[0] ?? leave();
  return resolvePlain(source);
}

function take(c: Cursor, code: number): boolean {
  if (c.text.charCodeAt(c.pos) !== code) return false;
  c.pos++;
  return true;
}

/** Steps over spaces, line breaks and comments between the parts of a flow collection. */
function skipGap(c: Cursor, parentColumn: number): void {
  for (;;) {
    skipSpaces(c);
    const code = c.text.charCodeAt(c.pos);
    if (code !== LF && code !== CR && code !== HASH) return;
    if (code === HASH && !atLineEnd(c)) leave();
    nextLine(c);
    checkIndent(c, parentColumn);
  }
}

function checkIndent(c: Cursor, parentColumn: number): void {
  let at = c.pos;
  while (c.text.charCodeAt(at) === SPACE) at++;
  const code = c.text.charCodeAt(at);
  if (code !== LF && code !== CR && at - c.pos <= parentColumn) leave();
}
