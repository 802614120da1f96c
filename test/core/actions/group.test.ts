import { describe, expect, test } from "bun:test";
import { edit, refusal, sequenceOf, value } from "../../rig/sequence";

const four = sequenceOf(
  [{ id: "a" }, { id: "b" }, { id: "c", depends_on: ["a"] }, { id: "d", depends_on: ["ok"] }],
  [{ id: "ok", name: "OK?", depends_on: ["c"] }],
);
const parallelize = (input: object, sequence = four) => edit("group.parallelize", sequence, input);

describe("group parallelize", () => {
  test("gives every member the group and the type p, and leaves the others alone", () => {
    const { steps } = value(parallelize({ ids: ["b", "c"], group_id: "team", fail_policy: "fail_fast" }));
    const joined = { type: "p", group_id: "team", fail_policy: "fail_fast" } as const;
    expect(steps).toEqual([
      { id: "a" },
      { id: "b", ...joined },
      { id: "c", depends_on: ["a"], ...joined },
      { id: "d", depends_on: ["ok"] },
    ]);
  });

  test("takes the first free name for a group that is given none", () => {
    const first = value(parallelize({ ids: ["a", "b"] }));
    expect(first.steps?.map((step) => step.group_id)).toEqual(["g1", "g1", undefined, undefined]);
    const second = value(parallelize({ ids: ["c", "b"] }, first));
    expect(second.steps?.map((step) => step.group_id)).toEqual(["g1", "g2", "g2", undefined]);
  });

  test("a fail policy given later holds for the members that were there before", () => {
    const first = value(parallelize({ ids: ["a", "b"], fail_policy: "best_effort" }));
    const input = { ids: ["b", "c"], group_id: "g1", fail_policy: "fail_fast" };
    const refused = edit("group.parallelize", first, { ...input, ids: ["a", "c"] });
    expect(refusal(refused)).toBe("group.dependent");
    const joined = value(edit("group.parallelize", first, input));
    expect(joined.steps?.slice(0, 3).map((step) => step.fail_policy)).toEqual([
      "fail_fast",
      "fail_fast",
      "fail_fast",
    ]);
  });

  test.each([
    ["steps that do not exist", ["a", "nobody"], "step.unknown"],
    ["a gate", ["a", "ok"], "step.unknown"],
    ["steps of which one waits for the other", ["c", "a"], "group.dependent"],
    ["steps tied through a gate", ["a", "d"], "group.dependent"],
    ["one step named twice", ["a", "a"], "input.invalid"],
  ])("refuses %s", (_, ids, code) => {
    expect(refusal(parallelize({ ids }))).toBe(code);
  });

  test("refuses a group name that could be no id", () => {
    expect(refusal(parallelize({ ids: ["a", "b"], group_id: "../up" }))).toBe("id.invalid");
  });
});
