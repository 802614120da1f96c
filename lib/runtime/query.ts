import { parseEntry, startOfChain, verifyLine } from "../core/audit/chain";
import { scrubText } from "../core/audit/scrub";
import type { Recorded } from "../core/engine/fact";
import type { Run } from "../core/engine/run";
import { emptyRun, stepRun } from "../core/engine/run";
import { gateStatus, stepStatus } from "../core/engine/status";
import { stepIn } from "../core/engine/step";
import { explain } from "../core/engine/why";
import { nearest } from "../core/nearest";
import { builtIn } from "../core/policy/policy";
import { err, ok, type Result } from "../core/result";
import { promptPathOf } from "../core/sequence/effective";
import { unknownStep } from "../core/sequence/ids";
import { sliceSource } from "../core/sequence/slice";
import { groupDocs } from "../core/views/group";
import { gateDoc, statusDoc, stepDoc } from "../core/views/status";
import { findView, type ViewName, views } from "../core/views/view";
import { withVoids } from "./exhibit";
import { proposalDecision } from "./history";
import { noteLife } from "./life";
import type { Ports } from "./ports";
import { repairAudit } from "./record";
import { loadState, openRun, type State } from "./state";
import { compareFusion, listWorktrees } from "./worktrees";

type Answer = (ports: Ports, input: never) => Result<unknown> | Promise<Result<unknown>>;

const defaultBytes = 65_536;

/** Answers a question; nothing is changed. */
export async function query(ports: Ports, name: string, input: unknown): Promise<Result<unknown>> {
  const view = findView(name);
  if (!view) {
    const near = nearest(
      name,
      views.map((v) => v.name),
    );
    return err({ code: "action.unknown", name: name.slice(0, 100), ...(near ? { nearest: near } : {}) });
  }
  const parsed = view.input.safeParse(input ?? {});
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return err({
      code: "input.invalid",
      problem: `${name}, '${issue?.path.join(".") ?? ""}': ${issue?.message ?? "is not valid"}`,
    });
  }
  return answers[view.name as ViewName](ports, parsed.data as never);
}

async function withState(
  ports: Ports,
  answer: (state: State) => Result<unknown> | Promise<Result<unknown>>,
): Promise<Result<unknown>> {
  const state = loadState(ports);
  if (!state.ok) return state;
  try {
    noteLife(ports, state.value);
    const { run, plan } = state.value;
    return await answer({ ...state.value, run: withVoids(ports, run, plan).run });
  } finally {
    state.value.journal?.close();
  }
}

function engineOf(ports: Ports): { running: boolean; pid: number | null } {
  const running = ports.engine.isAlive();
  return { running, pid: running ? (ports.engine.info()?.pid ?? null) : null };
}

/** The run an input names, or the newest; its folded facts. */
function pickRun(ports: Ports, wanted: string | undefined): Result<{ run: Run; facts: Recorded[] }> {
  const id = wanted ?? ports.runs.newest();
  if (id === undefined) return ok({ run: emptyRun(""), facts: [] });
  const opened = openRun(ports, id);
  if (!opened.ok) return opened;
  opened.value.journal.close();
  return ok({ run: opened.value.run, facts: opened.value.facts });
}

interface AttemptInput {
  run?: string;
  attempt?: number;
}

/** The attempt an input means. */
function pickAttempt(
  ports: Ports,
  step: string,
  input: AttemptInput,
): Result<{ run: string; attempt: number; known: string[] }> {
  const picked = pickRun(ports, input.run);
  if (!picked.ok) return picked;
  const { run } = picked.value;
  const newest = stepRun(run, step).attempt;
  const attempt = input.attempt ?? newest;
  if (newest > 0 && attempt > newest)
    return err({ code: "artifact.unknown", name: `attempt ${attempt}`, step });
  if (newest > 0) return ok({ run: run.id, attempt, known: ports.knownSecrets() });
  const state = loadState(ports);
  if (!state.ok) return state;
  state.value.journal?.close();
  const { graph, sequence } = state.value.plan;
  return graph.nodes.get(step)?.kind === "step"
    ? err({ code: "step.never_ran", id: step })
    : unknownStep(sequence, step);
}

type Read = AttemptInput & { from?: number; limit?: number };

function readText(ports: Ports, step: string, name: string, input: Read): Result<Record<string, unknown>> {
  const picked = pickAttempt(ports, step, input);
  if (!picked.ok) return picked;
  const { run, attempt, known } = picked.value;
  const read = ports.artifacts.read(run, step, attempt, name, input.from ?? 0, input.limit ?? defaultBytes);
  if (!read.ok) return read;
  const { size } = read.value;
  const { from, bytes } = wholeCharacters(read.value);
  const text = scrubText(new TextDecoder().decode(bytes), known);
  return ok({ run, step, attempt, name, size, from, bytes: bytes.length, text });
}

/** Leaves out the parts of a character cut through at either end, so that texts read in pieces fit together (UTF-8). */
function wholeCharacters({ bytes, from, size }: { bytes: Uint8Array; from: number; size: number }) {
  const continues = (byte: number | undefined) => byte !== undefined && (byte & 0xc0) === 0x80;
  let start = 0;
  while (from > 0 && start < 3 && continues(bytes[start])) start += 1;
  let end = bytes.length;
  if (from + end < size) {
    let lead = end - 1;
    while (lead > start && end - lead < 4 && continues(bytes[lead])) lead -= 1;
    const byte = bytes[lead] ?? 0;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    if (lead + length > end && lead > start) end = lead;
  }
  return { from: from + start, bytes: bytes.subarray(start, end) };
}

/** What a step printed; an attempt that could not be started printed nothing. */
function readLog(ports: Ports, step: string, stream: string, input: Read): Result<Record<string, unknown>> {
  const text = readText(ports, step, `${stream}.log`, { from: -defaultBytes, ...input });
  if (text.ok || text.failure.code !== "artifact.unknown")
    return text.ok ? ok({ ...text.value, stream }) : text;
  const picked = pickAttempt(ports, step, input);
  if (!picked.ok) return picked;
  const { run, attempt } = picked.value;
  return ok({ run, step, attempt, name: `${stream}.log`, size: 0, from: 0, bytes: 0, text: "", stream });
}

const answers: { [N in ViewName]: Answer } = {
  status: (ports) =>
    withState(ports, ({ plan, run, policy }) =>
      ok(statusDoc(plan, run, { ...policy, root: ports.root, engine: engineOf(ports) })),
    ),
  sequence: (ports) =>
    withState(ports, ({ definition }) =>
      ok({ revision: definition.digest, text: definition.text, sequence: definition.sequence }),
    ),
  step: (ports, { id }: { id: string }) =>
    withState(ports, ({ plan, run, definition }) => {
      const node = plan.graph.nodes.get(id);
      if (!node) return unknownStep(plan.sequence, id);
      const yaml = sliceSource(definition.text, node.kind === "step" ? "steps" : "gates", id);
      if (node.kind === "gate")
        return ok({ definition: node.gate, yaml, status: gateDoc(plan, run, id), attempts: [] });
      const attempts = Array.from({ length: stepRun(run, id).attempt }, (_, index) => index + 1);
      return ok({
        definition: node.step,
        yaml,
        status: stepDoc(plan, run, id, engineOf(ports).running),
        attempts,
      });
    }),
  why: (ports, { id }: { id: string }) =>
    withState(ports, ({ plan, run }) => {
      const node = plan.graph.nodes.get(id);
      if (!node) return unknownStep(plan.sequence, id);
      const view =
        node.kind === "gate" ? gateStatus(run, plan, id) : stepStatus(run, plan, id, engineOf(ports).running);
      return ok({ id, status: view.status, reason: view.reason?.code ?? null, why: explain(view) });
    }),
  prompt: (ports, { id }: { id: string }) =>
    withState(ports, ({ plan }) => {
      const step = stepIn(plan, id);
      if (!step) return unknownStep(plan.sequence, id);
      const path = `.threados/${promptPathOf(step)}`;
      const text = ports.agents.prompt(step);
      if (!text.ok && text.failure.code !== "prompt.missing") return text;
      return ok({ id, path, text: text.ok ? text.value : null });
    }),
  layout: (ports) => ok(ports.layout.load()),
  "agents.list": async (ports) => {
    const agents = await ports.agents.list();
    return agents.ok ? ok({ agents: agents.value }) : agents;
  },
  "gate.list": (ports) =>
    withState(ports, ({ plan, run }) =>
      ok({ gates: (plan.sequence.gates ?? []).map((gate) => gateDoc(plan, run, gate.id)) }),
    ),
  "gate.show": (ports, { id }: { id: string }) =>
    withState(ports, async (state) => (await import("./gate-doc")).gateShow(ports, state, id)),
  "group.list": (ports) =>
    withState(ports, ({ plan, run }) => ok({ groups: groupDocs(plan, run, engineOf(ports).running) })),
  "sequence.diff": async (ports, input: { from?: string; to?: string }) =>
    (await import("./revisions")).diffRevisions(ports, input),
  "runs.list": async (ports, { limit }: { limit?: number }) =>
    ok((await import("./runs")).listRuns(ports, limit ?? 20)),
  "runs.show": async (ports, { run }: { run?: string }) => (await import("./runs")).showRun(ports, run),
  "runs.diff": async (ports, input: { a?: string; b?: string }) =>
    (await import("./runs")).compareRuns(ports, input),
  "fusion.compare": (ports, input: { synth: string; run?: string }) =>
    withState(ports, (state) => compareFusion(ports, state, input)),
  "worktree.list": (ports) => withState(ports, (state) => ok(listWorktrees(ports, state))),
  "template.list": async ({ templates }) => {
    const { templateRows } = await import("../core/views/template");
    return ok({ templates: templateRows(templates) });
  },
  "template.show": async ({ templates }, { type }: { type: string }) => {
    const { templateDoc } = await import("../core/views/template");
    return templateDoc(templates, type);
  },
  logs: (ports, input: Read & { id: string; stream?: "stdout" | "stderr" }) =>
    readLog(ports, input.id, input.stream ?? "stdout", input),
  artifacts: (ports, input: AttemptInput & { step: string }) => {
    const picked = pickAttempt(ports, input.step, input);
    if (!picked.ok) return picked;
    const { run, attempt } = picked.value;
    return ok({ run, step: input.step, attempt, files: ports.artifacts.list(run, input.step, attempt) });
  },
  artifact: (ports, input: AttemptInput & { step: string; name: string; from?: number; limit?: number }) =>
    readText(ports, input.step, input.name, input),
  events: (ports, input: { run?: string; after?: number }) => {
    const picked = pickRun(ports, input.run);
    if (!picked.ok) return picked;
    const { run, facts } = picked.value;
    return ok({ run: run.id, facts: facts.filter((fact) => fact.seq > (input.after ?? 0)) });
  },
  "audit.read": (ports, input: { limit?: number; offset?: number }) => {
    const [offset, limit] = [input.offset ?? 0, input.limit ?? 100];
    const entries: unknown[] = [];
    let total = 0;
    for (const { line } of ports.audit.forwards()) {
      if (total >= offset && entries.length < limit) entries.push(parseEntry(line));
      total += 1;
    }
    return ok({ entries, total, offset, limit });
  },
  "audit.tail": (ports, input: { n?: number }) => {
    const entries: unknown[] = [];
    for (const line of ports.audit.backwards()) {
      entries.push(parseEntry(line));
      if (entries.length >= (input.n ?? 20)) break;
    }
    return ok({ entries: entries.reverse() });
  },
  "audit.verify": (ports) => verifyAudit(ports),
  inbox: (ports) =>
    withState(ports, async (state) => {
      const { plan, run } = state;
      const gates = (plan.sequence.gates ?? [])
        .map((gate) => gateDoc(plan, run, gate.id))
        .filter((gate) => gate.reason === "waiting_human");
      const open = ports.proposals
        .list()
        .filter((proposal) => proposalDecision(ports, proposal.id) === undefined);
      if (open.length === 0) return ok({ gates, proposals: [] });
      const { proposalDoc } = await import("./proposal-doc");
      return ok({ gates, proposals: open.map((proposal) => proposalDoc(ports, proposal, state)) });
    }),
  "policy.show": (ports) =>
    withState(ports, ({ policy }) =>
      ok({
        mode: policy.mode,
        max_concurrent: policy.limits.maxConcurrent,
        max_fanout: policy.limits.maxFanout ?? null,
        max_orchestrated: policy.limits.maxOrchestrated ?? null,
        timeout_default_ms: policy.limits.timeoutDefaultMs ?? null,
        stop_grace_ms: policy.limits.graceMs,
        allowed_commands: policy.allowedCommands ?? null,
        warnings: policy.warnings,
      }),
    ),
  "engine.status": (ports) => {
    const running = ports.engine.isAlive();
    const info = running ? ports.engine.info() : undefined;
    return ok({
      running,
      pid: info?.pid ?? null,
      fence: info?.fence ?? null,
      started_at: info?.startedAt ?? null,
    });
  },
};

/** Verifies the whole chain; a torn last line is repaired first, and the repair said. */
async function verifyAudit(ports: Ports): Promise<Result<unknown>> {
  const torn = ports.audit.tail().torn;
  if (torn > 0) {
    const repaired = await ports.withLock(5_000, () => repairAudit(ports, builtIn.mode));
    if (!repaired.ok) return repaired;
  }
  let state = startOfChain;
  for (const { line, number } of ports.audit.forwards()) {
    const next = verifyLine(state, line, { file: ports.audit.path, number }, ports.sha256);
    if (!next.ok) return next;
    state = next.value;
  }
  return ok({ ok: true, entries: state.entries, head: state.head, repaired_bytes: torn });
}
