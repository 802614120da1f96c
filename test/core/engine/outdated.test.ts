// What was started on an approval that fell is stale for what is true now, also once the gate is approved again.
import { describe, expect, test } from "bun:test";
import type { Fact } from "../../../lib/core/engine/fact";
import { explainStale, staleness } from "../../../lib/core/engine/stale";
import { gateStatus } from "../../../lib/core/engine/status";
import { explain } from "../../../lib/core/engine/why";
import { gate, node, planOf, sequenceOf } from "../rig/plans";
import { Simulation } from "../rig/simulation";

const shown = (digest: string) => ({ gate: "g", steps: [], digest });
const approved = (digest: string) =>
  ({ type: "gate.approved", gate: "g", by: "sam", shown: shown(digest) }) as const;
const voided: Fact = { type: "gate.voided", gate: "g", changed: ["`next` changed"], stale: ["ship"] };

const plan = (command = "true", next = "true") =>
  planOf(
    sequenceOf(
      [
        node("build"),
        node("ship", ["g"], { command: [command] }),
        node("next", ["ship", "far"], { command: [next] }),
      ],
      [gate("g", ["build"]), gate("far")],
    ),
  );

/** `ship` was started on an approval of what has digest `one`; it is done, or still at work. */
function shipped(isDone: boolean): Simulation {
  const sim = new Simulation(plan());
  sim.ask("run.start", { scope: "all" });
  sim.turn();
  sim.end({ step: "build", attempt: 1 }, 0);
  sim.turn();
  sim.append([approved("one")]);
  sim.turn();
  if (!isDone) return sim;
  sim.end({ step: "ship", attempt: 1 }, 0);
  sim.turn();
  return sim;
}

const stale = ({ run, plan }: Simulation, id = "ship") => {
  const found = staleness(run, plan, id);
  return found && explainStale(found);
};
const fell = "it was started on an approval of 'g' that became void";
const earlier = "it was started on an earlier approval of 'g', not on what is approved now";
const changed = "its definition changed since";

describe("a step that was started on an approval that fell", () => {
  test.each([true, false])("is stale while nobody has decided anew (done: %p)", (isDone) => {
    const sim = shipped(isDone);
    sim.append([voided]);
    expect(stale(sim)).toBe(fell);
  });

  test.each([true, false])("is not any more once the very same is approved again (done: %p)", (isDone) => {
    const sim = shipped(isDone);
    sim.append([voided, approved("one")]);
    expect(stale(sim)).toBeUndefined();
  });

  test.each([true, false])(
    "is where something else is approved than it was started on (done: %p)",
    (isDone) => {
      const sim = shipped(isDone);
      sim.append([voided, approved("two")]);
      expect(stale(sim)).toBe(earlier);
      // What it was started on stays that, however many approvals come and fall after it.
      sim.append([voided, approved("three")]);
      expect(stale(sim)).toBe(earlier);
      sim.append([voided]);
      expect(stale(sim)).toBe(fell);
      sim.append([approved("one")]);
      expect(stale(sim)).toBeUndefined();
    },
  );

  test.each<[string, object | undefined, object | undefined, string | undefined]>([
    ["the same answers, in whatever order", { to: "eu", dry: true }, { dry: true, to: "eu" }, undefined],
    ["another answer", { to: "eu" }, { to: "us" }, earlier],
    ["an answer where none was given", undefined, { to: "us" }, earlier],
    ["none where one was given", { to: "eu" }, undefined, earlier],
    ["no answers, left out or empty", undefined, {}, undefined],
  ])("to the very same, approved again with %s", (_, before, now, expected) => {
    const answered = (answers: object | undefined) =>
      ({ ...approved("one"), ...(answers ? { answers } : {}) }) as Fact;
    const sim = shipped(true);
    // Before anything is started on it, the approval is another one: with these answers.
    sim.append([answered(before), voided, answered(now)]);
    expect(stale(sim)).toBe(expected);
  });

  test.each<[string, string[]]>([
    ["while nobody has decided anew", []],
    ["once the same is approved again", ["one"]],
    ["once something else is", ["two"]],
  ])("says that its definition changed, where that is so, %s", (_, digests) => {
    const sim = shipped(true);
    sim.amend(plan("false"));
    sim.append([voided, ...digests.map(approved)]);
    expect(stale(sim)).toBe(changed);
  });

  test("is not stale once it was started anew on what is approved", () => {
    const sim = shipped(true);
    sim.append([voided, approved("two")]);
    sim.ask("step.restart", { id: "ship" });
    sim.turn();
    sim.end({ step: "ship", attempt: 2 }, 0);
    sim.turn();
    expect(stale(sim)).toBeUndefined();
  });

  test("is stale for each gate by itself", () => {
    const sim = shipped(true);
    sim.append([voided, { type: "gate.approved", gate: "far", by: "sam", shown: shown("one") }]);
    expect(stale(sim)).toBe(fell);
  });
});

describe("a gate whose approval fell says so until somebody decides anew", () => {
  const said = ({ run, plan }: Simulation) => explain(gateStatus(run, plan, "g"));
  const why = "the approval by sam became void: `next` changed";

  test("where it asks, and where it waits for work that is done anew", () => {
    const sim = shipped(true);
    const { at } = sim.run.gates.get("g") ?? {};
    sim.append([voided]);
    expect(said(sim)).toBe(`'g' waits for a person to decide again, as ${why}.`);
    expect(gateStatus(sim.run, sim.plan, "g").fell).toEqual({
      by: "sam",
      at: at as number,
      changed: ["`next` changed"],
    });
    sim.ask("step.rerun", { id: "build", downstream: true });
    sim.turn();
    expect(said(sim)).toBe(`'g' waits for 'build', which is not done yet; ${why}.`);
  });

  test.each<[string, Parameters<Simulation["append"]>[0], string]>([
    ["approved", [approved("two")], "'g' was approved by sam."],
    ["blocked", [{ type: "gate.blocked", gate: "g", by: "kim" }], "'g' was blocked by kim."],
    [
      "sent back",
      [
        {
          type: "gate.rejected",
          gate: "g",
          by: "kim",
          reason: "no",
          back: "build",
          nth: 1,
          again: ["build"],
        },
      ],
      "'g' waits for 'build', which is not done yet (sent back once).",
    ],
    [
      "given up",
      [{ type: "run.canceled", by: "kim" }],
      "'g' asks nothing any more, because the run was given up; `seqctl run` begins another one.",
    ],
  ])("and no longer than that: %s", (_, facts, words) => {
    const sim = shipped(true);
    sim.append([voided, ...facts]);
    expect(said(sim)).toBe(words);
    expect(gateStatus(sim.run, sim.plan, "g").fell).toBeUndefined();
  });
});
