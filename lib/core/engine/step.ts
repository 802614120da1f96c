import { backoffMs, hasNothingToRun, resumeOf, retryOf, timeoutMsOf } from "../sequence/effective";
import type { Step } from "../sequence/schema";
import { workersOf } from "../sequence/threads";
import type { Fact, StopCause } from "./fact";
import { areOver, expandPlan, withInstances } from "./fan";
import { callFor, isFinal as isOver } from "./handler";
import { isPursued, needsMet } from "./join";
import { judgeReady } from "./judge";
import { continueLoops, hasUndecidedRound } from "./loop";
import type { Plan } from "./plan";
import { applyFact, copyRun, type EndReason, isActive, type Run, type StepRun, stepRun } from "./run";

/** What the engine asks of the world. */
export type Effect =
  | { type: "spawn"; step: string; attempt: number }
  | { type: "kill"; step: string; attempt: number; signal: "TERM" | "KILL" };

/** What follows from news: the run as it then stands, the decisions to record, and after that what to do. */
export interface Outcome {
  run: Run;
  facts: Fact[];
  effects: Effect[];
  /** When to ask again even if nothing happens (ms since the epoch). */
  wakeAt: number | undefined;
}

/** A fact with the time it is known for (ms since the epoch). */
export interface News {
  fact: Fact;
  at: number;
}

/** The whole engine: folds the news in, then decides up to the limits. No clock, no I/O: the same input gives the same output. */
export function step(before: Run, given: Plan, news: readonly News[], now: number): Outcome {
  const run = copyRun(before);
  const outcome: Outcome = { run, facts: [], effects: [], wakeAt: undefined };
  const decide = (fact: Fact) => {
    applyFact(run, fact, now);
    outcome.facts.push(fact);
    if (fact.type === "attempt.stopping")
      outcome.effects.push({ type: "kill", step: fact.step, attempt: fact.attempt, signal: "TERM" });
  };
  const failed: string[] = [];
  for (const { fact, at } of news) {
    const wasActive = "step" in fact && isActive(stepRun(run, fact.step));
    applyFact(run, fact, at);
    if (wasActive && stepRun(run, fact.step).phase === "failed") failed.push(fact.step);
  }
  const earlier = run.failedLast.steps.filter((id) => !failed.includes(id));
  let plan = expandPlan(given, run);
  failed.push(...continueLoops(run, plan, now, decide));
  // All retries first, so that a group that fails takes them along.
  for (const id of failed.filter((id) => isFinal(run, plan, id, now, decide)))
    failGroup(run, plan, id, decide);
  for (const id of earlier) followUp(run, plan, id, now, decide);
  for (const id of run.steps.keys()) stopAsIs(run, plan, id, now, decide, outcome.effects);
  // What has started or ended just now changes what is to be watched.
  for (let known = -1; known < 0 || (plan.watchdogs.length > 0 && known < outcome.facts.length); ) {
    known = outcome.facts.length;
    for (const id of plan.watchdogs) stopAsIs(run, plan, id, now, decide, outcome.effects);
    plan = judgeReady(run, plan, decide, (id) => failGroup(run, plan, id, decide));
    startReady(run, plan, now, decide, outcome.effects);
  }
  outcome.wakeAt = nextDeadline(run, plan, now);
  return outcome;
}

type Decide = (fact: Fact) => void;

/** How often in a row an idempotent step whose fate is unknown is tried again whatever its retry limit says. */
const lostAgain = 3;

/** How often a step that ended this way may be tried again without a person. */
export function retriesAllowed(plan: Plan, definition: Step, end: EndReason | undefined): number {
  const { limit } = retryOf(plan.sequence, definition);
  if (
    end === "exit" ||
    end === "timeout" ||
    end === "rate_limit" ||
    end === "outputs_invalid" ||
    end === "worktree" ||
    end === "idle_timeout"
  )
    return limit;
  return end === "lost" && definition.idempotent ? Math.max(limit, lostAgain) : 0;
}

/** Gives a failed attempt a successor if its step allows one; whether the failure is final. */
function isFinal(run: Run, plan: Plan, id: string, now: number, decide: Decide): boolean {
  const state = stepRun(run, id);
  const definition = stepIn(plan, id);
  if (state.phase !== "failed" || !definition) return false;
  if (state.end === "quota") return !waitsForQuota(plan, definition, state, now, decide);
  // It may have ended by itself in the moment in which a person said stop.
  if (state.cause === "stopped" || state.retries >= retriesAllowed(plan, definition, state.end)) return true;
  // The first time, the machine went down rather than the step: nothing speaks for waiting.
  const waitMs =
    state.end === "lost" && state.retries === 0
      ? 0
      : backoffMs(retryOf(plan.sequence, definition), state.retries);
  const limited = state.end === "rate_limit" ? (state.agent?.resetAt ?? 0) : 0;
  const at = Math.max(now + waitMs, limited);
  decide({ type: "retry.scheduled", step: id, attempt: state.attempt, at });
  return false;
}

/** A failure of an earlier turn, by the definition that its step still has. */
const isUndecided = (run: Run, plan: Plan, id: string) =>
  !run.canceled &&
  stepRun(run, id).phase === "failed" &&
  stepRun(run, id).definition === plan.digests.get(id);

/** Decides again on a failure that was recorded while a crash may have lost what follows from it; decided once, this changes nothing. */
function followUp(run: Run, plan: Plan, id: string, now: number, decide: Decide): void {
  if (!isUndecided(run, plan, id) || !isFinal(run, plan, id, now, decide)) return;
  failGroup(run, plan, id, decide, run.failedLast.at);
}

/** Whether something follows from how steps failed last that is not on record. */
function hasLostDecision(run: Run, plan: Plan): boolean {
  return run.failedLast.steps.some((id) => {
    let follows = false;
    followUp(copyRun(run), plan, id, 0, () => {
      follows = true;
    });
    return follows;
  });
}

/** How long to wait for a usage limit that does not say when it resets, in ms. */
const unknownResetMs = 15 * 60_000;
/** The provider's clock may be a little behind ours, in ms. */
const resetMarginMs = 1000;

/** Waits for the usage limit to reset, if the file asks for that and not too often in a row; whether it does. */
function waitsForQuota(plan: Plan, definition: Step, state: StepRun, now: number, decide: Decide): boolean {
  const resume = resumeOf(plan.sequence, definition);
  if (!resume.auto || (state.resumes ?? 0) >= resume.max) return false;
  const resetAt = state.agent?.resetAt ?? now + unknownResetMs;
  const at = Math.max(now, resetAt) + resetMarginMs;
  decide({ type: "retry.scheduled", step: definition.id, attempt: state.attempt, at, cause: "quota" });
  return true;
}

/** How a group treats the failure of a member; best_effort unless a member says otherwise. */
function failPolicy(plan: Plan, group: string): "fail_fast" | "best_effort" {
  const members = (plan.sequence.steps ?? []).filter((s) => s.group_id === group);
  return members.find((s) => s.fail_policy)?.fail_policy ?? "best_effort";
}

/** A member's final failure ends the others; that of a member which was ended for it does not: they may have been asked for anew. Members that changed from `sparedFrom` on are left alone. */
function failGroup(run: Run, plan: Plan, id: string, decide: Decide, sparedFrom = Infinity): void {
  failWorkers(run, plan, id, decide, sparedFrom);
  const group = stepIn(plan, id)?.group_id;
  if (!group || stepRun(run, id).end === "group_failed" || failPolicy(plan, group) !== "fail_fast") return;
  for (const member of plan.sequence.steps ?? []) {
    if (member.group_id !== group) continue;
    const state = stepRun(run, member.id);
    // Of a failure that is looked at again: what was asked for since is another matter.
    if (state.since >= sparedFrom) continue;
    if (state.phase === "idle" || state.phase === "waiting")
      decide({ type: "step.canceled", step: member.id, cause: "group_failed" });
    else if (state.phase === "intended" || state.phase === "running") {
      decide({ type: "attempt.stopping", step: member.id, attempt: state.attempt, cause: "group_failed" });
    }
  }
}

/** The failure of a boss that fails fast ends its workers; those it never asked for wait for it to be tried again. */
function failWorkers(run: Run, plan: Plan, boss: string, decide: Decide, sparedFrom: number): void {
  if (stepIn(plan, boss)?.type !== "b" || stepIn(plan, boss)?.fail_policy !== "fail_fast") return;
  const cause = "boss_failed";
  for (const step of workersOf(plan.sequence, boss).flatMap((id) => withInstances(run, id))) {
    const { phase, asked, attempt, since } = stepRun(run, step);
    if (since >= sparedFrom) continue;
    if ((phase === "idle" && asked) || phase === "waiting") decide({ type: "step.canceled", step, cause });
    else if (phase === "intended" || phase === "running")
      decide({ type: "attempt.stopping", step, attempt, cause });
  }
}

/** Ends what somebody wants ended, what ran too long, and what did not go when asked. */
function stopAsIs(run: Run, plan: Plan, id: string, now: number, decide: Decide, effects: Effect[]): void {
  const state = stepRun(run, id);
  if (state.stopAsked && !isActive(state)) {
    if (state.requested || state.phase === "waiting" || state.phase === "idle")
      decide({ type: "step.canceled", step: id, cause: "stopped" });
    return;
  }
  if (state.phase === "waiting" && isUnneeded(run, plan, id))
    decide({ type: "step.skipped", step: id, cause: "not_called" });
  if (state.phase === "intended" || state.phase === "running") {
    const cause = isUnneeded(run, plan, id) ? "watched_ended" : stopCause(plan, id, state, now);
    if (cause) decide({ type: "attempt.stopping", step: id, attempt: state.attempt, cause });
  }
  const current = stepRun(run, id);
  if (current.phase !== "stopping" || current.killed || current.since + plan.limits.graceMs > now) return;
  decide({ type: "attempt.killed", step: id, attempt: current.attempt });
  effects.push({ type: "kill", step: id, attempt: current.attempt, signal: "KILL" });
}

/** Whether it is a watchdog of a step that has ended. */
function isUnneeded(run: Run, plan: Plan, id: string): boolean {
  const watched = stepIn(plan, id)?.watchdog_for;
  return watched !== undefined && isOver(stepRun(run, watched));
}

function stopCause(plan: Plan, id: string, state: StepRun, now: number): StopCause | undefined {
  if (state.stopAsked) return "stopped";
  if (state.restart) return "restart";
  const deadline = timeoutAt(plan, id, state);
  if (deadline !== undefined && deadline <= now) return "timeout";
  const idle = idleAt(plan, id, state);
  return idle !== undefined && idle <= now ? "idle_timeout" : undefined;
}

/** When a running attempt has printed nothing for too long, as far as the run knows (ms since the epoch). */
export function idleAt(plan: Plan, id: string, state: StepRun): number | undefined {
  const limitMs = stepIn(plan, id)?.idle_timeout_ms;
  if (limitMs === undefined || state.startedAt === undefined) return undefined;
  return Math.max(state.startedAt, state.printedAt ?? 0) + limitMs;
}

function timeoutAt(plan: Plan, id: string, state: StepRun): number | undefined {
  const node = plan.graph.nodes.get(id);
  if (node?.kind !== "step" || state.startedAt === undefined) return undefined;
  const limitMs = timeoutMsOf(plan.sequence, node.step, plan.limits.timeoutDefaultMs);
  return limitMs === undefined ? undefined : state.startedAt + limitMs;
}

/** Concurrency groups of which a member may have a process, with that member. */
export function busyGroups(run: Run, plan: Plan): Map<string, string> {
  const busy = new Map<string, string>();
  for (const [id, state] of run.steps) {
    const group = isActive(state) ? stepIn(plan, id)?.concurrency_group : undefined;
    if (group !== undefined) busy.set(group, id);
  }
  return busy;
}

function startReady(run: Run, plan: Plan, now: number, decide: Decide, effects: Effect[]): void {
  let active = 0;
  for (const state of run.steps.values()) if (isActive(state)) active += 1;
  const groups = busyGroups(run, plan);
  const started = new Set<string>();
  for (const id of plan.order) {
    if (active >= plan.limits.maxConcurrent) return;
    const state = stepRun(run, id);
    if (!isPursued(run, state) || (state.retryAt ?? 0) > now || !needsMet(run, plan, id)) continue;
    if (lacksWork(plan, id)) continue;
    const { concurrency_group: group, watchdog_for: watched } = stepIn(plan, id) as Step;
    // A watchdog is judged once what it watches has started.
    if (watched !== undefined && started.has(watched)) continue;
    if (group !== undefined && groups.has(group)) continue;
    if (group !== undefined) groups.set(group, id);
    const attempt = state.attempt + 1;
    const definition = plan.digests.get(id) ?? "";
    const does = plan.does.get(id);
    const told = does === undefined || does === definition ? {} : { does };
    decide({ type: "attempt.intended", step: id, attempt, fence: run.fence, definition, ...told });
    effects.push({ type: "spawn", step: id, attempt });
    started.add(id);
    active += 1;
  }
}

/** The next moment at which time alone changes something. A retry whose time has come waits for room, and one whose needs went away for those. */
function nextDeadline(run: Run, plan: Plan, now: number): number | undefined {
  let next: number | undefined;
  const consider = (at: number | undefined) => {
    if (at !== undefined && (next === undefined || at < next)) next = at;
  };
  for (const [id, state] of run.steps) {
    if (state.phase === "waiting") {
      if ((state.retryAt ?? 0) > now && stepIn(plan, id) && needsMet(run, plan, id)) consider(state.retryAt);
    } else if (state.phase === "stopping" && !state.killed) consider(state.since + plan.limits.graceMs);
    else if (state.phase === "running" || state.phase === "intended") {
      consider(timeoutAt(plan, id, state));
      consider(idleAt(plan, id, state));
    }
  }
  return next;
}

/** Whether nothing runs, nothing can start and no timer is armed: the engine may go home. */
export function isQuiet(run: Run, plan: Plan): boolean {
  for (const [id, state] of run.steps) {
    if (isActive(state) || state.stopAsked) return false;
    if (state.phase === "expanded" && areOver(run, plan, id)) return false;
  }
  if (hasUndecidedRound(run, plan) || hasLostDecision(run, plan)) return false;
  for (const id of plan.graph.triggers.keys()) if (callFor(run, plan, id)) return false;
  const canGoOn = (id: string) => isPursued(run, stepRun(run, id)) && needsMet(run, plan, id);
  return !plan.order.some((id) => canGoOn(id) && !lacksWork(plan, id));
}

/** Whether nothing could run the step, so that it waits for somebody to give it a command. */
export function lacksWork(plan: Plan, id: string): boolean {
  const step = stepIn(plan, id);
  return step !== undefined && hasNothingToRun(plan.sequence, step);
}

/** The definition of a step in the plan, if it is still there. */
export function stepIn(plan: Plan, id: string): Step | undefined {
  const node = plan.graph.nodes.get(id);
  return node?.kind === "step" ? node.step : undefined;
}
