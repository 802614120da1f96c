import { expect } from "bun:test";
import type { Plan } from "../../../lib/core/engine/plan";
import { isActive, type Run, type StepRun, stepRun } from "../../../lib/core/engine/run";
import {
  type GateView,
  gateStatus,
  type Reason,
  type StepView,
  stepStatus,
} from "../../../lib/core/engine/status";
import { explain } from "../../../lib/core/engine/why";

/** Holds every status, its reason and its sentence against the run they speak of. */
export function checkStanding(run: Run, plan: Plan, nowMs: number): void {
  for (const { id, kind } of plan.graph.nodes.values()) {
    const lack = missing(run, plan, id);
    const lacksNothing = Object.values(lack).every((ids) => ids.length === 0);
    const state = stepRun(run, id);
    for (const alive of [true, false]) {
      const view = kind === "gate" ? gateStatus(run, plan, id) : stepStatus(run, plan, id, alive);
      checkSentence(view);
      const { status, reason } = view;
      expect([id, reason === null]).toEqual([id, status === "DONE"]);
      if (!reason) continue;
      const truth = truths[reason.code] as (reason: Reason, scene: Scene) => void;
      truth(reason, { id, status, state, lack, lacksNothing, run, nowMs, alive });
    }
  }
}

/** One sentence, about this node, ending in its only full stop. */
function checkSentence(view: StepView | GateView): void {
  const said = explain(view);
  expect(said.startsWith(`'${view.id}' `)).toBe(true);
  expect(said).toMatch(/^[^.\n]+\.$/);
  if (view.reason && "on" in view.reason) {
    for (const id of view.reason.on.slice(0, 5)) expect(said).toContain(`'${id}'`);
    if (view.reason.on.length > 5) expect(said).toContain(`${view.reason.on.length - 5} more`);
  }
}

/** Gates whose approval was taken back, of a node and all that stands above it. */
function withdrawnFrom(run: Run, plan: Plan, id: string): string[] {
  const node = plan.graph.nodes.get(id);
  const above = (node?.needs ?? []).flatMap((need) => withdrawnFrom(run, plan, need));
  return node?.kind === "gate" && run.withdrawn.has(id) ? [id, ...above] : above;
}

/** What a node needs and does not have, by what kind of thing is missing; a need below a gate that was taken back lacks that gate alone. */
export function missing(run: Run, plan: Plan, id: string) {
  const all = plan.graph.nodes.get(id)?.needs ?? [];
  const needs = [
    ...new Set(
      all.flatMap((need) => {
        const withdrawn = withdrawnFrom(run, plan, need);
        return withdrawn.length > 0 ? withdrawn : [need];
      }),
    ),
  ];
  const gates = needs.filter((need) => plan.graph.nodes.get(need)?.kind === "gate");
  const steps = needs.filter((need) => plan.graph.nodes.get(need)?.kind === "step");
  const phase = (need: string) => stepRun(run, need).phase;
  return {
    failed: steps.filter((need) => phase(need) === "failed" || phase(need) === "canceled"),
    unfinished: steps.filter((need) => !["done", "failed", "canceled"].includes(phase(need))),
    blocked: gates.filter((need) => run.gates.get(need)?.status === "BLOCKED"),
    pending: gates.filter((need) => !["APPROVED", "BLOCKED"].includes(run.gates.get(need)?.status ?? "")),
  };
}

interface Scene {
  id: string;
  status: string;
  state: StepRun;
  lack: ReturnType<typeof missing>;
  lacksNothing: boolean;
  run: Run;
  nowMs: number;
  alive: boolean;
}

type ReasonOf<C extends Reason["code"]> = Extract<Reason, { code: C }>;

/** What has to be so for a reason to be true. */
const truths: { [C in Reason["code"]]: (reason: ReasonOf<C>, scene: Scene) => void } = {
  dep_failed: ({ on }, { lack }) => expect(on).toEqual(lack.failed),
  gate_blocked: ({ on }, { lack }) => {
    expect(on.toSorted()).toEqual(lack.blocked.toSorted());
    expect(lack.failed).toEqual([]);
  },
  waiting_deps: ({ on }, { lack }) => {
    expect(on).toEqual(lack.unfinished);
    expect([...lack.failed, ...lack.blocked]).toEqual([]);
  },
  waiting_gate: ({ on }, { lack }) => {
    expect(on.toSorted()).toEqual(lack.pending.toSorted());
    expect([...lack.failed, ...lack.blocked, ...lack.unfinished]).toEqual([]);
  },
  nothing_to_run: (_, { status, state }) => {
    expect(status).toBe("BLOCKED");
    expect(state.phase).toMatch(/idle|waiting/);
  },
  not_requested: (_, { status, lacksNothing, state, run }) => {
    expect({ status, lacksNothing, requested: state.requested }).toEqual({
      status: "READY",
      lacksNothing: true,
      requested: false,
    });
    expect(run.all && state.attempt === 0).toBe(false);
  },
  limit: ({ max }, { lacksNothing, run }) => {
    expect(lacksNothing).toBe(true);
    expect([...run.steps.values()].filter(isActive).length).toBeGreaterThanOrEqual(max);
  },
  starting: (_, { id }) => {
    throw new Error(`${id} could start, but a turn has left it`);
  },
  "engine.absent": (_, { alive, status }) => {
    expect(alive).toBe(false);
    expect(status).toMatch(/^(QUEUED|RUNNING|STOPPING|RETRYING)$/);
  },
  running: ({ since }, { status, nowMs }) => {
    expect(status).toBe("RUNNING");
    expect(since).toBeLessThanOrEqual(nowMs);
  },
  stopping: ({ cause }, { status, state }) => {
    expect({ status, phase: state.phase, cause: state.cause as string }).toEqual({
      status: "STOPPING",
      phase: "stopping",
      cause,
    });
  },
  retry: ({ at, number }, { status, lacksNothing, state }) => {
    expect({ status, lacksNothing, at: state.retryAt ?? 0 }).toEqual({
      status: "RETRYING",
      lacksNothing: true,
      at,
    });
    expect(number).toBe(state.retries + 1);
  },
  exit: ({ exitCode }, { status, state }) => {
    expect({ status, code: state.code ?? -1 }).toEqual({ status: "FAILED", code: exitCode });
  },
  timeout: (_, { status }) => expect(status).toBe("FAILED"),
  refused: (_, { status }) => expect(status).toBe("FAILED"),
  lost: (_, { status }) => expect(status).toBe("FAILED"),
  stopped: (_, { status, state }) => expect(status).toBe(state.phase.toUpperCase()),
  group_failed: (_, { status, state }) => expect(status).toBe(state.phase.toUpperCase()),
  waiting_any: ({ on }, { status, lack }) => {
    expect([status, lack.unfinished]).toEqual(["BLOCKED", on]);
  },
  waiting_call: ({ on }, { status, run }) => {
    expect(status).toBe("BLOCKED");
    for (const id of on) expect(stepRun(run, id).phase).not.toMatch(/^(done|failed|canceled|skipped)$/);
  },
  waiting_boss: ({ on }, { status, run }) => {
    expect(status).toBe("BLOCKED");
    for (const id of on) expect(stepRun(run, id).phase).not.toMatch(/^(done|failed|canceled|skipped)$/);
  },
  waiting_watched: ({ on }, { status, run }) => {
    expect(status).toBe("BLOCKED");
    for (const id of on)
      expect(stepRun(run, id).phase).not.toMatch(/^(done|failed|canceled|skipped|running)$/);
  },
  boss_failed: ({ on }, { run }) => {
    for (const id of on) expect(stepRun(run, id).phase).toMatch(/^(failed|canceled)$/);
  },
  concurrency_group: ({ on }, { lacksNothing, run }) => {
    expect([lacksNothing, on.every((id) => isActive(stepRun(run, id)))]).toEqual([true, true]);
  },
  instances: ({ count, left }, { status }) => expect([status, left <= count]).toEqual(["RUNNING", true]),
  instances_failed: ({ on }, { status, state }) => expect([status, state.failed]).toEqual(["FAILED", on]),
  loop: ({ rounds, max }, { status }) => expect([status, rounds < max]).toEqual(["RETRYING", true]),
  loop_exhausted: (_, { status }) => expect(status).toBe("FAILED"),
  idle_timeout: (_, { status }) => expect(status).toBe("FAILED"),
  outputs_invalid: (_, { status, state }) => expect([status, state.code]).toEqual(["FAILED", 0]),
  worktree: (_, { status, state }) => expect([status, state.end]).toEqual(["FAILED", "worktree"]),
  unjudged: (_, { status }) => expect(status).toBe("FAILED"),
  when: (_, { status }) => expect(status).toBe("SKIPPED"),
  needs_skipped: (_, { status }) => expect(status).toBe("SKIPPED"),
  not_called: (_, { status }) => expect(status).toBe("SKIPPED"),
  empty_list: (_, { status }) => expect(status).toBe("SKIPPED"),
  quota: (_, { status }) => expect(status).toMatch(/^(?:FAILED|RETRYING)$/),
  rate_limit: (_, { status }) => expect(status).toBe("FAILED"),
  auth: (_, { status }) => expect(status).toBe("FAILED"),
  agent_error: (_, { status }) => expect(status).toBe("FAILED"),
  waiting_human: (_, { status, lacksNothing, run }) =>
    expect([status, lacksNothing, run.canceled]).toEqual(["PENDING", true, false]),
  run_canceled: (_, { status, run }) => expect([status, run.canceled]).toEqual(["PENDING", true]),
  approved: ({ by }, { id, run }) => expect(run.gates.get(id)).toMatchObject({ status: "APPROVED", by }),
  rejected: ({ by, reason }, { id, run }) =>
    expect(run.gates.get(id)).toEqual({ status: "BLOCKED", by, rejected: reason, at: expect.any(Number) }),
  blocked: ({ by }, { id, run }) => expect(run.gates.get(id)).toMatchObject({ status: "BLOCKED", by }),
};
