import { expect, test } from "bun:test";
import fc from "fast-check";
import type { Fact } from "../../../lib/core/engine/fact";
import { expandPlan } from "../../../lib/core/engine/fan";
import { makePlan, type Plan } from "../../../lib/core/engine/plan";
import { applyFact, emptyRun, isActive, type Run, stepRun } from "../../../lib/core/engine/run";
import { stepStatus } from "../../../lib/core/engine/status";
import { isQuiet, step } from "../../../lib/core/engine/step";
import type { Json } from "../../../lib/core/json";
import type { Step } from "../../../lib/core/sequence/schema";
import { threadFaults } from "../../../lib/core/sequence/threads";
import { validateSequence } from "../../../lib/core/sequence/validate";

const maxConcurrent = 3;

/** Any of the features that decide whether, when and how often a step runs. */
const feature = fc.oneof(
  { weight: 4, arbitrary: fc.constant({}) },
  fc.constantFrom<Partial<Step>>(
    { join: "any" },
    { join: "none_failed" },
    { continue_on_error: true },
    { when: "false" },
    { when: "1 < 'x'" },
    { fanout: 3 },
    { fanout: 2, fail_policy: "fail_fast" },
    { for_each: "params.nothing" },
    { concurrency_group: "g" },
    { fanout: 3, concurrency_group: "g" },
    { loop: { until: "outputs == 1", max: 3 } },
    { loop: { until: "exit_code == 0", max: 2 }, retry: { limit: 1, backoff_ms: 0 } },
    { retry: { limit: 1, backoff_ms: 0 } },
    { sequence: "inner.yaml" },
    { sequence: "outer.yaml" },
    { sequence: "outer.yaml", fanout: 2, join: "any" },
  ),
);

const parts = fc.array(
  fc.record({
    needs: fc.array(fc.nat(7), { maxLength: 2 }),
    more: feature,
    handler: fc.option(
      fc.record({ of: fc.nat(7), on: fc.constantFrom("on_success", "on_failure", "finally") }),
      {
        freq: 3,
      },
    ),
    /** Owned by a boss, or a watchdog, of one of those before it. */
    tie: fc.option(fc.record({ to: fc.nat(7), as: fc.constantFrom("orchestrator", "watchdog_for") }), {
      freq: 3,
    }),
    boss: fc.constantFrom<Partial<Step>>({}, { type: "b" }, { type: "b", fail_policy: "fail_fast" }),
  }),
  { minLength: 1, maxLength: 8 },
);

const sequence = fc.tuple(parts, fc.boolean()).map(([all, backwards]) => {
  const steps = all.map(({ needs, more, boss }, n): Step => {
    const before = [...new Set(needs.filter((need) => need < n).map((need) => `s${need}`))];
    const does = "sequence" in more ? {} : { command: ["true"] };
    return { id: `s${n}`, ...does, depends_on: before, ...more, ...boss };
  });
  for (const [n, { tie }] of all.entries()) {
    const one = steps[n] as Step;
    if (!tie || tie.to >= n) continue;
    one[tie.as] = `s${tie.to}`;
    if (!threadFaults({ version: 1, name: "s", steps }).next().done) delete one[tie.as];
  }
  for (const [n, { handler }] of all.entries()) {
    const source = handler && handler.of < n ? steps[handler.of] : undefined;
    if (source && handler) Object.assign(source, { [handler.on]: [`s${n}`] });
  }
  const params = { nothing: { type: "string" as const } };
  // What needs another may stand before it in the file.
  if (backwards) steps.reverse();
  return { version: 1 as const, name: "s", params, steps };
});

const inner: Step[] = [
  { id: "a", command: ["true"] },
  { id: "b", command: ["true"], depends_on: ["a"], when: "steps.a.status == 'DONE'" },
  { id: "c", command: ["true"], depends_on: ["a"], fanout: 2 },
  { id: "d", command: ["true"], when: "false" },
];
const outer: Step[] = [
  { id: "x", command: ["true"], on_failure: ["z"] },
  { id: "y", sequence: "inner.yaml", depends_on: ["x"] },
  { id: "z", command: ["true"] },
];
const subs = new Map(
  Object.entries({ "inner.yaml": inner, "outer.yaml": outer }).map(([path, steps]) => [
    path,
    { ok: true as const, value: { digest: path, sequence: { version: 1 as const, name: path, steps } } },
  ]),
);

const print = (run: Run) =>
  JSON.stringify({ ...run, seq: 0 }, (_, value) => (value instanceof Map ? [...value].sort() : value));

function fold(journal: { fact: Fact; at: number }[]): Run {
  const run = emptyRun("r");
  for (const { fact, at } of journal) applyFact(run, fact, at);
  return run;
}

/** What must be so after each turn, whatever happened. */
function checkTurn(before: Run, after: Run, plan: Plan, facts: Fact[], asked: Set<string>): void {
  const full = expandPlan(plan, after);
  const active = [...after.steps].filter(([, state]) => isActive(state)).map(([id]) => id);
  expect(active.length).toBeLessThanOrEqual(maxConcurrent);
  const definition = (id: string) => (full.sequence.steps ?? []).find((one) => one.id === id);
  const groups = active.flatMap((id) => definition(id)?.concurrency_group ?? []);
  expect(new Set(groups).size).toBe(groups.length);
  for (const fact of facts) {
    if (fact.type !== "attempt.intended") continue;
    const one = definition(fact.step) as Step;
    expect([one.fanout ?? 1, one.for_each, one.sequence]).toEqual([1, undefined, undefined]);
    expect(one.when).toBeOneOf([undefined, "steps.a.status == 'DONE'"]);
    expect(fact.attempt).toBe(stepRun(before, fact.step).attempt + 1);
    if (one.watchdog_for !== undefined)
      expect(isActive(stepRun(after, one.watchdog_for)), `${one.id} runs without what it watches`).toBe(true);
    const whole = stepRun(after, fact.step).of ?? fact.step;
    const isFirst = stepRun(before, fact.step).attempt === 0 && !full.graph.triggers.has(whole);
    if (one.orchestrator !== undefined && isFirst)
      expect(asked.has(whole), `${one.id} was not asked for`).toBe(true);
    const needs = (one.depends_on ?? []).map((id) => [id, stepRun(after, id).phase] as const);
    if (one.join === "any" && needs.length > 0) expect(needs.map(([, phase]) => phase)).toContain("done");
    if (one.join === "any") continue;
    for (const [id, phase] of needs) {
      // A watchdog that had ended is called again by the next attempt of what it watches, in the same turn perhaps.
      if (definition(id)?.watchdog_for !== undefined && /^(?:intended|idle)$/.test(phase)) continue;
      expect(phase === "failed" ? definition(id)?.continue_on_error : phase).toBeOneOf([
        "done",
        "skipped",
        true,
      ]);
    }
  }
  for (const [id, state] of after.steps) {
    const loop = definition(id)?.loop;
    if (loop) expect(state.rounds ?? 0).toBeLessThanOrEqual(loop.max);
  }
}

test("whatever features meet, limits hold, replay rebuilds the state, a crash anywhere is survived, and all settles", () => {
  const ends = fc.infiniteStream(fc.constantFrom(0, 0, 1, 2));
  const crashes = fc.infiniteStream(fc.constantFrom(false, false, false, true));
  const calls = fc.infiniteStream(fc.boolean());
  fc.assert(
    fc.property(sequence, ends, crashes, calls, (given, codes, crash, call) => {
      if (!validateSequence(given as unknown as Json).ok) return;
      const limits = { maxConcurrent, timeoutDefaultMs: undefined, graceMs: 0 };
      const plan = { ...makePlan(given, "r", limits, (text) => text), subs };
      const journal: { fact: Fact; at: number }[] = [
        { fact: { type: "run.requested", again: [], by: "user" }, at: 0 },
      ];
      let run = fold(journal);
      const asked = new Set<string>();
      let turn = 0;
      for (; turn < 300; turn++) {
        const news = [...run.steps].flatMap(([id, state]): Fact[] => {
          if (!isActive(state)) return [];
          const code = state.phase === "stopping" ? 143 : (codes.next().value as number);
          const outputs = code === 0 && stepRun(run, id).attempt > 1 ? { outputs: 1 } : {};
          return [{ type: "attempt.exited", step: id, attempt: state.attempt, code, ...outputs }];
        });
        // A boss that runs asks for some of its workers, each once.
        for (const worker of given.steps) {
          const boss = worker.orchestrator;
          const isCalled = boss !== undefined && isActive(stepRun(run, boss)) && !asked.has(worker.id);
          if (!isCalled || !call.next().value) continue;
          asked.add(worker.id);
          news.unshift({ type: "steps.requested", steps: [worker.id], by: `agent:${boss}` });
        }
        const printed = print(run);
        const outcome = step(
          run,
          plan,
          news.map((fact) => ({ fact, at: turn })),
          turn,
        );
        expect(print(run)).toBe(printed);
        const facts = [...news, ...outcome.facts];
        checkTurn(run, outcome.run, plan, outcome.facts, asked);
        if (crash.next().value) {
          // Only a part of the turn's one append has reached the disk; the next engine begins from there.
          journal.push(...facts.slice(0, Math.ceil(facts.length / 2)).map((fact) => ({ fact, at: turn })));
          run = fold(journal);
          // Nobody starts an engine for a run that is quiet.
          if (isQuiet(run, expandPlan(plan, run))) expect(step(run, plan, [], turn).facts).toEqual([]);
          continue;
        }
        journal.push(...facts.map((fact) => ({ fact, at: turn })));
        run = outcome.run;
        expect(print(fold(journal))).toBe(print(run));
        const again = step(run, plan, [], turn);
        expect([again.facts, again.effects]).toEqual([[], []]);
        if (isQuiet(run, expandPlan(plan, run))) break;
      }
      expect(turn).toBeLessThan(300);
      const full = expandPlan(plan, run);
      for (const id of full.order) {
        const { status } = stepStatus(run, full, id, true);
        expect(status).toMatch(/^(?:DONE|FAILED|SKIPPED|CANCELED|BLOCKED)$/);
        const loop = full.graph.nodes.get(id)?.kind === "step" ? full.loops.includes(id) : false;
        const { until } = (full.sequence.steps ?? []).find((one) => one.id === id)?.loop ?? {};
        if (loop && status === "DONE" && until === "outputs == 1" && !run.expansions.has(id))
          expect(stepRun(run, id).outputs).toBe(1);
      }
      const attempts = journal.flatMap(({ fact }) =>
        fact.type === "attempt.intended" ? [`${fact.step} ${fact.attempt}`] : [],
      );
      expect(new Set(attempts).size).toBe(attempts.length);
    }),
    { numRuns: 1000, includeErrorInReport: true },
  );
});
