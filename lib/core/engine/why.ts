import { unreachable } from "../result";
import type { GateView, Reason, StepView } from "./status";

const names = (ids: string[]) => {
  const quoted = ids.slice(0, 5).map((id) => `'${id}'`);
  const more = ids.length - quoted.length;
  if (more > 0) quoted.push(`${more} more`);
  return quoted.length < 2 ? quoted.join("") : `${quoted.slice(0, -1).join(", ")} and ${quoted.at(-1)}`;
};

const isAre = (ids: string[]) => (ids.length > 1 ? "are" : "is");

/** One true sentence on why a step or gate stands where it stands; the same on every surface. */
export function explain(node: StepView | GateView): string {
  if (node.status === "DONE") return `'${node.id}' is done.`;
  const reason = node.reason;
  return reason ? `'${node.id}' ${sentence(reason, node)}.` : `'${node.id}' is ${node.status}.`;
}

function sentence(reason: Reason, node: StepView | GateView): string {
  const { status } = node;
  switch (reason.code) {
    case "waiting_deps":
      return `waits for ${names(reason.on)}, which ${isAre(reason.on)} not done yet`;
    case "dep_failed":
      return `can't start because ${names(reason.on)}, which it needs, did not end well`;
    case "waiting_gate":
      return `waits for a person to approve ${names(reason.on)}`;
    case "gate_blocked":
      return `is held back because a person blocked ${names(reason.on)}`;
    case "not_requested":
      return "is ready; nobody has asked for it yet";
    case "limit":
      return `waits for a free place: at most ${reason.max} step${reason.max === 1 ? "" : "s"} run at once`;
    case "starting":
      return "is about to start";
    case "engine.absent":
      if (status === "QUEUED") return "is queued, but no engine is alive; `seqctl run` starts one";
      return status === "RETRYING"
        ? "failed and waits to be tried again, but no engine is alive; `seqctl run` starts one"
        : "was under way when the engine went away; `seqctl run` finds out what became of it";
    case "running":
      return "is running";
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
      if (status !== "CANCELED") return "failed: it was stopped";
      return "attempt" in node && node.attempt > 0
        ? "was canceled before it was tried again"
        : "was canceled before it started";
    case "group_failed":
      return status === "CANCELED"
        ? "was canceled because a member of its fail_fast group failed"
        : "was stopped because a member of its fail_fast group failed";
    case "refused":
      return `failed: it could not be started (${reason.problem})`;
    case "lost":
      return "failed: what became of it can't be known, because the machine or its shim went down; `seqctl run` tries it again";
    case "waiting_human":
      return "waits for a person to decide";
    case "approved":
      return `was approved by ${reason.by}`;
    case "blocked":
      return `was blocked by ${reason.by}`;
    default:
      return unreachable(reason);
  }
}

/** An edit may have lowered the limit under a retry that was already scheduled. */
const retryCount = ({ number, limit }: { number: number; limit: number }) =>
  number > limit ? `retry ${number}` : `retry ${number} of ${limit}`;

const causes: Record<string, string> = {
  stopped: "a person asked",
  timeout: "it ran too long",
  restart: "it is being restarted",
  group_failed: "a member of its group failed",
};

/** A moment as `HH:MM:SS UTC`, without a clock or a time zone of the machine. */
function clockTime(ms: number): string {
  const seconds = Math.floor(ms / 1000) % 86_400;
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `${parts.map((n) => String(n).padStart(2, "0")).join(":")} UTC`;
}
