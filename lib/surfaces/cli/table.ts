import { countOf } from "../../core/count";
import { sayDuration } from "../../core/duration";
import { takesUp } from "../../core/engine/why";
import type { GateStatusDoc, StatusDoc, StepStatusDoc } from "../../core/views/status";
import { leftIn, sayLeft, statusWord, wordCounts } from "../../core/views/status-word";
import { cells, cut, lookOf, type Paint, pad, safe } from "./paint";

/**
 * Draws the status document: a row a node, aligned, in the order of the file. `columns` is the width of the terminal, Infinity
 * where there is none: then nothing is cut. At a terminal names and long ids are cut, and what is said of a node goes on below.
 */
export function statusTable(doc: StatusDoc, paint: Paint, columns: number, now: number): string {
  const lines = [headline(doc, paint), ""];
  const rows = [...doc.steps.map((step) => stepRow(step, now)), ...doc.gates.map(gateRow)];
  const statusWidth = Math.max(6, ...rows.map((row) => row.status.length));
  const timeWidth = Math.max(4, ...rows.map((row) => row.time.length));
  const idWidth = idWidthOf(rows, columns - (2 + 2 + 2 + statusWidth + 2 + timeWidth + 2));
  for (const row of rows) {
    const { glyph, tone } = lookOf(row.status, row.kind);
    const used = 2 + 2 + idWidth + 2 + statusWidth + 2 + timeWidth + 2;
    const width = Math.max(20, columns - used);
    const [note = "", ...more] = wrap(safe(noteOf(row, width)), width);
    const parts = [
      paint(tone, glyph),
      pad(cut(row.id, idWidth), idWidth),
      "",
      paint(tone, pad(row.status, statusWidth)),
      "",
    ];
    lines.push(
      `  ${parts.join(" ")} ${paint("dim", row.time.padStart(timeWidth))}  ${paint("dim", note)}`.trimEnd(),
      ...more.map((line) => `${" ".repeat(used)}${paint("dim", line)}`),
    );
  }
  if (rows.length === 0)
    lines.push(paint("dim", `  no steps yet; add one: seqctl step add hello --command '["echo","hello"]'`));
  lines.push("", footline(doc, paint));
  if (doc.audit?.problem !== undefined)
    lines.push(paint("red", `  ! the record: ${doc.audit.problem}; see \`seqctl audit verify\``));
  const left = leftIn(doc);
  if (left.length > 0) lines.push(paint("yellow", `  ! ${safe(sayLeft(left))}: ${takesUp}`));
  for (const warning of doc.warnings) lines.push(paint("yellow", `  ! ${warning}`));
  return `${lines.join("\n")}\n`;
}

/** As wide as the ids are, where there is no terminal; at one they leave room for what is said beside them. */
function idWidthOf(rows: readonly Row[], room: number): number {
  const widest = Math.max(2, ...rows.map((row) => cells(row.id)));
  if (room === Number.POSITIVE_INFINITY) return widest;
  const said = Math.max(0, ...rows.map(({ why }) => cells(why)));
  return Math.min(widest, Math.max(28, Math.min(36, room - said)));
}

interface Row {
  kind: "step" | "gate";
  id: string;
  status: string;
  time: string;
  /** Why it stands so; it decides what is done next and is never cut. */
  why: string;
  name: string;
  marks: string[];
}

/** What is said of a node: why it stands so, or else its name as far as there is room. */
function noteOf({ why, name, marks }: Row, width: number): string {
  const shown = cut(name, Math.max(10, width - cells(marks.join("; ")) - 2));
  return [why || shown, ...marks].filter(Boolean).join("; ");
}

/** A text on lines of at most that many cells, broken between words where that is possible. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (cells(longer) <= width) {
      line = longer;
      continue;
    }
    if (line !== "") lines.push(line);
    const pieces = [...chunks(word, width)];
    line = pieces.pop() ?? "";
    lines.push(...pieces);
  }
  return [...lines, line];
}

function* chunks(word: string, width: number): Iterable<string> {
  let piece = "";
  for (const char of word) {
    if (cells(piece + char) > width) {
      yield piece;
      piece = "";
    }
    piece += char;
  }
  yield piece;
}

function headline(doc: StatusDoc, paint: Paint): string {
  const state = doc.open ? "open" : doc.canceled ? "canceled" : "complete";
  const run = doc.run === null ? "not run yet" : `run ${doc.run} ${state}`;
  const mode = paint(doc.mode === "POWER" ? "yellow" : "green", doc.mode);
  const sandbox = paint("dim", doc.sandbox === "required" ? "sandboxed" : "not sandboxed");
  return `${paint("bold", safe(doc.name))}  ${paint("dim", run)}  ${mode}  ${sandbox}`;
}

function footline(doc: StatusDoc, paint: Paint): string {
  const { total } = doc.counts;
  const parts = Object.entries(wordCounts(doc.steps)).map(([status, count]) =>
    paint(lookOf(status, "step").tone, `${count} ${status}`),
  );
  const engine = doc.engine.running ? `engine ${doc.engine.pid ?? "alive"}` : "no engine";
  return `  ${[countOf(total ?? 0, "step"), ...parts, paint("dim", engine)].join("  ")}`;
}

function stepRow(step: StepStatusDoc, now: number): Row {
  const time = step.started_at === null ? "" : sayDuration((step.ended_at ?? now) - step.started_at);
  const marks = [
    step.attempt > 1 ? `attempt ${step.attempt}` : "",
    step.stale_why === undefined ? "" : `stale: ${safe(step.stale_why)}`,
  ];
  const why =
    ["DONE", "RUNNING"].includes(step.status) && step.reason !== "engine.absent"
      ? ""
      : withoutSubject(step.why, step.id);
  const name = step.name !== step.id ? step.name : "";
  return {
    kind: "step",
    id: step.id,
    status: statusWord(step),
    time,
    why,
    name,
    marks: marks.filter(Boolean),
  };
}

function gateRow(gate: GateStatusDoc): Row {
  return {
    kind: "gate",
    id: gate.id,
    status: gate.status,
    time: "",
    why: withoutSubject(gate.why, gate.id),
    name: gate.name,
    marks: [],
  };
}

/** "'build' waits for …." → "waits for …" */
export function withoutSubject(why: string, id: string): string {
  return why.replace(`'${id}' `, "").replace(/\.$/, "");
}

/** Aligned columns; the last one is not padded. */
export function columnsOf(rows: string[][]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => cells(row[column] ?? "")))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, i) => (i === row.length - 1 ? cell : pad(cell, widths[i] ?? 0)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
