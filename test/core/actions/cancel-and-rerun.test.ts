import { describe, expect, test } from "bun:test";
import { RunRig } from "../../rig/run";
import { sequenceOf } from "../../rig/sequence";

const chain = sequenceOf(
  [
    { id: "a", command: ["x"] },
    { id: "b", command: ["x"], depends_on: ["ok"] },
    { id: "c", command: ["x"], depends_on: ["b"] },
    { id: "side", command: ["x"] },
  ],
  [{ id: "ok", name: "OK?", depends_on: ["a"] }],
);

describe("cancel", () => {
  test("stops what runs, cancels the rest, and leaves what has ended alone", () => {
    const rig = new RunRig(chain);
    rig.happens(
      { type: "run.opened", run: "R", revision: "", by: "user" },
      { type: "run.requested", again: [], by: "user" },
      ...rig.done("a"),
      ...rig.begun("side"),
    );
    const asked = rig.ask("run.cancel", {});
    expect(asked.facts).toEqual([
      { type: "run.canceled", by: "user" },
      { type: "step.canceled", step: "b", cause: "stopped" },
      { type: "step.canceled", step: "c", cause: "stopped" },
      { type: "stop.requested", step: "side", by: "user" },
    ]);
    expect(asked.pursued).toEqual(["b", "c", "side"]);
    rig.happens(...asked.facts);
    expect(rig.statuses()).toMatchObject({ a: "DONE", b: "CANCELED", c: "CANCELED" });
    expect(rig.open).toBe(false);
  });

  test("without a run is refused, of a complete one is nothing to do", () => {
    expect(new RunRig(chain).refusal("run.cancel", {})).toBe("run.none");
    const rig = new RunRig(sequenceOf([{ id: "a", command: ["x"] }]));
    rig.happens({ type: "run.opened", run: "R", revision: "", by: "user" }, ...rig.done("a"));
    expect(rig.ask("run.cancel", {})).toMatchObject({
      facts: [],
      note: "nothing to cancel: the run is complete",
    });
  });
});

describe("rerun", () => {
  const finished = (of = chain) => {
    const rig = new RunRig(of);
    rig.happens(
      { type: "run.opened", run: "R", revision: "", by: "user" },
      ...rig.done("a"),
      { type: "gate.approved", gate: "ok", by: "user" },
      ...rig.done("b"),
      ...rig.done("c"),
    );
    return rig;
  };

  test("asks for the finished step alone", () => {
    expect(finished().ask("step.rerun", { id: "a" })).toEqual({
      facts: [{ type: "steps.requested", steps: ["a"], by: "user" }],
      pursued: ["a"],
      starts: ["a"],
    });
  });

  test("with what is downstream asks again at the gates on the way", () => {
    const rig = finished();
    const { facts, pursued } = rig.ask("step.rerun", { id: "a", downstream: true });
    expect(facts).toEqual([
      { type: "gate.reopened", gate: "ok", by: "user" },
      { type: "steps.requested", steps: ["a", "b", "c"], by: "user" },
    ]);
    expect(pursued).toEqual(["a", "b", "c"]);
    rig.happens(...facts, ...rig.done("a", 2));
    expect(rig.statuses()).toMatchObject({ a: "DONE", b: "BLOCKED", c: "BLOCKED" });
  });

  test.each<[string, object]>([
    ["step.rerun", { id: "a", downstream: true }],
    ["gate.reject", { id: "late", reason: "no", back_to: "a" }],
  ])("%s opens a gate again whose approval stands, and none that became void already", (action, input) => {
    const late = { id: "late", name: "Late?", depends_on: ["c"] };
    const rig = finished({ ...chain, gates: [...(chain.gates ?? []), late] });
    const reopened = () => rig.ask(action, input).facts.filter(({ type }) => type === "gate.reopened");
    expect(reopened()).toEqual([{ type: "gate.reopened", gate: "ok", by: "user" }]);
    rig.happens({ type: "gate.voided", gate: "ok", changed: ["`a` changed"], stale: [] });
    expect(reopened()).toEqual([]);
  });

  test("refuses what never ran, what runs, and what waits", () => {
    const rig = finished();
    expect(rig.refusal("step.rerun", { id: "side" })).toBe("step.never_ran");
    expect(rig.refusal("step.rerun", { id: "nobody" })).toBe("step.unknown");
    rig.happens({ type: "steps.requested", steps: ["b"], by: "user" }, ...rig.begun("b", 2));
    expect(rig.refusal("step.rerun", { id: "a", downstream: true })).toBe("step.running");
    rig.happens({ type: "gate.reopened", gate: "ok", by: "user" });
    expect(rig.refusal("step.rerun", { id: "c" })).toBe("step.blocked");
  });
});
