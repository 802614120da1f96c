import { expect, test } from "bun:test";
import { runDoc } from "../../../lib/core/views/run";
import { node, planOf, sequenceOf } from "../rig/plans";
import { Simulation } from "../rig/simulation";

const triesOf = (sim: Simulation, id: string) =>
  runDoc(sim.plan, sim.journal, { newest: true, engineAlive: true }).steps.find((step) => step.id === id)
    ?.tries;

test("a run tells each attempt of a step with its times, its exit code and how it ended", () => {
  const sim = new Simulation(planOf(sequenceOf([node("a", [], { retry: { limit: 1 } }), node("b")])));
  expect(triesOf(sim, "a")).toEqual([]);
  sim.ask("run.start", { scope: "all" });
  sim.turn();
  const began = sim.nowMs;
  expect(triesOf(sim, "a")).toEqual([
    { attempt: 1, started_at: began, ended_at: null, exit_code: null, end: null },
  ]);
  sim.pass(50);
  sim.end({ step: "a", attempt: 1 }, 7);
  sim.turn();
  sim.pass(1e9);
  sim.turn();
  const again = sim.nowMs;
  sim.pass(5);
  sim.end({ step: "a", attempt: 2 }, 0);
  sim.ask("run.stop", { id: "b" });
  sim.turn();
  sim.end({ step: "b", attempt: 1 }, 143);
  sim.turn();
  expect(triesOf(sim, "a")).toMatchObject([
    { attempt: 1, started_at: began, exit_code: 7, end: "exit" },
    { attempt: 2, started_at: again, exit_code: 0, end: "exit" },
  ]);
  expect(triesOf(sim, "b")).toMatchObject([{ attempt: 1, exit_code: 143, end: "stopped" }]);
  for (const one of [...(triesOf(sim, "a") ?? []), ...(triesOf(sim, "b") ?? [])])
    expect(one.ended_at).toBeGreaterThan(one.started_at);
});
