import type { AgentFacts } from "../agents/report";
import type { Json } from "../json";
import { unreachable } from "../result";
import type { Exhibit } from "./exhibit";
import type { Fact, Sub } from "./fact";
import { type GateDecision, noteDecision } from "./gate-decision";
import { outdate, renew, startedOn } from "./outdated";
import { ask, blank, end, enter, intended, isActive, moveTimes, report, type StepRun } from "./step-run";

export { type EndReason, isActive, type StepRun } from "./step-run";

/** A human's decision at a gate. */
export interface GateRun {
  /** VOID: it was approved, but what was shown is another thing by now; somebody has to decide again. */
  status: "APPROVED" | "BLOCKED" | "VOID";
  by: string;
  at: number;
  /** Why what was done was turned down. */
  rejected?: string;
  /** What an approval is bound to. */
  shown?: Exhibit;
  answers?: Record<string, boolean | number | string>;
  /** What made an approval void. */
  changed?: string[];
  /** The approval that became void, until it is decided anew. */
  fell?: { at: number; shown?: Exhibit };
}

/** Work that a gate has sent back, and how often. */
interface SentBack {
  to: string;
  reason: string;
  times: number;
}

/** What a step goes on as: `count` instances, or the steps of a sub-sequence. */
interface Expansion {
  count: number;
  /** What each instance is about. */
  items: Json[] | undefined;
  sub?: Sub;
}

/** Everything the facts of one run say; rebuilt by folding, never stored. */
export interface Run {
  id: string;
  openedAt: number;
  /** Somebody asked for everything: steps start as they become ready, later ones too. */
  all: boolean;
  /** Somebody gave it up. */
  canceled: boolean;
  /** Whoever asked for it wants dependents of failed steps to start. */
  bearsFailures: boolean;
  /** The run's parameters, by name. */
  params: Record<string, boolean | number | string>;
  /** How many steps each boss may add by itself, and which it has. */
  mandates: Map<string, { max: number; added: string[] }>;
  /** Files that steps run in their place, as somebody agreed to them: SHA-256 by path. */
  subs: Record<string, string>;
  /** Steps that run as instances: how many, and what each is about. */
  expansions: Map<string, Expansion>;
  fence: number;
  /** Boot id of the machine the newest engine ran on. */
  boot: string;
  seq: number;
  steps: Map<string, StepRun>;
  gates: Map<string, GateRun>;
  /** Gates whose approval was taken back: whatever stands below starts nothing more until they are approved again. */
  withdrawn: ReadonlySet<string>;
  /** What gates have sent back, by gate; the reason is told until the gate is approved. */
  sentBack: Map<string, SentBack>;
  /** All that was decided, by gate, the first first. */
  decisions: Map<string, readonly GateDecision[]>;
  /** The steps that failed last, together: a crash may have kept what follows from that from being recorded. */
  failedLast: { at: number; steps: string[] };
  /** What its agents used in all of their attempts; undefined while none has said. */
  used?: Used;
}

/** What agents used together; `costUsd` sums what was priced, `unpriced` counts attempts that named no price. */
export interface Used {
  tokensIn: number;
  tokensOut: number;
  costUsd: number;
  unpriced: number;
}

/** A run nobody has done anything in. */
export function emptyRun(id: string): Run {
  return {
    id,
    openedAt: 0,
    all: false,
    canceled: false,
    bearsFailures: false,
    params: {},
    mandates: new Map(),
    subs: {},
    expansions: new Map(),
    fence: 0,
    boot: "",
    seq: 0,
    steps: new Map(),
    gates: new Map(),
    withdrawn: new Set(),
    sentBack: new Map(),
    decisions: new Map(),
    failedLast: { at: 0, steps: [] },
  };
}

/** A copy that can be changed by facts without the original noticing; steps are shared until a fact is about them. */
export function copyRun(run: Run): Run {
  return {
    ...run,
    steps: new Map(run.steps),
    gates: new Map(run.gates),
    sentBack: new Map(run.sentBack),
    decisions: new Map(run.decisions),
    expansions: new Map(run.expansions),
    mandates: new Map(run.mandates),
  };
}

/** What the run knows of a step; a blank for one that nothing has happened to. */
export function stepRun(run: Run, id: string): StepRun {
  return run.steps.get(id) ?? blank();
}

/** The step's state for changing: a copy of its own, since other copies of the run may share what was there. */
function own(run: Run, id: string): StepRun {
  const mine = { ...stepRun(run, id) };
  run.steps.set(id, mine);
  return mine;
}

/** Changes a run (the caller's own copy) by one fact. Repeated facts, reports about superseded attempts and facts of superseded holders fall through. */
export function applyFact(run: Run, fact: Fact, at: number): void {
  noteSubs(run, fact);
  noteDecision(run.decisions, fact, at);
  switch (fact.type) {
    case "run.opened":
      run.openedAt = at;
      return;
    case "engine.started":
      if (fact.fence <= run.fence) return;
      run.fence = fact.fence;
      run.boot = fact.boot;
      // Which signals the holder before got round to sending is unknown: the grace starts anew.
      for (const [id, { phase }] of run.steps)
        if (phase === "stopping") Object.assign(own(run, id), { since: at, killed: false });
      return;
    case "run.settled":
      run.all = false;
      for (const id of fact.pursued) own(run, id).requested = true;
      return;
    case "run.completed":
      run.all = false;
      return;
    case "run.requested":
      run.all = true;
      run.bearsFailures = fact.bearsFailures === true;
      if (fact.params) run.params = fact.params;
      noteMandates(run, fact.mandates);
      for (const id of fact.again) askAnew(run, id, fact.by, at);
      return;
    case "steps.requested":
      if (fact.bearsFailures) run.bearsFailures = true;
      if (fact.params) run.params = fact.params;
      noteMandates(run, fact.mandates);
      for (const id of fact.steps) askAnew(run, id, fact.by, at);
      return;
    case "gate.approved":
      for (const id of startedOn(run.steps, fact)) renew(own(run, id), fact.gate);
      if (run.withdrawn.has(fact.gate))
        run.withdrawn = new Set([...run.withdrawn].filter((gate) => gate !== fact.gate));
      run.gates.set(fact.gate, {
        status: "APPROVED",
        by: fact.by,
        at,
        ...(fact.shown ? { shown: fact.shown } : {}),
        ...(fact.answers ? { answers: fact.answers } : {}),
      });
      return;
    case "gate.voided": {
      const gate = run.gates.get(fact.gate);
      if (gate?.status !== "APPROVED") return;
      const { by, at: approvedAt, shown, answers } = gate;
      const fell = { at: approvedAt, ...(shown ? { shown } : {}) };
      run.gates.set(fact.gate, { status: "VOID", by, at, changed: fact.changed, fell });
      run.withdrawn = new Set([...run.withdrawn, fact.gate]);
      for (const id of fact.stale)
        if (run.steps.has(id)) outdate(own(run, id), fact.gate, { shown, answers });
      return;
    }
    case "gate.blocked":
      if (run.gates.get(fact.gate)?.status === "APPROVED")
        run.withdrawn = new Set([...run.withdrawn, fact.gate]);
      run.gates.set(fact.gate, { status: "BLOCKED", by: fact.by, at });
      return;
    case "gate.rejected":
      rejected(run, fact, at);
      return;
    case "gate.reopened":
      // That an approval fell is told until somebody decides anew.
      if (run.gates.get(fact.gate)?.status !== "VOID") run.gates.delete(fact.gate);
      return;
    case "run.canceled":
      run.canceled = true;
      run.all = false;
      return;
    case "stop.requested": {
      const step = own(run, fact.step);
      // A person's stop outweighs why it was being ended before, and any attempt that was to follow.
      step.restart = false;
      if (isActive(step)) step.cause = "stopped";
      const isOver = ["done", "failed", "canceled", "skipped", "expanded"].includes(step.phase);
      if (step.phase !== "stopping" && !isOver) step.stopAsked = true;
      return;
    }
    case "restart.requested": {
      const step = own(run, fact.step);
      const isNew = isActive(step) ? !step.restart : !step.requested;
      if (isNew && fact.by.startsWith("agent:"))
        step.restarts = { ...step.restarts, [fact.by]: (step.restarts?.[fact.by] ?? 0) + 1 };
      if (isActive(step)) step.restart = true;
      else {
        delete step.session;
        askFor(run, fact.step, at);
      }
      return;
    }
    case "step.canceled": {
      const step = own(run, fact.step);
      if (step.phase !== "idle" && step.phase !== "waiting") return;
      step.requested = false;
      end(step, "canceled", at, fact.cause);
      return;
    }
    case "plan.expanded":
      expanded(run, fact, at);
      return;
    case "handler.called": {
      const step = own(run, fact.step);
      step.answered = { ...step.answered, [fact.by]: fact.attempt };
      askFor(run, fact.step, at);
      return;
    }
    case "step.joined": {
      const step = own(run, fact.step);
      if (step.phase !== "expanded") return;
      step.failed = fact.failed;
      if (fact.outputs !== undefined) step.outputs = fact.outputs;
      if (fact.failed.length === 0) end(step, "done", at);
      else end(step, "failed", at, "instances_failed");
      return;
    }
    case "step.skipped":
    case "step.unjudged": {
      const step = own(run, fact.step);
      if (step.phase !== "idle" && !(step.phase === "waiting" && fact.type === "step.skipped")) return;
      step.requested = false;
      if ("condition" in fact) step.condition = fact.condition;
      if (fact.type === "step.unjudged") step.problem = fact.problem;
      if (fact.type === "step.skipped") end(step, "skipped", at, fact.cause);
      else end(step, "failed", at, "unjudged");
      return;
    }
    case "attempt.intended":
      if (fact.fence >= run.fence) intended(own(run, fact.step), fact, at);
      return;
    case "attempt.started":
    case "attempt.adopted":
    case "attempt.exited":
    case "attempt.refused":
    case "attempt.lost":
    case "attempt.stopping":
    case "attempt.killed":
    case "attempt.printed":
    case "loop.exhausted":
    case "retry.scheduled":
      if (run.steps.has(fact.step)) reported(run, fact, at);
      return;
    case "engine.stopped":
      run.failedLast = { at, steps: [] };
      return;
    case "plan.amended": {
      const mandate = fact.by === undefined ? undefined : run.mandates.get(fact.by);
      if (!mandate || !fact.added) return;
      const added = [...new Set([...mandate.added, ...fact.added])];
      run.mandates.set(fact.by as string, { ...mandate, added });
      return;
    }
    case "clock.jumped":
      clockJumped(run, fact.by);
      return;
    case "fusion.picked":
    case "journal.repaired":
      return;
    default:
      unreachable(fact);
  }
}

function reported(run: Run, fact: Parameters<typeof report>[1], at: number): void {
  const step = own(run, fact.step);
  const wasActive = isActive(step);
  report(step, fact, at);
  if (!wasActive) return;
  if (fact.type === "attempt.exited" && fact.agent && !isActive(step)) run.used = sum(run.used, fact.agent);
  if (step.phase !== "failed") return;
  const { failedLast } = run;
  const together = failedLast.at === at ? failedLast.steps : [];
  run.failedLast = { at, steps: [...together, fact.step] };
}

/** What has ended keeps its times; what time limits, waits and approvals are counted from moves along with the clock. */
function clockJumped(run: Run, byMs: number): void {
  for (const [id, { phase, since }] of run.steps)
    if (since > 0 && !["done", "failed", "canceled", "skipped"].includes(phase))
      moveTimes(own(run, id), byMs);
  for (const [id, gate] of run.gates) {
    const fell = gate.fell ? { fell: { ...gate.fell, at: gate.fell.at + byMs } } : {};
    run.gates.set(id, { ...gate, at: gate.at + byMs, ...fell });
  }
  run.failedLast = { ...run.failedLast, at: run.failedLast.at + byMs };
}

/** Whoever asks for steps agrees to their files as they stand; an edit does so only for files that are new. */
function noteSubs(run: Run, fact: Fact): void {
  if (!("subs" in fact) || !fact.subs) return;
  run.subs = fact.type === "plan.amended" ? { ...fact.subs, ...run.subs } : { ...run.subs, ...fact.subs };
}

function sum(used: Used | undefined, { tokensIn, tokensOut, costUsd }: AgentFacts): Used {
  return {
    tokensIn: (used?.tokensIn ?? 0) + tokensIn,
    tokensOut: (used?.tokensOut ?? 0) + tokensOut,
    costUsd: (used?.costUsd ?? 0) + (costUsd ?? 0),
    unpriced: (used?.unpriced ?? 0) + (costUsd === undefined ? 1 : 0),
  };
}

function noteMandates(run: Run, mandates: Record<string, number> = {}): void {
  for (const [boss, max] of Object.entries(mandates))
    run.mandates.set(boss, { max, added: run.mandates.get(boss)?.added ?? [] });
}

/** Once a person asks, a watchdog may restart the step as often as at first. */
function askAnew(run: Run, id: string, by: string, at: number): void {
  if (!by.startsWith("agent:") && !isActive(stepRun(run, id))) delete own(run, id).restarts;
  askFor(run, id, at);
}

/** A request for an instance opens its step again; one for the step has it expanded anew. */
function askFor(run: Run, id: string, at: number): void {
  const step = own(run, id);
  if (step.phase === "expanded") return;
  run.expansions.delete(id);
  ask(step, at);
  for (let of = step.of; of !== undefined && run.expansions.has(of); of = stepRun(run, of).of)
    enter(own(run, of), "expanded", at);
}

/** Without a step to go back to, the gate is blocked; else somebody decides again once the work has been done anew. */
function rejected(run: Run, fact: Extract<Fact, { type: "gate.rejected" }>, at: number): void {
  const { gate, by, reason } = fact;
  if (!("back" in fact)) {
    run.gates.set(gate, { status: "BLOCKED", by, at, rejected: reason });
    return;
  }
  if ((run.sentBack.get(gate)?.times ?? 0) >= fact.nth) return;
  run.gates.delete(gate);
  run.sentBack.set(gate, { to: fact.back, reason, times: fact.nth });
  for (const id of fact.again) {
    // What is told anew is begun anew, not gone on with.
    if (!isActive(stepRun(run, id))) delete own(run, id).session;
    askFor(run, id, at);
  }
}

function expanded(run: Run, fact: Extract<Fact, { type: "plan.expanded" }>, at: number): void {
  const step = own(run, fact.step);
  if (step.phase !== "idle") return;
  enter(step, "expanded", at);
  step.requested = false;
  step.attempt += 1;
  step.startedAt = at;
  const { count, items, sub } = fact;
  run.expansions.set(fact.step, { count, items, ...(sub ? { sub } : {}) });
  const ids =
    sub?.steps.map(({ id }) => id) ?? Array.from({ length: count }, (_, n) => `${fact.step}-${n + 1}`);
  for (const id of ids) {
    run.expansions.delete(id);
    const instance = own(run, id);
    instance.of = fact.step;
    ask(instance, at);
  }
}
