import type { Json } from "../json";
import {
  CR,
  type Cursor,
  count,
  leave,
  match,
  nextLine,
  RESERVED_KEYS,
  SPACE,
  skipSpaces,
  toContent,
} from "./source-plain-cursor";

const plainKey = /([A-Za-z_][\w./-]{0,200}) *:(?=[ \r\n]|$)/y;
const quotedKeyEnd = / *:(?=[ \r\n]|$)/y;
const notTextKeys: ReadonlySet<string> = new Set([
  "null",
  "Null",
  "NULL",
  "true",
  "True",
  "TRUE",
  "false",
  "False",
  "FALSE",
]);

const singleQuoted = /'((?:[^'\n]|'')*)'/y;
// The escapes that JSON shares with YAML; surrogates (\ud...) are left to the full reader.
const doubleQuoted = /"(?:[^"\\\t\n]|\\["\\/bfnrt]|\\u(?![dD][89a-fA-F])[\da-fA-F]{4})*"/y;
const literalHeader = /\|(-?) *(?: #[^\n]*)?\r?\n/y;

const startsOtherThings = /^(?:[,[\]{}#&*!|>'"%@`]|[-?:](?: |$))/;
const endsElsewhere = /: |\t|:$/;
const safeInteger = /^(?:0|-?[1-9]\d{0,14})$/;
const shortDecimal = /^-?\d{1,9}\.\d{1,6}$/;
const otherNumber =
  /^(?:[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?|0o[0-7]+|0x[\da-fA-F]+|[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/;

/** The key that begins here, with its colon; null where no plain key stands. */
export function readKey(c: Cursor): string | null {
  const key = match(c, plainKey)?.[1];
  if (key === undefined) return null;
  if (notTextKeys.has(key)) leave();
  return checkKey(c, key);
}

/** The quoted key that begins here, with its colon. */
export function readQuotedKey(c: Cursor): string {
  const key = readQuoted(c);
  if (!match(c, quotedKeyEnd)) leave();
  return checkKey(c, key);
}

function checkKey(c: Cursor, key: string): string {
  if (RESERVED_KEYS.has(key) || key.length > 200) leave();
  count(c);
  return key;
}

/** Says whether a quote stands here. */
export function atQuote(c: Cursor): boolean {
  const code = c.text.charCodeAt(c.pos);
  return code === 34 || code === 39;
}

/** The quoted text that begins here and ends on the same line. */
export function readQuoted(c: Cursor): string {
  const single = match(c, singleQuoted)?.[1];
  if (single !== undefined) return single.includes("''") ? single.replaceAll("''", "'") : single;
  const double = match(c, doubleQuoted)?.[0];
  if (double === undefined) return leave();
  return double.includes("\\") ? String(JSON.parse(double)) : double.slice(1, -1);
}

/** The plain scalar from here to the end of the line or its comment. */
export function readPlainLine(c: Cursor): Json {
  const lineEnd = c.text.indexOf("\n", c.pos);
  const rest = c.text.slice(c.pos, lineEnd === -1 ? c.text.length : lineEnd);
  const comment = rest.indexOf(" #");
  const source = trimmed(comment === -1 ? rest : rest.slice(0, comment));
  if (startsOtherThings.test(source) || endsElsewhere.test(source)) leave();
  c.pos += source.length;
  return resolvePlain(source);
}

/** Spaces and the half of a line break alone end a scalar: other white space is part of it. */
function trimmed(source: string): string {
  let end = source.length;
  while (source.charCodeAt(end - 1) === SPACE || source.charCodeAt(end - 1) === CR) end--;
  return source.slice(0, end);
}

/** What a plain scalar means in the YAML 1.2 core schema. */
export function resolvePlain(source: string): Json {
  switch (source) {
    case "true":
    case "True":
    case "TRUE":
      return true;
    case "false":
    case "False":
    case "FALSE":
      return false;
    case "":
    case "~":
    case "null":
    case "Null":
    case "NULL":
      return null;
  }
  const first = source.charCodeAt(0);
  const mayBeNumber = (first >= 48 && first <= 57) || first === 43 || first === 45 || first === 46;
  if (!mayBeNumber) return source;
  if (safeInteger.test(source) || shortDecimal.test(source)) return Number(source);
  return otherNumber.test(source) ? leave() : source;
}

/** The literal block (`|`, `|-`) whose header stands here, in a parent at the given column; stands at the next content afterwards. */
export function readLiteral(c: Cursor, parentColumn: number): string {
  const header = match(c, literalHeader) ?? leave();
  const lines: string[] = [];
  let indent = -1;
  while (c.pos < c.text.length) {
    const lineStart = c.pos;
    skipSpaces(c);
    const spaces = c.pos - lineStart;
    const end = contentEnd(c);
    if (end > c.pos) {
      if (indent === -1) indent = spaces;
      if (spaces < indent || indent <= parentColumn) {
        c.pos = lineStart;
        break;
      }
      lines.push(c.text.slice(lineStart + indent, end));
    } else {
      // Blank lines deeper than the text are rare, and their rules are subtle.
      if (spaces > 0 && (indent === -1 || spaces > indent)) leave();
      lines.push("");
    }
    nextLine(c);
  }
  if (indent <= parentColumn) leave();
  toContent(c);
  while (lines.at(-1) === "") lines.pop();
  return header[1] === "-" ? lines.join("\n") : `${lines.join("\n")}\n`;
}

function contentEnd(c: Cursor): number {
  const newline = c.text.indexOf("\n", c.pos);
  if (newline === -1) return c.text.length;
  return c.text.charCodeAt(newline - 1) === CR ? newline - 1 : newline;
}
