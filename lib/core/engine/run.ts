import type { Json } from "../json";
import { unreachable } from "../result";
import type { Fact } from "./fact";
import { ask, blank, end, enter, intended, isActive, report, type StepRun } from "./step-run";

export { type EndReason, isActive, type StepRun } from "./step-run";

/** A human's decision at a gate. */
export interface GateRun {
  status: "APPROVED" | "BLOCKED";
  by: string;
  at: number;
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
  /** Steps that run as instances: how many, and what each is about. */
  expansions: Map<string, { count: number; items: Json[] | undefined }>;
  fence: number;
  /** Boot id of the machine the newest engine ran on. */
  boot: string;
  seq: number;
  steps: Map<string, StepRun>;
  gates: Map<string, GateRun>;
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
    expansions: new Map(),
    fence: 0,
    boot: "",
    seq: 0,
    steps: new Map(),
    gates: new Map(),
  };
}

/** A copy that can be changed by facts without the original noticing; steps are shared until a fact is about them. */
export function copyRun(run: Run): Run {
  return {
    ...run,
    steps: new Map(run.steps),
    gates: new Map(run.gates),
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
      run.gates.set(fact.gate, { status: "APPROVED", by: fact.by, at });
      return;
    case "gate.blocked":
      run.gates.set(fact.gate, { status: "BLOCKED", by: fact.by, at });
      return;
    case "gate.reopened":
      run.gates.delete(fact.gate);
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
      if (run.steps.has(fact.step)) report(own(run, fact.step), fact, at);
      return;
    case "plan.amended": {
      const mandate = fact.by === undefined ? undefined : run.mandates.get(fact.by);
      if (!mandate || !fact.added) return;
      const added = [...new Set([...mandate.added, ...fact.added])];
      run.mandates.set(fact.by as string, { ...mandate, added });
      return;
    }
    case "engine.stopped":
    case "journal.repaired":
      return;
    default:
      unreachable(fact);
  }
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
  const parent = step.of === undefined ? undefined : own(run, step.of);
  if (parent && run.expansions.has(step.of as string)) enter(parent, "expanded", at);
}

function expanded(run: Run, fact: Extract<Fact, { type: "plan.expanded" }>, at: number): void {
  const step = own(run, fact.step);
  if (step.phase !== "idle") return;
  enter(step, "expanded", at);
  step.requested = false;
  step.attempt += 1;
  step.startedAt = at;
  run.expansions.set(fact.step, { count: fact.count, items: fact.items });
  for (let number = 1; number <= fact.count; number++) {
    const instance = own(run, `${fact.step}-${number}`);
    instance.of = fact.step;
    ask(instance, at);
  }
}
