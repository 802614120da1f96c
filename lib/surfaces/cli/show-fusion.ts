import { countOf } from "../../core/count";
import { sayDuration } from "../../core/duration";
import type { CandidateDoc, FusionDoc } from "../../core/views/fusion";
import { lookOf, type Paint, safe } from "./paint";
import type { Answering } from "./say";
import { columnsOf } from "./table";

/** The candidates of a fusion, a line each. */
export function fusionCompare(doc: FusionDoc, { paint }: Answering): string {
  const rows = doc.candidates.map((candidate) => [
    doc.picked === candidate.id ? paint("green", "→") : " ",
    ...candidateCells(candidate, paint),
  ]);
  const agree = doc.agreement === null ? "" : sameness(doc.agreement);
  const failed = doc.candidates.filter(({ test }) => test?.passed === false).map(({ id }) => id);
  const tested = failed.length === 0 ? "" : `the test of ${failed.join(", ")} failed`;
  const next = doc.picked === null ? "take one: seqctl fusion pick <id>" : `${doc.picked} was picked`;
  const last = [agree, tested, next].filter(Boolean).join("; ");
  return `${columnsOf(rows)}\n${paint("dim", `  ${last}`)}\n`;
}

/** How much the patches agree, in words. */
export function sameness(agreement: number): string {
  if (agreement === 0) return "all patches differ";
  return agreement === 1
    ? "all patches are the same"
    : `${Math.round(agreement * 100)} % of the patches are the same`;
}

function candidateCells(candidate: CandidateDoc, paint: Paint): string[] {
  const { id, status, diff, test, usage, duration_ms: durationMs, outputs } = candidate;
  const { glyph, tone } = lookOf(status, "step");
  const tested = test
    ? paint(test.passed ? "green" : "red", test.passed ? "test ✓" : `test ✗ exit ${test.exit_code}`)
    : paint("dim", "no test");
  const cost = usage?.cost_usd === null || !usage ? "" : ` $${usage.cost_usd.toFixed(4)}`;
  return [
    paint(tone, `${glyph} ${status}`),
    id,
    durationMs === null ? "" : sayDuration(durationMs),
    diff ? `${countOf(diff.files, "file")} +${diff.insertions} -${diff.deletions}` : "no patch",
    tested,
    usage ? `${usage.tokens_in} in ${usage.tokens_out} out${cost}` : "",
    outputs === null ? "" : paint("dim", safe(JSON.stringify(outputs)).slice(0, 60)),
  ];
}

/** A worktree as the view tells it. */
export interface WorktreeRow {
  run: string;
  step: string;
  attempt: number;
  path: string;
  state: "living" | "kept" | "unneeded";
  bytes: number;
  why: string;
}

/** One line a worktree. */
export function worktreeList(rows: readonly WorktreeRow[], { paint }: Answering): string {
  if (rows.length === 0) return "there are no worktrees\n";
  const lines = rows.map(({ run, step, attempt, path, state, bytes, why }) => [
    paint(state === "living" ? "blue" : state === "kept" ? "yellow" : "gray", state),
    step,
    `attempt ${attempt}`,
    sizeText(bytes).padStart(9),
    paint("dim", `run ${run}`),
    safe(path),
    paint("dim", why),
  ]);
  const gone = rows.some((row) => row.state === "unneeded")
    ? "  seqctl worktree gc removes what is unneeded\n"
    : "";
  return `${columnsOf(lines)}\n${paint("dim", gone)}`;
}

function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const units = ["KiB", "MiB", "GiB", "TiB"];
  let [size, at] = [bytes / 1024, 0];
  for (; size >= 1024 && at < units.length - 1; at++) size /= 1024;
  return `${size.toFixed(1)} ${units[at]}`;
}
