import { describe, expect, test } from "bun:test";
import type { Limits } from "../../../lib/core/engine/plan";
import { stepRun } from "../../../lib/core/engine/run";
import { staleness } from "../../../lib/core/engine/stale";
import type { Gate, Step } from "../../../lib/core/sequence/schema";
import { gate, node, planOf, sequenceOf } from "../rig/plans";
import { Simulation } from "../rig/simulation";

function begin(steps: Step[], gates: Gate[] = [], limits: Partial<Limits> = {}): Simulation {
  return new Simulation(planOf(sequenceOf(steps, gates), limits));
}

function runAll(steps: Step[], gates: Gate[] = [], limits: Partial<Limits> = {}): Simulation {
  const sim = begin(steps, gates, limits);
  sim.ask("run.start", { scope: "all" });
  sim.turn();
  return sim;
}

/** Ends the newest attempt of a step and lets the engine see it. */
function end(sim: Simulation, step: string, code: number | null): void {
  sim.end({ step, attempt: stepRun(sim.run, step).attempt }, code);
  sim.turn();
}

/** Goes to the moment the engine asked for. */
function wake(sim: Simulation): number {
  const from = sim.nowMs;
  sim.pass(1e9);
  sim.turn();
  return sim.nowMs - from;
}

const team = { group_id: "team", fail_policy: "fail_fast" } as const;

describe("starting", () => {
  test("follows priority, then the file, up to the limit, and goes on as places fall free", () => {
    const sim = runAll([node("a"), node("b"), node("c", [], { priority: 5 })], [], { maxConcurrent: 2 });
    expect(sim.standing()).toEqual({ a: "RUNNING running", b: "QUEUED limit", c: "RUNNING running" });
    end(sim, "c", 0);
    expect(sim.standing()).toMatchObject({ b: "RUNNING running", c: "DONE" });
  });

  test("waits for steps, then for the gate, and passes it once it is approved", () => {
    const sim = runAll([node("a"), node("b", ["a", "g"])], [gate("g", ["a"])]);
    expect(sim.standing()).toMatchObject({ b: "BLOCKED waiting_deps", g: "PENDING waiting_deps" });
    end(sim, "a", 0);
    expect(sim.standing()).toMatchObject({ b: "BLOCKED waiting_gate", g: "PENDING waiting_human" });
    sim.ask("gate.block", { id: "g" });
    sim.turn();
    expect(sim.standing()).toMatchObject({ b: "BLOCKED gate_blocked", g: "BLOCKED blocked" });
    sim.ask("gate.approve", { id: "g" });
    sim.turn();
    expect(sim.standing()).toMatchObject({ b: "RUNNING running", g: "APPROVED approved" });
  });

  test("takes up a step that is added while everything is pursued, but not while only some steps are", () => {
    const wider = planOf(sequenceOf([node("a"), node("b")]));
    const all = runAll([node("a")]);
    all.amend(wider);
    all.turn();
    expect(all.standing()).toMatchObject({ b: "RUNNING running" });
    const some = begin([node("a")]);
    some.ask("run.start", { scope: "runnable" });
    some.amend(wider);
    some.turn();
    expect(some.standing()).toMatchObject({ a: "RUNNING running", b: "READY not_requested" });
  });

  test("leaves a step that has nothing to run where it is, and starts it once it has", () => {
    const bare = (more: object) =>
      planOf({ ...sequenceOf([node("a")]), steps: [cmd("a"), { id: "b", ...more }] });
    const cmd = (id: string) => ({ id, command: ["true"] });
    const sim = runAll([node("a")]);
    sim.amend(bare({}));
    sim.turn();
    expect(sim.standing()).toEqual({ a: "RUNNING running", b: "BLOCKED nothing_to_run" });
    sim.amend(bare({ fanout: 2 }));
    sim.turn();
    expect(sim.standing()).toMatchObject({ b: "BLOCKED nothing_to_run" });
    sim.amend(bare(cmd("b")));
    sim.turn();
    expect(sim.standing()).toMatchObject({ b: "RUNNING running" });
  });

  test("does not take a gate's approval for the end of a step that bears its name since", () => {
    const sim = runAll([node("z", ["x"])], [gate("x")], { maxConcurrent: 1 });
    sim.ask("gate.approve", { id: "x" });
    sim.amend(planOf(sequenceOf([node("x"), node("z", ["x"])]), { maxConcurrent: 1 }));
    sim.turn();
    expect(sim.standing()).toEqual({ x: "RUNNING running", z: "BLOCKED waiting_deps" });
  });
});

describe("a failure", () => {
  test("blocks what is behind it, and `run` gives it a new attempt", () => {
    const sim = runAll([node("a"), node("b", ["a"])]);
    end(sim, "a", 3);
    expect(sim.standing()).toEqual({ a: "FAILED exit", b: "BLOCKED dep_failed" });
    sim.ask("run.start", { scope: "all" });
    sim.turn();
    expect(sim.standing()).toMatchObject({ a: "RUNNING running" });
    expect(stepRun(sim.run, "a").attempt).toBe(2);
  });

  test("is retried after growing waits up to the limit, and a person's request starts the count anew", () => {
    const retry = { limit: 3, backoff_ms: 100, factor: 3, max_ms: 500 };
    const sim = runAll([node("a", [], { retry })]);
    for (const waitMs of [100, 300, 500]) {
      end(sim, "a", 1);
      expect(sim.standing()).toEqual({ a: "RETRYING retry" });
      expect(wake(sim)).toBe(waitMs);
    }
    end(sim, "a", 1);
    expect(sim.standing()).toEqual({ a: "FAILED exit" });
    sim.ask("run.start", { scope: "step", id: "a" });
    sim.turn();
    end(sim, "a", 1);
    expect(sim.standing()).toEqual({ a: "RETRYING retry" });
  });

  test("that waits to be retried starts at once when a person asks", () => {
    const sim = runAll([node("a", [], { retry: { limit: 1, backoff_ms: 1000 } })]);
    end(sim, "a", 1);
    sim.ask("run.start", { scope: "step", id: "a" });
    sim.turn();
    expect(sim.standing()).toEqual({ a: "RUNNING running" });
  });

  test("that waits to be retried keeps nobody up when what it needs is gone, or when it is gone itself", () => {
    const retry = { limit: 1, backoff_ms: 1000 };
    const sim = runAll([node("a", ["g"], { retry })], [gate("g")]);
    sim.ask("gate.approve", { id: "g" });
    sim.turn();
    end(sim, "a", 1);
    sim.ask("gate.block", { id: "g" });
    sim.settle(() => 0);
    expect(sim.standing()).toMatchObject({ a: "BLOCKED gate_blocked" });
    sim.ask("gate.approve", { id: "g" });
    sim.settle(() => 0);
    expect(sim.standing()).toMatchObject({ a: "DONE" });

    const gone = runAll([node("a", [], { retry }), node("b")]);
    end(gone, "a", 1);
    gone.amend(planOf(sequenceOf([node("b")])));
    gone.settle(() => 0);
    expect(gone.standing()).toEqual({ b: "DONE" });
  });

  test("to start is final at once, whatever the retry limit says", () => {
    const sim = begin([node("a", [], { retry: { limit: 5 } })]);
    sim.ask("run.start", { scope: "all" });
    sim.world.refuseNext = true;
    sim.turn();
    sim.turn();
    expect(sim.standing()).toEqual({ a: "FAILED refused" });
  });

  test("to be known is final, but an idempotent step tries again: at once, then later, then no more", () => {
    const sim = runAll([node("a"), node("b", [], { idempotent: true })]);
    end(sim, "a", null);
    end(sim, "b", null);
    expect(sim.standing()).toEqual({ a: "FAILED lost", b: "RUNNING running" });
    for (const waitMs of [2000, 4000]) {
      end(sim, "b", null);
      expect(sim.standing()).toMatchObject({ b: "RETRYING retry" });
      expect(wake(sim)).toBe(waitMs);
    }
    end(sim, "b", null);
    expect(sim.standing()).toMatchObject({ b: "FAILED lost" });
  });
});

describe("a time limit", () => {
  test("ends an attempt that is over it, gently first, then not", () => {
    const sim = runAll([node("a", [], { timeout_ms: 500 })]);
    expect(wake(sim)).toBe(500);
    expect(sim.standing()).toEqual({ a: "STOPPING stopping" });
    expect([...(sim.world.find("a", 1)?.signals ?? [])]).toEqual(["TERM"]);
    expect(wake(sim)).toBe(1000);
    expect([...(sim.world.find("a", 1)?.signals ?? [])]).toEqual(["TERM", "KILL"]);
    end(sim, "a", 137);
    expect(sim.standing()).toEqual({ a: "FAILED timeout" });
  });

  test("that was passed counts as a failure to retry, but not once a person has said stop", () => {
    const steps = [node("a", [], { timeout_ms: 500, retry: { limit: 1, backoff_ms: 10 } })];
    const sim = runAll(steps);
    wake(sim);
    end(sim, "a", 143);
    expect(sim.standing()).toEqual({ a: "RETRYING retry" });
    const stopped = runAll(steps);
    wake(stopped);
    stopped.ask("run.stop", { id: "a" });
    end(stopped, "a", 143);
    expect(stopped.standing()).toEqual({ a: "FAILED stopped" });
  });
});

describe("stop", () => {
  test("ends in FAILED whatever the command says at its end, and in CANCELED before it started", () => {
    const sim = runAll([node("a"), node("b")], [], { maxConcurrent: 1 });
    sim.ask("run.stop", { id: "a" });
    sim.ask("run.stop", { id: "b" });
    sim.turn();
    expect(sim.standing()).toEqual({ a: "STOPPING stopping", b: "CANCELED stopped" });
    end(sim, "a", 0);
    expect(sim.standing()).toEqual({ a: "FAILED stopped", b: "CANCELED stopped" });
  });

  test("outweighs a restart that was asked for before, and is outweighed by one asked for after", () => {
    const sim = runAll([node("a")]);
    sim.ask("step.restart", { id: "a" });
    sim.ask("run.stop", { id: "a" });
    sim.turn();
    end(sim, "a", 143);
    expect(sim.standing()).toEqual({ a: "FAILED stopped" });
    sim.ask("step.restart", { id: "a" });
    sim.turn();
    sim.ask("run.stop", { id: "a" });
    sim.turn();
    sim.ask("step.restart", { id: "a" });
    end(sim, "a", 143);
    expect(sim.standing()).toEqual({ a: "RUNNING running" });
    expect(stepRun(sim.run, "a").attempt).toBe(3);
  });

  test("is pressed home by the next engine if the last one died between the decision to kill and the kill", () => {
    const sim = runAll([node("a")]);
    sim.ask("run.stop", { id: "a" });
    sim.turn();
    sim.pass(1000);
    sim.turn("before the acts");
    expect([...(sim.world.find("a", 1)?.signals ?? [])]).toEqual(["TERM"]);
    sim.turn();
    expect(wake(sim)).toBe(1000);
    expect([...(sim.world.find("a", 1)?.signals ?? [])]).toEqual(["TERM", "KILL"]);
  });
});

describe("a fail_fast group", () => {
  test("ends with the first of its members that fails: what runs is stopped, what waits is canceled", () => {
    const sim = runAll([node("a", [], team), node("b", [], team), node("c", ["z"], team), node("z")]);
    end(sim, "a", 1);
    expect(sim.standing()).toEqual({
      a: "FAILED exit",
      b: "STOPPING stopping",
      c: "CANCELED group_failed",
      z: "RUNNING running",
    });
    end(sim, "b", 0);
    expect(sim.standing()).toMatchObject({ b: "FAILED group_failed" });
  });

  test("takes along a member whose retry was decided in the same moment", () => {
    const sim = runAll([node("a", [], { ...team, retry: { limit: 2 } }), node("b", [], team)]);
    sim.end({ step: "b", attempt: 1 }, 1);
    end(sim, "a", 1);
    expect(sim.standing()).toEqual({ a: "CANCELED group_failed", b: "FAILED exit" });
  });

  test("is not ended again by a member that it ended itself", () => {
    const sim = runAll([node("a", [], team), node("b", [], team)]);
    end(sim, "a", 1);
    sim.ask("run.start", { scope: "step", id: "a" });
    sim.turn();
    end(sim, "b", 143);
    expect(sim.standing()).toEqual({ a: "RUNNING running", b: "FAILED group_failed" });
  });

  test("is best_effort unless a member says otherwise: the others go on", () => {
    const sim = runAll([node("a", [], { group_id: "team" }), node("b", [], { group_id: "team" })]);
    end(sim, "a", 1);
    expect(sim.standing()).toEqual({ a: "FAILED exit", b: "RUNNING running" });
  });
});

describe("a DONE step", () => {
  test("whose definition changed is stale, and is not run again", () => {
    const sim = runAll([node("a")]);
    end(sim, "a", 0);
    expect(staleness(sim.run, sim.plan, "a")).toBeUndefined();
    sim.amend(planOf(sequenceOf([node("a", [], { command: ["false"] })])));
    sim.turn();
    expect(sim.standing()).toEqual({ a: "DONE" });
    expect(staleness(sim.run, sim.plan, "a")).toEqual({ code: "definition_changed" });
    expect(stepRun(sim.run, "a").attempt).toBe(1);
  });

  test("is stale once what it was made from is run again, and not for a retry before it", () => {
    const sim = runAll([node("a", [], { retry: { limit: 1 } }), node("b", ["a"]), node("c", ["b"])]);
    end(sim, "a", 1);
    wake(sim);
    for (const id of ["a", "b", "c"]) end(sim, id, 0);
    expect(staleness(sim.run, sim.plan, "b")).toBeUndefined();
    sim.pass(1000);
    sim.ask("step.rerun", { id: "a" });
    sim.turn();
    sim.turn();
    expect(sim.standing()).toMatchObject({ a: "RUNNING running", b: "DONE" });
    expect(staleness(sim.run, sim.plan, "b")).toEqual({ code: "needs_newer", needs: ["a"] });
    expect(staleness(sim.run, sim.plan, "c")).toBeUndefined();
  });
});
