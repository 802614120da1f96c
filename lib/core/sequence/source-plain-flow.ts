import type { Json } from "../json";
import { MAX_DEPTH } from "./source-limits";
import {
  atLineEnd,
  CR,
  type Cursor,
  count,
  DASH,
  HASH,
  LF,
  leave,
  match,
  nextLine,
  SPACE,
  skipSpaces,
} from "./source-plain-cursor";
import { atQuote, leafTo, readKey, readQuotedScalar, resolvePlain } from "./source-plain-scalar";
import type { Branch, Leaf, Slot, Tree } from "./source-tree";

const firstOfPlain = /[\w./~$+^=()<;\\-]/;
// One class, repeated: nothing to go back to, however long the word is.
const wordInFlow = /[^\s,[\]{}:]+/y;
const whiteSpace = /\s/;
const COMMA = 44;
const COLON = 58;
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
export function readFlow(c: Cursor, parentColumn: number, depth: number): Branch {
  if (depth > MAX_DEPTH) leave();
  count(c);
  c.flowDepth++;
  const isList = c.text.charCodeAt(c.pos) === OPEN_LIST;
  const branch = isList ? readFlowList(c, parentColumn, depth) : readFlowMap(c, parentColumn, depth);
  c.flowDepth--;
  return branch;
}

function readFlowList(c: Cursor, parentColumn: number, depth: number): Branch {
  const from = c.pos++;
  const slots: Slot[] = [];
  for (skipGap(c, parentColumn); !take(c, CLOSE_LIST); skipGap(c, parentColumn)) {
    const node = readFlowValue(c, parentColumn, depth);
    slots.push({ key: undefined, inFlow: true, from: node.from, head: node.from, node });
    takeComma(c, parentColumn, CLOSE_LIST);
  }
  return { kind: "list", flow: true, from, to: c.pos, slots, value: slots.map(({ node }) => node.value) };
}

function readFlowMap(c: Cursor, parentColumn: number, depth: number): Branch {
  const from = c.pos++;
  const slots: Slot[] = [];
  const value: { [key: string]: Json } = {};
  for (skipGap(c, parentColumn); !take(c, CLOSE_MAP); skipGap(c, parentColumn)) {
    const key = readKey(c);
    if (Object.hasOwn(value, key.key)) leave();
    skipGap(c, parentColumn);
    const node = readFlowValue(c, parentColumn, depth);
    slots.push({ key: key.key, inFlow: true, from: key.from, head: key.head, node });
    value[key.key] = node.value;
    takeComma(c, parentColumn, CLOSE_MAP);
  }
  return { kind: "map", flow: true, from, to: c.pos, slots, value };
}

function readFlowValue(c: Cursor, parentColumn: number, depth: number): Tree {
  if (atFlow(c)) return readFlow(c, parentColumn, depth + 1);
  count(c);
  return atQuote(c) ? readQuotedScalar(c) : readPlainInFlow(c);
}

function readPlainInFlow(c: Cursor): Leaf {
  const from = c.pos;
  if (!firstOfPlain.test(c.text.charAt(from))) leave();
  if (c.text.charCodeAt(from) === DASH && isSeparator(c.text, from + 1)) leave();
  do match(c, wordInFlow);
  while (goesOn(c));
  return leafTo(c, from, "PLAIN", resolvePlain(c.text.slice(from, c.pos)));
}

/** Steps over a colon or spaces with more of the scalar behind them. */
function goesOn(c: Cursor): boolean {
  let at = c.pos;
  if (c.text.charCodeAt(at) === COLON) at++;
  else while (c.text.charCodeAt(at) === SPACE) at++;
  const code = c.text.charCodeAt(at);
  if (at === c.pos || code === HASH || code === COLON || isSeparator(c.text, at)) return false;
  c.pos = at;
  return true;
}

function isSeparator(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code === COMMA || code === OPEN_LIST || code === CLOSE_LIST || code === OPEN_MAP || code === CLOSE_MAP)
    return true;
  return at >= text.length || whiteSpace.test(text.charAt(at));
}

function take(c: Cursor, code: number): boolean {
  if (c.text.charCodeAt(c.pos) !== code) return false;
  c.pos++;
  return true;
}

function takeComma(c: Cursor, parentColumn: number, closing: number): void {
  skipGap(c, parentColumn);
  if (!take(c, COMMA) && c.text.charCodeAt(c.pos) !== closing) leave();
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
  if (code === LF || code === CR || at - c.pos > parentColumn) return;
  // The last bracket may stand below the key whose value it closes.
  const isLast = c.flowDepth === 1 && (code === CLOSE_LIST || code === CLOSE_MAP);
  if (!isLast || at - c.pos < parentColumn) leave();
}
