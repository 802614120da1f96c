import { describe, expect, test } from "bun:test";
import { aboutEntry, isBy, isNamed } from "../../../lib/core/audit/about";
import type { Json } from "../../../lib/core/json";

const run = "01M818DBBQ4WQAQBBYRAEPH90N";
const proposal = "01M8187PPB99WZACTVFWMBPZ2Z";
const call = (action: string, input: Json) => ({ action, input });
const calls = [call("step.rm", { id: "pack" }), call("dep.rm", { step: "review", dep: "lint" })];

describe("an entry is about", () => {
  const rows: [what: string, action: string, target: string | null, payload: Json, ids: string[]][] = [
    ["its target", "step.edit", "lint", { input: { id: "lint", timeout_ms: 1 } }, ["lint"]],
    ["each end of a dependency", "dep.add", "a", { input: { step: "a", dep: "b" } }, ["a", "b"]],
    ["both of a copy", "step.clone", "b", { input: { id: "a", new: "b" } }, ["a", "b"]],
    ["all of a group", "group.parallelize", "a", { input: { ids: ["a", "b"] } }, ["a", "b"]],
    [
      "what a fusion is made of",
      "fusion.create",
      "s",
      { input: { candidates: ["a", "b"], synth: "s" } },
      ["a", "b", "s"],
    ],
    [
      "each call of an applied proposal",
      "proposal.approve",
      proposal,
      { summary: "x", calls },
      [proposal, "pack", "review", "lint"],
    ],
    ["each call of a batch", "sequence.change", null, { input: { calls } }, ["pack", "review", "lint"]],
    [
      "each call of a batch within a proposal",
      "chat.propose",
      proposal,
      { calls: [call("sequence.change", { calls })] },
      [proposal, "pack", "review", "lint"],
    ],
    [
      "the run that it speaks to, and the steps that it asks for",
      "run.start",
      null,
      {
        input: { scope: "all" },
        promised: { run, from: 2, facts: [{ type: "run.requested", again: ["lint"] }] },
      },
      [run, "lint"],
    ],
    ["nothing, where nothing is known of it", "run.cancel", null, null, []],
    [
      "its target, where the rest is no call at all",
      "x.y",
      "z",
      { input: [1], calls: "no", promised: 3 },
      ["z"],
    ],
  ];
  test.each(rows)("%s", (_, action, target, payload, ids) => {
    expect([...aboutEntry({ action, target, payload }).ids].sort()).toEqual(ids.sort());
  });

  test.each([
    ["sequence.undo", { input: {} }, true],
    ["sequence.edited_outside", null, true],
    ["template.apply", { input: { type: "review" } }, true],
    ["proposal.approve", { calls: [call("sequence.write", { sha256: "0" })] }, true],
    ["proposal.approve", { calls }, false],
    ["step.edit", { input: { id: "a" } }, false],
  ] as [string, Json, boolean][])("what only the two texts tell: %s %j", (action, payload, isWhole) => {
    expect(aboutEntry({ action, target: null, payload }).isWhole).toBe(isWhole);
  });
});

test.each([
  ["pack", true],
  [" step pack ", true],
  ["gate pack", true],
  ["pac", false],
  [run, true],
  ["EPH90N", true],
  ["run EPH90N", true],
  ["run eph90n", true],
  ["run PH90N", false],
  ["N", false],
  ["run 01M818", false],
])("looked for with %p, a step 'pack' and a run are found: %p", (wanted, isFound) => {
  expect(isNamed(["pack", run], wanted)).toBe(isFound);
});

test("a step whose name looks like the end of a run's is not that run", () => {
  expect(isNamed([run], "pack")).toBe(false);
  expect(isNamed(["xEPH90N"], "EPH90N")).toBe(false);
});

test.each([
  ["engine", true],
  ["System", true],
  ["system by engine", true],
  ["user", false],
])("who did it is found as a row says it, by %p: %p", (part, isFound) => {
  expect(isBy({ actor: "system", surface: "engine" }, part)).toBe(isFound);
});
