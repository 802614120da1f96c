import { instancesOf } from "./fan";
import { isPursued } from "./join";
import type { Plan } from "./plan";
import { type GateRun, isActive, type Run, type StepRun, stepRun } from "./run";
import { type Stale, staleness } from "./stale";
import { busyGroups, lacksWork, retriesAllowed, stepIn } from "./step";
import { waitReason } from "./wait-reason";

/** The statuses a step can show. */
export const stepStatuses = [
  "BLOCKED",
  "READY",
  "QUEUED",
  "RUNNING",
  "STOPPING",
  "RETRYING",
  "NEEDS_REVIEW",
  "DONE",
  "FAILED",
  "SKIPPED",
  "CANCELED",
] as const;
/** One of them. */
export type StepStatus = (typeof stepStatuses)[number];

/** The statuses a gate can show. */
export const gateStatuses = ["PENDING", "APPROVED", "BLOCKED"] as const;
/** One of them. */
export type GateStatus = (typeof gateStatuses)[number];

/** Why a node stands where it stands, for machines; `explain` says it in one sentence. */
export type Reason =
  | { code: "waiting_deps"; on: string[] }
  | { code: "dep_failed"; on: string[] }
  | { code: "waiting_any"; on: string[] }
  /** `first` is what has to happen before any of the gates can be decided. */
  | { code: "waiting_gate"; on: string[]; first?: First }
  | { code: "gate_blocked"; on: string[]; rejected?: { by: string; reason: string } }
  | { code: "nothing_to_run" }
  | { code: "not_requested" }
  | { code: "limit"; max: number }
  | { code: "starting" }
  | { code: "engine.absent" }
  | { code: "running"; since: number; heartbeat?: number }
  | { code: "stopping"; cause: string }
  | { code: "retry"; at: number; number: number; limit: number }
  | { code: "exit"; exitCode: number }
  | { code: "timeout" }
  | { code: "stopped" }
  | { code: "group_failed" }
  | { code: "refused"; problem: string }
  | { code: "lost" }
  | { code: "outputs_invalid"; problem: string }
  | { code: "worktree"; problem: string }
  | { code: "when"; condition: string }
  | { code: "needs_skipped" }
  | { code: "not_called"; boss?: string; watched?: string }
  | { code: "waiting_call"; on: string[] }
  | { code: "waiting_boss"; on: string[] }
  | { code: "boss_failed"; on: string[] }
  | { code: "waiting_watched"; on: string[] }
  | { code: "concurrency_group"; group: string; on: string[] }
  | { code: "loop"; condition: string; rounds: number; max: number }
  | { code: "loop_exhausted"; condition: string; rounds: number; problem: string | null }
  | { code: "idle_timeout" }
  | { code: "empty_list"; condition: string }
  | { code: "instances"; count: number; left: number }
  | { code: "instances_failed"; on: string[] }
  | { code: "unjudged"; condition: string; problem: string }
  | { code: "quota"; until: number | null }
  | { code: "rate_limit" }
  | { code: "auth"; problem: string }
  | { code: "agent_error"; problem: string }
  | { code: "waiting_human" }
  | { code: "run_canceled" }
  | { code: "approved"; by: string }
  | { code: "blocked"; by: string }
  | { code: "rejected"; by: string; reason: string };

/** What can be decided or done now, or is under way: gates that ask, gates that hold back, steps that failed, or others. */
export interface First {
  kind: "asks" | "held_back" | "failed" | "step";
  on: string[];
}

/** A step as every surface shows it. Times are ms since the epoch. */
export interface StepView {
  id: string;
  status: StepStatus;
  reason: Reason | null;
  attempt: number;
  startedAt: number | null;
  endedAt: number | null;
  exitCode: number | null;
  pid: number | null;
  /** Why its result is not what it would come to now; undefined if nothing tells. */
  stale?: Stale;
}

/** A gate as every surface shows it. */
export interface GateView {
  id: string;
  status: GateStatus;
  reason: Reason | null;
  /** How often the work was sent back from here. */
  sentBack?: number;
  /** The approval that became void, until somebody decides anew: whose it was, when it was given (ms), and what made it void. */
  fell?: Fallen;
}

/** An approval that became void. */
export interface Fallen {
  by: string;
  at: number;
  changed: string[];
}

/** Status of a step: a fold of definition and facts, and whether somebody is there to act. */
export function stepStatus(run: Run, plan: Plan, id: string, engineAlive: boolean): StepView {
  const state = stepRun(run, id);
  const [status, reason] = place(run, plan, id, state, engineAlive);
  const attempted = state.attempt > 0;
  const stale = staleness(run, plan, id);
  return {
    id,
    status,
    reason,
    attempt: state.attempt,
    startedAt: attempted ? (state.startedAt ?? null) : null,
    // What went on as instances has not ended before they have.
    endedAt: attempted && !isActive(state) && state.phase !== "expanded" ? (state.endedAt ?? null) : null,
    exitCode: state.code ?? null,
    pid: isActive(state) ? (state.pid ?? null) : null,
    ...(stale ? { stale } : {}),
  };
}

function place(
  run: Run,
  plan: Plan,
  id: string,
  state: StepRun,
  alive: boolean,
): [StepStatus, Reason | null] {
  switch (state.phase) {
    case "done":
      return ["DONE", null];
    case "failed":
      return ["FAILED", state.end === "boss_failed" ? bossFailed(plan, id) : ended(state)];
    case "canceled":
      if (state.end === "boss_failed") return ["CANCELED", bossFailed(plan, id)];
      return ["CANCELED", state.end === "group_failed" ? { code: "group_failed" } : { code: "stopped" }];
    case "skipped":
      return [
        "SKIPPED",
        state.end === "when" || state.end === "empty_list"
          ? { code: state.end, condition: state.condition ?? "" }
          : state.end === "not_called"
            ? notCalled(plan, id)
            : { code: "needs_skipped" },
      ];
    case "expanded": {
      const instances = instancesOf(run, id);
      const left = instances.filter((one) => !hasEnded(stepRun(run, one)));
      const standing = left.map((one) => place(run, plan, one, stepRun(run, one), alive));
      // What it needs may have been done anew meanwhile, and failed: nothing of it runs, nor will.
      if (standing[0] && standing.every(([status]) => status === "BLOCKED")) return standing[0];
      return [
        "RUNNING",
        alive ? { code: "instances", count: instances.length, left: left.length } : { code: "engine.absent" },
      ];
    }
    case "intended":
    case "running":
      return [
        "RUNNING",
        alive
          ? {
              code: "running",
              since: state.startedAt ?? state.since,
              ...(state.printedAt === undefined ? {} : { heartbeat: state.printedAt }),
            }
          : { code: "engine.absent" },
      ];
    case "stopping":
      return [
        "STOPPING",
        alive ? { code: "stopping", cause: state.cause ?? "stopped" } : { code: "engine.absent" },
      ];
    case "waiting": {
      if (lacksWork(plan, id)) return ["BLOCKED", { code: "nothing_to_run" }];
      const wait = waitReason(run, plan, id);
      if (wait) return ["BLOCKED", wait];
      const loop = stepIn(plan, id)?.loop;
      if (alive && state.waitCause === "loop" && loop)
        return [
          "RETRYING",
          { code: "loop", condition: loop.until, rounds: (state.rounds ?? 0) + 1, max: loop.max },
        ];
      if (alive && state.waitCause === "quota")
        return ["RETRYING", { code: "quota", until: state.agent?.resetAt ?? state.retryAt ?? null }];
      const definition = stepIn(plan, id);
      const limit = definition ? retriesAllowed(plan, definition, state.end) : 0;
      return [
        "RETRYING",
        alive
          ? { code: "retry", at: state.retryAt ?? 0, number: state.retries + 1, limit }
          : { code: "engine.absent" },
      ];
    }
    case "idle":
      return idle(run, plan, id, state, alive);
  }
}

/** Who did not call for it: nobody's end, a boss, or what it was to watch. */
function notCalled(plan: Plan, id: string): Reason {
  const step = stepIn(plan, id);
  if (step?.watchdog_for !== undefined) return { code: "not_called", watched: step.watchdog_for };
  return { code: "not_called", ...(step?.orchestrator === undefined ? {} : { boss: step.orchestrator }) };
}

const bossFailed = (plan: Plan, id: string): Reason => ({
  code: "boss_failed",
  on: [stepIn(plan, id)?.orchestrator ?? "its boss"],
});

const hasEnded = ({ phase }: StepRun) => ["done", "failed", "canceled", "skipped"].includes(phase);

function ended(state: StepRun): Reason {
  switch (state.end) {
    case "timeout":
    case "stopped":
    case "group_failed":
    case "lost":
      return { code: state.end };
    case "refused":
      return { code: "refused", problem: state.problem ?? "it could not be started" };
    case "quota":
      return { code: "quota", until: state.agent?.resetAt ?? null };
    case "rate_limit":
      return { code: "rate_limit" };
    case "auth":
    case "agent_error":
      return { code: state.end, problem: state.agent?.problem ?? "it gave no reason" };
    case "idle_timeout":
      return { code: "idle_timeout" };
    case "loop_exhausted": {
      const { condition = "", problem = null, rounds = 0 } = state;
      return { code: "loop_exhausted", condition, problem, rounds };
    }
    case "instances_failed":
      return { code: "instances_failed", on: state.failed ?? [] };
    case "unjudged":
      return { code: "unjudged", condition: state.condition ?? "", problem: state.problem ?? "" };
    case "worktree":
      return { code: "worktree", problem: state.problem ?? "it could not be made" };
    case "outputs_invalid":
      return { code: "outputs_invalid", problem: state.problem ?? "does not fit" };
    default:
      return { code: "exit", exitCode: state.code ?? -1 };
  }
}

function idle(run: Run, plan: Plan, id: string, state: StepRun, alive: boolean): [StepStatus, Reason | null] {
  if (lacksWork(plan, id)) return ["BLOCKED", { code: "nothing_to_run" }];
  const wait = waitReason(run, plan, id);
  if (wait) return ["BLOCKED", wait];
  if (!isPursued(run, state)) return ["READY", { code: "not_requested" }];
  if (!alive) return ["QUEUED", { code: "engine.absent" }];
  let active = 0;
  for (const other of run.steps.values()) if (isActive(other)) active += 1;
  const max = plan.limits.maxConcurrent;
  if (active >= max) return ["QUEUED", { code: "limit", max }];
  const group = stepIn(plan, id)?.concurrency_group;
  const busy = group === undefined ? undefined : busyGroups(run, plan).get(group);
  if (group !== undefined && busy !== undefined)
    return ["QUEUED", { code: "concurrency_group", group, on: [busy] }];
  return ["QUEUED", { code: "starting" }];
}

/** Status of a gate in the run. */
export function gateStatus(run: Run, plan: Plan, id: string): GateView {
  const decided = run.gates.get(id);
  const times = run.sentBack.get(id)?.times;
  const sentBack = times === undefined ? {} : { sentBack: times };
  if (!decided || decided.status === "VOID") {
    const fell = fallenAt(decided);
    // In a run that was given up nothing comes of a decision, whatever it stood before, and nobody is asked for one.
    const reason: Reason = run.canceled
      ? { code: "run_canceled" }
      : (waitReason(run, plan, id) ?? { code: "waiting_human" });
    return { id, status: "PENDING", reason, ...sentBack, ...(fell && !run.canceled ? { fell } : {}) };
  }
  const { status, by, rejected } = decided;
  if (rejected !== undefined)
    return { id, status, reason: { code: "rejected", by, reason: rejected }, ...sentBack };
  return { id, status, reason: { code: status === "APPROVED" ? "approved" : "blocked", by }, ...sentBack };
}

function fallenAt(decided: GateRun | undefined): Fallen | undefined {
  if (decided?.status !== "VOID" || !decided.fell) return undefined;
  const { by, fell, changed = [] } = decided;
  return { by, at: fell.at, changed };
}

/** Whether nothing more can happen in the run: it was given up, or came to a good end. */
export function isOver(run: Run, plan: Plan): boolean {
  return run.canceled || isComplete(run, plan);
}

/** Whether every node of the definition has come to a good end. */
export function isComplete(run: Run, plan: Plan): boolean {
  for (const node of plan.graph.nodes.values()) {
    if (
      node.kind === "gate"
        ? run.gates.get(node.id)?.status !== "APPROVED"
        : !["done", "skipped"].includes(stepRun(run, node.id).phase)
    )
      return false;
  }
  return true;
}
