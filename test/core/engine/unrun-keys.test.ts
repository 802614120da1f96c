import { describe, expect, test } from "bun:test";
import { staleness } from "../../../lib/core/engine/stale";
import type { Step } from "../../../lib/core/sequence/schema";
import { gate, node, planOf, sequenceOf } from "../rig/plans";
import { Simulation } from "../rig/simulation";

const described = { name: "Join", description: "What it was for.", tags: ["slow"], group_id: "team" };

/** A run in which `a` is done. */
function done(more: Partial<Step>): Simulation {
  const sim = new Simulation(planOf(sequenceOf([node("a", [], more)], [gate("g", ["a"])])));
  sim.ask("run.start", { scope: "all" });
  sim.turn();
  sim.end({ step: "a", attempt: 1 }, 0);
  sim.turn();
  return sim;
}

function staleAfter(sim: Simulation, more: Partial<Step>) {
  sim.amend(planOf(sequenceOf([node("a", [], more)], [gate("g", ["a"])])));
  sim.turn();
  return staleness(sim.run, sim.plan, "a");
}

describe("a DONE step", () => {
  test.each<[string, Partial<Step>, Partial<Step>]>([
    ["its description", described, { ...described, description: "What it is for." }],
    ["its name, tags and group", described, {}],
    ["a name and a priority that it had not", {}, { name: "Join", priority: 3 }],
    [
      "how often, how long and beside what it is tried",
      {},
      { retry: { limit: 3 }, timeout_ms: 5, concurrency_group: "db" },
    ],
    ["what its failure means", {}, { continue_on_error: true, fail_policy: "fail_fast", group_id: "team" }],
  ])("is not stale for %s", (_, before, after) => {
    expect(staleAfter(done(before), after)).toBeUndefined();
  });

  test.each<[string, Partial<Step>]>([
    ["command", { command: ["false"] }],
    ["env", { env: { MODE: "other" } }],
    ["cwd", { cwd: "packages" }],
    ["when", { when: "params.x == 1" }],
    ["join", { join: "any" }],
    ["outputs", { outputs: { schema: { type: "object" } } }],
    ["limits", { limits: { memory_mb: 64 } }],
    ["isolation", { isolation: "worktree" }],
  ])("is stale for another %s, whatever it is called", (_, more) => {
    expect(staleAfter(done(described), { ...described, name: "Other", ...more })).toEqual({
      code: "definition_changed",
    });
  });

  test("of a journal that holds only the digest of all keys is not stale, and is once what it runs is another", () => {
    const sim = done(described);
    const old = sim.journal.map((fact) => {
      if (fact.type !== "attempt.intended") return fact;
      const { does: _, ...rest } = fact;
      return rest;
    });
    expect(sim.journal.some((fact) => fact.type === "attempt.intended" && fact.does !== undefined)).toBe(
      true,
    );
    const again = new Simulation(sim.plan);
    again.append(old);
    again.turn();
    expect(again.standing()).toMatchObject({ a: "DONE" });
    expect(staleness(again.run, again.plan, "a")).toBeUndefined();
    expect(staleAfter(again, { ...described, command: ["false"] })).toEqual({ code: "definition_changed" });
  });
});

describe("a step that failed for good", () => {
  test("is not tried again because its retries were raised since", () => {
    const sim = new Simulation(planOf(sequenceOf([node("a")])));
    sim.ask("run.start", { scope: "all" });
    sim.turn();
    sim.end({ step: "a", attempt: 1 }, 1);
    sim.turn();
    sim.amend(planOf(sequenceOf([node("a", [], { retry: { limit: 2 } })])));
    sim.turn();
    expect(sim.standing()).toEqual({ a: "FAILED exit" });
  });
});
