import type { Recorded } from "../../engine/fact";
import type { RunDoc, RunStepDoc } from "../../views/run";
import type { RunDiffDoc } from "../../views/run-diff";
import {
  cite,
  code,
  count,
  counted,
  type Doc,
  duration,
  moment,
  parts,
  rowsOf,
  table,
  upper,
  words,
} from "./markdown";

type RunRow = Omit<RunDoc, "steps" | "metrics"> & { duration_ms: number; problem?: string };

/** The runs, newest first. */
export function sayRuns({ runs, total }: Doc): string {
  const rows = rowsOf<RunRow>(runs);
  if (rows.length === 0) return 'There has been no run yet. Say "run" to start one.';
  const shown = Number(total) > rows.length ? `, the newest ${rows.length} of them` : "";
  return parts(
    `${upper(count(Number(total), "run"))}${shown}:`,
    table(
      ["run", "state", "started", "took", "by", "steps"],
      rows.map((run) =>
        run.problem === undefined
          ? [
              code(run.id),
              run.state,
              moment(run.opened_at),
              duration(run.duration_ms),
              words(run.opened_by),
              counted(run.counts),
            ]
          : [code(run.id), `can't be read: ${words(run.problem)}`, "", "", "", ""],
      ),
    ),
  );
}

const states: Readonly<Record<string, string>> = {
  open: "is still open",
  complete: "came to a good end",
  canceled: "was canceled",
  superseded: "was left for a newer one",
};

/** A run in numbers: how long it took first of all. */
export function sayRun(value: Doc): string {
  const doc = value as unknown as RunDoc;
  const { metrics } = doc;
  const trouble = [
    metrics.failures > 0 && count(metrics.failures, "failed attempt"),
    metrics.retries > 0 && count(metrics.retries, "retry"),
    metrics.restarts > 0 && count(metrics.restarts, "restart"),
  ].filter(Boolean);
  const gates = metrics.gates.map(
    (gate) =>
      `${cite("gate", gate.gate)} was ${gate.decision} by ${words(gate.by)} after ${duration(gate.latency_ms)}${gate.reason === null ? "" : `: ${words(gate.reason)}`}.`,
  );
  const fusions = metrics.fusions.map(
    (one) =>
      `${cite("step", one.synth)} joins ${count(one.candidates, "candidate")}${one.picked === null ? "" : `; ${words(one.picked)} was picked`}.`,
  );
  return parts(
    `Run ${code(doc.id)} took ${duration(metrics.duration_ms)} and ${states[doc.state] ?? doc.state}. It was started ${moment(doc.opened_at)} by ${words(doc.opened_by)}: ${count(doc.counts.total ?? 0, "step")}, ${counted(doc.counts) || "none of them known"}.`,
    `Its steps worked ${duration(metrics.work_ms)} in ${count(metrics.attempts, "attempt")}, at most ${metrics.most_at_once} at once${trouble.length > 0 ? `, with ${trouble.join(", ")}` : ""}.${[...gates, ...fusions].map((line) => ` ${line}`).join("")}${sayLongest(doc.steps)}`,
    doc.steps.length > 0 && table(["step", "status", "took", "attempts", "exit"], doc.steps.map(stepRow)),
  );
}

/** The step that worked longest, where there is another to compare it with. */
function sayLongest(steps: readonly RunStepDoc[]): string {
  const [first, ...rest] = steps
    .filter(({ attempts }) => attempts > 0)
    .sort((a, b) => b.duration_ms - a.duration_ms);
  return first && rest.length > 0
    ? ` Longest worked ${cite("step", first.id)}: ${duration(first.duration_ms)}.`
    : "";
}

const stepRow = (step: RunStepDoc) => [
  cite("step", step.id),
  step.status,
  step.attempts === 0 ? "" : duration(step.duration_ms),
  step.attempts === 0 ? "" : String(step.attempts),
  step.exit_code === null ? "" : String(step.exit_code),
];

/** Two runs beside each other; what differs first. */
export function sayRunDiff(value: Doc): string {
  const { a, b, steps, same_revision } = value as unknown as RunDiffDoc;
  const different = steps.filter(({ differs }) => differs);
  const same = steps.length - different.length;
  const cell = (step: RunStepDoc | null) =>
    step === null
      ? "not there"
      : `${step.status}${step.attempts > 1 ? `, attempt ${step.attempts}` : ""}${step.exit_code ? `, exit ${step.exit_code}` : ""}${step.attempts > 0 ? `, ${duration(step.duration_ms)}` : ""}`;
  const rows = (different.length > 0 ? different : steps).map((step) => [
    cite("step", step.id),
    cell(step.a),
    cell(step.b),
  ]);
  return parts(
    `Run ${code(b.id)} (${moment(b.opened_at)}) took ${duration(b.metrics.duration_ms)}, the one before, ${code(a.id)}, ${duration(a.metrics.duration_ms)}. They followed ${same_revision ? "the same definition" : `different definitions: \`seqctl diff ${a.revision.slice(0, 12)} ${b.revision.slice(0, 12)}\``}.`,
    different.length === 0
      ? `All ${count(steps.length, "step")} ended the same way.`
      : `${upper(count(different.length, "step"))} ended differently${same > 0 ? `, ${same} the same way` : ""}:`,
    rows.length > 0 && table(["step", "before", "now"], rows),
  );
}

/** Facts of a run, the newest of them. */
export function sayEvents({ run, facts }: Doc): string {
  const all = rowsOf<Recorded>(facts);
  if (all.length === 0) return "Nothing has happened in a run yet.";
  const shown = all.slice(-20);
  return parts(
    `Run ${code(run)}: ${count(all.length, "fact")}${all.length > shown.length ? `, the newest ${shown.length}` : ""}:`,
    table(
      ["number", "when", "what", "about"],
      shown.map((fact) => [String(fact.seq), moment(fact.ts), fact.type, words(subjectOf(fact))]),
    ),
  );
}

function subjectOf(fact: Recorded): string {
  const { step, gate } = fact as { step?: string; gate?: string };
  return step ?? gate ?? "";
}
