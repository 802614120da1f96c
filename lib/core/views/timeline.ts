import type { Recorded } from "../engine/fact";
import type { GateDecision } from "../engine/gate-decision";
import type { Plan } from "../engine/plan";
import { type Run, stepRun } from "../engine/run";
import { gateStatus, stepStatus } from "../engine/status";
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
  /** Whether nothing of the run could have ended earlier without it having ended earlier. */
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
    while (replayer.due() === due) for (const id of aboutOf(replayer.take())) touched.add(id);
    now = replayer.until(due);
    const every = Math.ceil((now.plan.graph.nodes.size * turns) / mostLooks);
    const isLast = replayer.due() === undefined;
    note(now, due, lanes, turn % every === 0 || isLast ? undefined : touched);
    turn += 1;
  }
  const from = moments[0] ?? 0;
  const to = moments.at(-1) ?? 0;
  const critical = now ? criticalPath(now.run, now.plan) : new Set<string>();
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

/** What is needed stands above what needs it; what the definition does not hold any more stands last. */
function inOrder(now: Moment | undefined, lanes: Map<string, Lane>): Lane[] {
  const order = now ? topologicalOrder(now.plan.graph) : undefined;
  const ids = order?.ok ? order.value : [];
  const known = new Set(ids);
  const gone = [...lanes.values()].filter((lane) => !known.has(lane.id));
  return [...ids.flatMap((id) => lanes.get(id) ?? []), ...gone];
}

function aboutOf(fact: Recorded | undefined): string[] {
  if (!fact) return [];
  if ("step" in fact) return [fact.step];
  return "gate" in fact ? [fact.gate] : [];
}

/** Takes down how nodes stand: all of them, or those that something happened to. */
function note({ run, plan, engine }: Moment, at: number, lanes: Map<string, Lane>, only?: Set<string>): void {
  for (const [id, node] of plan.graph.nodes) {
    if (only && !only.has(id)) continue;
    const view = node.kind === "gate" ? gateStatus(run, plan, id) : stepStatus(run, plan, id, engine.running);
    const name = node.kind === "gate" ? node.gate.name : (node.step.name ?? id);
    const lane = lanes.get(id) ?? { id, kind: node.kind, name, spans: [], decisions: [], critical: false };
    lanes.set(id, { ...lane, name });
    const attempt = "attempt" in view ? view.attempt : 0;
    const reason = view.reason?.code ?? null;
    const last = lane.spans.at(-1);
    if (last?.status === view.status && last.reason === reason && last.attempt === attempt) continue;
    if (last) {
      last.to = at;
      if (last.attempt > 0 && last.attempt === attempt) last.outcome = { status: view.status, reason };
    }
    lane.spans.push({ status: view.status, reason, why: explain(view), attempt, from: at });
  }
}

/** The chain of nodes that made the run take as long as it took: from what ended last back to what that waited for longest. */
function criticalPath(run: Run, plan: Plan): Set<string> {
  const endOf = (id: string) => {
    const { attempt, endedAt, startedAt } = stepRun(run, id);
    return run.gates.get(id)?.at ?? (attempt > 0 ? (endedAt ?? startedAt ?? 0) : 0);
  };
  const latest = (ids: Iterable<string>) => {
    let last: string | undefined;
    for (const id of ids) if (endOf(id) > 0 && (last === undefined || endOf(id) > endOf(last))) last = id;
    return last;
  };
  const path = new Set<string>();
  let at = latest(plan.graph.nodes.keys());
  while (at !== undefined && !path.has(at)) {
    path.add(at);
    at = latest(plan.graph.nodes.get(at)?.needs ?? []);
  }
  return path;
}
