import { expect, test } from "bun:test";
import { sayEnd } from "../../components/inspector/say-end";

test.each([
  ["exit", 0, "exit 0"],
  ["exit", 7, "exit 7"],
  ["stopped", 143, "stopped (exit 143)"],
  ["timeout", 143, "ran too long (exit 143)"],
  ["refused", null, "could not be started"],
  ["lost", null, "lost"],
  [null, null, "under way"],
])("an attempt that ended by %s with %p is told as '%s'", (end, exit_code, said) => {
  expect(sayEnd({ end, exit_code })).toBe(said);
});
