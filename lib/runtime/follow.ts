import type { Recorded } from "../core/engine/fact";
import { expandPlan } from "../core/engine/fan";
import type { Plan } from "../core/engine/plan";
import { isActive, type Run, stepRun } from "../core/engine/run";
import { isComplete } from "../core/engine/status";
import { isQuiet } from "../core/engine/step";
import { err, ok, type Result } from "../core/result";
import type { Ports } from "./ports";
import { loadStanding } from "./standing";
import { foldInto, loadState, type State } from "./state";

/** How what one waited for ended: all well, something failed, or only people are waited for. */
export type FollowEnd = "done" | "failed" | "waiting";

/** Called at each look: `touched` are the nodes that something new was told of, undefined if it may have been any. */
export type OnLook = (run: Run, plan: Plan, touched: ReadonlySet<string> | undefined) => void;

const sweepMs = 250;
/** Of the time that a run has been followed: so much later than it happens something may be seen, within the limits in ms. */
const lag = { share: 0.015, leastMs: 2, mostMs: 50 };
/** How long nothing must have happened before one waits to be woken: while a run moves, each of its facts would wake one. */
const restMs = 500;
/** How long an engine may be missing before it counts as gone, in ms. */
const absenceMs = 2_000;

/** Watches a run until what was asked for has ended; `pursued` null means everything. */
export async function follow(
  ports: Ports,
  pursued: string[] | null,
  onLook: OnLook,
): Promise<Result<FollowEnd>> {
  const loaded = loadStanding(ports);
  if (!loaded.ok) return loaded;
  const state = loaded.value;
  const begun = performance.now();
  let movedAt = begun;
  let touched: ReadonlySet<string> | undefined;
  const end = endFinder(pursued);
  const alarm = alarmIn(ports);
  try {
    for (;;) {
      if (touched?.size !== 0) {
        onLook(state.run, state.plan, touched);
        const ended = end(state, touched);
        if (ended) return ok(ended);
      }
      const now = performance.now();
      // A run of many short steps must not be slowed by who looks on, nor be told of late once it has ended.
      if (now - movedAt < restMs) {
        alarm.close();
        await pause(Math.min(lag.mostMs, Math.max(lag.leastMs, (now - begun) * lag.share)));
      } else await alarm.orAfter(sweepMs);
      const read = readOn(ports, state);
      if (!read.ok) return read;
      touched = touchedBy(state.run, read.value);
      if (read.value.length > 0) movedAt = performance.now();
      else if (performance.now() - movedAt > absenceMs && !ports.engine.isAlive()) {
        if (!end(state, undefined)) return err({ code: "engine.lost" });
      }
    }
  } finally {
    alarm.close();
    state.journal?.close();
  }
}

const pause = (ms: number) => new Promise<void>((resume) => setTimeout(resume, ms));

/** Rings when something changes in the workspace; set when it is waited for. */
function alarmIn(ports: Ports) {
  let watcher: { close(): void } | undefined;
  let ring: () => void = () => undefined;
  return {
    /** Waits until something changes, so long at most; not at all where it had to be set, for what changed before is not heard of. */
    orAfter: async (ms: number): Promise<void> => {
      if (!watcher) {
        watcher = ports.watch(() => ring());
        return;
      }
      await new Promise<void>((resume) => {
        const timer = setTimeout(resume, ms);
        ring = () => {
          clearTimeout(timer);
          resume();
        };
      });
    },
    close: () => {
      watcher?.close();
      watcher = undefined;
    },
  };
}

/** Facts that change how one step stands, and whatever it is an instance of. */
const ofOneStep =
  /^(attempt\.|retry\.scheduled$|stop\.requested$|restart\.requested$|step\.(canceled|skipped)$)/;

function touchedBy(run: Run, facts: readonly Recorded[]): ReadonlySet<string> | undefined {
  const touched = new Set<string>();
  for (const fact of facts) {
    if (!("step" in fact) || !ofOneStep.test(fact.type)) return undefined;
    for (let id: string | undefined = fact.step; id !== undefined; id = stepRun(run, id).of) touched.add(id);
  }
  return touched;
}

/** Folds in what was appended since, and takes a changed definition over; which facts there were. */
function readOn(ports: Ports, state: State): Result<Recorded[]> {
  const news = state.journal?.news() ?? ok([]);
  if (!news.ok) return news;
  const folded = foldInto(state.run, news.value, "events.jsonl");
  if (!folded.ok) return folded;
  if (news.value.some((fact) => fact.type === "plan.amended")) {
    const again = loadState(ports);
    again.ok && again.value.journal?.close();
    if (again.ok) state.plan = again.value.plan;
  }
  state.plan = expandPlan(state.plan, state.run);
  return news;
}

/** Says how it ended, once it has: not while a step that is pursued is at work, so that is looked for first. */
function endFinder(
  pursued: string[] | null,
): (state: State, touched?: ReadonlySet<string>) => FollowEnd | undefined {
  const wanted = pursued && new Set(pursued);
  let atWork: string | undefined;
  return (state, touched) => {
    const isAtWork = (id: string) =>
      (wanted?.has(id) ?? true) && state.plan.graph.nodes.has(id) && isActive(stepRun(state.run, id));
    if (atWork !== undefined && isAtWork(atWork)) return undefined;
    atWork = [...(touched ?? [])].find(isAtWork);
    return atWork === undefined ? endOf(state, pursued) : undefined;
  };
}

function endOf({ run, plan }: State, pursued: string[] | null): FollowEnd | undefined {
  const ids = pursued ?? plan.order;
  const phases = ids.filter((id) => plan.graph.nodes.has(id)).map((id) => stepRun(run, id));
  const good =
    pursued === null
      ? isComplete(run, plan)
      : phases.every((s) => s.phase === "done" || s.phase === "skipped");
  if (good) return "done";
  const settled =
    pursued !== null &&
    phases.every((s) => ["done", "failed", "canceled", "skipped"].includes(s.phase) && !s.requested);
  if (!settled && !isQuiet(run, plan)) return undefined;
  return phases.some((s) => s.phase === "failed" || s.phase === "canceled") ? "failed" : "waiting";
}
