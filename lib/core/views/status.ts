import { decidableAt, type GateVerb } from "../engine/decidable";
import type { Plan } from "../engine/plan";
import { type Run, stepRun, type Used } from "../engine/run";
import { explainStale } from "../engine/stale";
import {
  type Fallen,
  type GateStatus,
  gateStatus,
  isOver,
  type StepStatus,
  stepStatus,
} from "../engine/status";
import { explain } from "../engine/why";
import { modelOf } from "../sequence/effective";
import { needsOf } from "../sequence/graph";
import { marksOf, type StepMarks, type StepUsageDoc, usageOf } from "./marks";

/** A step in the status document. Times are ms since the epoch. */
export interface StepStatusDoc {
  id: string;
  name: string;
  type: string;
  model: string;
  status: StepStatus;
  reason: string | null;
  why: string;
  attempt: number;
  started_at: number | null;
  ended_at: number | null;
  /** When it last gave a sign of life, of a step under way that is watched or has an idle time limit. */
  heartbeat_at?: number;
  exit_code: number | null;
  stale: boolean;
  /** Why it is stale, as the end of a sentence. */
  stale_why?: string;
  depends_on: string[];
  group_id: string | null;
  /** The step that it is an instance of, or whose sub-sequence it is part of. */
  of?: string;
  /** What its agent used in the newest attempt, once that has ended. */
  usage?: StepUsageDoc;
  /** Absent where there is nothing to say. */
  marks?: StepMarks | undefined;
}

/** A gate in the status document. */
export interface GateStatusDoc {
  id: string;
  name: string;
  status: GateStatus;
  reason: string | null;
  why: string;
  depends_on: string[];
  shows: string[];
  /** How often the work was sent back from here. */
  sent_back: number;
  /** What a person can decide here now. Before it asks it takes no yes, but can be blocked ahead of time. */
  takes: GateVerb[];
  /** The approval that became void, until somebody decides anew. */
  fell?: Fallen;
}

/** What `status` answers on every surface. */
export interface StatusDoc {
  run: string | null;
  /** The folder that holds `.threados`. */
  root: string;
  open: boolean;
  /** Whether somebody gave the run up. */
  canceled: boolean;
  /** A step that is added now joins the run, and starts once what it waits for is done: everything was asked for. */
  takes_in?: true;
  name: string;
  mode: string;
  /** Whether every step is confined, or only those that ask for it. */
  sandbox: "required" | "off";
  revision: string;
  seq: number;
  engine: { running: boolean; pid: number | null };
  steps: StepStatusDoc[];
  gates: GateStatusDoc[];
  counts: Record<string, number>;
  /** What the run's agents used in all of their attempts; absent where none has said. */
  usage?: UsageDoc;
  /** The newest entry of the audit log; absent while there is none. */
  audit?: AuditHead;
  warnings: string[];
}

/** What agents used together; attempts that named no price are counted in `unpriced`. */
export interface UsageDoc {
  tokens_in: number;
  tokens_out: number;
  cost_usd: number;
  unpriced: number;
}

/** Where the audit log's chain ends. */
export interface AuditHead {
  seq: number;
  hash: string;
  /** Why it is not the log that was written: by its end, or by what the newest verification has found. */
  problem?: string;
  /** Its files were changed from outside, and nobody has verified it since; another word for each way that they look. */
  unverified?: string;
}

/** Facts that are not in definition or journal. */
export interface StatusContext {
  root: string;
  mode: string;
  sandbox: "required" | "off";
  warnings: string[];
  engine: { running: boolean; pid: number | null };
  audit?: AuditHead | undefined;
}

/** Folds definition and run into the one status document. */
export function statusDoc(plan: Plan, run: Run, context: StatusContext): StatusDoc {
  const steps = (plan.sequence.steps ?? []).map((step) =>
    stepDoc(plan, run, step.id, context.engine.running),
  );
  const gates = (plan.sequence.gates ?? []).map((gate) => gateDoc(plan, run, gate.id));
  const counts: Record<string, number> = {};
  for (const { status } of steps) counts[status] = (counts[status] ?? 0) + 1;
  counts.total = steps.length;
  const isOpen = run.id !== "" && !isOver(run, plan);
  return {
    run: run.id === "" ? null : run.id,
    root: context.root,
    open: isOpen,
    canceled: run.canceled,
    ...(isOpen && run.all ? { takes_in: true } : {}),
    name: plan.sequence.name,
    mode: context.mode,
    sandbox: context.sandbox,
    revision: plan.revision,
    seq: run.seq,
    engine: context.engine,
    steps,
    gates,
    counts,
    ...(run.used ? { usage: usageDoc(run.used) } : {}),
    ...(context.audit ? { audit: context.audit } : {}),
    warnings: context.warnings,
  };
}

function usageDoc({ tokensIn, tokensOut, costUsd, unpriced }: Used): UsageDoc {
  return { tokens_in: tokensIn, tokens_out: tokensOut, cost_usd: costUsd, unpriced };
}

/** One step of the status document; the step must be in the plan. */
export function stepDoc(plan: Plan, run: Run, id: string, engineAlive: boolean): StepStatusDoc {
  const node = plan.graph.nodes.get(id);
  if (node?.kind !== "step") throw new Error(`no step ${id}`);
  const { step } = node;
  const view = stepStatus(run, plan, id, engineAlive);
  const state = stepRun(run, id);
  const marks = marksOf(plan.sequence, step);
  return {
    id,
    name: step.name ?? id,
    type: step.type ?? "base",
    model: modelOf(plan.sequence, step),
    status: view.status,
    reason: view.reason?.code ?? null,
    why: explain(view),
    attempt: view.attempt,
    started_at: view.startedAt,
    ended_at: view.endedAt,
    ...(view.reason?.code === "running" && view.reason.heartbeat !== undefined
      ? { heartbeat_at: view.reason.heartbeat }
      : {}),
    exit_code: view.exitCode,
    stale: view.stale !== undefined,
    ...(view.stale === undefined ? {} : { stale_why: explainStale(view.stale) }),
    depends_on: needsOf(step),
    group_id: step.group_id ?? null,
    ...(state.of === undefined ? {} : { of: state.of }),
    ...(state.agent === undefined ? {} : { usage: usageOf(state.agent) }),
    ...(Object.keys(marks).length === 0 ? {} : { marks }),
  };
}

/** One gate of the status document; the gate must be in the plan. */
export function gateDoc(plan: Plan, run: Run, id: string): GateStatusDoc {
  const node = plan.graph.nodes.get(id);
  if (node?.kind !== "gate") throw new Error(`no gate ${id}`);
  const view = gateStatus(run, plan, id);
  return {
    id,
    name: node.gate.name,
    status: view.status,
    reason: view.reason?.code ?? null,
    why: explain(view),
    depends_on: node.needs,
    shows: node.gate.shows ?? [],
    sent_back: view.sentBack ?? 0,
    takes: decidableAt(run, plan, id),
    ...(view.fell ? { fell: view.fell } : {}),
  };
}
