import { countOf } from "../../core/count";
import type { FusionDoc } from "../../core/views/fusion";
import type { GroupDoc } from "../../core/views/group";
import type { GateStatusDoc, StatusDoc, StepStatusDoc } from "../../core/views/status";
import { statusWord } from "../../core/views/status-word";
import type { TemplateDoc, TemplateRow } from "../../core/views/template";
import type { GateShowDoc } from "../../runtime/gate-doc";
import type { DiffDoc } from "../../runtime/revisions";
import type { Threados } from "../../threados";
import { forReader, lookOf, safe } from "./paint";
import { type Answering, sayFailure, sayJson } from "./say";
import { vouchers } from "./show-audit";
import { diffText } from "./show-diff";
import { fusionCompare, type WorktreeRow, worktreeList } from "./show-fusion";
import { gateWhole } from "./show-gate";
import { groupList } from "./show-group";
import { inboxText } from "./show-inbox";
import { logsText, nothingPrinted } from "./show-logs";
import { policyExplain, policyShow, policyTest } from "./show-policy";
import { runDiff, runList, runShow } from "./show-run";
import { templateList, templateShow } from "./show-template";
import { columnsOf, statusTable } from "./table";

type Doc = Record<string, unknown>;

/** Asks a view and prints its answer; the exit code. */
export async function show(
  answering: Answering,
  threados: Threados,
  view: string,
  input: unknown,
): Promise<number> {
  const answer = await threados.query(view, input);
  if (!answer.ok) return sayFailure(answering, answer.failure);
  if (answering.json) sayJson(answering, answer.value);
  else if (view === "gate.show") await gateWhole(answer.value as GateShowDoc, answering, threados);
  else if (view === "logs") return logsText(answer.value as Doc, answering, threados, input as Doc);
  else
    answering.shell.out(
      printers[view]?.(answer.value as Doc, answering) ?? `${JSON.stringify(answer.value, null, 2)}\n`,
    );
  return view === "policy.explain" ? exitOfVerdict((answer.value as Doc).verdict, answering.yes) : 0;
}

/** The exit code that a call which starts the command would have. */
function exitOfVerdict(verdict: unknown, yes: boolean): number {
  if (verdict === "deny") return 4;
  return verdict === "ask" && !yes ? 3 : 0;
}

interface Entry {
  seq: number;
  ts: string;
  actor: string;
  action: string;
  target: string | null;
  result: string;
  error?: { code: string };
}

const printers: Record<string, (doc: Doc, answering: Answering) => string> = {
  status: (doc, { paint, shell }) =>
    statusTable(
      doc as unknown as StatusDoc,
      paint,
      shell.outIsTerminal ? shell.columns : Number.POSITIVE_INFINITY,
      shell.now(),
    ),
  why: (doc) =>
    `${safe(String(doc.why))}\n${doc.stale_why === undefined ? "" : `its result is stale: ${safe(String(doc.stale_why))}\n`}`,
  step: (doc, { paint }) => {
    const status = doc.status as StepStatusDoc | GateStatusDoc;
    const word = statusWord(status);
    const { glyph, tone } = lookOf(word, "attempt" in status ? "step" : "gate");
    const of = "of" in status ? status.of : undefined;
    const yaml = doc.yaml === "" && of !== undefined ? partText(doc.definition as Doc, of) : String(doc.yaml);
    return `${paint(tone, `${glyph} ${word}`)}  ${safe(status.why)}\n\n${safe(yaml)}\n`;
  },
  "gate.list": (doc, { paint }) => {
    const gates = doc.gates as GateStatusDoc[];
    if (gates.length === 0) return "there are no gates\n";
    return `${columnsOf(gates.map((gate) => [paint(lookOf(gate.status, "gate").tone, `${lookOf(gate.status, "gate").glyph} ${gate.status}`), gate.id, safe(gate.name), paint("dim", safe(gate.why))]))}\n`;
  },
  "fusion.compare": (doc, answering) => fusionCompare(doc as unknown as FusionDoc, answering),
  "worktree.list": (doc, answering) => worktreeList(doc.worktrees as WorktreeRow[], answering),
  "group.list": (doc, answering) => groupList(doc.groups as GroupDoc[], answering),
  "sequence.diff": (doc, answering) => diffText(doc as unknown as DiffDoc, answering),
  "runs.list": (doc, answering) => runList(doc as never, answering),
  "runs.show": (doc, answering) => runShow(doc as never, answering),
  "runs.diff": (doc, answering) => runDiff(doc as never, answering),
  "template.list": (doc, answering) => templateList(doc.templates as TemplateRow[], answering),
  "template.show": (doc, answering) => templateShow(doc as unknown as TemplateDoc, answering),
  inbox: (doc, answering) => inboxText(doc as never, answering),
  artifacts: (doc, { paint }) => {
    const files = doc.files as { name: string; size: number }[];
    if (files.length === 0) return "it left no files\n";
    const rows = files.map(({ name, size }) => [String(size).padStart(10), safe(name)]);
    return `${columnsOf(rows)}\n${paint("dim", `seqctl artifact ${doc.step} <name> prints one`)}\n`;
  },
  artifact: (doc, { shell, paint }) => {
    const [from, bytes, size] = [Number(doc.from), Number(doc.bytes), Number(doc.size)];
    const next = from + bytes;
    if (next < size) shell.err(paint("dim", `${next} of ${countOf(size, "byte")}; --from ${next} goes on\n`));
    return forReader(shell, String(doc.text));
  },
  prompt: (doc) => String(doc.text ?? `there is no ${String(doc.path)} yet\n`),
  "agents.list": (doc, { paint }) => agents(doc.agents as AgentRow[], paint),
  "audit.tail": (doc, answering) => entries(doc.entries as Entry[], answering),
  "audit.read": (doc, answering) => entries(doc.entries as Entry[], answering),
  "audit.verify": (doc, { paint }) => {
    const repaired =
      Number(doc.repaired_bytes) > 0
        ? `; a torn last line of ${countOf(Number(doc.repaired_bytes), "byte")} was repaired`
        : "";
    const isWhole = (doc.accepted as { up_to?: number }[]).every((each) => each.up_to === undefined);
    const holds = isWhole ? "unbroken" : "unbroken but for what a person accepted";
    const head = `${paint("green", "✓")} ${countOf(Number(doc.entries), "entry")}, ${holds}; head ${String(doc.head).slice(0, 16)}${repaired}\n`;
    return (
      head +
      vouchers(doc)
        .map((line) => paint("dim", `  ${line}\n`))
        .join("")
    );
  },
  "policy.show": (doc, answering) => policyShow(doc, answering),
  "policy.explain": (doc, answering) => policyExplain(doc, answering),
  "policy.test": (doc, answering) => policyTest(doc, answering),
  "engine.status": (doc) =>
    doc.running
      ? `the engine is alive: pid ${doc.pid}, fence ${doc.fence}, since ${doc.started_at}\n`
      : "no engine is alive\n",
};

/** What stands in no file: a part of a step as the run has made it. */
function partText({ id: _, ...definition }: Doc, of: string): string {
  const lines = Object.entries(definition).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  return [...lines, "", `part of '${of}', which defines it: seqctl step show ${of}`].join("\n");
}

interface AgentRow {
  name: string;
  path: string | null;
  version: string | null;
  ready: boolean;
  problem: string | null;
  source: string;
}

function agents(list: AgentRow[], paint: Answering["paint"]): string {
  const rows = list.map((agent) => [
    agent.ready ? paint("green", "✓ ready") : paint("dim", "○ absent"),
    agent.name,
    agent.version ?? "–",
    safe(agent.path ?? agent.problem ?? ""),
    paint("dim", agent.path && agent.problem ? `${agent.source}; ${agent.problem}` : agent.source),
  ]);
  return `${columnsOf(rows)}\n`;
}

function entries(list: Entry[], { paint }: Answering): string {
  if (list.length === 0) return "the audit log is empty\n";
  const tone = (result: string) =>
    result === "success" ? "green" : result === "pending" ? "magenta" : "red";
  const rows = list.map((e) => [
    paint("dim", String(e.seq).padStart(4)),
    paint("dim", e.ts.replace("T", " ").slice(0, 19)),
    e.actor,
    e.action,
    safe(e.target ?? ""),
    paint(tone(e.result), e.error ? `${e.result}: ${e.error.code}` : e.result),
  ]);
  return `${columnsOf(rows)}\n`;
}

/** Redraws the status whenever something changes, until the terminal is taken away. */
export async function watchStatus(answering: Answering, threados: Threados): Promise<number> {
  const { shell } = answering;
  let draw = Promise.resolve(0);
  const redraw = () => {
    draw = draw.then(async () => {
      if (shell.outIsTerminal && !answering.json) shell.out("\u001b[H\u001b[2J");
      return show(answering, threados, "status", {});
    });
  };
  redraw();
  const watcher = threados.watch(redraw);
  const tick = setInterval(redraw, 1000);
  await new Promise<void>((resume) => process.once("SIGINT", () => resume()));
  watcher.close();
  clearInterval(tick);
  return draw;
}

const followPauseMs = 200;
const chunkBytes = 262_144;

/** Prints a step's output from the beginning and goes on as it grows, until the attempt has ended. */
export async function followLogs(answering: Answering, threados: Threados, input: Doc): Promise<number> {
  const streams = input.stream === undefined ? (["stdout", "stderr"] as const) : [String(input.stream)];
  const at: Record<string, number> = {};
  let last: Doc = {};
  for (;;) {
    const step = await threados.query("step", { id: input.id });
    if (!step.ok) return sayFailure(answering, step.failure);
    const status = (step.value as { status: StepStatusDoc }).status.status;
    let read = 0;
    for (const stream of streams) {
      const from = at[stream] ?? 0;
      const chunk = await threados.query("logs", { ...input, stream, from, limit: chunkBytes });
      if (!chunk.ok) return sayFailure(answering, chunk.failure);
      last = chunk.value as Doc;
      const { text, bytes } = last as { text: string; bytes: number };
      const { out, err } = answering.shell;
      if (text !== "")
        (stream === "stderr" && streams.length > 1 ? err : out)(forReader(answering.shell, text));
      at[stream] = from + bytes;
      read += bytes;
    }
    const over = !["RUNNING", "STOPPING", "QUEUED", "RETRYING"].includes(status);
    if (read === 0 && over) {
      const both = streams.length > 1 ? { ...last, stderr: null } : last;
      if (Object.values(at).every((bytes) => bytes === 0))
        answering.shell.err(`${answering.paint("dim", nothingPrinted(both))}\n`);
      return 0;
    }
    if (read === 0) await new Promise((resume) => setTimeout(resume, followPauseMs));
  }
}
