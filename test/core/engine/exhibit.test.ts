import { describe, expect, test } from "bun:test";
import { heldApprovals, startNews } from "../../../lib/core/engine/exhibit";
import { doesOf } from "../../../lib/core/engine/plan";
import type { Step } from "../../../lib/core/sequence/schema";
import { gate, node, planOf, sequenceOf } from "../rig/plans";
import { Simulation } from "../rig/simulation";

const shown = { gate: "d", steps: [], digest: "d" };

/** A run with `g` approved as shown, `deploy` done on it with exit code 0, or another, and a gate `far` from both. */
function deployed(more: Partial<Step> = {}, rest: Step[] = [], gates = [gate("g")], code = 0): Simulation {
  const sim = new Simulation(
    planOf(sequenceOf([node("deploy", ["g"], more), ...rest], [...gates, gate("far")])),
  );
  sim.ask("run.start", { scope: "all" });
  sim.append([{ type: "gate.approved", gate: "g", by: "user", shown }]);
  sim.turn();
  sim.end({ step: "deploy", attempt: 1 }, code);
  sim.turn();
  return sim;
}

const held = ({ run, plan }: Simulation) => heldApprovals(run, plan).map(([id]) => id);

describe("an approval is held to what was shown", () => {
  test.each<[string, () => Simulation]>([
    ["while a step far below it may still be started", () => deployed({}, [node("b", ["deploy", "far"])])],
    ["while a gate below it is not decided", () => deployed({}, [], [gate("g"), gate("next", ["deploy"])])],
    ["while what ran on it failed, and may be asked for again", () => deployed({}, [], [gate("g")], 1)],
    [
      "while what is done below it may have another round",
      () => deployed({ loop: { until: "1 == 1", max: 2 } }),
    ],
  ])("%s", (_, make) => expect(held(make())).toEqual(["g"]));

  test.each<[string, () => Simulation]>([
    ["once all that is below it is done", () => deployed()],
    ["for work that is elsewhere", () => deployed({}, [node("b", ["far"])])],
    [
      "once the run was given up",
      () => {
        const sim = deployed({}, [node("b", ["deploy", "far"])]);
        sim.append([{ type: "run.canceled", by: "user" }]);
        return sim;
      },
    ],
  ])("no longer %s", (_, make) => expect(held(make())).toEqual([]));

  test("but one that was shown nothing is bound to nothing", () => {
    const sim = deployed({}, [node("b", ["deploy", "far"])]);
    sim.append([{ type: "gate.approved", gate: "g", by: "user" }]);
    expect(held(sim)).toEqual([]);
  });
});

describe("what starts on a gate, beside what the approval that fell was given for", () => {
  const started = (step: string, definition: string) => ({ step, attempt: 0, definition });
  const plan = planOf(sequenceOf([node("ship", ["g"]), node("last", ["ship"])], [gate("g")]));
  const [ship, last] = ["ship", "last"].map((id) => started(id, doesOf(plan, id))) as [Start, Start];
  type Start = ReturnType<typeof started>;

  test.each<[string, Start[] | undefined, [string, string][]]>([
    ["nothing is marked where all is as it was", [ship, last], []],
    ["what is run otherwise is", [started("ship", "other"), last], [["ship", "changed"]]],
    ["what did not start on it is new", [ship], [["last", "new"]]],
    [
      "also where nothing did",
      undefined,
      [
        ["ship", "new"],
        ["last", "new"],
      ],
    ],
  ])("%s", (_, starts, marks) => {
    const sim = new Simulation(plan);
    sim.ask("run.start", { scope: "all" });
    const at = { ...shown, ...(starts ? { starts } : {}) };
    sim.append([{ type: "gate.approved", gate: "g", by: "user", shown: at }]);
    expect([...startNews(sim.run, plan, "g")]).toEqual([]);
    sim.append([{ type: "gate.voided", gate: "g", changed: [], stale: [] }]);
    expect([...startNews(sim.run, plan, "g")]).toEqual(marks as never);
    sim.append([{ type: "gate.blocked", gate: "g", by: "user" }]);
    expect([...startNews(sim.run, plan, "g")]).toEqual([]);
  });
});
