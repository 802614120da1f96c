import { expect, test } from "bun:test";
import { environmentOf } from "../../../lib/core/engine/environment";
import { gateStatus } from "../../../lib/core/engine/status";
import { explain } from "../../../lib/core/engine/why";
import { gateDoc } from "../../../lib/core/views/status";
import { RunRig } from "../../rig/run";
import { sequenceOf } from "../../rig/sequence";

const chain = sequenceOf(
  [
    { id: "plan", command: ["x"] },
    { id: "build", command: ["x"], depends_on: ["early"] },
    { id: "test", command: ["x"], depends_on: ["build"], on_failure: ["mend"] },
    { id: "mend", command: ["x"] },
    { id: "aside", command: ["x"], depends_on: ["plan"] },
    { id: "ship", command: ["x"], depends_on: ["review"] },
  ],
  [
    { id: "early", name: "Plan?", depends_on: ["plan"] },
    { id: "review", name: "Good?", depends_on: ["test"] },
  ],
);

function ready(): RunRig {
  const rig = new RunRig(chain);
  rig.happens({ type: "run.opened", run: "R", revision: "", by: "user" }, ...rig.done("plan"));
  rig.happens(
    { type: "gate.approved", gate: "early", by: "user" },
    ...rig.done("build"),
    ...rig.done("test"),
  );
  rig.happens(...rig.done("aside"));
  return rig;
}

const review = (rig: RunRig) => gateStatus(rig.run, rig.plan, "review");

test("a rejected gate is BLOCKED and says why; saying no twice is refused, approving is not", () => {
  const rig = ready();
  const asked = rig.ask("gate.reject", { id: "review", reason: "too slow" });
  expect(asked).toMatchObject({ starts: [], pursued: [] });
  rig.happens(...asked.facts);
  expect(review(rig)).toMatchObject({ status: "BLOCKED", reason: { code: "rejected", reason: "too slow" } });
  expect(explain(review(rig))).toBe("'review' was rejected by user: too slow.");
  expect(rig.refusal("gate.reject", { id: "review", reason: "again" })).toBe("gate.already");
  rig.happens(...rig.ask("gate.approve", { id: "review" }).facts);
  expect(review(rig).status).toBe("APPROVED");
});

test("work sent back is run again from that step to the gate, gates on the way too, and nothing beside it", () => {
  const rig = ready();
  const asked = rig.ask("gate.reject", { id: "review", reason: "too slow", back_to: "plan" });
  expect(asked.starts).toEqual(["plan", "build", "test"]);
  rig.happens(...asked.facts);
  expect(rig.statuses()).toMatchObject({ plan: "QUEUED", build: "BLOCKED", test: "BLOCKED", aside: "DONE" });
  expect([gateStatus(rig.run, rig.plan, "early").status, review(rig).status]).toEqual(["PENDING", "PENDING"]);
});

test("each return is counted, and its reason told to that step alone until the gate is approved", () => {
  const rig = ready();
  for (const [at, reason] of ["first", "second"].entries()) {
    rig.happens(...rig.ask("gate.reject", { id: "review", reason, back_to: "build" }).facts);
    expect(environmentOf(rig.run, rig.plan, "build", "/").THREADOS_REJECTION).toBe(reason);
    expect(environmentOf(rig.run, rig.plan, "test", "/").THREADOS_REJECTION).toBeUndefined();
    rig.happens(...rig.done("build", at + 2), ...rig.done("test", at + 2));
  }
  expect(explain(review(rig))).toBe("'review' waits for a person to decide (sent back 2 times).");
  expect(gateDoc(rig.plan, rig.run, "review").sent_back).toBe(2);
  rig.happens(...rig.ask("gate.approve", { id: "review" }).facts);
  expect(environmentOf(rig.run, rig.plan, "build", "/").THREADOS_REJECTION).toBeUndefined();
  expect(explain(review(rig))).toBe("'review' was approved by user (sent back 2 times).");
});

test("work goes back only to a step before the gate that has run, and not while it runs", () => {
  const rig = ready();
  const back = (to: string) => rig.refusal("gate.reject", { id: "review", reason: "no", back_to: to });
  expect(back("aside")).toBe("input.invalid");
  expect(back("ship")).toBe("input.invalid");
  expect(back("nobody")).toBe("step.unknown");
  expect(rig.refusal("gate.reject", { id: "nobody", reason: "no" })).toBe("gate.unknown");
  rig.happens({ type: "steps.requested", steps: ["test"], by: "user" }, ...rig.begun("test", 2));
  expect(back("build")).toBe("step.running");
  const fresh = new RunRig(chain);
  expect(fresh.refusal("gate.reject", { id: "review", reason: "no", back_to: "plan" })).toBe(
    "step.never_ran",
  );
});

test("what is said to be taken at a gate is what the door takes, and nothing else", () => {
  const takes = (rig: RunRig) => gateDoc(rig.plan, rig.run, "review").takes;
  const taken = (rig: RunRig) => {
    const ways: [string, string, object][] = [
      ["approve", "gate.approve", {}],
      ["reject", "gate.reject", { reason: "no" }],
      ["reject", "gate.reject", { reason: "no", back_to: "plan" }],
      ["block", "gate.block", {}],
    ];
    const passed = ways.filter(([, name, input]) => rig.takes(name, { id: "review", ...input }));
    return [...new Set(passed.map(([verb]) => verb))];
  };
  const moments: [RunRig, string[]][] = [];
  const fresh = new RunRig(chain);
  moments.push([fresh, ["reject", "block"]], [ready(), ["approve", "reject", "block"]]);
  const held = new RunRig(chain);
  held.happens(...held.ask("gate.block", { id: "review" }).facts);
  moments.push([held, ["reject"]]);
  const refused = new RunRig(chain);
  refused.happens(...refused.ask("gate.reject", { id: "review", reason: "no" }).facts);
  moments.push([refused, []]);
  const turned = ready();
  turned.happens(...turned.ask("gate.reject", { id: "review", reason: "no" }).facts);
  moments.push([turned, ["approve", "reject"]]);
  const agreed = ready();
  agreed.happens(...agreed.ask("gate.approve", { id: "review" }).facts);
  moments.push([agreed, ["reject", "block"]]);
  for (const [rig, expected] of moments) {
    expect(taken(rig)).toEqual(expected);
    expect(takes(rig)).toEqual(expected as typeof expected & ReturnType<typeof takes>);
  }
  agreed.happens({ type: "run.canceled", by: "user" });
  expect(takes(agreed)).toEqual([]);
});

test("nothing is turned down without a reason", () => {
  const rig = ready();
  expect(() => rig.ask("gate.reject", { id: "review" })).toThrow();
  expect(() => rig.ask("gate.reject", { id: "review", reason: "" })).toThrow();
});
