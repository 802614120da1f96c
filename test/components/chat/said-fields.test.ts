import { expect, test } from "bun:test";
import { sayCall } from "../../../components/chat/told";
import { fieldName, sayFieldValue } from "../../../components/parts/said-fields";
import { sayTime } from "../../../lib/core/duration";

test("times are told in the words in which they are set, and exactly", () => {
  expect([0, 250, 1000, 90_000, 1_800_000, 3_600_000, 5_400_000, 86_400_000, 61_500].map(sayTime)).toEqual([
    "0 seconds",
    "250 ms",
    "1 second",
    "90 seconds",
    "30 minutes",
    "1 hour",
    "90 minutes",
    "1 day",
    "1 minute 1 second 500 ms",
  ]);
});

test("fields are called what people call them, and their values are what people would write", () => {
  expect(`${fieldName("timeout_ms")}: ${sayFieldValue("timeout_ms", 3_600_000)}`).toBe("Timeout: 1 hour");
  expect(`${fieldName("type")}: ${sayFieldValue("type", "p")}`).toBe("Type: Parallel thread");
  expect(`${fieldName("group_id")}: ${sayFieldValue("group_id", "g1")}`).toBe("Group: g1");
  expect(`${fieldName("retry")}: ${sayFieldValue("retry", { limit: 3, backoff_ms: 10_000 })}`).toBe(
    "Retries: at most 3 times, waiting 10 seconds before",
  );
  expect(sayFieldValue("limits", { memory_mb: 2048, cpu_s: 600 })).toBe(
    "memory: 2048 MB, computing time: 10 minutes",
  );
  expect(sayFieldValue("env", { RETRY_MS: "5", group_id: "x" })).toBe("RETRY_MS: 5, group_id: x");
  expect(sayFieldValue("command", ["npm", "test"])).toBe("npm test");
  expect(sayFieldValue("continue_on_error", true)).toBe("yes");
});

test("an edit names no key of the file; everything else is told as it is", () => {
  const call = { action: "step.edit", summary: "change timeout_ms, group_id of step unit-tests" };
  const input = { id: "unit-tests", timeout_ms: 3_600_000, unset: ["group_id"], base: "x" };
  expect(sayCall({ ...call, input })).toBe("change timeout, group of step unit-tests");
  expect(sayCall({ action: "step.rm", summary: "remove step a", input: { id: "a" } })).toBe("remove step a");
});
