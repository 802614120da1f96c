import { expect, test } from "bun:test";
import { understand } from "../../../lib/core/chat/understand";
import { callsOf, worldOf } from "./rig";

const step = (id: string, ...depends_on: string[]) => ({ id, command: ["true"], depends_on });
const world = worldOf([step("lint"), step("unit", "lint"), { ...step("e2e"), continue_on_error: true }]);

test.each([
  "please make the lint step optional so the pipeline continues when it fails",
  "make lint optional",
  "make the step lint optional, please",
  "lint is optional",
  "lint should be optional",
  "treat lint as optional",
  "mark lint as optional",
  "lint is not critical",
  "lint isn't required",
  "mark lint non-critical",
  "lint is nice to have",
  "make lint best-effort",
  "lint may fail",
  "lint is allowed to fail",
  "allow lint to fail",
  "it's fine if lint fails",
  "it's okay for lint to fail",
  "it doesn't matter if lint fails",
  "I don't care if lint fails",
  "never mind if lint fails",
  "lint doesn't have to succeed",
  "lint need not pass",
  "lint failing should not stop the pipeline",
  "lint failing must not block anything",
  "a failing lint should not stop the run",
  "a failure of lint shouldn't stop the others",
  "failures of lint should be ignored",
  "ignore lint's failures",
  "ignore it if lint fails",
  "tolerate a failure of lint",
  "don't stop if lint fails",
  "don't stop the pipeline when lint fails",
  "don't fail the run if lint fails",
  "lint should not block the others if it fails",
  "lint shouldn't break the run",
  "go on even if lint fails",
  "carry on when lint breaks",
  "if lint fails, go on anyway",
  "if lint fails, continue",
  "when lint fails, keep going",
  "when lint fails the rest should go on",
  "if lint fails the pipeline should continue",
  "the pipeline should continue even if lint fails",
  "everything else should continue if lint fails",
  "let the others run even if lint fails",
  "make sure the run continues if lint fails",
  "continue on error for lint",
  "set continue_on_error of lint to true",
])("all goes on though it fails: %s", (said) => {
  expect(callsOf(said, world)).toEqual([["step.edit", { id: "lint", continue_on_error: true }]]);
});

test("it says that the step runs all the same, and several are told in one sentence", () => {
  expect(understand("make lint and unit optional", world)).toMatchObject({
    calls: ["lint", "unit"].map((id) => ({ action: "step.edit", input: { id, continue_on_error: true } })),
    says: ["'lint' and 'unit' still run; what waits for them starts although they failed."],
  });
});

const strict = [
  "make {} required",
  "{} is mandatory",
  "{} must succeed",
  "{} must not fail",
  "{} has to pass",
  "{} is no longer optional",
  "make {} not optional",
  "don't make {} optional",
  "{} may no longer fail",
  "stop the run if {} fails",
  "stop if {} fails",
  "don't go on if {} fails",
  "turn off continue_on_error for {}",
];

test.each(strict)("nothing goes on behind a failure: %s", (wording) => {
  expect(callsOf(wording.replace("{}", "e2e"), world)).toEqual([
    ["step.edit", { id: "e2e", unset: ["continue_on_error"] }],
  ]);
  expect(understand(wording.replace("{}", "lint"), world)).toEqual({
    kind: "answer",
    says: "So it is already: what waits for 'lint' does not start when it fails.",
  });
});

test.each([
  "is lint optional?",
  "can lint fail",
  "make lint optional unless it rains",
  "go on when lint fails and unit fails not",
  "run unit even if lint fails",
  "run lint if it fails",
  "stop lint if it fails",
  "don't stop lint",
  "ignore lint",
])("what is no such wish changes nothing: %s", (said) => {
  expect(understand(said, world).kind).not.toBe("calls");
});
