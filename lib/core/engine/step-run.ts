import type { AgentFacts } from "../agents/report";
import type { Json } from "../json";
import { unreachable } from "../result";
import { agentEnds, noteAgent } from "./agent-end";
import type { Fact, StopCause, WorktreeFacts } from "./fact";
import type { Approved } from "./outdated";

/** Where a step stands within a run, as far as facts tell. */
type Phase =
  | "idle"
  | "intended"
  | "running"
  | "stopping"
  | "waiting"
  | "done"
  | "failed"
  | "canceled"
  | "skipped"
  | "expanded";

/** Why a step ended as it did. */
export type EndReason =
  | "exit"
  | "stopped"
  | "timeout"
  | "group_failed"
  | "refused"
  | "lost"
  | "outputs_invalid"
  | "worktree"
  | "when"
  | "needs_skipped"
  | "not_called"
  | "empty_list"
  | "instances_failed"
  | "loop_exhausted"
  | "idle_timeout"
  | "unjudged"
  | "boss_failed"
  | "watched_ended"
  | "quota"
  | "rate_limit"
  | "auth"
  | "agent_error";

/** One step's part of a run. Times are ms since the epoch. */
export interface StepRun {
  phase: Phase;
  /** The newest attempt's number; 0 before the first. */
  attempt: number;
  /** Someone asked for an attempt that has not been decided yet. */
  requested: boolean;
  /** It was asked for by name, and not only along with everything: what waits to be called for may start. */
  asked?: boolean;
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
  /** The step that this is an instance of. */
  of?: string;
  /** Instances that ended badly. */
  failed?: string[];
  /** The condition that it was skipped for, or that could not be judged. */
  condition?: string;
  tree?: "gone" | "unproven";
  leftovers?: number;
  /** What the newest attempt left in `output.json`, as far as the journal carries it. */
  outputs?: Json;
  outputsBytes?: number;
  /** Digest of the definition the newest attempt ran. */
  definition?: string;
  /** The same of what of it is run, where that is not all of it. */
  does?: string;
  /** What the newest attempt's agent reported. */
  agent?: AgentFacts;
  /** What became of the newest attempt's worktree. */
  worktree?: WorktreeFacts;
  /** A session that the next attempt goes on with. */
  session?: string;
  /** It waits for a usage limit to reset, not for a retry. */
  waitCause?: "quota" | "loop";
  /** Rounds of its loop that have ended. */
  rounds?: number;
  /** It was started on approvals that became void since: by gate, the digest of what was shown at that one, and its answers. */
  outdated?: Record<string, Approved>;
  /** When it was last seen to print something. */
  printedAt?: number;
  /** Whose calls, with which attempt, a handler has answered. */
  answered?: Record<string, number>;
  /** How often each agent has restarted it since a person last asked. */
  restarts?: Record<string, number>;
  /** How often it went on by itself after a usage limit since a person last asked. */
  resumes?: number;
}

/** A step that nothing has happened to. */
export const blank = (): StepRun => ({
  phase: "idle",
  attempt: 0,
  requested: false,
  stopAsked: false,
  restart: false,
  retries: 0,
  since: 0,
});

/** Whether a process may exist for the step. */
export function isActive(step: StepRun): boolean {
  return step.phase === "intended" || step.phase === "running" || step.phase === "stopping";
}

/** What runs already is not asked for again, and what was to be retried later starts at once. */
export function ask(step: StepRun, at: number): void {
  if (isActive(step)) return;
  step.requested = true;
  step.asked = true;
  step.stopAsked = false;
  step.retries = 0;
  delete step.retryAt;
  delete step.waitCause;
  delete step.rounds;
  delete step.resumes;
  enter(step, "idle", at);
}

/** Puts a step into a phase, from now on. */
export function enter(step: StepRun, phase: Phase, at: number): void {
  step.phase = phase;
  step.since = at;
}

/** Moves what an unfinished step reckons from to where it lies by a clock that was set; what a provider named as a time stays that time. */
export function moveTimes(step: StepRun, byMs: number): void {
  const resetAt = step.agent?.resetAt;
  const isNamed = resetAt !== undefined && (step.waitCause === "quota" || step.retryAt === resetAt);
  step.since += byMs;
  if (step.startedAt !== undefined) step.startedAt += byMs;
  if (step.printedAt !== undefined) step.printedAt += byMs;
  if (step.retryAt !== undefined && !isNamed) step.retryAt += byMs;
}

type Ended = "done" | "failed" | "canceled" | "skipped";

/** Ends a step; where a restart was asked for, it is asked for anew. */
export function end(step: StepRun, phase: Ended, at: number, reason?: EndReason): void {
  enter(step, phase, at);
  step.endedAt = at;
  step.stopAsked = false;
  delete step.asked;
  if (reason) step.end = reason;
  if (!step.restart) return;
  step.restart = false;
  delete step.session;
  ask(step, at);
}

/** A new attempt: all that an earlier one left is forgotten, but what holds across attempts. */
export function intended(step: StepRun, fact: Extract<Fact, { type: "attempt.intended" }>, at: number): void {
  if (fact.attempt !== step.attempt + 1 || isActive(step)) return;
  if (step.phase === "waiting" && step.waitCause === "quota") step.resumes = (step.resumes ?? 0) + 1;
  else if (step.phase === "waiting" && step.waitCause === "loop") step.rounds = (step.rounds ?? 0) + 1;
  else if (step.phase === "waiting") step.retries += 1;
  const { retries, restart, resumes, of, rounds, answered, restarts } = step;
  // What another prompt or command began is not gone on with.
  const isSame = step.definition === fact.definition || doneBy(step) === doneBy(fact);
  const session = isSame ? step.session : undefined;
  for (const key of Object.keys(step)) delete (step as unknown as Record<string, unknown>)[key];
  Object.assign(step, blank(), {
    retries,
    restart,
    ...(of ? { of } : {}),
    ...(rounds ? { rounds } : {}),
    ...(answered ? { answered } : {}),
    ...(restarts ? { restarts } : {}),
    ...(resumes ? { resumes } : {}),
    ...(session ? { session } : {}),
    attempt: fact.attempt,
    definition: fact.definition,
    ...(fact.does === undefined ? {} : { does: fact.does }),
    startedAt: at,
  });
  enter(step, "intended", at);
}

const doneBy = ({ definition, does = definition }: { definition?: string; does?: string }) => does;

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
      | "attempt.printed"
      | "loop.exhausted"
      | "retry.scheduled";
  }
>;

/** Changes a step by what is reported of its newest attempt. */
export function report(step: StepRun, fact: Report, at: number): void {
  if (fact.attempt !== step.attempt) return;
  if (fact.type === "retry.scheduled") {
    if (step.phase !== "failed" && !(step.phase === "done" && fact.cause === "loop")) return;
    enter(step, "waiting", at);
    step.retryAt = fact.at;
    if (fact.cause) step.waitCause = fact.cause;
    return;
  }
  if (fact.type === "loop.exhausted") {
    if (step.phase !== "done" && step.phase !== "failed") return;
    step.condition = fact.condition;
    step.rounds = fact.rounds;
    if (fact.problem !== undefined) step.problem = fact.problem;
    end(step, "failed", at, "loop_exhausted");
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
    case "attempt.printed":
      step.printedAt = Math.max(step.printedAt ?? 0, fact.at);
      return;
    case "attempt.killed":
      step.killed = true;
      return;
    case "attempt.refused":
      step.problem = fact.problem;
      end(step, "failed", at, "refused");
      return;
    case "attempt.lost":
      // It was to end, and it did, whatever way.
      if (step.cause === "watched_ended") end(step, "done", at);
      else end(step, "failed", at, "lost");
      return;
    case "attempt.exited":
      exited(step, fact, exitedAt(fact, at, step.startedAt));
      return;
    default:
      unreachable(fact);
  }
}

/** When a command ended: when that was recorded, or before that if nobody was there to see it. Times in ms. */
export function exitedAt({ at }: { at?: number }, recordedAt: number, startedAt = 0): number {
  return at === undefined ? recordedAt : Math.min(recordedAt, Math.max(startedAt, at));
}

function exited(step: StepRun, fact: Extract<Fact, { type: "attempt.exited" }>, at: number): void {
  step.code = fact.code;
  if (fact.tree) step.tree = fact.tree;
  if (fact.leftovers) step.leftovers = fact.leftovers;
  if (fact.outputs !== undefined) step.outputs = fact.outputs;
  if (fact.outputsBytes !== undefined) step.outputsBytes = fact.outputsBytes;
  if (fact.worktree) step.worktree = fact.worktree;
  noteAgent(step, fact.agent);
  if (step.phase === "stopping" && step.cause === "watched_ended") end(step, "done", at);
  else if (step.phase === "stopping") {
    const cause = step.cause ?? "stopped";
    end(step, "failed", at, cause === "restart" ? "stopped" : cause);
  } else if (fact.worktree?.problem !== undefined) {
    step.problem = fact.worktree.problem;
    end(step, "failed", at, "worktree");
  } else if (fact.agent?.errorClass) end(step, "failed", at, agentEnds[fact.agent.errorClass]);
  else if (fact.code === 0 && fact.invalid !== undefined) {
    step.problem = fact.invalid;
    end(step, "failed", at, "outputs_invalid");
  } else if (fact.code === 0) end(step, "done", at);
  else end(step, "failed", at, "exit");
}
