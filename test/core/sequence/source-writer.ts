import type { Dressing, Entry, Shape, Step } from "./source-shape";

/** A line of a generated document: what it belongs to, and whether as its value, as a comment above, or neither. */
export interface Line {
  text: string;
  /** Path of the entry the line is about, as "steps/s1/name"; empty for what belongs to nothing. */
  owner: string;
  role: "value" | "lead" | "loose";
}

/** A document as a person might write it, with a record of which line is about what. */
export interface Written {
  text: string;
  lines: Line[];
  eol: string;
}

/** Writes a document from its shape. */
export class Writer {
  private readonly lines: Line[] = [];
  private comments = 0;
  private readonly shape: Shape;

  constructor(shape: Shape) {
    this.shape = shape;
  }

  write(): Written {
    const { shape } = this;
    if (shape.marker) this.line("---", "", "loose");
    for (let i = 0; i < shape.header; i++) this.comment(0, "", "loose");
    if (shape.header > 0) this.line("", "", "loose");
    this.scalar(0, "version", "version", "1", shape.versionDressing);
    const used = new Set<string>();
    for (const e of shape.top) this.entry(0, `${e.key}`, e, used);
    this.dress(0, "steps", shape.stepsDressing);
    this.line(`steps:${this.behind(shape.stepsDressing)}`, "steps", "value");
    for (const [i, s] of shape.steps.entries()) this.step(s, `s${i}`);
    for (const e of shape.after) if (!used.has(e.key)) this.entry(0, e.key, e, used);
    const body = this.lines.map(({ text }) => text).join(shape.eol);
    return {
      text: (shape.bom ? "\ufeff" : "") + body + (shape.finalBreak ? shape.eol : ""),
      lines: this.lines,
      eol: shape.eol,
    };
  }

  private step(s: Step, id: string): void {
    const column = this.shape.listColumn;
    const owner = `steps/${id}`;
    this.dress(column, owner, s.dressing);
    const quoted = s.idStyle === "plain" ? id : s.idStyle === "single" ? `'${id}'` : `"${id}"`;
    this.line(
      `${pad(column)}-${pad(s.gap - 1)}id:${s.dressing.gap}${quoted}${this.behind(s.dressing)}`,
      `${owner}/id`,
      "value",
    );
    const used = new Set<string>();
    for (const e of s.entries) this.entry(column + s.gap, `${owner}/${e.key}`, e, used);
    if (s.trailing) this.comment(column + s.gap, owner, "lead");
  }

  private entry(column: number, owner: string, e: Entry, used: Set<string>): void {
    used.add(e.key);
    this.dress(column, owner, e.dressing);
    if (e.key === "timeout_ms") this.bare(column, e.key, owner, String(e.number), e.dressing);
    else if (e.key === "env") this.map(column, owner, e);
    else if (["command", "depends_on", "tags"].includes(e.key)) this.list(column, owner, e);
    else this.text(column, owner, e);
  }

  private scalar(column: number, key: string, owner: string, source: string, d: Dressing): void {
    this.dress(column, owner, { ...d, detached: true });
    this.bare(column, key, owner, source, d);
  }

  private bare(column: number, key: string, owner: string, source: string, d: Dressing): void {
    this.line(`${pad(column)}${key}:${d.gap}${source}${this.behind(d)}`, owner, "value");
  }

  private text(column: number, owner: string, e: Entry): void {
    const block = e.scalarStyle === "literal" || e.scalarStyle === "folded";
    if (!block || !/^\S[^\n]*(\n\S[^\n]*)*\n?$/.test(e.text) || /\t|[^\n\S] *$/.test(e.text)) {
      this.bare(column, e.key, owner, inline(e.text, e.scalarStyle), e.dressing);
      return;
    }
    const chomp = e.text.endsWith("\n") ? "" : "-";
    const mark = e.scalarStyle === "literal" ? "|" : ">";
    this.line(`${pad(column)}${e.key}: ${mark}${chomp}${this.behind(e.dressing)}`, owner, "value");
    for (const line of e.text.trimEnd().split("\n"))
      this.line(line === "" ? "" : pad(column + this.shape.indent) + line, owner, "value");
  }

  private map(column: number, owner: string, e: Entry): void {
    const pairs = e.texts.map((value, i): [string, string] => [`K${i}`, value]);
    if (pairs.length === 0 || e.mapInFlow) {
      const inner = pairs.map(([key, value]) => `${key}: ${JSON.stringify(value)}`).join(", ");
      this.bare(column, e.key, owner, `{${inner}}`, e.dressing);
      return;
    }
    this.line(`${pad(column)}${e.key}:${this.behind(e.dressing)}`, owner, "value");
    for (const [key, value] of pairs)
      this.bare(
        column + this.shape.indent,
        key,
        `${owner}/${key}`,
        inline(value, e.scalarStyle),
        e.itemDressing,
      );
  }

  private list(column: number, owner: string, e: Entry): void {
    const items = e.texts.map((value) => JSON.stringify(value));
    const head = `${pad(column)}${e.key}:`;
    if (items.length === 0 || e.listStyle === "flow")
      this.bare(column, e.key, owner, `[${items.join(", ")}]`, e.dressing);
    else if (e.listStyle === "padded")
      this.bare(column, e.key, owner, `[ ${items.join(",  ")} ]`, e.dressing);
    else if (e.listStyle === "vertical" || e.listStyle === "closing") {
      this.line(`${head} [${this.behind(e.dressing)}`, owner, "value");
      const inner = pad(column + this.shape.indent);
      items.forEach((item, i) => {
        const comma = i < items.length - 1 || e.listStyle === "closing" ? "," : "";
        this.line(`${inner}${item}${comma}${this.behind(e.itemDressing)}`, `${owner}/${i}`, "value");
      });
      this.line(`${pad(column + 1)}]`, owner, "value");
    } else {
      this.line(`${head}${this.behind(e.dressing)}`, owner, "value");
      const dash = column + (e.listStyle === "flush" ? 0 : this.shape.indent);
      items.forEach((item, i) => {
        const source = `${pad(dash)}-${e.itemDressing.gap}${item}${this.behind(e.itemDressing)}`;
        this.line(source, `${owner}/${i}`, "value");
      });
    }
  }

  /** Blank lines and comments before an entry; only comments right above it are its own. */
  private dress(column: number, owner: string, d: Dressing): void {
    for (let i = 0; i < d.blanks; i++) this.line("", "", "loose");
    for (let i = 0; i < d.lead; i++) this.comment(column, owner, d.detached ? "loose" : "lead");
    if (d.lead > 0 && d.detached) this.line("", "", "loose");
  }

  private comment(column: number, owner: string, role: Line["role"]): void {
    this.line(`${pad(column)}# note ${this.comments++}`, owner, role);
  }

  private behind(d: Dressing): string {
    return d.behind === "" ? "" : `${d.behind}note ${this.comments++}`;
  }

  private line(source: string, owner: string, role: Line["role"]): void {
    this.lines.push({ text: source, owner, role });
  }
}

function pad(columns: number): string {
  return " ".repeat(columns);
}

function inline(value: string, style: string): string {
  if (style === "single" && !/[\n\t]/.test(value)) return `'${value.replaceAll("'", "''")}'`;
  return style === "plain" && /^[a-z][a-z -]*[a-z]$/i.test(value) && !/^(null|true|false|yes)$/i.test(value)
    ? value
    : JSON.stringify(value);
}
