import type { Json } from "../json";
import { RESERVED_KEYS } from "./source-limits";
import {
  CR,
  type Cursor,
  count,
  leave,
  match,
  nextLine,
  SPACE,
  skipSpaces,
  toContent,
} from "./source-plain-cursor";
import type { Leaf, Style } from "./source-tree";

/** A key with its colon. */
export interface Key {
  key: string;
  from: number;
  /** Right behind the colon. */
  head: number;
}

const TAB = 9;
const SINGLE = 39;
const DOUBLE = 34;

const plainKey = /([A-Za-z_][\w./-]{0,200}) *:(?=[ \r\n]|$)/y;
const quotedKeyEnd = / *:(?=[ \r\n]|$)/y;
const words: ReadonlyMap<string, boolean | null> = new Map([
  ...["", "~", "null", "Null", "NULL"].map((word): [string, null] => [word, null]),
  ...["true", "True", "TRUE"].map((word): [string, boolean] => [word, true]),
  ...["false", "False", "FALSE"].map((word): [string, boolean] => [word, false]),
]);
const literalHeader = /\|(-?) *(?: #[^\n]*)?\r?\n/y;

// The escapes that JSON shares with YAML; surrogates (\ud...) are left to the full reader.
const jsonEscape = /\\(?:["\\/bfnrt]|u(?![dD][89a-fA-F])[\da-fA-F]{4})/g;
const startsOtherThings = /^(?:[,[\]{}#&*!|>'"%@`]|[-?:](?: |$))/;
const endsElsewhere = /: |\t|:$/;
const safeInteger = /^(?:0|-?[1-9]\d{0,14})$/;
const shortDecimal = /^-?\d{1,9}\.\d{1,6}$/;
const otherNumber =
  /^(?:[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?|0o[0-7]+|0x[\da-fA-F]+|[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/;

/** The key that begins here; nothing where no plain key stands. */
export function readPlainKey(c: Cursor): Key | undefined {
  const from = c.pos;
  const key = match(c, plainKey)?.[1];
  if (key === undefined) return undefined;
  return words.has(key) ? leave() : checkedKey(c, key, from);
}

/** The key that must begin here, in quotes or not. */
export function readKey(c: Cursor): Key {
  if (!atQuote(c)) return readPlainKey(c) ?? leave();
  const from = c.pos;
  const key = readQuoted(c);
  return match(c, quotedKeyEnd) ? checkedKey(c, key, from) : leave();
}

function checkedKey(c: Cursor, key: string, from: number): Key {
  if (RESERVED_KEYS.has(key) || key.length > 200) leave();
  count(c);
  return { key, from, head: c.pos };
}

/** Says whether a quote stands here. */
export function atQuote(c: Cursor): boolean {
  const code = c.text.charCodeAt(c.pos);
  return code === SINGLE || code === DOUBLE;
}

/** The quoted text that begins here. */
export function readQuotedScalar(c: Cursor): Leaf {
  const style = c.text.charCodeAt(c.pos) === SINGLE ? "QUOTE_SINGLE" : "QUOTE_DOUBLE";
  const from = c.pos;
  return leafTo(c, from, style, readQuoted(c));
}

/** A scalar that was read up to here. */
export function leafTo(c: Cursor, from: number, style: Style, value: Json): Leaf {
  return { kind: "scalar", from, to: c.pos, style, value };
}

// No sticky expressions for what may be megabytes long: engines give up on them, each in its own way.
function readQuoted(c: Cursor): string {
  const from = c.pos + 1;
  const isSingle = c.text.charCodeAt(c.pos) === SINGLE;
  const end = isSingle ? singleEnd(c.text, from) : doubleEnd(c.text, from);
  const inner = end === -1 ? leave() : c.text.slice(from, end);
  if (inner.includes("\n") || inner.includes("\t")) leave();
  c.pos = end + 1;
  if (isSingle) return inner.replaceAll("''", "'");
  if (!inner.includes("\\")) return inner;
  if (inner.replace(jsonEscape, "").includes("\\")) leave();
  return String(JSON.parse(`"${inner}"`));
}

function singleEnd(text: string, from: number): number {
  let end = text.indexOf("'", from);
  while (end !== -1 && text.charCodeAt(end + 1) === SINGLE) end = text.indexOf("'", end + 2);
  return end;
}

function doubleEnd(text: string, from: number): number {
  let end = text.indexOf('"', from);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end;
}

function isEscaped(text: string, offset: number): boolean {
  let at = offset;
  while (text.charAt(at - 1) === "\\") at--;
  return (offset - at) % 2 === 1;
}

/** The plain scalar from here to the end of the line or its comment. */
export function readPlainLine(c: Cursor): Leaf {
  const from = c.pos;
  const lineEnd = c.text.indexOf("\n", from);
  const rest = c.text.slice(from, lineEnd === -1 ? c.text.length : lineEnd);
  const comment = rest.indexOf(" #");
  const source = trimmed(comment === -1 ? rest : rest.slice(0, comment));
  if (startsOtherThings.test(source) || endsElsewhere.test(source)) leave();
  c.pos += source.length;
  return leafTo(c, from, "PLAIN", resolvePlain(source));
}

/** Spaces and the half of a line break alone end a scalar: other white space is part of it. */
function trimmed(source: string): string {
  let end = source.length;
  while (source.charCodeAt(end - 1) === SPACE || source.charCodeAt(end - 1) === CR) end--;
  return source.slice(0, end);
}

/** What a plain scalar means in the YAML 1.2 core schema. */
export function resolvePlain(source: string): Json {
  const word = source.length <= 5 ? words.get(source) : undefined;
  if (word !== undefined) return word;
  const first = source.charCodeAt(0);
  const mayBeNumber = (first >= 48 && first <= 57) || first === 43 || first === 45 || first === 46;
  if (!mayBeNumber) return source;
  if (safeInteger.test(source) || shortDecimal.test(source)) return Number(source);
  return otherNumber.test(source) ? leave() : source;
}

/** The literal block (`|`, `|-`) whose header stands here, in a parent at the given column; stands at the next content afterwards. */
export function readLiteral(c: Cursor, parentColumn: number): Leaf {
  count(c);
  const from = c.pos;
  const header = match(c, literalHeader) ?? leave();
  const lines: string[] = [];
  let indent = -1;
  let to = c.pos;
  while (c.pos < c.text.length) {
    const lineStart = c.pos;
    skipSpaces(c);
    const spaces = c.pos - lineStart;
    const end = contentEnd(c);
    if (end > c.pos) {
      if (isTabs(c.text, c.pos, end)) leave();
      if (indent === -1) indent = spaces;
      if (spaces < indent || indent <= parentColumn) {
        c.pos = lineStart;
        break;
      }
      lines.push(c.text.slice(lineStart + indent, end));
      to = end;
    } else {
      // Blank lines deeper than the text are rare, as are those with tabs, and their rules are subtle.
      if (spaces > 0 && (indent === -1 || spaces > indent)) leave();
      lines.push("");
    }
    nextLine(c);
  }
  if (indent <= parentColumn) leave();
  toContent(c);
  while (lines.at(-1) === "") lines.pop();
  const text = lines.join("\n");
  return {
    kind: "scalar",
    from,
    to: withoutSpaces(c.text, to),
    style: "BLOCK_LITERAL",
    value: header[1] === "-" ? text : `${text}\n`,
  };
}

function isTabs(text: string, from: number, to: number): boolean {
  return text.charCodeAt(from) === TAB && /^[\t ]*$/.test(text.slice(from, to));
}

function withoutSpaces(text: string, offset: number): number {
  let at = offset;
  while (text.charCodeAt(at - 1) === SPACE || text.charCodeAt(at - 1) === TAB) at--;
  return at;
}

function contentEnd(c: Cursor): number {
  const newline = c.text.indexOf("\n", c.pos);
  if (newline === -1) return c.text.length;
  return c.text.charCodeAt(newline - 1) === CR ? newline - 1 : newline;
}

/** A null without characters, behind a colon or dash. */
export function readNothing(c: Cursor, head: number): Leaf {
  count(c);
  return { kind: "scalar", from: head, to: head, style: "EMPTY", value: null };
}
