import { expect, test } from "bun:test";
import { understand } from "../../../lib/core/chat/understand";
import { callsOf, worldOf } from "./rig";

const step = (id: string, ...depends_on: string[]) => ({ id, command: ["true"], depends_on });
const world = worldOf(
  [
    step("install"),
    { ...step("lint", "install"), group_id: "checks" },
    { ...step("types", "install"), group_id: "checks" },
    step("unit-tests", "install"),
    step("patch-a", "install"),
    step("publish", "review"),
  ],
  [{ id: "review", name: "Ship it?", depends_on: ["patch-a"] }],
);

type Calls = [string, Record<string, unknown>][];

test.each<[string, Calls]>([
  [
    'add a claude step triage when unit-tests fails with prompt "Say why."',
    [
      ["step.add", { id: "triage", model: "claude-code", prompt: "prompts/triage.md" }],
      ["prompt.edit", { id: "triage", text: "Say why.\n" }],
      ["step.edit", { id: "unit-tests", on_failure: ["triage"] }],
    ],
  ],
  [
    "make unit-tests retry 3 times with 10s backoff and allow it to fail",
    [
      ["step.edit", { id: "unit-tests", retry: { limit: 3, backoff_ms: 10_000 } }],
      ["step.edit", { id: "unit-tests", continue_on_error: true }],
    ],
  ],
  ["move lint out of checks", [["step.edit", { id: "lint", unset: ["group_id"] }]]],
  [
    "don't publish without QA's okay",
    [
      ["gate.insert", { id: "publish-gate", name: "Go on to publish?", depends_on: ["review"] }],
      ["dep.add", { step: "publish", dep: "publish-gate" }],
      ["dep.rm", { step: "publish", dep: "review" }],
    ],
  ],
  [
    "put eslint and prettier in parallel before patch-a",
    [
      ["step.add", { id: "eslint", depends_on: ["install"] }],
      ["step.add", { id: "prettier", depends_on: ["install"] }],
      ["dep.add", { step: "patch-a", dep: "prettier" }],
      ["dep.add", { step: "patch-a", dep: "eslint" }],
      ["group.parallelize", { ids: ["eslint", "prettier"] }],
    ],
  ],
])("%s", (said, calls) => {
  expect(callsOf(said, world)).toEqual(calls);
});

test("the last lines of one output are asked for by either order of the words", () => {
  for (const said of [
    "show me the last 5 lines of unit-tests stderr",
    "show me the last 5 lines of stderr of unit-tests",
  ])
    expect(understand(said, world)).toMatchObject({
      view: "logs",
      input: { id: "unit-tests", stream: "stderr" },
      lines: 5,
    });
});

test("what takes the longest is asked of the newest run", () => {
  for (const said of ["what takes the longest", "which step took the longest?", "the slowest step"])
    expect(understand(said, world)).toMatchObject({ kind: "ask", view: "runs.show" });
});

test("what no step is called is asked back by its name, and not by half of the sentence", () => {
  expect(understand("don't ship without QA's okay", world)).toMatchObject({
    kind: "refusal",
    says: expect.stringContaining("No step is called 'ship'."),
    try: ["put a gate before install"],
  });
});

test.each([
  "set up a CI pipeline for me",
  "create a pipeline",
  "set up ci",
  "build me a release workflow",
  "add a workflow for releases",
])("a goal is no step called so: %s", (said) => {
  expect(understand(said, world)).toMatchObject({
    kind: "refusal",
    says: expect.stringContaining("Planning a whole sequence from a goal takes a model."),
  });
});

test("said to be a step, it is one", () => {
  expect(callsOf("add a step pipeline", world)).toEqual([["step.add", { id: "pipeline" }]]);
  expect(callsOf("add pipeline after lint", world)).toEqual([
    ["step.add", { id: "pipeline", depends_on: ["lint"] }],
  ]);
});
