import { countOf } from "../count";
import { unreachable } from "../result";
import { lineToGive } from "../sequence/unfinished";
import type { First, GateView, Reason, StepView } from "./status";

const names = (ids: string[]) => {
  const quoted = ids.slice(0, 5).map((id) => `'${id}'`);
  const more = ids.length - quoted.length;
  if (more > 0) quoted.push(`${more} more`);
  return quoted.length < 2 ? quoted.join("") : `${quoted.slice(0, -1).join(", ")} and ${quoted.at(-1)}`;
};

const isAre = (ids: string[]) => (ids.length > 1 ? "are" : "is");

/** What is said of a gate that asks, and has not asked before. */
export const waitsForDecision = "waits for a person to decide";

/** The way on where the engine is gone, the same wherever it is told. */
export const takesUp = "`seqctl run` takes it up";

/** One true sentence on why a step or gate stands where it stands; the same on every surface. */
export function explain(node: StepView | GateView): string {
  if (node.status === "DONE") return `'${node.id}' is done.`;
  const reason = node.reason;
  return reason
    ? `'${node.id}' ${sentence(reason, node)}${fallen(node)}${sentBack(node)}.`
    : `'${node.id}' is ${node.status}.`;
}

/** It is told beside whatever else keeps the gate, until somebody decides anew. */
function fallen(node: StepView | GateView): string {
  if (!("fell" in node) || !node.fell) return "";
  const { by, changed } = node.fell;
  const again = node.reason?.code === "waiting_human" ? " again, as" : ";";
  const why = changed.length === 0 ? "" : `: ${changed.join("; ")}`;
  return `${again} the approval by ${by} became void${why}`;
}

function sentBack(node: StepView | GateView): string {
  const times = "sentBack" in node ? (node.sentBack ?? 0) : 0;
  return times === 0 ? "" : ` (sent back ${times === 1 ? "once" : `${times} times`})`;
}

/** What a person wrote, on one line and of bearable length. */
function quoted(text: string): string {
  const line = text.replace(/\s+/g, " ").trim().replace(/\.$/, "");
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}

/** What can be decided or done now, and the gates that can be decided only then. */
function before({ kind, on }: First, gates: string[]): string {
  const then = `before ${names(gates)} can be decided`;
  switch (kind) {
    case "asks":
      return `waits for a person to approve ${names(on)}, ${then}`;
    case "held_back":
      return `is held back because a person turned down ${names(on)}, ${then}`;
    case "failed":
      return `waits for ${names(on)}, which did not end well, ${then}`;
    case "step":
      return `waits for ${names(on)}, which ${isAre(on)} not done yet, ${then}`;
  }
}

function sentence(reason: Reason, node: StepView | GateView): string {
  const { status } = node;
  switch (reason.code) {
    case "waiting_deps":
      return `waits for ${names(reason.on)}, which ${isAre(reason.on)} not done yet`;
    case "dep_failed":
      return `can't start because ${names(reason.on)}, which it needs, did not end well`;
    case "waiting_any":
      return reason.on.length > 1
        ? `waits for the first of ${names(reason.on)} to be done`
        : `waits for ${names(reason.on)} to be done`;
    case "waiting_gate":
      return reason.first === undefined
        ? `waits for a person to approve ${names(reason.on)}`
        : before(reason.first, reason.on);
    case "gate_blocked":
      return reason.rejected === undefined
        ? `is held back because a person blocked ${names(reason.on)}`
        : `is held back because ${reason.rejected.by} rejected ${names(reason.on)}: ${quoted(reason.rejected.reason)}; \`seqctl gate approve ${reason.on[0]}\` lets it go on after all`;
    case "nothing_to_run":
      return `has nothing to run; give it a command: ${lineToGive(node.id)}`;
    case "not_requested":
      return "is ready; nobody has asked for it yet";
    case "limit":
      return `waits for a free place: at most ${reason.max} ${reason.max === 1 ? "step runs" : "steps run"} at once`;
    case "starting":
      return "is about to start";
    case "engine.absent":
      if (status === "QUEUED") return "is queued, but no engine is alive; `seqctl run` starts one";
      return status === "RETRYING"
        ? "failed and waits to be tried again, but no engine is alive; `seqctl run` starts one"
        : `was ${status === "STOPPING" ? "being stopped" : "running"} when the engine was last heard of; the engine is gone: ${takesUp}`;
    case "running":
      return reason.heartbeat === undefined
        ? "is running"
        : `is running; its last sign of life came at ${clockTime(reason.heartbeat)}`;
    case "stopping":
      return `is being stopped (${causes[reason.cause] ?? reason.cause})`;
    case "retry":
      return `failed and will be tried again (${retryCount(reason)}) at ${clockTime(reason.at)}`;
    case "exit":
      return reason.exitCode > 128 && reason.exitCode < 193
        ? `failed: its command was ended by signal ${reason.exitCode - 128}`
        : `failed: its command exited with ${reason.exitCode}`;
    case "timeout":
      return "failed: it ran longer than its time limit and was stopped";
    case "stopped":
      if (status !== "CANCELED") return "was stopped before it was done";
      return "attempt" in node && node.attempt > 0
        ? "was canceled before it was tried again"
        : "was canceled before it started";
    case "group_failed":
      return status === "CANCELED"
        ? "was canceled because a member of its fail_fast group failed"
        : "was stopped because a member of its fail_fast group failed";
    case "refused":
      return `failed: it could not be started (${reason.problem})`;
    case "when":
      return `was skipped because its condition does not hold: ${reason.condition}`;
    case "empty_list":
      return `was skipped because there is nothing in the list it is for: ${reason.condition}`;
    case "instances":
      return `runs as ${reason.count} instances, ${reason.left} of which ${reason.left === 1 ? "has" : "have"} not ended yet`;
    case "instances_failed":
      return `failed because its ${reason.on.length > 1 ? "instances" : "instance"} ${names(reason.on)} did not end well`;
    case "waiting_boss":
      return `waits for ${names(reason.on)}, which owns it, to ask for it`;
    case "waiting_watched":
      return `waits for ${names(reason.on)}, which it watches over, to start`;
    case "boss_failed":
      if (status === "BLOCKED")
        return `can't start because ${names(reason.on)}, which was to ask for it, did not end well`;
      return `was ${status === "CANCELED" ? "canceled" : "stopped"} because ${names(reason.on)}, which owns it, failed`;
    case "not_called":
      if (reason.watched !== undefined)
        return `was skipped because '${reason.watched}', which it watches over, is not under way`;
      if (reason.boss !== undefined)
        return `was skipped because '${reason.boss}', which owns it, did not ask for it`;
      return "was skipped because nothing ended in the way it is there for";
    case "waiting_call":
      return `waits to be called for by the end of ${names(reason.on)}`;
    case "concurrency_group":
      return `waits until ${names(reason.on)}, of the same concurrency group '${reason.group}', has ended`;
    case "loop":
      return `runs again, since after round ${reason.rounds} of ${reason.max} this does not hold yet: ${reason.condition}`;
    case "loop_exhausted":
      return reason.problem === null
        ? `failed: after ${countOf(reason.rounds, "round")} this does not hold: ${reason.condition}`
        : `failed: whether to run it again can't be told from \`${reason.condition}\` (${reason.problem})`;
    case "idle_timeout":
      return "failed: it printed nothing for longer than its idle time limit and was stopped";
    case "needs_skipped":
      return "was skipped because everything it builds on was skipped";
    case "unjudged":
      return `failed: whether or how often it is to run can't be told from \`${reason.condition}\` (${reason.problem})`;
    case "outputs_invalid":
      return `failed: it exited with 0, but its output ${reason.problem}`;
    case "worktree":
      return `failed in its worktree: ${reason.problem}`;
    case "quota":
      return status === "RETRYING"
        ? `waits for its usage limit to reset, until ${untilTime(reason.until)}`
        : quotaFailure(reason);
    case "rate_limit":
      return "failed: the model's provider turned it away for asking too often";
    case "auth":
      return `failed: the agent was not let in (${reason.problem}); log in or check its key, then \`seqctl run\``;
    case "agent_error":
      return `failed: the agent gave up (${reason.problem})`;
    case "lost":
      return "failed: what became of it can't be known, because the machine or its shim went down; `seqctl run` tries it again";
    case "waiting_human":
      return waitsForDecision;
    case "run_canceled":
      return "asks nothing any more, because the run was given up; `seqctl run` begins another one";
    case "approved":
      return `was approved by ${reason.by}`;
    case "blocked":
      return `was blocked by ${reason.by}`;
    case "rejected":
      return `was rejected by ${reason.by}: ${quoted(reason.reason)}`;
    default:
      return unreachable(reason);
  }
}

/** An edit may have lowered the limit under a retry that was already scheduled. */
const retryCount = ({ number, limit }: { number: number; limit: number }) =>
  number > limit ? `retry ${number}` : `retry ${number} of ${limit}`;

function quotaFailure({ until }: { until: number | null }): string {
  const when = until === null ? "" : ` until ${untilTime(until)}`;
  return `failed: its usage limit is reached${when}; \`seqctl run\` goes on where it stopped`;
}

function untilTime(until: number | null): string {
  return until === null ? "an unknown time" : clockTime(until);
}

const causes: Record<string, string> = {
  stopped: "somebody asked",
  timeout: "it ran too long",
  idle_timeout: "it printed nothing for too long",
  restart: "it is being restarted",
  group_failed: "a member of its group failed",
  boss_failed: "the step that owns it failed",
  watched_ended: "what it watches over has ended",
};

/** A moment as `HH:MM:SS UTC`, without a clock or a time zone of the machine. */
function clockTime(ms: number): string {
  const seconds = Math.floor(ms / 1000) % 86_400;
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `${parts.map((n) => String(n).padStart(2, "0")).join(":")} UTC`;
}
