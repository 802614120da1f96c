import { expect, test } from "bun:test";
import { attemptThen } from "../../components/state/then";

const [earlier, run, later] = ["01M8A", "01M8B", "01M8C"] as const;

test.each([
  ["an attempt that was under way", { run, attempt: 2 }, "RUNNING", "at work"],
  ["one that was being stopped", { run, attempt: 2 }, "STOPPING", "at work"],
  ["one that had ended", { run, attempt: 2 }, "DONE", "over"],
  ["one that failed and was to be tried again", { run, attempt: 2 }, "RETRYING", "over"],
  ["one before that which was under way", { run, attempt: 1 }, "RUNNING", "over"],
  ["one that was made after it", { run, attempt: 3 }, "DONE", "later"],
  ["one of the run before", { run: earlier, attempt: 9 }, "RUNNING", "over"],
  ["one of the run after it", { run: later, attempt: 1 }, "DONE", "later"],
] as const)(
  "at the moment that is looked at, of %s what it left is known to be there, or not",
  (...given) => {
    const [, of, status, expected] = given;
    expect(attemptThen({ ...of, step: "pack" }, run, { status, attempt: 2 })).toBe(expected);
  },
);
