import type { Plan } from "./plan";
import { isActive, type Run, type StepRun, stepRun } from "./run";
import { isPursued, needMet, retriesAllowed, stepIn } from "./step";

/** The statuses a step can show. */
export type StepStatus =
  | "BLOCKED"
  | "READY"
  | "QUEUED"
  | "RUNNING"
  | "STOPPING"
  | "RETRYING"
  | "NEEDS_REVIEW"
  | "DONE"
  | "FAILED"
  | "SKIPPED"
  | "CANCELED";

/** The statuses a gate can show. */
export type GateStatus = "PENDING" | "APPROVED" | "BLOCKED";

/** Why a node stands where it stands, for machines; `explain` says it in one sentence. */
export type Reason =
  | { code: "waiting_deps"; on: string[] }
  | { code: "dep_failed"; on: string[] }
  | { code: "waiting_gate"; on: string[] }
  | { code: "gate_blocked"; on: string[] }
  | { code: "not_requested" }
  | { code: "limit"; max: number }
  | { code: "starting" }
  | { code: "engine.absent" }
  | { code: "running"; since: number }
  | { code: "stopping"; cause: string }
  | { code: "retry"; at: number; number: number; limit: number }
  | { code: "exit"; exitCode: number }
  | { code: "timeout" }
  | { code: "stopped" }
  | { code: "group_failed" }
  | { code: "refused"; problem: string }
  | { code: "lost" }
  | { code: "waiting_human" }
  | { code: "approved"; by: string }
  | { code: "blocked"; by: string };

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
  /** Its definition is not the one that its result came from. */
  stale: boolean;
}

/** A gate as every surface shows it. */
export interface GateView {
  id: string;
  status: GateStatus;
  reason: Reason | null;
}

/** Status of a step: a fold of definition and facts, and whether somebody is there to act. */
export function stepStatus(run: Run, plan: Plan, id: string, engineAlive: boolean): StepView {
  const state = stepRun(run, id);
  const [status, reason] = place(run, plan, id, state, engineAlive);
  const attempted = state.attempt > 0;
  return {
    id,
    status,
    reason,
    attempt: state.attempt,
    startedAt: attempted ? (state.startedAt ?? null) : null,
    endedAt: attempted && !isActive(state) ? (state.endedAt ?? null) : null,
    exitCode: state.code ?? null,
    pid: isActive(state) ? (state.pid ?? null) : null,
    stale:
      state.phase === "done" && state.definition !== undefined && state.definition !== plan.digests.get(id),
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
      return ["FAILED", ended(state)];
    case "canceled":
      return ["CANCELED", state.end === "group_failed" ? { code: "group_failed" } : { code: "stopped" }];
    case "intended":
    case "running":
      return [
        "RUNNING",
        alive ? { code: "running", since: state.startedAt ?? state.since } : { code: "engine.absent" },
      ];
    case "stopping":
      return [
        "STOPPING",
        alive ? { code: "stopping", cause: state.cause ?? "stopped" } : { code: "engine.absent" },
      ];
    case "waiting": {
      const wait = waitReason(run, plan, id);
      if (wait) return ["BLOCKED", wait];
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

function ended(state: StepRun): Reason {
  switch (state.end) {
    case "timeout":
    case "stopped":
    case "group_failed":
    case "lost":
      return { code: state.end };
    case "refused":
      return { code: "refused", problem: state.problem ?? "it could not be started" };
    default:
      return { code: "exit", exitCode: state.code ?? -1 };
  }
}

function idle(run: Run, plan: Plan, id: string, state: StepRun, alive: boolean): [StepStatus, Reason | null] {
  const wait = waitReason(run, plan, id);
  if (wait) return ["BLOCKED", wait];
  if (!isPursued(run, state)) return ["READY", { code: "not_requested" }];
  if (!alive) return ["QUEUED", { code: "engine.absent" }];
  let active = 0;
  for (const other of run.steps.values()) if (isActive(other)) active += 1;
  const max = plan.limits.maxConcurrent;
  return ["QUEUED", active >= max ? { code: "limit", max } : { code: "starting" }];
}

/** What keeps a node from starting, or null if nothing does. What needs a person's hand is named first. */
export function waitReason(run: Run, plan: Plan, id: string): Reason | null {
  const unmet = (plan.graph.nodes.get(id)?.needs ?? []).filter((need) => !needMet(run, plan, need));
  if (unmet.length === 0) return null;
  const gates = unmet.filter((need) => plan.graph.nodes.get(need)?.kind === "gate");
  const steps = unmet.filter((need) => !gates.includes(need));
  const failed = steps.filter((need) => ["failed", "canceled"].includes(stepRun(run, need).phase));
  if (failed.length > 0) return { code: "dep_failed", on: failed };
  const blocked = gates.filter((need) => run.gates.get(need)?.status === "BLOCKED");
  if (blocked.length > 0) return { code: "gate_blocked", on: blocked };
  if (steps.length > 0) return { code: "waiting_deps", on: steps };
  return { code: "waiting_gate", on: gates };
}

/** Status of a gate in the run. */
export function gateStatus(run: Run, plan: Plan, id: string): GateView {
  const decided = run.gates.get(id);
  if (decided)
    return {
      id,
      status: decided.status,
      reason: { code: decided.status === "APPROVED" ? "approved" : "blocked", by: decided.by },
    };
  return { id, status: "PENDING", reason: waitReason(run, plan, id) ?? { code: "waiting_human" } };
}

/** Whether every node of the definition has come to a good end, so that the run is over. */
export function isComplete(run: Run, plan: Plan): boolean {
  for (const node of plan.graph.nodes.values()) {
    if (
      node.kind === "gate"
        ? run.gates.get(node.id)?.status !== "APPROVED"
        : stepRun(run, node.id).phase !== "done"
    )
      return false;
  }
  return true;
}
