import { Lexer } from "yaml";
import type { Failure } from "../failure";
import { forbidden, MAX_DEPTH, MAX_NODES, syntax, tooDeep, tooMany } from "./source-limits";
import { placeAt } from "./source-place";

// What the lexer of `yaml` marks without a character of the source.
const DOCUMENT = "\x02";
const FLOW_END = "\x18";
const SCALAR = "\x1f";

interface Scan {
  file: string;
  offset: number;
  lineStart: number;
  /** Where the value began that a colon would make a key; -1 before one. */
  keyStart: number;
  /** Whether a key with its colon stands on this line already. */
  keyed: boolean;
  /** Columns of the block lists and maps that are open. */
  columns: number[];
  brackets: Bracket[];
  values: number;
  marks: number;
  begun: boolean;
  ended: boolean;
}

interface Bracket {
  source: "[" | "{";
  offset: number;
}

/**
 * Refuses, on the tokens alone and in linear time, what must not reach the parser: too deep (it recurses), too
 * much, whatever a sequence file may not use, and the faults by which the parser would nest deeper than the text
 * looks. The depth counted here can be half of the true one (a list may stand in its key's column), which the
 * parser bears; the reader counts again, exactly.
 */
export function scanSource(text: string, file: string): Failure | undefined {
  const scan = newScan(file);
  let inScalar = false;
  for (const token of new Lexer().lex(text)) {
    if (token === SCALAR && !inScalar) {
      inScalar = true;
      continue;
    }
    const failure = inScalar ? onValue(scan) : onToken(scan, token);
    if (failure) return { ...failure, place: placeAt(text, file, scan.offset, scan.offset + token.length) };
    if (token === FLOW_END && !inScalar) break;
    if (inScalar || token !== DOCUMENT) advance(scan, token);
    inScalar = false;
  }
  const open = scan.brackets.at(-1);
  return (
    open && { ...syntax(`this ${open.source} is never closed`), place: placeAt(text, file, open.offset) }
  );
}

function newScan(file: string): Scan {
  const position = { offset: 0, lineStart: 0, keyStart: -1, keyed: false };
  return { file, ...position, columns: [], brackets: [], values: 0, marks: 0, begun: false, ended: false };
}

function advance(scan: Scan, token: string): void {
  const newline = token.lastIndexOf("\n");
  if (newline !== -1) scan.lineStart = scan.offset + newline + 1;
  scan.offset += token.length;
  // Block scalars take the line break behind them along. Within brackets, what may become a key goes on.
  if (scan.lineStart !== scan.offset || scan.brackets.length > 0) return;
  scan.keyStart = -1;
  scan.keyed = false;
}

function onToken(scan: Scan, token: string): Failure | undefined {
  switch (token) {
    case DOCUMENT:
      return scan.ended ? severalDocuments() : undefined;
    case "---":
    case "...":
      return onMarker(scan, token);
    case "[":
    case "{":
      scan.brackets.push({ source: token, offset: scan.offset });
      return onValue(scan);
    case "]":
    case "}":
      return onClosing(scan, token);
    case "-":
      return onDash(scan);
    case ":":
      return onColon(scan);
    case ",":
      return countMark(scan);
    case "?":
      return forbidden("a key written with `?` is not supported", "write it as `key: value`");
  }
  return onWord(scan, token);
}

function onMarker(scan: Scan, token: string): Failure | undefined {
  if (token === "...") scan.ended = scan.begun;
  else if (scan.begun) return severalDocuments();
  scan.begun = true;
  return undefined;
}

function onValue(scan: Scan): Failure | undefined {
  scan.begun = true;
  if (scan.keyStart === -1) scan.keyStart = scan.offset;
  scan.values++;
  return scan.values > MAX_NODES ? tooMany(scan.file) : checkDepth(scan);
}

function onClosing(scan: Scan, token: string): Failure | undefined {
  const open = scan.brackets.pop();
  if (!open) return syntax(`this ${token} closes nothing; put the text in quotes if it belongs to it`);
  if ((open.source === "[") === (token === "]")) return undefined;
  return syntax(`this ${token} can't close the ${open.source} before it`);
}

function onDash(scan: Scan): Failure | undefined {
  if (scan.brackets.length > 0)
    return syntax("an item with `-` can't stand within [ ] or { }; separate items with commas");
  if (scan.keyed || scan.keyStart !== -1)
    return syntax("a `-` can't stand here; begin the list on a line of its own, or quote the text");
  return countMark(scan) ?? openColumn(scan, scan.offset);
}

function onColon(scan: Scan): Failure | undefined {
  if (scan.brackets.length > 0) return countMark(scan);
  if (scan.keyStart === -1) return syntax("the key before this colon is missing");
  if (scan.keyed) return syntax("a second `: ` on one line; put the text behind the first one in quotes");
  if (scan.keyStart < scan.lineStart) return syntax("a key can't go over several lines");
  const failure = countMark(scan) ?? openColumn(scan, scan.keyStart);
  scan.keyed = true;
  scan.keyStart = -1;
  return failure;
}

function countMark(scan: Scan): Failure | undefined {
  scan.begun = true;
  scan.marks++;
  return scan.marks > MAX_NODES ? tooMany(scan.file) : undefined;
}

function openColumn(scan: Scan, offset: number): Failure | undefined {
  const column = offset - scan.lineStart;
  while ((scan.columns.at(-1) ?? -1) >= column) scan.columns.pop();
  scan.columns.push(column);
  return checkDepth(scan);
}

function checkDepth(scan: Scan): Failure | undefined {
  return scan.columns.length + scan.brackets.length > MAX_DEPTH ? tooDeep(scan.file) : undefined;
}

function onWord(scan: Scan, token: string): Failure | undefined {
  const name = token.length > 40 ? `${token.slice(0, 40)}…` : token;
  switch (token[0]) {
    case "&":
      return forbidden(`an anchor (${name}) is not allowed`, "write the value out where it is needed");
    case "*":
      return forbidden(
        `an alias (${name}) is not allowed`,
        "write the value out, or quote the text if it begins with *",
      );
    case "!":
      return forbidden(
        `a tag (${name}) is not allowed`,
        "leave it out, or quote the text if it begins with !",
      );
    case "%":
      return forbidden(`a YAML directive (${name}) is not allowed`, "leave the line out");
    case '"':
    case "'":
      return onValue(scan);
  }
  return undefined;
}

function severalDocuments(): Failure {
  return forbidden(
    "a second YAML document begins here",
    "keep one document in the file: remove this `---` and what follows",
  );
}
