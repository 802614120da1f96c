import { countOf } from "../../core/count";
import { sayDuration } from "../../core/duration";
import type { RunDoc, RunStepDoc } from "../../core/views/run";
import type { RunDiffDoc } from "../../core/views/run-diff";
import { statusWord, wordCounts } from "../../core/views/status-word";
import { lookOf, type Paint, safe, type Tone } from "./paint";
import type { Answering } from "./say";
import { sameness } from "./show-fusion";
import { columnsOf } from "./table";

const looks: Record<string, { glyph: string; tone: Tone }> = {
  open: { glyph: "▶", tone: "blue" },
  complete: { glyph: "✓", tone: "green" },
  waits: { glyph: "◇", tone: "magenta" },
  halted: { glyph: "✗", tone: "red" },
  canceled: { glyph: "⊘", tone: "gray" },
  superseded: { glyph: "·", tone: "gray" },
};

const stamp = (ms: number) => new Date(ms).toISOString().replace("T", " ").slice(0, 19);

function stateText(state: string, paint: Paint): string {
  const { glyph, tone } = looks[state] ?? { glyph: "✗", tone: "red" };
  return paint(tone, `${glyph} ${state}`);
}

/** An open run in which nothing is under way waits for somebody, or has come to a halt over a failure. */
function standing({ state, counts }: { state: string; counts: Record<string, number> }): string {
  const has = (...statuses: string[]) => statuses.some((status) => (counts[status] ?? 0) > 0);
  if (state !== "open" || has("RUNNING", "STOPPING", "RETRYING", "QUEUED")) return state;
  return has("FAILED", "CANCELED") ? "halted" : "waits";
}

function countsText(counts: Record<string, number>, paint: Paint): string {
  const { total, ...rest } = counts;
  const parts = Object.entries(rest).map(([status, n]) =>
    paint(lookOf(status, "step").tone, `${n} ${status}`),
  );
  return [countOf(total ?? 0, "step"), ...parts].join("  ");
}

type RunRow = Omit<RunDoc, "steps" | "metrics"> & { duration_ms: number; problem?: string };

/** One line a run. */
export function runList(doc: { runs: RunRow[]; total: number }, { paint }: Answering): string {
  if (doc.runs.length === 0) return "there has been no run yet; start one: seqctl run\n";
  const rows = doc.runs.map((run) =>
    run.problem === undefined
      ? [
          stateText(standing(run), paint),
          run.id,
          paint("dim", stamp(run.opened_at)),
          sayDuration(run.duration_ms).padStart(8),
          safe(run.opened_by),
          countsText(run.counts, paint),
        ]
      : [stateText("unreadable", paint), run.id, "", "", "", paint("red", run.problem)],
  );
  const more =
    doc.total > doc.runs.length
      ? paint("dim", `  ${countOf(doc.total, "run")} in all; --limit shows more\n`)
      : "";
  return `${columnsOf(rows)}\n${more}`;
}

/** A run in numbers. */
export function runShow(doc: RunDoc, { paint }: Answering): string {
  const { metrics } = doc;
  const head = `${stateText(standing(doc), paint)}  ${paint("bold", doc.id)}  ${paint("dim", `${stamp(doc.opened_at)} by ${safe(doc.opened_by)}, revision ${doc.revision.slice(0, 12)}`)}\n${countsText({ total: doc.counts.total ?? 0, ...wordCounts(doc.steps) }, paint)}\n`;
  const numbers = columnsOf([
    ["  took", sayDuration(metrics.duration_ms)],
    [
      "  work",
      `${sayDuration(metrics.work_ms)} in ${countOf(metrics.attempts, "attempt")}, at most ${metrics.most_at_once} at once`,
    ],
    [
      "  trouble",
      `${countOf(metrics.failures, "failed attempt")}, ${countOf(metrics.retries, "retry")}, ${countOf(metrics.restarts, "restart")}`,
    ],
    ...Object.entries(metrics.by_type).map(([type, row]) => [
      `  type ${type}`,
      `${countOf(row.steps, "step")}, ${row.done} done, ${row.failed} failed, ${sayDuration(row.duration_ms)}`,
    ]),
    ...metrics.gates.map((gate) => [
      `  gate ${gate.gate}`,
      `${gate.decision} by ${safe(gate.by)} after ${sayDuration(gate.latency_ms)}${whyOf(gate)}`,
    ]),
    ...metrics.fusions.map((fusion) => [
      `  fusion ${fusion.synth}`,
      `${countOf(fusion.candidates, "candidate")}, ${share(fusion.agreement)}${fusion.picked === null ? "" : `, ${fusion.picked} picked`}`,
    ]),
  ]);
  const steps = doc.steps.map((step) => ["  ", ...stepCells(step, paint), step.id]);
  return `${head}\n${numbers}\n${steps.length === 0 ? "" : `\n${columnsOf(steps)}\n`}`;
}

const whyOf = ({ reason, back_to }: RunDoc["metrics"]["gates"][number]) =>
  `${back_to === null ? "" : `, back to ${back_to}`}${reason === null ? "" : `: ${oneLine(reason)}`}`;

const oneLine = (text: string) => safe(text).replace(/\s+/g, " ").trim();

const share = (agreement: number | null) =>
  agreement === null ? "no patches to compare" : sameness(agreement);

function stepCells(step: RunStepDoc | null, paint: Paint): string[] {
  if (!step) return [paint("dim", "– not there"), "", ""];
  const word = statusWord(step);
  const { glyph, tone } = lookOf(word, "step");
  const exit = step.exit_code === null || step.exit_code === 0 ? "" : `exit ${step.exit_code}`;
  const again = step.attempts > 1 ? `attempt ${step.attempts}` : "";
  const time = step.attempts === 0 ? "" : sayDuration(step.duration_ms);
  return [paint(tone, `${glyph} ${word}`), time, [exit, again].filter(Boolean).join(", ")];
}

/** Two runs, a line a step; what differs is marked. */
export function runDiff(doc: RunDiffDoc, { paint }: Answering): string {
  const head = [doc.a, doc.b].map((run) => [
    stateText(run.state, paint),
    run.id,
    paint("dim", stamp(run.opened_at)),
    sayDuration(run.metrics.duration_ms),
    countsText(run.counts, paint),
  ]);
  const rows = doc.steps.map(({ id, a, b, differs }) => [
    differs ? paint("yellow", "~") : " ",
    id,
    ...stepCells(a, paint),
    "→",
    ...stepCells(b, paint),
  ]);
  const revision = doc.same_revision
    ? "the same definition"
    : `definitions differ: seqctl diff ${doc.a.revision.slice(0, 12)} ${doc.b.revision.slice(0, 12)}`;
  return `${columnsOf(head)}\n${paint("dim", revision)}\n\n${columnsOf(rows)}\n`;
}
