import { unreachable } from "../result";
import type { Fact, StopCause } from "./fact";

/** Where a step stands within a run, as far as facts tell. */
export type Phase = "idle" | "intended" | "running" | "stopping" | "waiting" | "done" | "failed" | "canceled";

/** Why a step ended as it did. */
export type EndReason = "exit" | "stopped" | "timeout" | "group_failed" | "refused" | "lost";

/** One step's part of a run. Times are ms since the epoch. */
export interface StepRun {
  phase: Phase;
  /** The newest attempt's number; 0 before the first. */
  attempt: number;
  /** Someone asked for an attempt that has not been decided yet. */
  requested: boolean;
  /** A stop was asked for and has not been acted on. */
  stopAsked: boolean;
  /** A new attempt follows as soon as the present one has ended. */
  restart: boolean;
  /** Automatic retries used since a person last asked. */
  retries: number;
  since: number;
  startedAt?: number;
  endedAt?: number;
  pid?: number;
  code?: number;
  cause?: StopCause;
  killed?: boolean;
  retryAt?: number;
  end?: EndReason;
  problem?: string;
  tree?: "gone" | "unproven";
  leftovers?: number;
  /** Digest of the definition the newest attempt ran. */
  definition?: string;
}

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
  fence: number;
  /** Boot id of the machine the newest engine ran on. */
  boot: string;
  seq: number;
  steps: Map<string, StepRun>;
  gates: Map<string, GateRun>;
}

/** A run nobody has done anything in. */
export function emptyRun(id: string): Run {
  return { id, openedAt: 0, all: false, fence: 0, boot: "", seq: 0, steps: new Map(), gates: new Map() };
}

/** A copy that can be changed by facts without the original noticing; steps are shared until a fact is about them. */
export function copyRun(run: Run): Run {
  return { ...run, steps: new Map(run.steps), gates: new Map(run.gates) };
}

const blank = (): StepRun => ({
  phase: "idle",
  attempt: 0,
  requested: false,
  stopAsked: false,
  restart: false,
  retries: 0,
  since: 0,
});

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

/** Whether a process may exist for the step. */
export function isActive(step: StepRun): boolean {
  return step.phase === "intended" || step.phase === "running" || step.phase === "stopping";
}

/** What runs already is not asked for again, and what was to be retried later starts at once. */
function ask(step: StepRun, at: number): void {
  if (isActive(step)) return;
  step.requested = true;
  step.stopAsked = false;
  step.retries = 0;
  delete step.retryAt;
  enter(step, "idle", at);
}

function enter(step: StepRun, phase: Phase, at: number): void {
  step.phase = phase;
  step.since = at;
}

function end(step: StepRun, phase: "done" | "failed" | "canceled", at: number, reason?: EndReason): void {
  enter(step, phase, at);
  step.endedAt = at;
  step.stopAsked = false;
  if (reason) step.end = reason;
  if (!step.restart) return;
  step.restart = false;
  ask(step, at);
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
    case "run.completed":
      run.all = false;
      return;
    case "run.requested":
      run.all = true;
      for (const id of fact.again) ask(own(run, id), at);
      return;
    case "steps.requested":
      for (const id of fact.steps) ask(own(run, id), at);
      return;
    case "gate.approved":
      run.gates.set(fact.gate, { status: "APPROVED", by: fact.by, at });
      return;
    case "gate.blocked":
      run.gates.set(fact.gate, { status: "BLOCKED", by: fact.by, at });
      return;
    case "stop.requested": {
      const step = own(run, fact.step);
      // A person's stop outweighs why it was being ended before, and any attempt that was to follow.
      step.restart = false;
      if (isActive(step)) step.cause = "stopped";
      const isOver = step.phase === "done" || step.phase === "failed" || step.phase === "canceled";
      if (step.phase !== "stopping" && !isOver) step.stopAsked = true;
      return;
    }
    case "restart.requested": {
      const step = own(run, fact.step);
      if (isActive(step)) step.restart = true;
      else ask(step, at);
      return;
    }
    case "step.canceled": {
      const step = own(run, fact.step);
      if (step.phase !== "idle" && step.phase !== "waiting") return;
      step.requested = false;
      end(step, "canceled", at, fact.cause);
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
    case "retry.scheduled":
      if (run.steps.has(fact.step)) report(own(run, fact.step), fact, at);
      return;
    case "plan.amended":
    case "engine.stopped":
    case "journal.repaired":
      return;
    default:
      unreachable(fact);
  }
}

function intended(step: StepRun, fact: Extract<Fact, { type: "attempt.intended" }>, at: number): void {
  if (fact.attempt !== step.attempt + 1 || isActive(step)) return;
  if (step.phase === "waiting") step.retries += 1;
  const { retries, restart } = step;
  for (const key of Object.keys(step)) delete (step as unknown as Record<string, unknown>)[key];
  Object.assign(step, blank(), {
    retries,
    restart,
    attempt: fact.attempt,
    definition: fact.definition,
    startedAt: at,
  });
  enter(step, "intended", at);
}

type Report = Extract<
  Fact,
  {
    type:
      | "attempt.started"
      | "attempt.adopted"
      | "attempt.exited"
      | "attempt.refused"
      | "attempt.lost"
      | "attempt.stopping"
      | "attempt.killed"
      | "retry.scheduled";
  }
>;

function report(step: StepRun, fact: Report, at: number): void {
  if (fact.attempt !== step.attempt) return;
  if (fact.type === "retry.scheduled") {
    if (step.phase !== "failed") return;
    enter(step, "waiting", at);
    step.retryAt = fact.at;
    return;
  }
  if (!isActive(step)) return;
  switch (fact.type) {
    case "attempt.started":
    case "attempt.adopted":
      step.pid = fact.pid;
      if (step.phase === "intended") enter(step, "running", at);
      return;
    case "attempt.stopping":
      if (step.phase === "stopping") return;
      step.cause = fact.cause;
      step.stopAsked = false;
      enter(step, "stopping", at);
      return;
    case "attempt.killed":
      step.killed = true;
      return;
    case "attempt.refused":
      step.problem = fact.problem;
      end(step, "failed", at, "refused");
      return;
    case "attempt.lost":
      end(step, "failed", at, "lost");
      return;
    case "attempt.exited":
      exited(step, fact, at);
      return;
    default:
      unreachable(fact);
  }
}

function exited(step: StepRun, fact: Extract<Fact, { type: "attempt.exited" }>, at: number): void {
  step.code = fact.code;
  if (fact.tree) step.tree = fact.tree;
  if (fact.leftovers) step.leftovers = fact.leftovers;
  if (step.phase === "stopping") {
    const cause = step.cause ?? "stopped";
    end(step, "failed", at, cause === "restart" ? "stopped" : cause);
  } else if (fact.code === 0) end(step, "done", at);
  else end(step, "failed", at, "exit");
}
