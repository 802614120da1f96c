import { describe, expect, test } from "bun:test";
import { renderFailure } from "../../../lib/core/failure-table";
import { edit, refusal, sequenceOf, value } from "../../rig/sequence";

const steps = [{ id: "a" }, { id: "b" }, { id: "join", depends_on: ["z"] }, { id: "z" }];
const create = (input: object, sequence = sequenceOf(steps)) => edit("fusion.create", sequence, input);

describe("fusion create", () => {
  test("marks candidates and synthesis, which then waits for all of them", () => {
    const made = value(create({ candidates: ["a", "b"], synth: "join" }));
    expect(made.steps).toEqual([
      { id: "a", type: "f" },
      { id: "b", type: "f" },
      {
        id: "join",
        depends_on: ["z", "a", "b"],
        type: "f",
        fusion_synth: true,
        fusion_candidates: ["a", "b"],
      },
      { id: "z" },
    ]);
  });

  test("makes missing steps when it is told what they run", () => {
    const made = value(
      create({ candidates: ["a", "x"], synth: "pick", command: ["try"], synth_command: ["join"] }),
    );
    expect(made.steps?.find((step) => step.id === "x")).toEqual({ id: "x", command: ["try"], type: "f" });
    expect(made.steps?.find((step) => step.id === "a")).toEqual({ id: "a", type: "f" });
    expect(made.steps?.find((step) => step.id === "pick")).toMatchObject({
      command: ["join"],
      fusion_synth: true,
    });
  });

  test.each([
    ["s", ["a", "b"], "'s'", "--synth-command, or --command for all of them"],
    ["join", ["a", "bb"], "'bb'", "--command"],
  ])(
    "says by which option a step that is missing is made: synthesis %s of %j",
    (synth, candidates, id, option) => {
      const made = create({ candidates, synth });
      const hint = made.ok ? undefined : renderFailure(made.failure).hint;
      expect(hint).toEndWith(`To make ${id} here, say what it runs: ${option}`);
    },
  );

  test.each([
    ["a candidate that does not exist", { candidates: ["a", "x"], synth: "join" }, "step.unknown"],
    ["a synthesis that does not exist", { candidates: ["a", "b"], synth: "x" }, "step.unknown"],
    ["a synthesis among its candidates", { candidates: ["a", "b"], synth: "a" }, "input.invalid"],
    ["candidates that wait for each other", { candidates: ["z", "join"], synth: "a" }, "group.dependent"],
    ["a candidate that waits for the synthesis", { candidates: ["a", "join"], synth: "z" }, "dep.cycle"],
    [
      "a missing step whose id could be none",
      { candidates: ["a", "?"], synth: "b", command: ["x"] },
      "step.unknown",
    ],
  ])("refuses %s", (_, input, code) => {
    expect(refusal(create(input))).toBe(code);
  });
});
