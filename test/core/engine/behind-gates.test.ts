import { expect, test } from "bun:test";
import { gateStatus, stepStatus } from "../../../lib/core/engine/status";
import { explain } from "../../../lib/core/engine/why";
import type { Step } from "../../../lib/core/sequence/schema";
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

test.each<[string[], string]>([
  [["open", "failed", "held", "asked"], "waits for a person to approve 'ask'"],
  [["open", "failed", "held"], "is held back because a person turned down 'no'"],
  [["open", "failed"], "waits for 'broken', which did not end well"],
  [["open"], "waits for 'slow', which is not done yet"],
])("behind %j it is told first what a person can do, then what hinders", (gates, said) => {
  const all = [
    gate("ask"),
    gate("no"),
    gate("asked", ["ask"]),
    gate("held", ["no"]),
    gate("failed", ["broken"]),
    gate("open", ["slow"]),
  ];
  const sim = new Simulation(planOf(sequenceOf([node("broken"), node("slow"), node("ship", gates)], all)));
  sim.ask("run.start", { scope: "all" });
  sim.ask("gate.block", { id: "no" });
  sim.turn();
  end(sim, "broken", 1);
  expect(why(sim, "ship")).toStartWith(`'ship' ${said}, before `);
});

test("behind very many gates nobody looks for what comes first", () => {
  const behind = (count: number) => {
    const ids = Array.from({ length: count }, (_, at) => `g${at}`);
    const gates = ids.map((id, at) => gate(id, at === count - 1 ? [] : ["slow"]));
    const sim = new Simulation(planOf(sequenceOf([node("slow"), node("ship", ids)], gates)));
    return stepStatus(sim.run, sim.plan, "ship", true).reason;
  };
  expect(behind(16)).toMatchObject({ code: "waiting_gate", on: { 0: "g15", 15: "g14" } });
  expect(behind(17)).toMatchObject({ code: "waiting_gate", on: { 0: "g0", 16: "g16" } });
});

test("nobody looks for what comes first farther back than a bounded number of nodes", () => {
  const first = (count: number) => {
    const steps = Array.from({ length: count }, (_, at) => node(`s${at}`, at === 0 ? [] : [`s${at - 1}`]));
    const plan = planOf(
      sequenceOf([...steps, node("ship", ["release"])], [gate("release", [`s${count - 1}`])]),
    );
    return stepStatus(new Simulation(plan).run, plan, "ship", true).reason;
  };
  expect(first(63)).toEqual({
    code: "waiting_gate",
    on: ["release"],
    first: { kind: "step", on: ["s0"] },
  });
  expect(first(64)).toEqual({ code: "waiting_gate", on: ["release"] });
});

const below = (...steps: Step[]) => planOf(sequenceOf(steps, [gate("g"), gate("h")]));

/** `a` and `b` were done on the approvals of `g` and `h`, which a person then took back; `ship` comes after `join`. */
function takenBack(): Simulation {
  const sim = new Simulation(
    below(node("a", ["g"]), node("b", ["h"]), node("join", ["a", "b"]), node("ship", ["join"])),
  );
  sim.ask("run.start", { scope: "all" });
  for (const id of ["g", "h"]) sim.ask("gate.approve", { id });
  sim.turn();
  for (const id of ["a", "b"]) sim.end({ step: id, attempt: 1 }, 0);
  for (const id of ["g", "h"]) sim.ask("gate.block", { id });
  sim.turn();
  return sim;
}

test("below several approvals that were taken back all of them are named, however far above they are", () => {
  const { run, plan } = takenBack();
  for (const id of ["join", "ship"])
    expect(stepStatus(run, plan, id, true).reason).toEqual({ code: "gate_blocked", on: ["g", "h"] });
});

test("an edit that puts work elsewhere is seen at once in what an approval that was taken back holds", () => {
  const { run, plan } = takenBack();
  const joinIn = (now: typeof plan) => stepStatus(run, now, "join", true).reason;
  expect(joinIn(plan)).toEqual({ code: "gate_blocked", on: ["g", "h"] });
  expect(joinIn(below(node("a"), node("b", ["h"]), node("join", ["a", "b"])))).toEqual({
    code: "gate_blocked",
    on: ["h"],
  });
  expect(joinIn(below(node("a"), node("b"), node("join", ["a", "b"])))?.code).not.toBe("gate_blocked");
});
