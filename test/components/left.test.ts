import { expect, test } from "bun:test";
import { takeUp } from "../../components/commands/runs";
import { standing } from "../../components/state/vocabulary";
import type { NodeState } from "../../components/state/wire";
import { leftIn, sayLeft, statusWord, wordCounts } from "../../lib/core/views/status-word";

const left = { id: "pack", status: "RUNNING", reason: "engine.absent" };
const steps = [left, { id: "next", status: "QUEUED", reason: "engine.absent" }];

test("what an engine left is called the same on the page and on the command line", () => {
  expect(statusWord(left)).toBe("UNKNOWN");
  expect(standing({ ...left, attempt: 1 } as unknown as NodeState).word).toBe("Unknown");
  expect(wordCounts(steps)).toEqual({ UNKNOWN: 1, QUEUED: 1 });
});

test("it is told while the run is open, and a watched step is not it", () => {
  expect(leftIn({ open: true, steps })).toEqual(["pack"]);
  expect(leftIn({ open: false, steps })).toEqual([]);
  expect(leftIn({ open: true, steps: [{ ...left, reason: "running" }] })).toEqual([]);
});

test.each([
  ["RUNNING", ["pack"]],
  ["STOPPING", ["pack"]],
  // It has failed, and runs nowhere.
  ["RETRYING", []],
  ["QUEUED", []],
])("a step that is %s without an engine", (status, ids) => {
  expect(leftIn({ open: true, steps: [{ ...left, status }] })).toEqual(ids);
});

test.each([
  [["a"], "'a' was under way when the engine was last heard of; the engine is gone"],
  [["a", "b"], "'a' and 'b' were under way when the engine was last heard of; the engine is gone"],
  [
    ["a", "b", "c", "d", "e"],
    "'a', 'b', 'c' and 2 more were under way when the engine was last heard of; the engine is gone",
  ],
])("%p is said as %p", (ids, said) => {
  expect(sayLeft(ids)).toBe(said);
});

test("taking it up asks for nothing else", () => {
  expect(takeUp(["pack", "lint"])).toEqual({
    action: "run.start",
    input: { scope: "all", only: ["pack", "lint"] },
  });
});
