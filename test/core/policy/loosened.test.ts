import { describe, expect, test } from "bun:test";
import type { PolicyFile } from "../../../lib/core/policy/file";
import { loosened, type Ruled } from "../../../lib/core/policy/loosened";
import { effectivePolicy } from "../../../lib/core/policy/policy";
import type { Sequence, Step } from "../../../lib/core/sequence/schema";

const bound: Sequence = {
  version: 1,
  name: "s",
  steps: [
    { id: "build", command: ["true"], sandbox: "required", limits: { cpu_s: 60 }, network: false },
    { id: "check", command: ["true"], depends_on: ["g"] },
    { id: "deploy", command: ["true"], depends_on: ["check"] },
    { id: "agent", model: "claude-code", network: false },
  ],
  gates: [{ id: "g", name: "G", depends_on: ["build"] }],
  policy: {
    sandbox: "required",
    max_concurrent: 2,
    max_steps: 10,
    limits: { memory_mb: 100 },
    allowed_commands: ["true"],
    forbidden_patterns: ["rm"],
    confirmation_required: ["edit"],
  },
};
const file: PolicyFile = { mode: "POWER" };
const ruled = (sequence: Sequence, rules = file): Ruled => ({
  sequence,
  policy: effectivePolicy(rules, sequence),
});
const after = (sequence: Sequence, rules = file) => loosened(ruled(bound), ruled(sequence, rules));
const step = (id: string, keys: Partial<Step>): Sequence => ({
  ...bound,
  steps: (bound.steps ?? []).map((one) => (one.id === id ? { ...one, ...keys } : one)),
});
const rules = (keys: Sequence["policy"]): Sequence => ({ ...bound, policy: { ...bound.policy, ...keys } });

describe("a change that loosens says by what:", () => {
  test.each<[string, Sequence]>([
    ["step build leaves its sandbox", step("build", { sandbox: undefined })],
    ["step build may use more: limits.cpu_s", step("build", { limits: { cpu_s: 61 } })],
    ["step build may use more: limits.cpu_s", step("build", { limits: undefined })],
    ["step build may use more: limits.cpu_s", step("build", { limits: { memory_mb: 5 } })],
    ["step build gets the network", step("build", { network: true })],
    ["step agent gets the network", step("agent", { network: undefined })],
    ["check no longer waits for gate g", step("check", { depends_on: [] })],
    ["deploy no longer waits for gate g", step("deploy", { depends_on: ["build"] })],
    ["the rule max_concurrent allows more", rules({ max_concurrent: 3 })],
    ["the rule max_steps allows more", rules({ max_steps: undefined })],
    ["the rule limits.memory_mb allows more", rules({ limits: { cpu_s: 1 } })],
    ["the rule allowed_commands allows more", rules({ allowed_commands: ["true", "rm"] })],
    ["the rule allowed_commands allows more", rules({ allowed_commands: undefined })],
    ["the rule forbidden_patterns allows more", rules({ forbidden_patterns: [] })],
    ["the rule confirmation_required allows more", rules({ confirmation_required: undefined })],
    ["no sandbox is required any more", { ...bound, policy: undefined }],
  ])("%s", (words, sequence) => {
    expect(after(sequence)).toBe(words);
  });

  test("the mode, where it becomes POWER", () => {
    const safe = ruled(bound, { mode: "SAFE" });
    expect(loosened(safe, ruled(bound))).toBe("the mode becomes POWER");
  });
});

test("what binds as tightly or more tightly loosens nothing", () => {
  const same = [
    bound,
    step("build", { limits: { cpu_s: 5, memory_mb: 5 }, name: "Build" }),
    step("check", { sandbox: "required", depends_on: ["g", "build"] }),
    step("agent", { model: "codex" }),
    rules({ allowed_commands: [], max_steps: 5, forbidden_patterns: ["mv", "rm"], mode: "SAFE" }),
    { ...bound, steps: [...(bound.steps ?? []), { id: "new", command: ["true"] }] },
    { ...bound, steps: [], gates: [] },
  ] satisfies Sequence[];
  for (const sequence of same) expect(after(sequence)).toBeUndefined();
});

test("a step put between a gate and what waits for it keeps that behind the gate", () => {
  const between: Sequence = {
    ...step("check", { depends_on: ["lint"] }),
    steps: [
      ...(step("check", { depends_on: ["lint"] }).steps ?? []),
      { id: "lint", command: ["true"], depends_on: ["g"] },
    ],
  };
  expect(after(between)).toBeUndefined();
});
