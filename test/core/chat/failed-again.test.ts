import { expect, test } from "bun:test";
import type { World } from "../../../lib/core/chat/reading";
import { understand } from "../../../lib/core/chat/understand";
import { callsOf, worldOf } from "./rig";

const step = (id: string) => ({ id, command: ["true"] });
const plain = worldOf([step("lint"), step("hang"), step("build"), step("docs")], [], {
  lint: "FAILED",
  hang: "FAILED",
  docs: "DONE",
});
const stopped = (world: World, ...ids: string[]): World => ({
  ...world,
  steps: world.steps.map((one) => (ids.includes(one.id) ? { ...one, reason: "stopped" } : one)),
});
const world = stopped(plain, "hang");

const wordings = [
  "run the failed steps again",
  "run what failed again",
  "run everything that failed again",
  "run the steps that failed again",
  "run the steps that have failed once more",
  "run all failed steps once more",
  "run just the failing steps again",
  "run only what failed",
  "run failed steps",
  "run the broken steps again",
  "run the failures again",
  "start the failed steps again",
  "start what failed again",
  "execute the failed steps again",
  "try the failed step again",
  "try again what failed",
  "try what failed another time",
  "rerun failed",
  "rerun what failed",
  "rerun the failures",
  "rerun only the failed steps",
  "rerun the steps that have failed",
  "re-run every step that failed",
  "retry what failed",
  "retry failures",
  "retry all failures",
  "retry the failed ones",
  "retry every failed step",
  "retry the steps that crashed",
  "restart what is red",
  "restart the failures",
  "restart all failed steps",
  "restart whatever failed",
  "repeat whatever failed",
  "repeat the failed steps",
  "redo the failed ones please",
  "redo what went wrong",
  "please run the failed steps again",
  "can you run the failed steps again?",
  "please run the failed steps",
  "give the failed steps another go",
  "give what failed another try",
];

test.each(wordings)("what a person stopped is no failure: %s", (said) => {
  expect(callsOf(said, world)).toEqual([["step.restart", { id: "lint" }]]);
  expect(callsOf(said, plain)).toEqual([
    ["step.restart", { id: "lint" }],
    ["step.restart", { id: "hang" }],
  ]);
});

test("it is told what is left out, and how that is started again", () => {
  expect(understand("run the failed steps again", world)).toMatchObject({
    says: ["'hang' was stopped by a person and is left out; say \"restart hang\" to run it again."],
  });
  expect(understand("run the failed steps again", stopped(plain, "hang", "lint"))).toEqual({
    kind: "answer",
    says: "Nothing has failed by itself. 'lint' and 'hang' were stopped by a person; say \"restart lint and hang\" to run them again.",
  });
  expect(callsOf("restart lint and hang", world).map(([, { id }]) => id)).toEqual(["lint", "hang"]);
});

test("what was stopped is listed apart from what failed", () => {
  expect(understand("what failed", world)).toEqual({
    kind: "answer",
    says: "1 failed:\n- lint: it is FAILED",
  });
  expect(understand("what was stopped", world)).toMatchObject({
    says: "1 stopped by a person:\n- hang: it is FAILED",
  });
});
