import { expect, test } from "bun:test";
import { isStopped, statusWord, wordCounts } from "../../../lib/core/views/status-word";

test.each([
  ["FAILED", "stopped", "STOPPED"],
  ["FAILED", "exit", "FAILED"],
  ["FAILED", "group_failed", "FAILED"],
  ["CANCELED", "stopped", "CANCELED"],
  ["DONE", null, "DONE"],
])("a step that is %s because of %p is called %s", (status, reason, word) => {
  expect(statusWord({ status, reason })).toBe(word);
  expect(isStopped({ status, reason })).toBe(word === "STOPPED");
});

test("what was stopped is counted apart from what failed", () => {
  const steps = [
    { status: "DONE", reason: null },
    { status: "FAILED", reason: "stopped" },
    { status: "FAILED", reason: "exit" },
    { status: "FAILED", reason: "stopped" },
  ];
  expect(wordCounts(steps)).toEqual({ DONE: 1, STOPPED: 2, FAILED: 1 });
});
