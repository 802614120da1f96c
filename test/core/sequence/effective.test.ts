import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  backoffMs,
  commandsBeside,
  modelOf,
  retryOf,
  timeoutMsOf,
} from "../../../lib/core/sequence/effective";
import { holds } from "../rig/holds";
import { sequenceOf } from "../rig/plans";

const defaults = { model: "claude-code", timeout_ms: 7, retry: { limit: 4 } };
const withDefaults = sequenceOf([], [], { defaults });
const without = sequenceOf([]);

describe("a step", () => {
  test("runs under its own model, else `shell` for a command, else the default", () => {
    expect(modelOf(withDefaults, { id: "a", model: "codex", command: ["x"] })).toBe("codex");
    expect(modelOf(withDefaults, { id: "a", command: ["x"] })).toBe("shell");
    expect(modelOf(withDefaults, { id: "a" })).toBe("claude-code");
    expect(modelOf(without, { id: "a" })).toBe("shell");
  });

  test("has its own time limit, else the sequence's, else the policy's, else none", () => {
    expect(timeoutMsOf(withDefaults, { id: "a", timeout_ms: 1 }, 9)).toBe(1);
    expect(timeoutMsOf(withDefaults, { id: "a" }, 9)).toBe(7);
    expect(timeoutMsOf(without, { id: "a" }, 9)).toBe(9);
    expect(timeoutMsOf(without, { id: "a" })).toBeUndefined();
  });

  test("is retried as it says itself; only an agent inherits the default", () => {
    expect(retryOf(withDefaults, { id: "a", command: ["x"] })).toEqual({ limit: 0 });
    expect(retryOf(withDefaults, { id: "a", command: ["x"], retry: { limit: 1 } })).toEqual({ limit: 1 });
    expect(retryOf(withDefaults, { id: "a" })).toEqual({ limit: 4 });
    expect(retryOf(withDefaults, { id: "a", retry: { limit: 0 } })).toEqual({ limit: 0 });
  });
});

test("an isolated step has its own setup and test, else the sequence's; judged like steps of their own", () => {
  const sequence = sequenceOf([], [], { defaults: { worktree: { setup: ["npm", "ci"], test: "npm t" } } });
  const isolated = { id: "a", isolation: "worktree" } as const;
  expect(commandsBeside(sequence, isolated)).toEqual([
    { id: "a (setup)", command: ["npm", "ci"] },
    { id: "a (test)", command: "npm t" },
  ]);
  expect(commandsBeside(sequence, { ...isolated, worktree: { setup: ["make"] } })[0]?.command).toEqual([
    "make",
  ]);
  expect(commandsBeside(without, isolated)).toEqual([]);
  expect(commandsBeside(sequence, { id: "a" })).toEqual([]);
});

describe("the wait before a retry", () => {
  test("doubles from a second to a minute unless the file says otherwise", () => {
    expect([0, 1, 2, 5, 6, 7].map((n) => backoffMs({ limit: 9 }, n))).toEqual([
      1000, 2000, 4000, 32_000, 60_000, 60_000,
    ]);
    expect([0, 1, 2].map((n) => backoffMs({ limit: 9, backoff_ms: 10, factor: 3, max_ms: 80 }, n))).toEqual([
      10, 30, 80,
    ]);
    expect(backoffMs({ limit: 1, backoff_ms: 0 }, 50)).toBe(0);
  });

  test("never shrinks and never passes its bound, however many there are", () => {
    const retry = fc.record({
      limit: fc.constant(100),
      backoff_ms: fc.nat(3_600_000),
      factor: fc.double({ min: 1, max: 10, noNaN: true }),
      max_ms: fc.nat(86_400_000),
    });
    holds(
      fc.property(retry, fc.nat(99), (given, n) => {
        const wait = backoffMs(given, n);
        expect(wait).toBeLessThanOrEqual(given.max_ms);
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(backoffMs(given, n + 1)).toBeGreaterThanOrEqual(wait);
      }),
    );
  });
});
