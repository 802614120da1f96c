import * as fs from "node:fs";
import { join } from "node:path";
import { type AgentReport, addEvent, closeTally, emptyTally, type Tally } from "../../core/agents/report";
import { readLine, type StreamKind, streamKinds } from "../../core/agents/stream";
import { scrubText } from "../../core/audit/scrub";
import { readIfThere } from "../files/atomic";
import { boundedLines } from "../files/bounded-lines";
import { withoutSecrets } from "../secrets";
import type { StartLine } from "./start";

/** What an attempt's folder remembers of how its agent was started. */
interface AgentNote {
  agent: string;
  executable: string;
  stream: StreamKind;
  model: string | null;
  resumed: string | null;
}

/** The note's name; it stands in the folders of agents' attempts alone. */
export const noteFile = "agent.json";
const maxLineBytes = 4 * 1024 * 1024;
const maxLogBytes = 64 * 1024 * 1024;
const stderrBytes = 8 * 1024;
const textBytes = 64 * 1024;

/** Notes in the attempt's folder which agent runs there: whoever reads its output later need not ask the definition of then. */
export function noteAgent(folder: string, executable: string, line: StartLine): void {
  if (!line.agent) return;
  const { adapter, model, resume } = line.agent;
  const note: AgentNote = {
    agent: adapter.name,
    executable,
    stream: adapter.stream,
    model,
    resumed: resume,
  };
  fs.writeFileSync(join(folder, noteFile), `${JSON.stringify(note)}\n`);
}

/** The note of an attempt; undefined for one that no agent ran in. */
export function agentNote(folder: string): AgentNote | undefined {
  const read = readIfThere(join(folder, noteFile), 65_536);
  if (!read || "problem" in read) return undefined;
  try {
    const note = JSON.parse(read.bytes.toString("utf8")) as AgentNote;
    return streamKinds.includes(note.stream) ? note : undefined;
  } catch {
    return undefined;
  }
}

/** Reads what an ended agent printed, in bounded time and memory. */
export function readReport(folder: string, note: AgentNote, code: number, known: string[]): AgentReport {
  const tally = emptyTally();
  const out = join(folder, "stdout.log");
  if (note.stream === "text") readText(tally, out);
  else for (const line of boundedLines(out, { maxLineBytes, maxBytes: maxLogBytes })) read(tally, note, line);
  const stderr = tail(join(folder, "stderr.log"), stderrBytes);
  const said = note.stream === "text" && stderr.trim() === "" ? (tally.said?.text ?? "") : stderr;
  const at = { now: Date.now(), zone: Intl.DateTimeFormat().resolvedOptions().timeZone };
  const report = closeTally(tally, { code, stderr: said.slice(-stderrBytes), at });
  // A session that is not there can't be gone on with.
  if (/no conversation found|session not found|no rollout found/i.test(said)) report.session = null;
  const problem = report.error && scrubText(report.error.problem, known);
  return {
    ...report,
    text: withoutSecrets(report.text) as string,
    error: report.error && { ...report.error, problem: problem ?? "" },
  };
}

function read(tally: Tally, note: AgentNote, line: string): void {
  for (const event of readLine(note.stream, line)) addEvent(tally, event);
}

function readText(tally: Tally, out: string): void {
  addEvent(tally, { type: "said", key: "all", text: tail(out, textBytes) });
}

function tail(path: string, bytes: number): string {
  let fd: number;
  try {
    fd = fs.openSync(path, "r");
  } catch {
    return "";
  }
  try {
    const { size } = fs.fstatSync(fd);
    const buffer = Buffer.alloc(Math.min(size, bytes));
    fs.readSync(fd, buffer, 0, buffer.length, size - buffer.length);
    return buffer.toString("utf8");
  } finally {
    fs.closeSync(fd);
  }
}

/** Writes usage.json, and summary.md unless the agent left one of its own. */
export function writeReport(folder: string, note: AgentNote, report: AgentReport, durationMs: number): void {
  const { tokens, error } = report;
  const usage = {
    agent: note.agent,
    model: report.model ?? note.model,
    session: report.session,
    resumed: note.resumed,
    turns: report.turns,
    tokens_in: tokens.input,
    tokens_out: tokens.output,
    tokens_cache_read: tokens.cacheRead,
    tokens_cache_write: tokens.cacheWrite,
    cost_usd: report.costUsd,
    duration_ms: durationMs,
    error: error && {
      class: error.class ?? "none",
      problem: error.problem,
      reset_at: error.resetAt === null ? null : new Date(error.resetAt).toISOString(),
    },
  };
  const temp = join(folder, "usage.json.tmp");
  fs.writeFileSync(temp, `${JSON.stringify(usage, null, 2)}\n`);
  fs.renameSync(temp, join(folder, "usage.json"));
  if (report.text.trim() === "" || fs.existsSync(join(folder, "summary.md"))) return;
  fs.writeFileSync(join(folder, "summary.md"), `${report.text.trimEnd()}\n`, { flag: "wx" });
}
