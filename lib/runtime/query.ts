import { parseEntry } from "../core/audit/chain";
import { genesis } from "../core/audit/entry";
import { scrubJson } from "../core/audit/scrub";
import { stepRun } from "../core/engine/run";
import { explainStale } from "../core/engine/stale";
import { gateStatus, stepStatus } from "../core/engine/status";
import { stepIn } from "../core/engine/step";
import { explain } from "../core/engine/why";
import { saidOf } from "../core/issue";
import type { Json } from "../core/json";
import { nearest } from "../core/nearest";
import { err, ok, type Result } from "../core/result";
import { promptPathOf } from "../core/sequence/effective";
import { unknownStep } from "../core/sequence/ids";
import { shownSource } from "../core/sequence/shown-source";
import { sliceSource } from "../core/sequence/slice";
import { groupDocs } from "../core/views/group";
import { insideOf } from "../core/views/inside";
import { type AuditHead, gateDoc, statusDoc, stepDoc } from "../core/views/status";
import { findView, type ViewName, views } from "../core/views/view";
import type { readEntries, Wanted } from "./audit-find";
import { withVoids } from "./exhibit";
import { noteLife } from "./life";
import { logEnd } from "./log-end";
import type { LogInput } from "./log-lines";
import type { SearchInput } from "./log-search";
import { faultInside, knownInside, mayBeAdding } from "./log-seen";
import type { Question } from "./policies";
import type { Ports } from "./ports";
import { type AttemptInput, pickAttempt, pickRun, type Read, readLog, readLogs, readText } from "./reading";
import { loadStanding } from "./standing";
import { loadState, type State } from "./state";
import { compareFusion, listWorktrees } from "./worktrees";

type Answer = (ports: Ports, input: never) => Result<unknown> | Promise<Result<unknown>>;

/** Answers a question. Nothing is changed but that `audit.verify` repairs a torn last line first, and records that. */
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
      problem: `${name}, '${issue?.path.join(".") ?? ""}': ${saidOf(issue)}`,
    });
  }
  return answers[view.name as ViewName](ports, parsed.data as never);
}

type Telling = (state: State) => Result<unknown> | Promise<Result<unknown>>;

/** For questions about the definition itself, which has to be as it stands in the file. */
const withState = (ports: Ports, answer: Telling) => over(ports, loadState(ports), answer);

/** For questions about how things stand: a file broken by hand keeps nobody from looking. */
const withStanding = (ports: Ports, answer: Telling) => over(ports, loadStanding(ports), answer);

async function over(ports: Ports, state: Result<State>, answer: Telling): Promise<Result<unknown>> {
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

/** A log of so many bytes is read at once where it is not known whether it holds. */
const readAtOnceBytes = 1024 * 1024;

/** The newest entry of the audit log, and what is known to be wrong with it; to read all of a long one is for `audit.verify`. */
function auditHead(ports: Ports): AuditHead | undefined {
  const end = logEnd(ports);
  const { last, problem } = end;
  if (problem !== undefined) return { seq: last?.seq ?? 0, hash: last?.hash ?? genesis, problem };
  const head = last && { seq: last.seq, hash: last.hash };
  const inside = knownInside(ports, end);
  if (inside.holds === true || !head) return head;
  if (inside.holds === undefined && mayBeAdding(ports, inside.stat)) return head;
  if (inside.holds === undefined && inside.stat.bytes > readAtOnceBytes)
    return { ...head, unverified: inside.stat.print };
  const fault = faultInside(ports, end);
  return fault ? { ...head, problem: `line ${fault.line} of ${nameOf(fault.file)}: ${fault.problem}` } : head;
}

const nameOf = (path: string) => path.slice(path.lastIndexOf("/") + 1);

const answers: { [N in ViewName]: Answer } = {
  status: (ports) =>
    withStanding(ports, ({ plan, run, policy }) =>
      ok(
        statusDoc(plan, run, {
          ...policy,
          root: ports.root,
          engine: engineOf(ports),
          audit: auditHead(ports),
        }),
      ),
    ),
  sequence: (ports) =>
    withState(ports, ({ definition }) =>
      ok({ revision: definition.digest, text: definition.text, sequence: definition.sequence }),
    ),
  "sequence.text": async (ports) => (await import("./text-doc")).textDoc(ports),
  step: (ports, { id }: { id: string }) =>
    withStanding(ports, ({ plan, run, definition }) => {
      const node = plan.graph.nodes.get(id);
      if (!node) return unknownStep(plan.sequence, id);
      const known = ports.knownSecrets();
      const lines = sliceSource(definition.text, node.kind === "step" ? "steps" : "gates", id);
      const yaml = shownSource(lines, known);
      if (node.kind === "gate")
        return ok({
          revision: definition.digest,
          definition: scrubJson(node.gate as unknown as Json, known),
          yaml,
          status: gateDoc(plan, run, id),
          attempts: [],
        });
      const inside = insideOf(plan, node.step);
      const attempts = Array.from({ length: stepRun(run, id).attempt }, (_, index) => index + 1);
      return ok({
        run: run.id === "" ? null : run.id,
        revision: definition.digest,
        definition: scrubJson(node.step as unknown as Json, known),
        yaml,
        status: stepDoc(plan, run, id, engineOf(ports).running),
        attempts,
        ...(inside ? { inside } : {}),
      });
    }),
  why: (ports, { id }: { id: string }) =>
    withStanding(ports, ({ plan, run }) => {
      const node = plan.graph.nodes.get(id);
      if (!node) return unknownStep(plan.sequence, id);
      const step = node.kind === "gate" ? undefined : stepStatus(run, plan, id, engineOf(ports).running);
      const view = step ?? gateStatus(run, plan, id);
      return ok({
        id,
        status: view.status,
        reason: view.reason?.code ?? null,
        why: explain(view),
        ...(step?.stale === undefined ? {} : { stale_why: explainStale(step.stale) }),
      });
    }),
  prompt: (ports, { id }: { id: string }) =>
    withState(ports, ({ plan }) => {
      const step = stepIn(plan, id);
      if (!step) return unknownStep(plan.sequence, id);
      const path = `.threados/${promptPathOf(step)}`;
      const text = ports.agents.prompt(step);
      if (!text.ok && text.failure.code !== "prompt.missing") return text;
      const known = text.ok
        ? { text: text.value, sha256: ports.sha256(text.value) }
        : { text: null, sha256: "" };
      return ok({ id, path, ...known });
    }),
  layout: (ports) => ok(ports.layout.load()),
  "agents.list": async (ports) => {
    const agents = await ports.agents.list();
    return agents.ok ? ok({ agents: agents.value }) : agents;
  },
  "gate.list": (ports) =>
    withStanding(ports, ({ plan, run }) =>
      ok({ gates: (plan.sequence.gates ?? []).map((gate) => gateDoc(plan, run, gate.id)) }),
    ),
  "gate.show": (ports, { id }: { id: string }) =>
    withStanding(ports, async (state) => (await import("./gate-doc")).gateShow(ports, state, id)),
  "group.list": (ports) =>
    withStanding(ports, ({ plan, run }) => ok({ groups: groupDocs(plan, run, engineOf(ports).running) })),
  "sequence.problems": async (ports) => (await import("./problems")).findProblems(ports),
  "sequence.diff": async (ports, input: { from?: string; to?: string }) =>
    (await import("./revisions")).diffRevisions(ports, input),
  "sequence.history": async (ports) => ok((await import("./history")).historyDoc(ports)),
  "runs.list": async (ports, { limit }: { limit?: number }) =>
    ok((await import("./runs")).listRuns(ports, limit ?? 20)),
  "runs.show": async (ports, { run }: { run?: string }) => (await import("./runs")).showRun(ports, run),
  "runs.replay": async (ports, input: { run?: string; after?: number }) =>
    (await import("./replay")).replayRun(ports, input),
  "runs.diff": async (ports, input: { a?: string; b?: string }) =>
    (await import("./runs")).compareRuns(ports, input),
  "fusion.compare": (ports, input: { synth: string; run?: string }) =>
    withStanding(ports, (state) => compareFusion(ports, state, input)),
  "worktree.list": (ports) => withStanding(ports, (state) => ok(listWorktrees(ports, state))),
  "template.list": async ({ templates }) => {
    const { templateRows } = await import("../core/views/template");
    return ok({ templates: templateRows(templates) });
  },
  "template.show": async ({ templates }, { type }: { type: string }) => {
    const { templateDoc } = await import("../core/views/template");
    return templateDoc(templates, type);
  },
  logs: (ports, { id, stream, ...input }: Read & { id: string; stream?: "stdout" | "stderr" }) =>
    stream === undefined ? readLogs(ports, id, input) : readLog(ports, id, stream, input),
  "logs.lines": async (ports, input: LogInput) => (await import("./log-lines")).countLines(ports, input),
  "logs.search": async (ports, input: SearchInput) => (await import("./log-search")).searchLog(ports, input),
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
    // Facts carry what a step handed on, and that may be anything.
    const known = ports.knownSecrets();
    const wanted = facts.filter((fact) => fact.seq > (input.after ?? 0));
    return ok({ run: run.id, facts: wanted.map((fact) => scrubJson(fact as unknown as Json, known)) });
  },
  "audit.read": async (ports, input: Parameters<typeof readEntries>[1]) =>
    (await import("./audit-find")).readEntries(ports, input),
  "audit.tail": (ports, input: { n?: number }) => {
    const entries: unknown[] = [];
    for (const line of ports.audit.backwards()) {
      entries.push(parseEntry(line));
      if (entries.length >= (input.n ?? 20)) break;
    }
    return ok({ entries: entries.reverse() });
  },
  "audit.find": async (ports, input: Wanted) => (await import("./audit-find")).findEntries(ports, input),
  "audit.verify": async (ports) => (await import("./verify")).verifyAudit(ports),
  inbox: (ports) =>
    withStanding(ports, async (state) => {
      const { inboxDoc } = await import("../core/views/inbox");
      const { decisionsOf } = await import("./decisions");
      const { startsThen } = await import("./foretell");
      const doc = inboxDoc(state.plan, state.run, (gate) => startsThen(ports, state, gate));
      const left = ports.proposals.list();
      const decided = decisionsOf(
        ports,
        left.map(({ id }) => id),
      );
      const all = left.filter(({ id }) => !decided.has(id));
      if (all.length === 0) return ok({ ...doc, proposals: [] });
      // A form of another that somebody began to choose, and did not: that other one is what waits.
      const ids = new Set(all.map(({ id }) => id));
      const open = all.filter(({ replaces }) => replaces === undefined || !ids.has(replaces));
      const { proposalDoc } = await import("./proposal-doc");
      const proposals = open.map((proposal) => proposalDoc(ports, proposal, state));
      return ok({ ...doc, proposals: await Promise.all(proposals) });
    }),
  "policy.show": async (ports) => (await import("./policies")).showPolicy(ports),
  "policy.explain": async (ports, input: Question) =>
    (await import("./policies")).explainPolicy(ports, input),
  "policy.test": async (ports, input: { policy?: string }) =>
    (await import("./policies")).testPolicy(ports, input),
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
