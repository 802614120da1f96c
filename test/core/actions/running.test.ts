import { describe, expect, test } from "bun:test";
import { emptyRun } from "../../../lib/core/engine/run";
import type { Failure } from "../../../lib/core/failure";
import type { Step } from "../../../lib/core/sequence/schema";
import { request, runWith, type Standing } from "../rig/acting";
import { gate, node, planOf, sequenceOf } from "../rig/plans";

const g1 = { group_id: "g1" };
const plan = planOf(
  sequenceOf(
    [node("a"), node("b", ["a"], g1), node("c", [], g1), node("d", ["review"], g1)],
    [gate("review", ["a"]), gate("free")],
  ),
);
const everyone = {
  a: "done",
  b: "done",
  c: "done",
  d: "done",
  review: "approved",
  free: "approved",
} as const;

type Standings = Record<string, Standing>;

function asked(name: string, standings: Standings, input: object, on = plan) {
  const result = request(name, on, runWith(standings), input);
  if (!result.ok) throw new Error(JSON.stringify(result.failure));
  return result.value;
}

function refused(name: string, standings: Standings, input: object, on = plan): Failure {
  const result = request(name, on, runWith(standings), input);
  if (result.ok) throw new Error(`it was accepted: ${JSON.stringify(result.value)}`);
  return result.failure;
}

const run = (scope: string, id?: string) => (id === undefined ? { scope } : { scope, id });

describe("run all", () => {
  test("asks for everything there is to do, through gates as they come, and waits for all of it", () => {
    expect(asked("run.start", {}, run("all"))).toEqual({
      facts: [{ type: "run.requested", again: [], by: "user" }],
      pursued: null,
      starts: ["a", "b", "c", "d"],
      fresh: false,
    });
  });

  test("gives what failed, was lost or was canceled a new attempt, and leaves alone what is done or under way", () => {
    const standings: Standings = { a: "done", b: "failed", c: "lost", d: "canceled", review: "approved" };
    expect(asked("run.start", standings, run("all"))).toMatchObject({
      facts: [{ again: ["b", "c", "d"] }],
      starts: ["b", "c", "d"],
      fresh: false,
    });
    expect(asked("run.start", { a: "running", c: "retrying" }, run("all")).facts).toMatchObject([
      { again: [] },
    ]);
  });

  test("opens a new run when all is DONE and APPROVED, and not before", () => {
    expect(asked("run.start", everyone, run("all"))).toMatchObject({
      facts: [{ again: [] }],
      starts: ["a", "b", "c", "d"],
      fresh: true,
    });
    expect(asked("run.start", { ...everyone, free: "idle" }, run("all"))).toMatchObject({
      fresh: false,
      starts: [],
    });
  });

  test("opens a new run when told to: gates are PENDING again and nothing is remembered", () => {
    const standings: Standings = { a: "failed", review: "approved" };
    expect(asked("run.start", standings, { scope: "all", new: true })).toMatchObject({
      facts: [{ again: [] }],
      starts: ["a", "b", "c", "d"],
      fresh: true,
    });
    expect(asked("run.start", { a: "done" }, { scope: "runnable", new: true })).toMatchObject({
      starts: ["a", "c"],
    });
    expect(refused("run.start", { ...everyone }, { scope: "step", id: "d", new: true })).toMatchObject({
      code: "step.blocked",
      reason: "waits for 'a', which is not done yet, before 'review' can be decided",
    });
  });

  test("of no steps at all says so", () => {
    const empty = planOf(sequenceOf([]));
    expect(asked("run.start", {}, run("all"), empty)).toMatchObject({
      facts: [],
      note: "nothing to run: the sequence has no steps",
    });
  });
});

describe("run runnable", () => {
  test.each<[Standings, string[]]>([
    [{}, ["a", "c"]],
    [{ a: "done" }, ["b", "c"]],
    [{ a: "done", review: "approved" }, ["b", "c", "d"]],
    [{ a: "done", review: "blocked", c: "running" }, ["b"]],
    [{ a: "failed", c: "canceled" }, ["a", "c"]],
    [{ a: "asked", c: "retrying" }, ["a"]],
  ])("of %j starts %j, and pursues only that", (standings, ids) => {
    expect(asked("run.start", standings, run("runnable"))).toEqual({
      facts: [{ type: "steps.requested", steps: ids, by: "user" }],
      pursued: ids,
      starts: ids,
      fresh: false,
    });
  });

  test("says that there is nothing to do, when all is done and when all else waits for people", () => {
    for (const standings of [everyone, { a: "done", b: "done", c: "done" }] as Standings[])
      expect(asked("run.start", standings, run("runnable"))).toMatchObject({
        facts: [],
        pursued: [],
        note: "nothing is ready to run",
      });
  });
});

describe("run step", () => {
  test.each<[string, Standings]>([
    ["that is ready", {}],
    ["that failed", { c: "failed" }],
    ["that was lost", { c: "lost" }],
    ["that was canceled", { c: "canceled" }],
    ["that waits to be retried", { c: "retrying" }],
  ])("starts a step %s", (_, standings) => {
    expect(asked("run.start", standings, run("step", "c"))).toMatchObject({
      facts: [{ type: "steps.requested", steps: ["c"] }],
      pursued: ["c"],
    });
  });

  test.each<[string, Standings, string, string]>([
    ["whose need is not done", {}, "b", "waits for 'a', which is not done yet"],
    ["whose need failed", { a: "failed" }, "b", "can't start because 'a', which it needs, did not end well"],
    ["behind a PENDING gate", { a: "done" }, "d", "waits for a person to approve 'review'"],
    [
      "behind a BLOCKED gate",
      { a: "done", review: "blocked" },
      "d",
      "is held back because a person blocked 'review'",
    ],
    ["that is DONE", { c: "done" }, "c", "it is done; `seqctl restart c` runs it again"],
    ["that is running", { c: "running" }, "c", "it is running"],
    ["that is being stopped", { c: "stopping" }, "c", "it is running"],
  ])("refuses a step %s", (_, standings, id, reason) => {
    expect(refused("run.start", standings, run("step", id))).toEqual({ code: "step.blocked", id, reason });
  });

  test("refuses what is no step, and nothing at all", () => {
    expect(refused("run.start", {}, run("step", "bb"))).toMatchObject({ code: "step.unknown", id: "bb" });
    expect(refused("run.start", {}, run("step", "review"))).toMatchObject({ code: "step.unknown" });
    expect(refused("run.start", {}, run("step"))).toMatchObject({
      code: "input.invalid",
      problem: "say which step to run",
    });
  });
});

describe("run group", () => {
  test.each<[Standings, string[]]>([
    [{}, ["c"]],
    [{ a: "done" }, ["b", "c"]],
    [{ a: "done", review: "approved", c: "done" }, ["b", "d"]],
    [{ a: "done", b: "failed", c: "running" }, ["b"]],
  ])("of %j starts the members %j", (standings, ids) => {
    expect(asked("run.start", standings, run("group", "g1"))).toMatchObject({ starts: ids, pursued: ids });
  });

  test("refuses if no member can start, and says why of one that can't", () => {
    expect(refused("run.start", { c: "done" }, run("group", "g1"))).toMatchObject({
      code: "step.blocked",
      id: "b",
      reason: "waits for 'a', which is not done yet",
    });
    expect(refused("run.start", { c: "running" }, run("group", "g1"))).toMatchObject({
      code: "step.blocked",
      id: "c",
    });
    expect(refused("run.start", everyone, run("group", "g1"))).toMatchObject({
      code: "step.blocked",
      id: "b",
    });
  });

  test("refuses a group that is not there, with the nearest", () => {
    expect(refused("run.start", {}, run("group", "g2"))).toEqual({
      code: "group.unknown",
      id: "g2",
      nearest: "g1",
    });
  });
});

describe("a step that can't be run", () => {
  const of = (more: Partial<Step>) =>
    planOf({ version: 1, name: "s", steps: [node("a"), { id: "z", ...more }] });

  test.each([run("all"), run("runnable"), run("step", "z")])(
    "is refused by %j before anything starts",
    (input) => {
      const bare = planOf({ ...of({}).sequence, steps: [{ id: "z" }] });
      expect(refused("run.start", {}, input, bare)).toEqual({ code: "step.no_command", id: "z" });
    },
  );

  test("is named together with the others that can't", () => {
    const bare = planOf({ ...of({}).sequence, steps: [{ id: "y" }, { id: "z" }] });
    expect(refused("run.start", {}, run("all"), bare)).toEqual({
      code: "step.no_command",
      id: "y",
      others: ["z"],
    });
  });

  test("does not hold up others that are asked for alone", () => {
    const mixed = planOf({
      version: 1,
      name: "s",
      steps: [{ ...node("a"), command: ["true"] }, { id: "z" }],
    });
    expect(asked("run.start", {}, run("step", "a"), mixed)).toMatchObject({ starts: ["a"] });
    expect(refused("run.start", {}, run("all"), mixed)).toMatchObject({ code: "step.no_command" });
  });
});

describe("stop", () => {
  test.each<[string, Standings, string]>([
    ["runs", { c: "running" }, "c"],
    ["is being stopped", { c: "stopping" }, "c"],
    ["waits its turn", { c: "asked" }, "c"],
    ["waits to be retried", { c: "retrying" }, "c"],
  ])("is for a step that %s", (_, standings, id) => {
    expect(asked("run.stop", standings, { id })).toEqual({
      facts: [{ type: "stop.requested", step: id, by: "user" }],
      pursued: [id],
      starts: [],
    });
  });

  test.each<[Standings, string, string]>([
    [{}, "c", "READY"],
    [{ c: "done" }, "c", "DONE"],
    [{ c: "failed" }, "c", "FAILED"],
    [{ c: "canceled" }, "c", "CANCELED"],
    [{ b: "asked" }, "b", "BLOCKED"],
  ])("in %j is refused for %s, which is %s", (standings, id, status) => {
    expect(refused("run.stop", standings, { id })).toEqual({ code: "step.not_running", id, status });
  });

  test("reaches a step that is gone from the sequence but still runs, and no other stranger", () => {
    expect(asked("run.stop", { gone: "running" }, { id: "gone" }).facts).toHaveLength(1);
    expect(refused("run.stop", {}, { id: "gone" })).toMatchObject({ code: "step.unknown" });
    expect(refused("run.stop", {}, { id: "review" })).toMatchObject({ code: "step.unknown" });
  });
});

describe("restart", () => {
  test.each<Standing>(["running", "stopping", "done", "failed", "lost", "retrying"])(
    "gives a step that is %s a new attempt",
    (standing) => {
      expect(asked("step.restart", { c: standing }, { id: "c" })).toEqual({
        facts: [{ type: "restart.requested", step: "c", by: "user" }],
        pursued: ["c"],
        starts: ["c"],
      });
    },
  );

  test("starts a step that never ran", () => {
    expect(asked("step.restart", {}, { id: "c" }).facts).toMatchObject([
      { type: "steps.requested", steps: ["c"] },
    ]);
  });

  test("passes no gate that is not approved, and no need that is not done", () => {
    expect(refused("step.restart", { a: "done" }, { id: "d" })).toMatchObject({
      code: "step.blocked",
      id: "d",
    });
    expect(refused("step.restart", { a: "done", d: "done", review: "blocked" }, { id: "d" })).toMatchObject({
      code: "step.blocked",
    });
    expect(refused("step.restart", { b: "failed", a: "running" }, { id: "b" })).toMatchObject({
      code: "step.blocked",
    });
  });

  test("refuses what is no step", () => {
    expect(refused("step.restart", {}, { id: "review" })).toMatchObject({ code: "step.unknown" });
  });
});

describe("a gate", () => {
  test("is approved once all it needs is there, and not before", () => {
    expect(asked("gate.approve", { a: "done" }, { id: "review" })).toEqual({
      facts: [{ type: "gate.approved", gate: "review", by: "user" }],
      pursued: [],
      starts: [],
      unlocks: [],
    });
    for (const standing of ["idle", "running", "failed", "canceled"] as const)
      expect(refused("gate.approve", { a: standing }, { id: "review" })).toEqual({
        code: "gate.not_ready",
        id: "review",
        waitingFor: ["a"],
      });
    expect(asked("gate.approve", {}, { id: "free" }).facts).toHaveLength(1);
  });

  test("that needs another gate waits for that one's approval", () => {
    const chained = planOf(sequenceOf([], [gate("one"), gate("two", ["one"])]));
    const approve = { id: "two" };
    expect(refused("gate.approve", { one: "blocked" }, approve, chained)).toMatchObject({
      waitingFor: ["one"],
    });
    expect(asked("gate.approve", { one: "approved" }, approve, chained).facts).toHaveLength(1);
  });

  test("is blocked at any time", () => {
    expect(asked("gate.block", {}, { id: "review" }).facts).toEqual([
      { type: "gate.blocked", gate: "review", by: "user" },
    ]);
    expect(asked("gate.block", { review: "approved" }, { id: "review" }).facts).toHaveLength(1);
    expect(asked("gate.approve", { a: "done", review: "blocked" }, { id: "review" }).facts).toHaveLength(1);
  });

  test("is not decided twice alike", () => {
    const again = { code: "gate.already", id: "review" };
    expect(refused("gate.approve", { a: "done", review: "approved" }, { id: "review" })).toMatchObject(again);
    expect(refused("gate.block", { review: "blocked" }, { id: "review" })).toMatchObject(again);
  });

  test("has to be one", () => {
    for (const action of ["gate.approve", "gate.block"]) {
      expect(refused(action, {}, { id: "a" })).toMatchObject({ code: "gate.unknown" });
      expect(refused(action, {}, { id: "reviw" })).toMatchObject({ code: "gate.unknown", nearest: "review" });
    }
  });
});

test("before the first run every request speaks to an empty one", () => {
  expect(request("run.start", plan, emptyRun(""), run("all"))).toMatchObject({
    ok: true,
    value: { fresh: false },
  });
  expect(request("gate.approve", plan, emptyRun(""), { id: "free" })).toMatchObject({ ok: true });
});
