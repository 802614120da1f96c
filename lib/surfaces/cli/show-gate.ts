import { countOf } from "../../core/count";
import { renderFailure } from "../../core/failure-table";
import { sayStart } from "../../core/policy/asked";
import type { PastDecisionDoc } from "../../core/views/decision";
import type { GateShowDoc } from "../../runtime/gate-doc";
import type { Threados } from "../../threados";
import { grouped, lookOf, type Paint, safe } from "./paint";
import type { Answering } from "./say";

const indent = "    ";
const pieceBytes = 262_144;

type ShownStep = GateShowDoc["shows"][number];
type ShownFile = ShownStep["unbound"][number];
type Write = (text: string) => void;
/** Writes what of a file the excerpt leaves out. */
type WriteRest = (write: Write, step: ShownStep, file: ShownFile) => Promise<void>;

/** All that a gate shows, each file to its end. */
export async function gateWhole(doc: GateShowDoc, answering: Answering, threados: Threados): Promise<void> {
  const { shell, paint } = answering;
  const writeRest: WriteRest = async (write, { step, attempt }, { name, shown, size }) => {
    for (let from = shown; from < size; ) {
      const read = await threados.query("artifact", { step, name, attempt, from, limit: pieceBytes });
      const { bytes, text } = read.ok
        ? (read.value as { bytes: number; text: string })
        : { bytes: 0, text: "" };
      if (bytes === 0) {
        const why = read.ok ? "" : `: ${renderFailure(read.failure).message}`;
        write(`\n${paint("dim", safe(`… ${grouped(from)} of ${grouped(size)} bytes${why}`))}`);
        return;
      }
      write(safe(text));
      from += bytes;
    }
  };
  await writeGate(doc, answering, shell.out, writeRest);
}

/** What a gate shows: each thing with size, digest and its beginning, and the digest of all that a yes is said to. */
export async function writeGate(
  doc: GateShowDoc,
  { paint }: Answering,
  write: Write,
  writeRest?: WriteRest,
): Promise<void> {
  const { glyph, tone } = lookOf(doc.status, "gate");
  const say = (line: string) => write(`${line}\n`);
  say(`${paint(tone, `${glyph} ${doc.status}`)}  ${safe(doc.name)}  ${paint("dim", safe(doc.why))}`);
  if (doc.description !== null) say(safe(doc.description));
  if (doc.fell) writeFell(doc.fell, paint, say);
  for (const { id, type, ask, options, required } of doc.questions) {
    const terms = [...(options ?? [type.replace("_", "/")]), ...(required === false ? ["optional"] : [])];
    const answer = doc.decision?.answers[id];
    const given = answer === undefined ? "" : `  ${paint("bold", `→ ${safe(String(answer))}`)}`;
    say(`? ${id}: ${safe(ask ?? id)} (${safe(terms.join(", "))})${given}`);
  }
  for (const shown of doc.shows) {
    const { step, attempt, standing, stale, files, unbound } = shown;
    const stands = standing === "open" ? "not done yet" : standing;
    say(`\n${paint("bold", step)}  ${stands}${attempt > 0 ? `, attempt ${attempt}` : ""}`);
    if (isNewSince(doc, shown)) say(`  ${paint("yellow", "not what was approved")}`);
    if (stale !== undefined) say(`  ${paint("yellow", `stale: ${safe(stale)}`)}`);
    for (const file of [...files, ...unbound]) {
      const bound = "sha256" in file ? `sha256 ${file.sha256}` : "a yes is not bound to it";
      say(`  ${safe(file.name)}  ${paint("dim", `${countOf(file.size, "byte")}, ${bound}`)}`);
      if (file.excerpt === null) say(paint("dim", `${indent}(not text)`));
      else {
        const [put, end] = indented(write);
        put(safe(file.excerpt));
        if (file.cut && writeRest) await writeRest(put, shown, file);
        end();
        const part = `${grouped(file.shown)} of ${grouped(file.size)} bytes`;
        if (file.cut && !writeRest)
          say(paint("dim", `${indent}… ${part}; \`seqctl gate show ${doc.id}\` shows all`));
      }
    }
  }
  writeStarts(doc, paint, say);
  writeDecisions(doc, paint, say);
  say(`\n${paint("dim", "a yes is bound to")} ${doc.confirm}`);
}

/** The approval that became void: whose it was, and which edits made it so, as far as that is known; what it became void by is said above. */
function writeFell({ by, at, edits }: NonNullable<GateShowDoc["fell"]>, paint: Paint, say: Write): void {
  say(paint("yellow", `! approved by ${safe(by)}, ${moment(at)}, and void since`));
  for (const { node, by, at, change } of edits)
    say(`  ${paint("yellow", safe(`${node}: ${change}, by ${by}, ${moment(at)}`))}`);
}

/** Whether a step that is shown is another than the one that was approved, where that approval fell. */
function isNewSince({ fell }: GateShowDoc, now: ShownStep): boolean {
  if (!fell) return false;
  const then = fell.shows.find(({ step }) => step === now.step);
  if (then?.attempt !== now.attempt || then.definition !== now.definition) return true;
  const left = (files: { name: string; sha256: string }[]) =>
    JSON.stringify(files.map(({ name, sha256 }) => [name, sha256]));
  return left(then.files) !== left(now.files);
}

const moment = (at: number) => new Date(at).toISOString().replace("T", " ").slice(0, 19);

/** What an approval starts, with its words; the steps were asked for before. */
function writeStarts({ starts, takes }: GateShowDoc, paint: Paint, say: Write): void {
  if (!takes.includes("approve")) return;
  const head = starts.length === 0 ? "an approval starts nothing by itself" : "an approval starts";
  say(`\n${paint(starts.length === 0 ? "dim" : "bold", head)}`);
  for (const start of starts) say(`  ${safe(sayStart(start))}`);
}

/** Who decided what here, when and why, in this run and in those before it. */
function writeDecisions({ decisions, earlier }: GateShowDoc, paint: Paint, say: Write): void {
  if (decisions.length > 0) say(`\n${paint("bold", "decided")}`);
  for (const one of decisions) say(`  ${decisionLine(one, paint)}`);
  for (const { run, decisions: before } of earlier) {
    say(`\n${paint("bold", "decided in run")} ${run}`);
    for (const one of before) say(`  ${decisionLine(one, paint)}`);
  }
}

function decisionLine(
  { decision, by, at, reason, back_to, answers, changed }: PastDecisionDoc,
  paint: Paint,
): string {
  const told = [...(reason === null ? [] : [reason]), ...changed].map(safe).join("; ");
  const said = Object.entries(answers).map(([id, answer]) => safe(`${id}: ${answer}`));
  return [
    `${paint("dim", moment(at))}  ${decision}${by === null ? "" : ` by ${safe(by)}`}`,
    back_to === null ? "" : `, the work went back to ${safe(back_to)}`,
    told === "" ? "" : `: ${told.replace(/\n/g, `\n${indent}`)}`,
    said.length === 0 ? "" : ` (${said.join(", ")})`,
  ].join("");
}

/** Moves a text that comes in pieces to the right; ends of lines wait until something stands behind them. */
function indented(write: Write): [put: Write, end: () => void] {
  let ends = 0;
  let isBegun = false;
  const put = (text: string) => {
    const body = text.replace(/\n+$/, "");
    if (body !== "") {
      const before = isBegun && ends === 0 ? "" : `${"\n".repeat(ends)}${indent}`;
      write(before + body.replace(/\n(?!\n)/g, `\n${indent}`));
      isBegun = true;
      ends = 0;
    }
    ends += text.length - body.length;
  };
  return [put, () => isBegun && write("\n")];
}
