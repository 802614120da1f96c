import { isLeft, isStopped } from "../../lib/core/views/status-word";
import { type GateState, isGate, type NodeState } from "./wire";

/** How a node stands, in the words, colours and glyphs of the workbench. A tone names its colour tokens and its glyph. */
export type Tone =
  | "blocked"
  | "ready"
  | "queued"
  | "running"
  | "stopping"
  | "retrying"
  | "human"
  | "done"
  | "failed"
  | "skipped"
  | "canceled"
  | "pending"
  | "approved"
  | "rejected"
  | "unknown";

/** What is said and shown of a node's status; never the colour alone. */
export interface Standing {
  tone: Tone;
  word: string;
}

const ofSteps: Record<string, Standing> = {
  BLOCKED: { tone: "blocked", word: "Blocked" },
  READY: { tone: "ready", word: "Ready" },
  QUEUED: { tone: "queued", word: "Queued" },
  RUNNING: { tone: "running", word: "Running" },
  STOPPING: { tone: "stopping", word: "Stopping" },
  RETRYING: { tone: "retrying", word: "Retrying" },
  NEEDS_REVIEW: { tone: "human", word: "Needs review" },
  DONE: { tone: "done", word: "Done" },
  FAILED: { tone: "failed", word: "Failed" },
  SKIPPED: { tone: "skipped", word: "Skipped" },
  CANCELED: { tone: "canceled", word: "Canceled" },
};

const ofGates: Record<string, Standing> = {
  PENDING: { tone: "pending", word: "Pending" },
  APPROVED: { tone: "approved", word: "Approved" },
  BLOCKED: { tone: "rejected", word: "Blocked" },
};

const unknown: Standing = { tone: "unknown", word: "Unknown" };
/** What a person ended did not fail by itself, and asks nothing of anybody. */
const stopped: Standing = { tone: "canceled", word: "Stopped" };

/** The standing of a step or gate. What nobody watches any more is "unknown", not "running". */
export function standing(node: NodeState): Standing {
  if (isGate(node)) return standingIn("gate", node.status, node.reason);
  if (isLeft(node)) return unknown;
  return standingIn("step", node.status, node.reason);
}

/** The standing of a step or gate at some moment of a run, from its status and reason. */
export function standingIn(kind: "step" | "gate", status: string, reason: string | null): Standing {
  if (kind === "step") return isStopped({ status, reason }) ? stopped : (ofSteps[status] ?? unknown);
  if (reason === "waiting_human") return { tone: "human", word: "Waits for you" };
  if (reason === "run_canceled") return { tone: "canceled", word: "Canceled" };
  if (reason === "rejected") return { tone: "rejected", word: "Rejected" };
  return ofGates[status] ?? unknown;
}

/** Whose approval became void, and by what, as the end of a sentence. */
export const sayFell = ({ by, changed }: NonNullable<GateState["fell"]>): string =>
  `the approval by ${by} became void: ${changed.join("; ")}`;

/** How a node stands no longer as it seems to: its result is stale, or its approval void, and why; null if it is as it seems. */
export function outdated(node: NodeState): { word: string; why: string } | null {
  if (isGate(node)) return node.fell ? { word: "void", why: sayFell(node.fell) } : null;
  return node.stale_why === undefined ? null : { word: "stale", why: node.stale_why };
}

/** Whether time passes for a node, so that a clock has to tick. */
export function isTicking(node: NodeState): boolean {
  const { tone } = standing(node);
  return tone === "running" || tone === "stopping";
}

/** What a thread type's letter stands for; base steps carry none. */
export const threadTypes: Record<string, { letter: string; title: string }> = {
  p: { letter: "P", title: "Parallel thread" },
  c: { letter: "C", title: "Chained thread" },
  f: { letter: "F", title: "Fusion thread" },
  b: { letter: "B", title: "Orchestrated thread" },
  l: { letter: "L", title: "Long-autonomy thread" },
};
