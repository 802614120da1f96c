import { describe, expect, test } from "bun:test";
import type { Fact } from "../../../lib/core/engine/fact";
import { expandPlan } from "../../../lib/core/engine/fan";
import type { Limits, Plan } from "../../../lib/core/engine/plan";
import { emptyRun, type Run, stepRun } from "../../../lib/core/engine/run";
import { stepStatus } from "../../../lib/core/engine/status";
import { type Outcome, step } from "../../../lib/core/engine/step";
import type { Gate, Step } from "../../../lib/core/sequence/schema";
import { gate, node, planOf, sequenceOf } from "../rig/plans";

/** A run of everything, told fact by fact; time stands still unless it is moved. */
class Told {
  run: Run = emptyRun("r");
  nowMs = 1_000_000;
  outcome: Outcome | undefined;
  private readonly authored: Plan;

  constructor(
    steps: Step[],
    limits: Partial<Limits> = {},
    params: Record<string, string> = {},
    gates: Gate[] = [],
  ) {
    this.authored = planOf(sequenceOf(steps, gates), limits);
    this.tell(
      { type: "engine.started", fence: 1, pid: 1, boot: "b" },
      { type: "run.requested", again: [], by: "user", params },
    );
  }

  tell(...facts: Fact[]): this {
    const news = facts.map((fact) => ({ fact, at: this.nowMs }));
    this.outcome = step(this.run, expandPlan(this.authored, this.run), news, this.nowMs);
    this.run = this.outcome.run;
    return this;
  }

  starts(id: string): this {
    return this.tell({ type: "attempt.started", step: id, attempt: stepRun(this.run, id).attempt, pid: 7 });
  }

  ends(id: string, code: number, more: object = {}): this {
    return this.tell({
      type: "attempt.exited",
      step: id,
      attempt: stepRun(this.run, id).attempt,
      code,
      ...more,
    });
  }

  status(id: string): string {
    const view = stepStatus(this.run, expandPlan(this.authored, this.run), id, true);
    return `${view.status} ${view.reason?.code ?? ""}`.trim();
  }
}

describe("a step that runs as instances", () => {
  test("ends when all of them have, and badly if one of them did", () => {
    const told = new Told([node("x", [], { fanout: 2 }), node("y", ["x"])]);
    expect(told.ends("x-1", 0).status("x")).toBe("RUNNING instances");
    expect(told.status("y")).toBe("BLOCKED waiting_deps");
    expect(told.ends("x-2", 3).status("x")).toBe("FAILED instances_failed");
    expect(told.status("y")).toBe("BLOCKED dep_failed");
  });

  test("is BLOCKED as those are that are left, where what they wait for is done anew, and fails", () => {
    const told = new Told([node("src"), node("x", ["src"], { fanout: 2 })], { maxConcurrent: 1 });
    told.ends("src", 0).tell({ type: "steps.requested", steps: ["src"], by: "user" });
    expect(told.status("x")).toBe("RUNNING instances");
    expect(told.ends("x-1", 0).status("src")).toBe("RUNNING running");
    expect(told.status("x")).toBe("BLOCKED waiting_deps");
    expect(told.ends("src", 1).status("x-2")).toBe("BLOCKED dep_failed");
    expect(told.status("x")).toBe("BLOCKED dep_failed");
  });

  test.each([
    [3, "RUNNING instances"],
    [4, "FAILED unjudged"],
  ])("may have as many as the policy allows: %i of 3", (fanout, status) => {
    expect(new Told([node("x", [], { fanout })], { maxFanout: 3 }).status("x")).toBe(status);
  });

  test.each([
    ["[]", "SKIPPED empty_list"],
    ["[1]", "RUNNING instances"],
    ["[1,2,3]", "FAILED unjudged"],
    ["1", "FAILED unjudged"],
  ])("over %s stands at %s where two are allowed", (list, status) => {
    const told = new Told([node("l"), node("x", ["l"], { for_each: "steps.l.outputs" })], { maxFanout: 2 });
    expect(told.ends("l", 0, { outputs: JSON.parse(list) }).status("x")).toBe(status);
  });
});

describe("a handler", () => {
  const steps = [node("a", [], { on_success: ["good"], on_failure: ["bad"], finally: ["last"] })];
  const all = [...steps, node("good"), node("bad"), node("last")];

  test.each([
    [0, "RUNNING running", "SKIPPED not_called"],
    [1, "SKIPPED not_called", "RUNNING running"],
  ])("is called by the end it is for: exit %i", (code, good, bad) => {
    const told = new Told(all).ends("a", code);
    expect([told.status("good"), told.status("bad"), told.status("last")]).toEqual([
      good,
      bad,
      "RUNNING running",
    ]);
  });
});

describe("a usage limit", () => {
  const limited = { agent: { turns: 1, tokensIn: 1, tokensOut: 1, errorClass: "quota", resetAt: 2_000_000 } };

  test("is not waited for unless the file says so", () => {
    expect(new Told([node("a")]).ends("a", 1, limited).status("a")).toBe("FAILED quota");
  });

  test("is waited for until it resets, as often as the file says", () => {
    const told = new Told([node("a", [], { resume: { auto: true, max: 1 } })]).ends("a", 1, limited);
    expect(told.status("a")).toBe("RETRYING quota");
    expect(told.outcome?.wakeAt).toBe(2_001_000);
    told.nowMs = 2_001_000;
    expect(told.tell().status("a")).toBe("RUNNING running");
    expect(told.ends("a", 1, limited).status("a")).toBe("FAILED quota");
  });
});

describe("a clock that is set", () => {
  const longMs = 900_000;

  test.each([longMs, -longMs])("ends nothing that runs, and its limits go on as before (%d ms)", (by) => {
    const told = new Told([node("a", [], { timeout_ms: 500 }), node("b", [], { idle_timeout_ms: 700 })]);
    told.starts("a").starts("b");
    told.nowMs += 499 + by;
    told.tell({ type: "clock.jumped", by });
    expect([told.status("a"), told.status("b")]).toEqual(["RUNNING running", "RUNNING running"]);
    expect(told.outcome?.wakeAt).toBe(told.nowMs + 1);
    told.nowMs += 1;
    expect([told.tell().status("a"), told.status("b")]).toEqual(["STOPPING stopping", "RUNNING running"]);
    told.nowMs += 200;
    expect(told.tell().status("b")).toBe("STOPPING stopping");
  });

  test.each([longMs, -longMs])(
    "leaves a retry its pause, and a usage limit the time it named (%d ms)",
    (by) => {
      const limited = {
        agent: { turns: 1, tokensIn: 1, tokensOut: 1, errorClass: "quota", resetAt: 2_000_000 },
      };
      const retried = new Told([node("a", [], { retry: { limit: 1, backoff_ms: 500 } })]).ends("a", 1);
      const wakeAt = retried.outcome?.wakeAt ?? 0;
      retried.nowMs += by;
      expect(retried.tell({ type: "clock.jumped", by }).outcome?.wakeAt).toBe(wakeAt + by);
      const waits = new Told([node("a", [], { resume: { auto: true } })]).ends("a", 1, limited);
      waits.tell({ type: "clock.jumped", by: 5000 });
      expect(waits.outcome?.wakeAt).toBe(2_001_000);
    },
  );

  test("does not let a failure of before end what was asked for since", () => {
    const team = { group_id: "team", fail_policy: "fail_fast" } as const;
    const told = new Told([node("a", [], team), node("b", [], team)]).starts("b").ends("a", 1).ends("b", 143);
    expect([told.status("a"), told.status("b")]).toEqual(["FAILED exit", "FAILED group_failed"]);
    told.nowMs += 10;
    told.tell({ type: "steps.requested", steps: ["b"], by: "user" });
    told.nowMs -= longMs;
    told.tell({ type: "clock.jumped", by: -longMs });
    expect(told.tell().status("b")).toBe("RUNNING running");
  });
});

test("silence ends an attempt at its limit, counted from what it printed last", () => {
  const told = new Told([node("a", [], { idle_timeout_ms: 500 })]).starts("a");
  expect(told.outcome?.wakeAt).toBe(1_000_500);
  told.nowMs += 400;
  told.tell({ type: "attempt.printed", step: "a", attempt: 1, at: told.nowMs });
  told.nowMs += 499;
  expect(told.tell().status("a")).toBe("RUNNING running");
  told.nowMs += 1;
  expect(told.tell().status("a")).toBe("STOPPING stopping");
  expect(told.outcome?.effects).toEqual([{ type: "kill", step: "a", attempt: 1, signal: "TERM" }]);
});

test.each([
  { type: "gate.blocked", gate: "g", by: "user" },
  { type: "gate.voided", gate: "g", changed: ["it changed"], stale: ["a"] },
] satisfies Fact[])(
  "once an approval was taken back ($type) nothing below it starts, however far",
  (fact) => {
    const told = new Told([node("a", ["g"]), node("b", ["a"])], {}, {}, [gate("g")]);
    const yes: Fact = { type: "gate.approved", gate: "g", by: "user" };
    told.tell(yes).tell(fact).ends("a", 0);
    expect([told.status("a"), told.status("b").split(" ")[0]]).toEqual(["DONE", "BLOCKED"]);
    expect(told.tell(yes).status("b")).toBe("RUNNING running");
  },
);
