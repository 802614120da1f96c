import { Document, isScalar, Scalar, visit, type YAMLSeq } from "yaml";
import type { Json } from "../json";
import type { Habits } from "./source-style";

const MAX_FLOW_LIST = 100;

/** A value in block style: what stands behind its colon or dash, and the lines below, relative to the key. */
export interface Rendered {
  inline: string;
  body: string[];
}

/** A value as it stands behind a key. A scalar keeps the given way of quoting where that can hold it. */
export function renderValue(value: Json, habits: Habits, style?: Scalar.Type): Rendered {
  const [first = "", ...body] = renderLines({ k: value }, habits, style);
  return { inline: first.slice(first.startsWith("k: ") ? 3 : 2), body };
}

/** A key with its value, relative to the key's column. */
export function renderEntry(key: string, value: Json, habits: Habits): string[] {
  return renderLines({ [key]: value }, habits);
}

/** A value as it stands behind a dash, whose value begins `gap` columns behind the dash. */
export function renderItem(value: Json, habits: Habits, gap: number, style?: Scalar.Type): Rendered {
  if (!standsBelow(value)) return renderValue(value, habits, style);
  const [first = "", ...rest] = renderLines(value, habits);
  return { inline: first, body: rest.map((line) => indented(line, gap)) };
}

/** A value in flow style, on one line. */
export function renderFlow(value: Json, habits: Habits, style?: Scalar.Type): string {
  const doc = new Document([value], { compat: "yaml-1.1", aliasDuplicateObjects: false });
  (doc.contents as YAMLSeq).flow = true;
  restyle(doc, (text) => (text.includes("\n") ? Scalar.QUOTE_DOUBLE : style));
  return print(doc, habits).slice(1, -1);
}

/** A key with its value for a flow map. */
export function renderFlowEntry(key: string, value: Json, habits: Habits): string {
  return renderFlow({ [key]: value }, habits).slice(1, -1);
}

/** Indents a line, but leaves an empty one empty. */
export function indented(line: string, columns: number): string {
  return line === "" ? "" : " ".repeat(columns) + line;
}

/** Maps and lists of maps are written as blocks below their key. */
function standsBelow(value: Json): boolean {
  if (typeof value !== "object" || value === null || Object.keys(value).length === 0) return false;
  return !Array.isArray(value) || !isShortList(value);
}

/** Lists like `depends_on`, `command` and `tags` are best read on one line. */
function isShortList(values: readonly unknown[]): boolean {
  const scalars = values.every((value) => typeof value !== "object" || value === null);
  if (!scalars || values.some((value) => typeof value === "string" && value.includes("\n"))) return false;
  return JSON.stringify(values).length <= MAX_FLOW_LIST;
}

function renderLines(value: Json, habits: Habits, style?: Scalar.Type): string[] {
  const doc = new Document(value, { compat: "yaml-1.1", aliasDuplicateObjects: false });
  visit(doc, {
    Seq(_key, list) {
      if (isShortList(list.items.map((item) => (isScalar(item) ? item.value : {})))) list.flow = true;
    },
  });
  restyle(doc, (text) => blockStyle(text, style));
  return print(doc, habits).split("\n");
}

/** Where no style is chosen for a text, the library chooses. */
function restyle(doc: Document, choose: (text: string) => Scalar.Type | undefined): void {
  visit(doc, {
    Scalar(key, scalar) {
      if (key === "key" || typeof scalar.value !== "string") return;
      const type = choose(scalar.value);
      if (type !== undefined) scalar.type = type;
    },
  });
}

/** The style asked for, if it holds the text well. */
function blockStyle(value: string, style: Scalar.Type | undefined): Scalar.Type | undefined {
  const isBlock = style === Scalar.BLOCK_LITERAL || style === Scalar.BLOCK_FOLDED;
  const hasLines = value.includes("\n");
  // A block that begins with spaces needs its indentation spelled out, which the library does for two columns only.
  if ((isBlock || hasLines) && /^\n*[ \t]/.test(value)) return Scalar.QUOTE_DOUBLE;
  return hasLines && style === Scalar.QUOTE_SINGLE ? undefined : style;
}

function print(doc: Document, habits: Habits): string {
  const text = doc.toString({
    indent: habits.indent,
    indentSeq: habits.indentLists,
    lineWidth: 0,
    flowCollectionPadding: false,
    doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
    singleQuote: habits.singleQuote ? true : null,
  });
  return text.endsWith("\n") ? text.slice(0, -1) : text;
}
