import { scrubJson } from "../core/audit/scrub";
import { makePlan, type Plan } from "../core/engine/plan";
import type { Json } from "../core/json";
import { effectivePolicy } from "../core/policy/policy";
import { err, ok, type Result } from "../core/result";
import { type RunDoc, revisionIn, runDoc } from "../core/views/run";
import { diffRuns, type RunDiffDoc } from "../core/views/run-diff";
import type { Ports } from "./ports";
import { loadStanding } from "./standing";
import { openRun } from "./state";

/** A run's id from the beginning or the end of it; the newest if none is named. */
export function findRun(ports: Ports, wanted: string | undefined): Result<string> {
  if (wanted === undefined) {
    const newest = ports.runs.newest();
    return newest === undefined ? err({ code: "run.none" }) : ok(newest);
  }
  const name = wanted.toUpperCase();
  const fits = ports.runs.list().filter((id) => id.startsWith(name) || id.endsWith(name));
  const [only] = fits;
  return fits.length === 1 && only && name.length >= 4 ? ok(only) : err({ code: "run.unknown", id: wanted });
}

/** The definition a run followed: the present one for the newest, else the recorded revision. */
class Plans {
  private readonly ports: Ports;
  private readonly known = new Map<string, Plan>();

  constructor(ports: Ports) {
    this.ports = ports;
  }

  current(): Result<Plan> {
    const state = loadStanding(this.ports);
    if (!state.ok) return state;
    state.value.journal?.close();
    return ok(state.value.plan);
  }

  at(revision: string): Result<Plan> {
    const known = this.known.get(revision);
    if (known) return ok(known);
    const { definition, sha256 } = this.ports;
    const text = definition.revision(revision);
    const sequence = text.ok ? definition.check(text.value) : text;
    if (!sequence.ok) return sequence;
    const plan = makePlan(sequence.value, revision, effectivePolicy({}, sequence.value).limits, sha256);
    this.known.set(revision, plan);
    return ok(plan);
  }
}

function tell(ports: Ports, plans: Plans, id: string): Result<RunDoc> {
  const opened = openRun(ports, id);
  if (!opened.ok) return opened;
  opened.value.journal.close();
  const { facts } = opened.value;
  const newest = ports.runs.newest() === id;
  const plan = newest ? plans.current() : plans.at(revisionIn(facts));
  if (!plan.ok) return plan;
  const doc = runDoc(plan.value, facts, { newest, engineAlive: newest && ports.engine.isAlive() });
  // A reason is a person's words, and may hold what became a secret later.
  const gates = scrubJson(doc.metrics.gates as unknown as Json, ports.knownSecrets());
  return ok({ ...doc, metrics: { ...doc.metrics, gates: gates as unknown as typeof doc.metrics.gates } });
}

/** One run with its numbers. */
export function showRun(ports: Ports, wanted: string | undefined): Result<RunDoc> {
  const id = findRun(ports, wanted);
  return id.ok ? tell(ports, new Plans(ports), id.value) : id;
}

/** The runs, newest first; one that can't be read says why instead of hiding the others. */
export function listRuns(ports: Ports, limit: number): { runs: unknown[]; total: number } {
  const plans = new Plans(ports);
  const all = ports.runs.list().reverse();
  const runs = all.slice(0, limit).flatMap((id): unknown[] => {
    const told = tell(ports, plans, id);
    if (!told.ok) return told.failure.code === "run.unknown" ? [] : [{ id, problem: told.failure.code }];
    const { steps: _, metrics, ...head } = told.value;
    const { duration_ms, failures, attempts } = metrics;
    return [{ ...head, duration_ms, attempts, failures }];
  });
  return { runs, total: all.length };
}

/** Two runs side by side; without names the newest and the one before it. */
export function compareRuns(ports: Ports, wanted: { a?: string; b?: string }): Result<RunDiffDoc> {
  const second = findRun(ports, wanted.b);
  if (!second.ok) return second;
  const list = ports.runs.list();
  const before = list[list.indexOf(second.value) - 1];
  if (wanted.a === undefined && before === undefined)
    return err({
      code: "input.invalid",
      problem: list.length === 1 ? "only one run so far" : `no run is older than ${second.value}`,
      hint: "`seqctl run --new` opens another; name two with `seqctl runs diff <a> <b>`",
    });
  const first = wanted.a === undefined && before !== undefined ? ok(before) : findRun(ports, wanted.a);
  if (!first.ok) return first;
  const plans = new Plans(ports);
  const a = tell(ports, plans, first.value);
  if (!a.ok) return a;
  const b = tell(ports, plans, second.value);
  return b.ok ? ok(diffRuns(a.value, b.value)) : b;
}
