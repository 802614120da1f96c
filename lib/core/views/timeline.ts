import type { Recorded } from "../engine/fact";
import type { GateDecision } from "../engine/gate-decision";
import { stepRun } from "../engine/run";
import { type GateView, gateStatus, isOver, type StepView, stepStatus } from "../engine/status";
import { explain } from "../engine/why";
import { topologicalOrder } from "../sequence/graph";
import { type Moment, type ReplayDoc, Replayer } from "./replay";

/** A stretch of time in which a node stood in one way. Times are ms since the epoch. */
export interface Span {
  status: string;
  reason: string | null;
  why: string;
  attempt: number;
  from: number;
  /** Undefined while it goes on. */
  to?: number;
  /** How an attempt that this stretch shows came out. */
  outcome?: { status: string; reason: string | null };
}

/** A node's life in a run. */
export interface Lane {
  id: string;
  kind: "step" | "gate";
  name: string;
  spans: Span[];
  /** What was decided at a gate, the first first; of a step there is none. */
  decisions: readonly GateDecision[];
  /** Whether the run could not have ended earlier without it having ended earlier; of one that is open, come as far as it has. */
  critical: boolean;
}

/** A run as lanes, in the order of the work. Times are ms since the epoch. */
export interface Timeline {
  from: number;
  to: number;
  lanes: Lane[];
  /** When something happened, each time once. */
  moments: number[];
}

/** More looks than this are not taken, so that a big run is told in time: waits are then told less exactly. */
const mostLooks = 60_000;

/** Tells a run as lanes. */
export function timelineOf(doc: ReplayDoc): Timeline {
  const replayer = new Replayer(doc);
  const lanes = new Map<string, Lane>();
  const moments: number[] = [];
  const turns = new Set(doc.facts.map((fact) => fact.ts)).size;
  let turn = 0;
  let now: Moment | undefined;
  for (let due = replayer.due(); due !== undefined; due = replayer.due()) {
    moments.push(due);
    const touched = new Set<string>();
    let isAmended = false;
    while (replayer.due() === due) {
      const fact = replayer.take();
      isAmended ||= fact?.type === "plan.amended";
      for (const id of aboutOf(fact)) touched.add(id);
    }
    now = replayer.until(due);
    if (isAmended) closeGone(now, due, lanes);
    const every = Math.ceil((now.plan.graph.nodes.size * turns) / mostLooks);
    const isLast = replayer.due() === undefined;
    note(now, due, lanes, turn % every === 0 || isLast ? undefined : touched);
    turn += 1;
  }
  const from = moments[0] ?? 0;
  const to = moments.at(-1) ?? 0;
  const critical = now ? criticalPath(now) : new Set<string>();
  return {
    from,
    to,
    moments,
    lanes: inOrder(now, lanes).map((lane) => ({
      ...lane,
      decisions: now?.run.decisions.get(lane.id) ?? [],
      critical: critical.has(lane.id),
    })),
  };
}

/** What is needed stands above what needs it; what the definition does not hold any more stands last, if anything came of it in the run. */
function inOrder(now: Moment | undefined, lanes: Map<string, Lane>): Lane[] {
  const order = now ? topologicalOrder(now.plan.graph) : undefined;
  const ids = order?.ok ? order.value : [];
  const known = new Set(ids);
  const gone = [...lanes.values()].filter(
    ({ id, spans }) =>
      !known.has(id) && (spans.some(({ attempt }) => attempt > 0) || now?.run.decisions.has(id)),
  );
  return [...ids.flatMap((id) => lanes.get(id) ?? []), ...gone];
}

function aboutOf(fact: Recorded | undefined): string[] {
  if (!fact) return [];
  if ("step" in fact) return [fact.step];
  return "gate" in fact ? [fact.gate] : [];
}

/** What the definition does not hold any more stands nowhere from then on. */
function closeGone({ plan }: Moment, at: number, lanes: Map<string, Lane>): void {
  for (const { id, spans } of lanes.values()) {
    const last = spans.at(-1);
    if (last && last.to === undefined && !plan.graph.nodes.has(id)) last.to = at;
  }
}

const viewOf = ({ run, plan, engine }: Moment, id: string, kind: Lane["kind"]): StepView | GateView =>
  kind === "gate" ? gateStatus(run, plan, id) : stepStatus(run, plan, id, engine.running);

/** Takes down how nodes stand: all of them, or those that something happened to. */
function note(now: Moment, at: number, lanes: Map<string, Lane>, only?: Set<string>): void {
  for (const [id, node] of now.plan.graph.nodes) {
    if (only && !only.has(id)) continue;
    const view = viewOf(now, id, node.kind);
    const name = node.kind === "gate" ? node.gate.name : (node.step.name ?? id);
    const lane = lanes.get(id) ?? { id, kind: node.kind, name, spans: [], decisions: [], critical: false };
    lanes.set(id, { ...lane, name });
    const attempt = "attempt" in view ? view.attempt : 0;
    const reason = view.reason?.code ?? null;
    const why = explain(view);
    const last = lane.spans.at(-1);
    const stands = last?.to === undefined && last?.status === view.status && last.reason === reason;
    // Each sign of life makes another sentence of one that is at work, and it is at work all the same.
    if (stands && last.attempt === attempt && (last.why === why || atWork.has(view.status))) continue;
    if (last && last.to === undefined) {
      last.to = at;
      if (last.attempt > 0 && last.attempt === attempt) last.outcome = { status: view.status, reason };
    }
    lane.spans.push({ status: view.status, reason, why, attempt, from: at });
  }
}

const atWork = new Set(["RUNNING", "STOPPING"]);
const underWay = new Set([...atWork, "RETRYING"]);

/**
 * The chain of nodes that made the run take as long as it took: from what ended last back to what that waited for
 * longest. While the run is open it begins with what has been under way, or has asked for a decision, for the longest.
 */
function criticalPath(now: Moment): Set<string> {
  const { run, plan } = now;
  const endOf = (id: string) => {
    const { attempt, endedAt, startedAt } = stepRun(run, id);
    return run.gates.get(id)?.at ?? (attempt > 0 ? (endedAt ?? startedAt ?? 0) : 0);
  };
  const latest = (ids: Iterable<string>) => {
    let last: string | undefined;
    for (const id of ids) if (endOf(id) > 0 && (last === undefined || endOf(id) > endOf(last))) last = id;
    return last;
  };
  const needsOf = (id: string) => plan.graph.nodes.get(id)?.needs ?? [];
  const longestOpen = () => {
    let first: { id: string; since: number } | undefined;
    for (const { id, kind } of plan.graph.nodes.values()) {
      const { status, reason } = viewOf(now, id, kind);
      const { attempt, startedAt } = stepRun(run, id);
      const asks = reason?.code === "waiting_human";
      if (!asks && !(attempt > 0 && underWay.has(status))) continue;
      const since = asks ? endOf(latest(needsOf(id)) ?? id) : (startedAt ?? 0);
      if (first === undefined || since < first.since) first = { id, since };
    }
    return first?.id;
  };
  const path = new Set<string>();
  let at = (isOver(run, plan) ? undefined : longestOpen()) ?? latest(plan.graph.nodes.keys());
  while (at !== undefined && !path.has(at)) {
    path.add(at);
    at = latest(needsOf(at));
  }
  return path;
}
