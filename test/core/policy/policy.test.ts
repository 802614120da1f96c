import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Json } from "../../../lib/core/json";
import { builtIn, effectivePolicy, type PolicyFile, readPolicy } from "../../../lib/core/policy/policy";
import { holds } from "../rig/holds";
import { sequenceOf } from "../rig/plans";

const ms = fc.integer({ min: 1, max: 604_800_000 });
const mode = fc.constantFrom<"SAFE" | "POWER">("SAFE", "POWER");
const present = <T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as never;
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const limits = {
  mode: maybe(mode),
  max_concurrent: maybe(fc.integer({ min: 1, max: 1000 })),
  timeout_default_ms: maybe(ms),
};
const file: fc.Arbitrary<PolicyFile> = fc
  .record({
    ...limits,
    stop_grace_ms: maybe(fc.nat(600_000)),
    allowed_commands: maybe(fc.array(fc.string({ minLength: 1 }))),
  })
  .map(present);
const own = fc.record(limits).map(present);

describe("what a sequence says of policy", () => {
  test("narrows policy.yaml and never widens it", () => {
    holds(
      fc.property(file, own, (given, policy) => {
        const without = effectivePolicy(given, sequenceOf([]));
        const { mode, limits: after } = effectivePolicy(given, sequenceOf([], [], { policy }));
        const before = without.limits;
        if (without.mode === "SAFE") expect(mode).toBe("SAFE");
        expect(after.maxConcurrent).toBeLessThanOrEqual(before.maxConcurrent);
        const none = Number.POSITIVE_INFINITY;
        expect(after.timeoutDefaultMs ?? none).toBeLessThanOrEqual(before.timeoutDefaultMs ?? none);
        expect(after.graceMs).toEqual(before.graceMs);
      }),
    );
  });

  test("holds where it is narrower, and is warned about where it is wider", () => {
    holds(
      fc.property(file, own, (given, policy) => {
        const effective = effectivePolicy(given, sequenceOf([], [], { policy }));
        const bounds = effectivePolicy(given, sequenceOf([])).limits;
        const wider = [
          policy.mode === "POWER" && (given.mode ?? "SAFE") === "SAFE",
          (policy.max_concurrent ?? 0) > bounds.maxConcurrent,
          (policy.timeout_default_ms ?? 0) > (bounds.timeoutDefaultMs ?? Number.POSITIVE_INFINITY),
        ];
        expect(effective.warnings).toHaveLength(wider.filter(Boolean).length);
        if (policy.mode === "SAFE") expect(effective.mode).toBe("SAFE");
        if (policy.max_concurrent && !wider[1])
          expect(effective.limits.maxConcurrent).toBe(policy.max_concurrent);
        if (policy.timeout_default_ms && !wider[2])
          expect(effective.limits.timeoutDefaultMs).toBe(policy.timeout_default_ms);
      }),
    );
  });

  test("may be nothing: then the safe defaults hold", () => {
    expect(effectivePolicy({}, sequenceOf([]))).toEqual({
      mode: "SAFE",
      limits: {
        maxConcurrent: builtIn.maxConcurrent,
        maxFanout: builtIn.maxFanout,
        maxOrchestrated: builtIn.maxOrchestrated,
        timeoutDefaultMs: undefined,
        graceMs: builtIn.graceMs,
      },
      tiers: [],
      sources: {},
      resources: undefined,
      sandbox: "off",
      maxCommandBytes: builtIn.maxCommandBytes,
      maxSteps: undefined,
      maxDepth: undefined,
      warnings: [],
    });
  });

  test("is warned about in a sentence that says what holds", () => {
    const policy = { mode: "POWER", max_concurrent: 9 } as const;
    expect(effectivePolicy({ max_concurrent: 2 }, sequenceOf([], [], { policy })).warnings).toEqual([
      "the sequence asks for POWER, but policy.yaml says SAFE: SAFE holds",
      "the sequence asks for max_concurrent: 9, but 2 is the limit: 2 holds",
    ]);
  });
});

describe("policy.yaml", () => {
  test("is read as it is written", () => {
    holds(
      fc.property(file, (given) => expect(readPolicy(given as Json)).toEqual({ ok: true, value: given })),
    );
    expect(readPolicy(undefined)).toEqual({ ok: true, value: {} });
    expect(readPolicy(null)).toEqual({ ok: true, value: {} });
  });

  test.each<[Json, RegExp]>([
    [{ max_concurent: 1 }, /max_concurent/],
    [{ max_concurrent: 0 }, /max_concurrent/],
    [{ max_concurrent: "many" }, /max_concurrent/],
    [{ mode: "safe" }, /mode/],
    [{ version: 2 }, /version/],
    [{ allowed_commands: [""] }, /allowed_commands/],
    [{ stop_grace_ms: -1 }, /stop_grace_ms/],
    [["mode"], /policy\.yaml/],
    ["SAFE", /policy\.yaml/],
  ])("is refused if it says %j: a misspelt limit would not hold", (value, named) => {
    const read = readPolicy(value);
    expect(read).toMatchObject({
      ok: false,
      failure: { code: "policy.invalid", problem: expect.stringMatching(named) },
    });
  });
});
