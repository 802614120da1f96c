import { expect, test } from "bun:test";
import fc from "fast-check";
import type { Recorded } from "../../../lib/core/engine/fact";
import { expectedOf, median, type Past, pastOf } from "../../../lib/core/engine/forecast";
import { buildGraph } from "../../../lib/core/sequence/graph";
import { sequenceOf } from "../../rig/sequence";

const steps = [
  { id: "plan", model: "claude-code" },
  { id: "build", command: ["make"], depends_on: ["plan"] },
  { id: "lint", command: ["lint"] },
  { id: "review", model: "claude-code", depends_on: ["look"] },
];
const gates = [{ id: "look", name: "Look", depends_on: ["build"] }];
const graph = buildGraph(sequenceOf(steps, gates));
const agents = new Map(steps.map(({ id, model }) => [id, model ?? null]));
const starting = (...ids: string[]) => ids.map((id) => ({ id, agent: agents.get(id) ?? null }));
const took = (step: string, ms: number, cost: number | null = null): Past => ({ step, ms, cost });
const past = [
  took("plan", 100, 0.1),
  took("plan", 900, 0.3),
  took("plan", 200, 0.2),
  took("build", 50),
  took("lint", 1000),
];

test("nothing that starts takes nothing", () => {
  expect(expectedOf([], past, agents, graph, 4)).toBeNull();
});

test("each step takes the median of its own past; what waits adds up, what does not runs beside it", () => {
  expect(expectedOf(starting("plan", "build"), past, agents, graph, 4)).toEqual({
    ms: 250,
    cost_usd: 0.2,
    attempts: 4,
    by_agent: [],
    without_history: [],
  });
  expect(expectedOf(starting("plan", "build", "lint"), past, agents, graph, 4)?.ms).toBe(1000);
  expect(expectedOf(starting("plan", "build", "lint"), past, agents, graph, 1)?.ms).toBe(1250);
});

test("an agent's step without a past is judged by what that agent did elsewhere, behind a gate too", () => {
  expect(expectedOf(starting("plan", "build", "review"), past, agents, graph, 4)).toMatchObject({
    ms: 450,
    cost_usd: 0.4,
    by_agent: ["review"],
    without_history: [],
  });
});

test("without history that is said, and nothing made up", () => {
  expect(expectedOf(starting("build", "review"), [], agents, graph, 4)).toEqual({
    ms: null,
    cost_usd: null,
    attempts: 0,
    by_agent: [],
    without_history: ["build", "review"],
  });
  const known = expectedOf(starting("build", "lint"), [took("lint", 7)], agents, graph, 4);
  expect(known).toMatchObject({ ms: 7, cost_usd: null, without_history: ["build"] });
});

test("only attempts that began and ended well are history", () => {
  const at = (ms: number) => new Date(ms).toISOString();
  const facts = [
    { seq: 1, ts: at(1000), type: "attempt.started", step: "a", attempt: 1, pid: 1 },
    { seq: 2, ts: at(1500), type: "attempt.exited", step: "a", attempt: 1, code: 1 },
    { seq: 3, ts: at(2000), type: "attempt.started", step: "a", attempt: 2, pid: 2 },
    { seq: 4, ts: at(2700), type: "attempt.exited", step: "a", attempt: 2, code: 0, invalid: "no JSON" },
    { seq: 5, ts: at(3000), type: "attempt.started", step: "a", attempt: 3, pid: 3 },
    { seq: 6, ts: at(3400), type: "attempt.exited", step: "a", attempt: 3, code: 0, agent: { costUsd: 0.5 } },
    { seq: 7, ts: at(9000), type: "attempt.exited", step: "b", attempt: 1, code: 0 },
  ];
  expect(pastOf(facts as Recorded[])).toEqual([took("a", 400, 0.5)]);
});

test("a median lies between the least and the most, whatever the order", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(), { minLength: 1 }), (numbers) => {
      const middle = median(numbers);
      expect(middle).toBeGreaterThanOrEqual(Math.min(...numbers));
      expect(middle).toBeLessThanOrEqual(Math.max(...numbers));
      expect(median([...numbers].reverse())).toBe(middle);
    }),
  );
});
