import fc from "fast-check";
import type { Limits, Plan } from "../../../lib/core/engine/plan";
import type { Gate, Sequence, Step } from "../../../lib/core/sequence/schema";
import { gate, node, planOf, sequenceOf } from "./plans";

const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 });

const retry = fc.record({
  limit: fc.nat(2),
  backoff_ms: fc.constantFrom(0, 100, 1000),
  factor: fc.constantFrom(1, 2, 3),
  max_ms: fc.constantFrom(50, 2000),
});

const traits = fc
  .record({
    retry: optional(retry),
    timeout_ms: optional(fc.constantFrom(500, 5000)),
    group_id: optional(fc.constantFrom("team", "crew")),
    idempotent: optional(fc.boolean()),
    priority: optional(fc.nat(2)),
  })
  .map((all): Partial<Step> => Object.fromEntries(Object.entries(all).filter(([, v]) => v !== undefined)));

const needs = fc.array(fc.nat(), { maxLength: 3 });

// `x` is a step in one plan and a gate in another: an edit may turn the one into the other.
const stepIds = ["a", "b", "c", "d", "e", "x"];
const gateIds = ["g", "h", "x"];

/** A sequence without circles: each node needs some of those that come before it in a random order. */
export const sequence: fc.Arbitrary<Sequence> = fc
  .record({
    steps: fc.uniqueArray(
      fc.record({ id: fc.constantFrom(...stepIds), kind: fc.constant("step" as const), needs, traits }),
      { selector: ({ id }) => id, minLength: 1 },
    ),
    gates: fc.uniqueArray(
      fc.record({ id: fc.constantFrom(...gateIds), kind: fc.constant("gate" as const), needs }),
      { selector: ({ id }) => id, maxLength: 2 },
    ),
    policies: fc.record({
      team: fc.constantFrom("fail_fast", "best_effort"),
      crew: fc.constantFrom("fail_fast", undefined),
    }),
    turn: fc.nat(),
  })
  .map(({ steps, gates, policies, turn }) => {
    const all = [...steps, ...gates.filter((g) => !steps.some((s) => s.id === g.id))];
    const order = [...all.slice(turn % all.length), ...all.slice(0, turn % all.length)];
    const madeSteps: Step[] = [];
    const madeGates: Gate[] = [];
    for (const [index, made] of order.entries()) {
      const before = index === 0 ? [] : made.needs.map((n) => (order[n % index] as { id: string }).id);
      const unique = [...new Set(before)];
      if (made.kind === "gate") {
        madeGates.push(gate(made.id, unique));
        continue;
      }
      const policy = made.traits.group_id && policies[made.traits.group_id as "team" | "crew"];
      const agreed = policy ? { fail_policy: policy as "fail_fast" | "best_effort" } : {};
      madeSteps.push(node(made.id, unique, { ...made.traits, ...agreed }));
    }
    return sequenceOf(madeSteps, madeGates);
  });

const limits: fc.Arbitrary<Limits> = fc.record({
  maxConcurrent: fc.integer({ min: 1, max: 3 }),
  timeoutDefaultMs: fc.constantFrom(undefined, 3000),
  graceMs: fc.constantFrom(0, 1000),
});

/** A plan of up to eight nodes with all that steps can ask of the engine; printed as what it came from. */
export const plan: fc.Arbitrary<Plan> = fc.tuple(sequence, limits).map(([made, bounds]) =>
  Object.assign(planOf(made, bounds), {
    [fc.toStringMethod]: () => JSON.stringify({ steps: made.steps, gates: made.gates, bounds }),
  }),
);
