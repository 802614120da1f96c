import { expandPlan } from "../core/engine/fan";
import type { Plan } from "../core/engine/plan";
import { type Run, stepRun } from "../core/engine/run";
import { isComplete } from "../core/engine/status";
import { isQuiet } from "../core/engine/step";
import { err, ok, type Result } from "../core/result";
import type { Ports } from "./ports";
import { loadStanding } from "./standing";
import { foldInto, loadState, type State } from "./state";

/** How what one waited for ended: all well, something failed, or only people are waited for. */
export type FollowEnd = "done" | "failed" | "waiting";

const sweepMs = 250;
/** Of the time that a run has been followed: so much later than it happens something may be seen, within the limits in ms. */
const lag = { share: 0.015, leastMs: 2, mostMs: 50 };
/** How long an engine may be missing before it counts as gone, in ms. */
const absenceMs = 2_000;

/** Watches a run until what was asked for has ended; `pursued` null means everything. */
export async function follow(
  ports: Ports,
  pursued: string[] | null,
  onChange: (run: Run, plan: Plan) => void,
): Promise<Result<FollowEnd>> {
  const loaded = loadStanding(ports);
  if (!loaded.ok) return loaded;
  const state = loaded.value;
  let notify: () => void = () => undefined;
  const watcher = ports.watch(
    () => notify(),
    () => pauseMs(),
  );
  let aliveAt = performance.now();
  const begun = performance.now();
  // A run of many short steps must not be slowed by who looks on, nor be told of late once it has ended.
  const pauseMs = () => Math.min(lag.mostMs, Math.max(lag.leastMs, (performance.now() - begun) * lag.share));
  try {
    for (;;) {
      onChange(state.run, state.plan);
      const end = endOf(state, pursued);
      if (end) return ok(end);
      await new Promise<void>((resume) => {
        const timer = setTimeout(resume, sweepMs);
        notify = () => {
          clearTimeout(timer);
          resume();
        };
      });
      const read = readOn(ports, state);
      if (!read.ok) return read;
      if (read.value > 0) aliveAt = performance.now();
      else if (performance.now() - aliveAt > absenceMs && !ports.engine.isAlive()) {
        if (!endOf(state, pursued)) return err({ code: "engine.lost" });
      }
    }
  } finally {
    watcher.close();
    state.journal?.close();
  }
}

/** Folds in what was appended since, and takes a changed definition over; how many facts there were. */
function readOn(ports: Ports, state: State): Result<number> {
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
  return ok(news.value.length);
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
