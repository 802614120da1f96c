import { describe, expect, test } from "bun:test";
import type { Sequence, Step } from "../../../lib/core/sequence/schema";
import { marksOf, usageOf } from "../../../lib/core/views/marks";

const sequence: Sequence = { version: 1, name: "s", defaults: { retry: { limit: 2 } } };

describe("the marks of a step", () => {
  test.each<[string, Step, object]>([
    ["none where there is nothing to say", { id: "a", command: ["x"] }, {}],
    [
      "a worktree and a sandbox",
      { id: "a", isolation: "worktree", sandbox: "required" },
      { isolation: "worktree", sandbox: "required" },
    ],
    ["no mark for no isolation", { id: "a", isolation: "none" }, {}],
    ["its own retries", { id: "a", command: ["x"], retry: { limit: 3 } }, { retries: 3 }],
    ["those an agent inherits", { id: "a", model: "codex" }, { retries: 2 }],
    [
      "what it joins",
      { id: "a", fusion_synth: true, fusion_candidates: ["b", "c"] },
      { candidates: ["b", "c"] },
    ],
    ["instances by number", { id: "a", fanout: 3 }, { fan: 3 }],
    ["instances by a list", { id: "a", for_each: "steps.x.outputs" }, { fan: "steps.x.outputs" }],
    ["one instance is none", { id: "a", fanout: 1 }, {}],
    ["a sub-sequence", { id: "a", sequence: "sequences/b.yaml" }, { sequence: "sequences/b.yaml" }],
  ])("%s", (_name, step, marks) => expect(marksOf(sequence, step)).toEqual(marks));
});

test("what an agent used is told with its cost, or without one where it told none", () => {
  expect(usageOf({ turns: 1, tokensIn: 10, tokensOut: 5, costUsd: 0.2 })).toEqual({
    tokens: 15,
    cost_usd: 0.2,
  });
  expect(usageOf({ turns: 1, tokensIn: 10, tokensOut: 5 })).toEqual({ tokens: 15, cost_usd: null });
});
