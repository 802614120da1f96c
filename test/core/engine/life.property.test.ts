import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Fact, Recorded } from "../../../lib/core/engine/fact";
import { applyFact, copyRun, emptyRun, isActive, stepRun } from "../../../lib/core/engine/run";
import { isComplete } from "../../../lib/core/engine/status";
import { plan } from "../rig/arbitrary-plan";
import { holds } from "../rig/holds";
import { print } from "../rig/journal";
import { crashPoint, failures, moves } from "../rig/moves";
import { node, planOf, sequenceOf } from "../rig/plans";
import { Simulation } from "../rig/simulation";

const codes = fc.infiniteStream(fc.constantFrom(0, 0, 0, 1));

/** A simulation after such a history, settled. */
const lived = fc.tuple(plan, moves, codes).map(([first, all, ends]) => {
  const sim = new Simulation(first);
  for (const next of all) next(sim);
  sim.settle(() => ends.next().value as number);
  return sim;
});

describe("a run, whatever people, processes, time and crashes do to it,", () => {
  test("keeps every law at every turn, and settles once the world has answered", () => {
    holds(
      fc.property(plan, moves, codes, (first, all, ends) => {
        const sim = new Simulation(first);
        for (const next of all) next(sim);
        sim.settle(() => ends.next().value as number);
        for (const id of sim.plan.order)
          expect(sim.standing()[id]).not.toMatch(/RUNNING|STOPPING|QUEUED|RETRYING/);
      }),
      300,
    );
  });

  test("keeps every law when one step fails again and again", () => {
    const limit = fc.nat(2);
    holds(
      fc.property(limit, failures, (retries, all) => {
        const retry = { limit: retries, backoff_ms: 100, factor: 2, max_ms: 150 };
        const sim = new Simulation(planOf(sequenceOf([node("a", [], { retry })])));
        for (const next of all) next(sim);
        sim.settle(() => 1);
      }),
    );
  });

  test("runs each step exactly once if all goes well, however often the engine dies on the way", () => {
    holds(
      fc.property(
        plan,
        fc.array(fc.option(crashPoint, { nil: undefined }), { maxLength: 20 }),
        (made, crashes) => {
          const sim = new Simulation({ ...made, limits: { ...made.limits, timeoutDefaultMs: undefined } });
          sim.ask("run.start", { scope: "all" });
          for (const crash of crashes) {
            sim.turn(crash);
            const [first] = sim.world.living();
            if (first) sim.end(first, 0);
            for (const { id } of made.sequence.gates ?? []) sim.ask("gate.approve", { id });
          }
          for (let i = 0; i <= made.graph.nodes.size; i++) {
            sim.settle(() => 0);
            for (const { id } of made.sequence.gates ?? []) sim.ask("gate.approve", { id });
          }
          expect(isComplete(sim.run, made)).toBe(true);
          for (const id of made.order) expect([id, stepRun(sim.run, id).attempt]).toEqual([id, 1]);
        },
      ),
    );
  });
});

describe("a fact", () => {
  test("that is read twice in a row changes nothing the second time", () => {
    holds(
      fc.property(lived, ({ journal }) => {
        const run = emptyRun("r");
        for (const fact of journal) {
          applyFact(run, fact, Date.parse(fact.ts));
          const once = print(run);
          applyFact(run, fact, Date.parse(fact.ts));
          expect(print(run)).toBe(once);
        }
      }),
    );
  });

  test("about an attempt that is over, or of an engine that was replaced, changes nothing", () => {
    const isPast = (fact: Recorded, run: Simulation["run"]) => {
      if (fact.type === "engine.started") return true;
      if (!("attempt" in fact)) return false;
      const state = stepRun(run, fact.step);
      const isReport = fact.type !== "attempt.intended" && fact.type !== "retry.scheduled";
      return fact.attempt < state.attempt || (isReport && !isActive(state));
    };
    holds(
      fc.property(lived, fc.nat(), ({ journal, run }, late) => {
        const before = print(run);
        const past: Fact[] = journal.filter((fact) => isPast(fact, run));
        for (const fact of past) {
          const copy = copyRun(run);
          applyFact(copy, fact, run.openedAt + late);
          expect([fact, print(copy)]).toEqual([fact, before]);
        }
        const stale = copyRun(run);
        for (const [id, { attempt }] of run.steps) {
          const fact = {
            type: "attempt.intended",
            step: id,
            attempt: attempt + 1,
            fence: run.fence - 1,
          } as const;
          applyFact(stale, { ...fact, definition: "d" }, late);
        }
        expect(print(stale)).toBe(before);
      }),
    );
  });

  test("about a step that nothing has happened to leaves no trace", () => {
    const run = emptyRun("r");
    applyFact(run, { type: "attempt.started", step: "a", attempt: 1, pid: 1 }, 5);
    applyFact(run, { type: "retry.scheduled", step: "a", attempt: 0, at: 9 }, 5);
    expect(print(run)).toBe(print(emptyRun("r")));
  });
});
