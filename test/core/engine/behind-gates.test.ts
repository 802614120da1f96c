import { expect, test } from "bun:test";
import { gateStatus, stepStatus } from "../../../lib/core/engine/status";
import { explain } from "../../../lib/core/engine/why";
import { gate, node, planOf, sequenceOf } from "../rig/plans";
import { Simulation } from "../rig/simulation";

/** join → check → report → release → publish. */
function begun(): Simulation {
  const steps = [node("join"), node("report", ["check"]), node("publish", ["release"])];
  const sim = new Simulation(
    planOf(sequenceOf(steps, [gate("check", ["join"]), gate("release", ["report"])])),
  );
  sim.ask("run.start", { scope: "all" });
  sim.turn();
  return sim;
}

const end = (sim: Simulation, step: string, code: number) => {
  sim.end({ step, attempt: 1 }, code);
  sim.turn();
};
const why = (sim: Simulation, id: string) => explain(stepStatus(sim.run, sim.plan, id, true));

test("who is behind several gates is told first what can be decided or done now", () => {
  const sim = begun();
  expect(why(sim, "publish")).toBe(
    "'publish' waits for 'join', which is not done yet, before 'release' can be decided.",
  );
  end(sim, "join", 0);
  expect(why(sim, "report")).toBe("'report' waits for a person to approve 'check'.");
  expect(why(sim, "publish")).toBe(
    "'publish' waits for a person to approve 'check', before 'release' can be decided.",
  );
  sim.ask("gate.block", { id: "check" });
  sim.turn();
  expect(why(sim, "publish")).toBe(
    "'publish' is held back because a person turned down 'check', before 'release' can be decided.",
  );
  sim.ask("gate.approve", { id: "check" });
  sim.turn();
  expect(why(sim, "publish")).toBe(
    "'publish' waits for 'report', which is not done yet, before 'release' can be decided.",
  );
  end(sim, "report", 0);
  expect(why(sim, "publish")).toBe("'publish' waits for a person to approve 'release'.");
});

test("a step that failed above is named, since nothing goes on without it", () => {
  const sim = begun();
  end(sim, "join", 1);
  expect(why(sim, "publish")).toBe(
    "'publish' waits for 'join', which did not end well, before 'release' can be decided.",
  );
});

test("of several gates the one that asks now is named first", () => {
  const steps = [node("a"), node("slow"), node("ship", ["later", "now"])];
  const sim = new Simulation(
    planOf(sequenceOf(steps, [gate("later", ["slow"]), gate("now", ["a"]), gate("last", ["later"])])),
  );
  sim.ask("run.start", { scope: "all" });
  sim.turn();
  end(sim, "a", 0);
  expect(why(sim, "ship")).toBe("'ship' waits for a person to approve 'now' and 'later'.");
  expect(explain(gateStatus(sim.run, sim.plan, "last"))).toBe(
    "'last' waits for 'slow', which is not done yet, before 'later' can be decided.",
  );
});
