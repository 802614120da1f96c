import { describe, expect, test } from "bun:test";
import type { Fact } from "../../../lib/core/engine/fact";
import { type Run, stepRun } from "../../../lib/core/engine/run";
import { isQuiet, step } from "../../../lib/core/engine/step";
import type { Step } from "../../../lib/core/sequence/schema";
import { fold } from "../rig/journal";
import { node, planOf, sequenceOf } from "../rig/plans";
import { Simulation } from "../rig/simulation";

/** A run whose journal ends with the failure of `a`, as a crash within the record of that turn leaves it. */
function torn(steps: Step[], end: Fact) {
  const plan = planOf(sequenceOf(steps));
  const sim = new Simulation(plan);
  sim.ask("run.start", { scope: "all" });
  sim.turn();
  const journal = [...sim.journal];
  const { attempt } = stepRun(sim.run, "a");
  const ts = new Date(sim.nowMs).toISOString();
  const add = (fact: Fact) => journal.push({ ...fact, seq: journal.length + 1, ts });
  add({ type: "attempt.started", step: "a", attempt, pid: 1 });
  add(end);
  const next = (): Run => {
    add({ type: "engine.started", fence: fold(journal).fence + 1, pid: 2, boot: "b" });
    return fold(journal);
  };
  return { plan, journal, next, nowMs: sim.nowMs };
}

const exited: Fact = { type: "attempt.exited", step: "a", attempt: 1, code: 1 };

describe("a failure of which only the end was recorded", () => {
  test("is tried again by the next engine, and one is wanted for it", () => {
    const { plan, journal, next, nowMs } = torn([node("a", [], { retry: { limit: 1 } })], exited);
    expect(isQuiet(fold(journal), plan)).toBe(false);
    const { facts } = step(next(), plan, [], nowMs);
    expect(facts).toMatchObject([{ type: "retry.scheduled", step: "a", attempt: 1 }]);
  });

  test("stays one where no retry is left, or its step is another one by now", () => {
    const once = torn([node("a")], exited);
    expect(isQuiet(fold(once.journal), once.plan)).toBe(true);
    expect(step(once.next(), once.plan, [], once.nowMs).facts).toEqual([]);
    const { next, journal, nowMs } = torn([node("a")], exited);
    const kinder = planOf(sequenceOf([node("a", [], { retry: { limit: 5 } })]));
    expect(isQuiet(fold(journal), kinder)).toBe(true);
    expect(step(next(), kinder, [], nowMs).facts).toEqual([]);
  });

  test("stays one that an engine had decided on before it left", () => {
    const { plan, journal, nowMs } = torn([node("a", [], { retry: { limit: 1 } })], exited);
    const ts = new Date(nowMs).toISOString();
    journal.push({ type: "engine.stopped", fence: 1, reason: "r", seq: journal.length + 1, ts });
    expect(isQuiet(fold(journal), plan)).toBe(true);
  });

  test("takes its fail_fast group along, but not what was asked for since", () => {
    const team = { group_id: "team", fail_policy: "fail_fast" } as const;
    const members = [node("a", [], team), node("b", ["c"], team), node("c")];
    const { plan, journal, next, nowMs } = torn(members, exited);
    const { facts } = step(next(), plan, [], nowMs);
    expect(facts).toContainEqual({ type: "step.canceled", step: "b", cause: "group_failed" });
    const later = new Date(nowMs + 1).toISOString();
    const asked: Fact = { type: "steps.requested", steps: ["b"], by: "user" };
    journal.push({ ...asked, seq: journal.length + 1, ts: later });
    const again = step(next(), plan, [], nowMs + 2);
    expect(again.facts.filter((fact) => fact.type === "step.canceled")).toEqual([]);
  });
});
