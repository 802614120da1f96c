import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Fact } from "../../../lib/core/engine/fact";
import { makePlan, type Plan } from "../../../lib/core/engine/plan";
import { applyFact, emptyRun, isActive, type Run, stepRun } from "../../../lib/core/engine/run";
import { stepStatus } from "../../../lib/core/engine/status";
import { isQuiet, step } from "../../../lib/core/engine/step";
import { explain } from "../../../lib/core/engine/why";
import type { Gate, Step } from "../../../lib/core/sequence/schema";

const limits = { maxConcurrent: 100, timeoutDefaultMs: undefined, graceMs: 1000 };
const planOf = (steps: Step[], gates: Gate[] = []): Plan =>
  makePlan(
    { version: 1, name: "s", steps: steps.map((s) => ({ command: ["true"], ...s })), gates },
    "r",
    limits,
    (text) => text,
  );

/** Runs everything; each step ends as told (`1` is exit code 1, an object is its outputs), the others stay as they are. */
function runs(
  plan: Plan,
  ends: Record<string, number | object>,
  first: Partial<Fact> = {},
  approved: string[] = [],
): Run {
  let run = emptyRun("r");
  let news: Fact[] = [
    { type: "run.requested", again: [], by: "user", ...first } as Fact,
    ...approved.map((gate): Fact => ({ type: "gate.approved", gate, by: "user" })),
  ];
  for (let turn = 1; news.length > 0 && turn < 100; turn++) {
    const outcome = step(
      run,
      plan,
      news.map((fact) => ({ fact, at: turn })),
      turn,
    );
    run = outcome.run;
    news = [];
    for (const [id, end] of Object.entries(ends)) {
      const { attempt } = stepRun(run, id);
      if (!isActive(stepRun(run, id))) continue;
      news.push({
        type: "attempt.exited",
        step: id,
        attempt,
        ...(typeof end === "number" ? { code: end } : { code: 0, outputs: end as never }),
      });
    }
  }
  return run;
}

const standing = (run: Run, plan: Plan) =>
  Object.fromEntries(
    plan.order.map((id) => {
      const { status, reason } = stepStatus(run, plan, id, true);
      return [id, `${status} ${reason?.code ?? ""}`.trim()];
    }),
  );

describe("a condition", () => {
  const plan = planOf([
    { id: "test" },
    { id: "ship", depends_on: ["test"], when: "steps.test.outputs.passed == true" },
    { id: "tell", depends_on: ["ship"] },
    { id: "both", depends_on: ["ship", "test"] },
    { id: "late", depends_on: ["tell"], join: "none_failed" },
  ]);

  test("that holds lets its step start", () => {
    expect(standing(runs(plan, { test: { passed: true } }), plan)).toMatchObject({
      ship: "RUNNING running",
      tell: "BLOCKED waiting_deps",
    });
  });

  test("that does not hold skips its step and what builds on skipped steps only", () => {
    const run = runs(plan, { test: { passed: false } });
    expect(standing(run, plan)).toEqual({
      test: "DONE",
      ship: "SKIPPED when",
      tell: "SKIPPED needs_skipped",
      both: "RUNNING running",
      late: "RUNNING running",
    });
    expect(explain(stepStatus(run, plan, "ship", true))).toBe(
      "'ship' was skipped because its condition does not hold: steps.test.outputs.passed == true.",
    );
  });

  test("that can't be judged fails its step", () => {
    const odd = planOf([{ id: "a" }, { id: "b", depends_on: ["a"], when: "steps.a.outputs.n > 1" }]);
    const run = runs(odd, { a: { n: "many" } });
    expect(standing(run, odd)).toEqual({ a: "DONE", b: "FAILED unjudged" });
    expect(explain(stepStatus(run, odd, "b", true))).toContain("> can't compare a string with a number");
    expect(isQuiet(run, odd)).toBe(true);
  });

  test("sees parameters, statuses and exit codes", () => {
    const when = "params.env == 'dev' and steps.a.status == 'FAILED' and steps.a.exit_code == 3";
    const odd = planOf([
      { id: "a", continue_on_error: true },
      { id: "b", depends_on: ["a"], when },
    ]);
    expect(standing(runs(odd, { a: 3 }, { params: { env: "dev" } }), odd).b).toBe("RUNNING running");
    expect(standing(runs(odd, { a: 3 }, { params: { env: "prod" } }), odd).b).toBe("SKIPPED when");
  });

  test("is judged although no place is free, since nothing is started for it", () => {
    const full = {
      ...planOf([{ id: "busy" }, { id: "no", when: "false" }]),
      limits: { ...limits, maxConcurrent: 1 },
    };
    expect(standing(runs(full, {}), full)).toEqual({ busy: "RUNNING running", no: "SKIPPED when" });
  });
});

describe("a join", () => {
  const from = (join: Step["join"], more: Partial<Step> = {}): Step[] => [
    { id: "a", ...more },
    { id: "b" },
    { id: "skipped", when: "false" },
    { id: "j", depends_on: ["a", "b", "skipped"], ...(join ? { join } : {}) },
  ];
  test.each([
    [undefined, { a: 0 }, "BLOCKED waiting_deps"],
    [undefined, { a: 0, b: 0 }, "RUNNING running"],
    [undefined, { a: 0, b: 1 }, "BLOCKED dep_failed"],
    ["all", { a: 1 }, "BLOCKED dep_failed"],
    ["any", {}, "BLOCKED waiting_any"],
    ["any", { a: 0 }, "RUNNING running"],
    ["any", { a: 1 }, "BLOCKED waiting_any"],
    ["any", { a: 1, b: 0 }, "RUNNING running"],
    ["any", { a: 1, b: 1 }, "BLOCKED dep_failed"],
    ["none_failed", { a: 0 }, "BLOCKED waiting_deps"],
    ["none_failed", { a: 0, b: 0 }, "RUNNING running"],
    ["none_failed", { a: 0, b: 1 }, "BLOCKED dep_failed"],
  ] as const)("%s, after %j, leaves it %s", (join, ends, expected) => {
    const plan = planOf(from(join));
    expect(standing(runs(plan, ends), plan).j).toBe(expected);
  });

  test.each([
    [undefined, "RUNNING running"],
    ["none_failed", "RUNNING running"],
    ["any", "BLOCKED waiting_any"],
  ] as const)("%s bears a failure that is to be borne: %s", (join, expected) => {
    const plan = planOf(from(join, { continue_on_error: true }));
    expect(standing(runs(plan, join === "any" ? { a: 1 } : { a: 1, b: 0 }), plan).j).toBe(expected);
    const plain = planOf(from(join));
    const run = runs(plain, join === "any" ? { a: 1 } : { a: 1, b: 1 }, { bearsFailures: true });
    expect(standing(run, plain).j).toBe(expected);
  });

  test("never passes a gate, whatever it says", () => {
    for (const join of ["all", "any", "none_failed"] as const) {
      const plan = planOf([{ id: "a" }, { id: "j", depends_on: ["a", "g"], join }], [{ id: "g", name: "G" }]);
      expect(standing(runs(plan, { a: 0 }), plan).j).toBe("BLOCKED waiting_gate");
      expect(standing(runs(plan, { a: 0 }, {}, ["g"]), plan).j).toBe("RUNNING running");
    }
  });
});

test("whatever joins and conditions say, a run settles, and a step stands still only for a reason that is true", () => {
  const graph = fc
    .array(
      fc.record({
        needs: fc.array(fc.nat(9), { maxLength: 3 }),
        join: fc.constantFrom("all", "any", "none_failed"),
        when: fc.constantFrom(undefined, undefined, "true", "false", "1 < 'x'"),
        bears: fc.boolean(),
        code: fc.constantFrom(0, 0, 1),
      }),
      { minLength: 1, maxLength: 10 },
    )
    .map((all) =>
      all.map(({ needs, join, when, bears, code }, n) => ({
        code,
        step: {
          id: `s${n}`,
          depends_on: [...new Set(needs.filter((need) => need < n).map((need) => `s${need}`))],
          join: join as Step["join"],
          continue_on_error: bears,
          ...(when ? { when } : {}),
        } as Step,
      })),
    );
  fc.assert(
    fc.property(graph, (all) => {
      const plan = planOf(all.map((one) => one.step));
      const run = runs(plan, Object.fromEntries(all.map((one) => [one.step.id, one.code])));
      expect(isQuiet(run, plan)).toBe(true);
      const phase = (id: string) => stepRun(run, id).phase;
      for (const { step: one } of all) {
        const needs = (one.depends_on ?? []).map(phase);
        const { status, reason } = stepStatus(run, plan, one.id, true);
        if (stepRun(run, one.id).attempt > 0 && one.join === "any" && needs.length > 0)
          expect(needs).toContain("done");
        if (stepRun(run, one.id).attempt > 0) expect(one.when ?? "true").toBe("true");
        if (!["DONE", "FAILED", "SKIPPED"].includes(status)) {
          expect(`${status} ${reason?.code}`).toMatch(/^BLOCKED (?:dep_failed|waiting_deps|waiting_any)$/);
          const on = (reason as { on: string[] }).on;
          expect(on.length).toBeGreaterThan(0);
          for (const id of on) expect(one.depends_on).toContain(id);
        }
      }
    }),
    { numRuns: 500 },
  );
});

test("the second end of a step calls for its handler again, also if nobody was there to see it", () => {
  const plan = planOf([{ id: "a", finally: ["h"] }, { id: "h" }]);
  const run = runs(plan, { a: 1, h: 0 });
  const again: Fact[] = [
    { type: "steps.requested", steps: ["a"], by: "user" },
    { type: "attempt.intended", step: "a", attempt: 2, fence: 0, definition: "" },
    { type: "attempt.exited", step: "a", attempt: 2, code: 1 },
  ];
  for (const fact of again) applyFact(run, fact, 200);
  expect([standing(run, plan).h, isQuiet(run, plan)]).toEqual(["DONE", false]);
  const { facts } = step(run, plan, [], 201);
  expect(facts.map(({ type }) => type)).toEqual(["handler.called", "attempt.intended"]);
});

test("a loop whose step was changed since is left as it ended", () => {
  const looping = (until: string) => planOf([{ id: "a", loop: { until, max: 5 } }]);
  const run = runs(looping("outputs == 1"), { a: 1 as never });
  expect(stepRun(run, "a").attempt).toBe(5);
  const done = runs(looping("true"), { a: 0 });
  const changed = looping("false");
  expect(step(done, changed, [], 300).facts).toEqual([]);
  expect(standing(done, changed)).toEqual({ a: "DONE" });
});

test("a loop whose step is only called something else meanwhile goes on with its rounds", () => {
  const looping = (name: string) => planOf([{ id: "a", name, loop: { until: "false", max: 5 } }]);
  const run = runs(looping("Watch"), {});
  const exited: Fact = { type: "attempt.exited", step: "a", attempt: 1, code: 0 };
  const { facts } = step(run, looping("Look after"), [{ fact: exited, at: 300 }], 300);
  expect(facts[0]).toMatchObject({ type: "retry.scheduled", cause: "loop" });
});
