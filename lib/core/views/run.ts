import type { Recorded } from "../engine/fact";
import type { Plan } from "../engine/plan";
import { applyFact, emptyRun, type Run, stepRun } from "../engine/run";
import { isComplete } from "../engine/status";
import { exitedAt } from "../engine/step-run";
import { agreement, fusionsOf, picksIn } from "./fusion";
import { stepDoc } from "./status";

/** One attempt of a step. Times are ms since the epoch. */
export interface TryDoc {
  attempt: number;
  started_at: number;
  ended_at: number | null;
  exit_code: number | null;
  /** How it came to its end: `exit`, `refused`, `lost`, or why it was stopped; null while it goes on. */
  end: string | null;
}

/** A step's part of a run. Times are ms since the epoch, durations ms. */
export interface RunStepDoc {
  id: string;
  type: string;
  status: string;
  reason: string | null;
  attempts: number;
  started_at: number | null;
  ended_at: number | null;
  /** Time in all of its attempts together. */
  duration_ms: number;
  exit_code: number | null;
  /** Its attempts, the first first. */
  tries: TryDoc[];
}

/** A decision at a gate: how long the person was waited for. */
interface GateWaitDoc {
  gate: string;
  decision: "approved" | "rejected" | "blocked";
  by: string;
  /** Why it was turned down. */
  reason: string | null;
  /** The step that the work went back to. */
  back_to: string | null;
  /** When everything it waits for was there. */
  ready_at: number;
  decided_at: number;
  latency_ms: number;
}

/** What a run came to, in numbers. */
interface RunMetrics {
  duration_ms: number;
  /** Time in attempts, all steps together. */
  work_ms: number;
  attempts: number;
  /** Attempts that ended badly. */
  failures: number;
  restarts: number;
  retries: number;
  /** Most attempts under way at once. */
  most_at_once: number;
  by_type: Record<string, { steps: number; done: number; failed: number; duration_ms: number }>;
  gates: GateWaitDoc[];
  fusions: FusionRow[];
}

/** A fusion of a run, in numbers. */
interface FusionRow {
  synth: string;
  candidates: number;
  /** Of the candidates that left a patch, the share whose patch is the commonest one; 0 if all differ, null below two. */
  agreement: number | null;
  picked: string | null;
}

/** One run, told from its facts. */
export interface RunDoc {
  id: string;
  /** `open` can go on, `complete` came to a good end, `canceled` was given up, `superseded` was left for a newer one. */
  state: "open" | "complete" | "canceled" | "superseded";
  opened_at: number;
  opened_by: string;
  /** When the last thing happened. */
  last_at: number;
  revision: string;
  counts: Record<string, number>;
  steps: RunStepDoc[];
  metrics: RunMetrics;
}

/** How a run stands among the others. */
export interface RunContext {
  newest: boolean;
  engineAlive: boolean;
}

/** The digest of the definition that a run followed last. */
export function revisionIn(facts: readonly Recorded[]): string {
  let revision = "";
  for (const fact of facts)
    if (fact.type === "run.opened" || fact.type === "plan.amended") revision = fact.revision;
  return revision;
}

/** Tells a run from its facts and the definition it followed. */
export function runDoc(plan: Plan, facts: readonly Recorded[], context: RunContext): RunDoc {
  const opened = facts.find((fact) => fact.type === "run.opened");
  const run = emptyRun(opened?.run ?? "");
  const tally = new Tally(plan);
  for (const fact of facts) {
    tally.before(run, fact);
    applyFact(run, fact, Date.parse(fact.ts));
    run.seq = fact.seq;
  }
  const steps = plan.order.map((id) => stepOf(plan, run, id, tally, context.engineAlive));
  const counts: Record<string, number> = {};
  for (const { status } of steps) counts[status] = (counts[status] ?? 0) + 1;
  return {
    id: run.id,
    state: stateOf(plan, run, context.newest),
    opened_at: run.openedAt,
    opened_by: opened?.by ?? "",
    last_at: tally.lastAt,
    revision: plan.revision,
    counts: { ...counts, total: steps.length },
    steps,
    metrics: { ...metricsOf(run, steps, tally), fusions: fusionsIn(plan, run, facts) },
  };
}

function stateOf(plan: Plan, run: Run, newest: boolean): RunDoc["state"] {
  if (run.canceled) return "canceled";
  if (isComplete(run, plan)) return "complete";
  return newest ? "open" : "superseded";
}

function stepOf(plan: Plan, run: Run, id: string, tally: Tally, engineAlive: boolean): RunStepDoc {
  const { type, status, reason, started_at, ended_at, exit_code } = stepDoc(plan, run, id, engineAlive);
  const attempts = stepRun(run, id).attempt;
  return {
    id,
    type,
    status,
    reason,
    attempts,
    started_at,
    ended_at,
    duration_ms: tally.workMs.get(id) ?? 0,
    exit_code,
    tries: tally.tries.get(id) ?? [],
  };
}

function fusionsIn(plan: Plan, run: Run, facts: readonly Recorded[]): FusionRow[] {
  const picks = picksIn(facts);
  return fusionsOf(plan).map(({ id, fusion_candidates: candidates = [] }) => ({
    synth: id,
    candidates: candidates.length,
    agreement: agreement(run, candidates),
    picked: picks.get(id) ?? null,
  }));
}

function metricsOf(run: Run, steps: readonly RunStepDoc[], tally: Tally): Omit<RunMetrics, "fusions"> {
  const byType: RunMetrics["by_type"] = {};
  for (const step of steps) {
    byType[step.type] ??= { steps: 0, done: 0, failed: 0, duration_ms: 0 };
    const row = byType[step.type] as RunMetrics["by_type"][string];
    row.steps += 1;
    row.duration_ms += step.duration_ms;
    if (step.status === "DONE") row.done += 1;
    if (step.status === "FAILED") row.failed += 1;
  }
  const { attempts, failures, restarts, retries, mostAtOnce, gates } = tally;
  return {
    duration_ms: Math.max(0, tally.lastAt - run.openedAt),
    work_ms: [...tally.workMs.values()].reduce((sum, ms) => sum + ms, 0),
    attempts,
    failures,
    restarts,
    retries,
    most_at_once: mostAtOnce,
    by_type: byType,
    gates,
  };
}

/** A watchdog is ended with what it watches over, and that is as it should be. */
function isGoodEnd(run: Run, { step, code }: { step: string; code: number }): boolean {
  return code === 0 || stepRun(run, step).cause === "watched_ended";
}

/** What facts of decisions hold. */
interface Decided {
  gate: string;
  by: string;
  reason?: string;
  back?: string;
}

/** What has to be counted on the way, since the folded run keeps only where things stand. */
class Tally {
  attempts = 0;
  failures = 0;
  restarts = 0;
  retries = 0;
  mostAtOnce = 0;
  lastAt = 0;
  readonly workMs = new Map<string, number>();
  readonly tries = new Map<string, TryDoc[]>();
  readonly gates: GateWaitDoc[] = [];
  private readonly plan: Plan;
  private readonly underWay = new Map<string, number>();

  constructor(plan: Plan) {
    this.plan = plan;
  }

  /** Counts a fact; `run` is as it stood before it. */
  before(run: Run, fact: Recorded): void {
    const at = Date.parse(fact.ts);
    if (!fact.type.startsWith("engine.") && fact.type !== "plan.amended") this.lastAt = at;
    switch (fact.type) {
      case "attempt.intended":
        this.attempts += 1;
        this.underWay.set(fact.step, at);
        this.began(fact.step, fact.attempt, at);
        this.mostAtOnce = Math.max(this.mostAtOnce, this.underWay.size);
        return;
      case "attempt.exited":
        this.cameToAnEnd(
          fact.step,
          exitedAt(fact, at, this.underWay.get(fact.step)),
          stepRun(run, fact.step).phase === "stopping"
            ? (stepRun(run, fact.step).cause ?? "stopped")
            : "exit",
          fact.code,
        );
        this.ended(fact.step, exitedAt(fact, at, this.underWay.get(fact.step)), isGoodEnd(run, fact));
        return;
      case "attempt.refused":
      case "attempt.lost":
        this.cameToAnEnd(fact.step, at, fact.type === "attempt.lost" ? "lost" : "refused", null);
        this.ended(fact.step, at, false);
        return;
      case "restart.requested":
        this.restarts += 1;
        return;
      case "retry.scheduled":
        this.retries += 1;
        return;
      case "gate.approved":
        this.decided(run, fact, "approved", at);
        return;
      case "gate.blocked":
        this.decided(run, fact, "blocked", at);
        return;
      case "gate.rejected":
        this.decided(run, fact, "rejected", at);
        return;
      default:
        return;
    }
  }

  private began(step: string, attempt: number, started_at: number): void {
    const tries = this.tries.get(step) ?? [];
    tries.push({ attempt, started_at, ended_at: null, exit_code: null, end: null });
    this.tries.set(step, tries);
  }

  private cameToAnEnd(step: string, ended_at: number, end: string, exit_code: number | null): void {
    const last = this.tries.get(step)?.at(-1);
    if (last?.ended_at === null) Object.assign(last, { ended_at, end, exit_code });
  }

  private ended(step: string, at: number, well: boolean): void {
    const since = this.underWay.get(step);
    if (since === undefined) return;
    this.underWay.delete(step);
    this.workMs.set(step, (this.workMs.get(step) ?? 0) + at - since);
    if (!well) this.failures += 1;
  }

  private decided(run: Run, fact: Decided, decision: GateWaitDoc["decision"], at: number): void {
    const { gate, by, reason = null, back = null } = fact;
    const node = this.plan.graph.nodes.get(gate);
    const needs = node?.needs ?? [];
    const times = needs.map((need) => run.gates.get(need)?.at ?? stepRun(run, need).endedAt ?? at);
    const readyAt = Math.min(at, Math.max(run.openedAt, ...times));
    const [row, waited] = [{ gate, decision, by, reason, back_to: back }, at - readyAt];
    this.gates.push({ ...row, ready_at: readyAt, decided_at: at, latency_ms: waited });
  }
}
