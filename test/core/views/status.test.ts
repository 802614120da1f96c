import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Fact } from "../../../lib/core/engine/fact";
import { applyFact, emptyRun, type Run } from "../../../lib/core/engine/run";
import { type StatusContext, statusDoc, stepDoc } from "../../../lib/core/views/status";
import { plan } from "../rig/arbitrary-plan";
import { holds } from "../rig/holds";
import { moves } from "../rig/moves";
import { gate, node, planOf, sequenceOf } from "../rig/plans";
import { Simulation } from "../rig/simulation";

const alive: StatusContext = {
  root: "/project",
  mode: "SAFE",
  sandbox: "off",
  warnings: ["w"],
  engine: { running: true, pid: 7 },
};

function runOf(...facts: Fact[]): Run {
  const run = emptyRun("r");
  for (const [index, fact] of facts.entries()) {
    applyFact(run, fact, 1000 + index);
    run.seq = index + 1;
  }
  return run;
}

const intended = (step: string, definition: string, attempt = 1): Fact => ({
  type: "attempt.intended",
  step,
  attempt,
  fence: 0,
  definition,
});
const small = planOf(
  sequenceOf(
    [node("a", [], { name: "First", type: "p", group_id: "g1" }), node("b", ["a", "g"], { model: "codex" })],
    [{ ...gate("g", ["a"]), name: "Look", shows: ["a"] }],
  ),
);
const digestOf = (id: string) => small.digests.get(id) as string;

describe("the status document", () => {
  test("before the first run names none, and everything waits to be asked for", () => {
    expect(statusDoc(small, emptyRun(""), { ...alive, engine: { running: false, pid: null } })).toEqual({
      root: "/project",
      run: null,
      open: false,
      canceled: false,
      name: "s",
      mode: "SAFE",
      sandbox: "off",
      revision: small.revision,
      seq: 0,
      engine: { running: false, pid: null },
      steps: [
        {
          id: "a",
          name: "First",
          type: "p",
          model: "shell",
          status: "READY",
          reason: "not_requested",
          why: "'a' is ready; nobody has asked for it yet.",
          attempt: 0,
          started_at: null,
          ended_at: null,
          exit_code: null,
          stale: false,
          depends_on: [],
          group_id: "g1",
        },
        {
          id: "b",
          name: "b",
          type: "base",
          model: "codex",
          status: "BLOCKED",
          reason: "waiting_deps",
          why: "'b' waits for 'a', which is not done yet.",
          attempt: 0,
          started_at: null,
          ended_at: null,
          exit_code: null,
          stale: false,
          depends_on: ["a", "g"],
          group_id: null,
        },
      ],
      gates: [
        {
          id: "g",
          name: "Look",
          status: "PENDING",
          reason: "waiting_deps",
          why: "'g' waits for 'a', which is not done yet.",
          depends_on: ["a"],
          shows: ["a"],
          sent_back: 0,
          takes: ["reject", "block"],
        },
      ],
      counts: { READY: 1, BLOCKED: 1, total: 2 },
      warnings: ["w"],
    });
  });

  test("tells when an attempt began and ended, and with what", () => {
    const run = runOf(intended("a", digestOf("a")), {
      type: "attempt.exited",
      step: "a",
      attempt: 1,
      code: 3,
    });
    expect(stepDoc(small, run, "a", true)).toMatchObject({
      status: "FAILED",
      reason: "exit",
      attempt: 1,
      started_at: 1000,
      ended_at: 1001,
      exit_code: 3,
    });
    expect(stepDoc(small, runOf(intended("a", "d")), "a", true)).toMatchObject({
      ended_at: null,
      exit_code: null,
    });
  });

  test("marks as stale what is DONE by another definition, and nothing else", () => {
    const done = { type: "attempt.exited", step: "a", attempt: 1, code: 0 } as const;
    const staleOf = (...facts: Fact[]) => stepDoc(small, runOf(...facts), "a", true).stale;
    expect(staleOf(intended("a", digestOf("a")), done)).toBe(false);
    expect(staleOf(intended("a", "older"), done)).toBe(true);
    expect(staleOf(intended("a", "older"))).toBe(false);
    expect(staleOf(intended("a", "older"), { ...done, code: 1 })).toBe(false);
  });

  test("says whether a step that is added now joins the run by itself", () => {
    const facts: Fact[] = [{ type: "run.requested", again: [], by: "user" }];
    expect(statusDoc(small, runOf(...facts), alive)).toMatchObject({ open: true, takes_in: true });
    const settled: Fact = { type: "run.settled", pursued: [] };
    expect(statusDoc(small, runOf(...facts, settled), alive)).not.toHaveProperty("takes_in");
    expect(statusDoc(small, runOf(), alive)).not.toHaveProperty("takes_in");
  });

  test("says that a run is open until every step is DONE and every gate APPROVED", () => {
    const facts: Fact[] = ["a", "b"].flatMap((id) => [
      intended(id, digestOf(id)),
      { type: "attempt.exited", step: id, attempt: 1, code: 0 },
    ]);
    expect(statusDoc(small, runOf(...facts), alive)).toMatchObject({ run: "r", open: true, seq: 4 });
    const approved: Fact = { type: "gate.approved", gate: "g", by: "user" };
    expect(statusDoc(small, runOf(...facts, approved), alive)).toMatchObject({
      open: false,
      counts: { DONE: 2 },
    });
  });

  test("sums what agents used over all attempts, each counted once, and says how many named no price", () => {
    const ended = (attempt: number, agent?: object) =>
      ({ type: "attempt.exited", step: "a", attempt, code: 1, ...(agent ? { agent } : {}) }) as Fact;
    const again = (attempt: number) => ({ ...intended("a", "d"), attempt }) as Fact;
    expect(statusDoc(small, runOf(intended("a", "d"), ended(1)), alive).usage).toBeUndefined();
    const first = ended(1, { turns: 2, tokensIn: 100, tokensOut: 10, costUsd: 0.5 });
    const second = ended(2, { turns: 1, tokensIn: 30, tokensOut: 3 });
    const run = runOf(intended("a", "d"), first, first, again(2), first, second);
    const usage = { tokens_in: 130, tokens_out: 13, cost_usd: 0.5, unpriced: 1 };
    expect(statusDoc(small, run, alive)).toMatchObject({ usage });
  });

  test("names the end of the audit log's chain where there is one", () => {
    const audit = { seq: 7, hash: "c0ffee" };
    expect(statusDoc(small, emptyRun(""), { ...alive, audit }).audit).toEqual(audit);
    expect("audit" in statusDoc(small, emptyRun(""), alive)).toBe(false);
  });

  test("shows what is under way as such only while an engine lives", () => {
    const run = runOf(intended("a", "d"));
    expect(stepDoc(small, run, "a", true)).toMatchObject({ status: "RUNNING", reason: "running" });
    expect(stepDoc(small, run, "a", false)).toMatchObject({ status: "RUNNING", reason: "engine.absent" });
  });

  test("refuses to speak of what is not in the plan", () => {
    expect(() => stepDoc(small, emptyRun("r"), "g", true)).toThrow("no step g");
  });

  test("of any run counts each step once, in the file's order, and is plain JSON", () => {
    holds(
      fc.property(plan, moves, (made, all) => {
        const sim = new Simulation(made);
        for (const next of all) next(sim);
        const doc = statusDoc(sim.plan, sim.run, alive);
        const { total, ...counts } = doc.counts;
        expect(total).toBe(doc.steps.length);
        expect(Object.values(counts).reduce((sum, n) => sum + n, 0)).toBe(doc.steps.length);
        expect(doc.steps.map(({ id }) => id)).toEqual((sim.plan.sequence.steps ?? []).map(({ id }) => id));
        expect(doc.gates.map(({ id }) => id)).toEqual((sim.plan.sequence.gates ?? []).map(({ id }) => id));
        expect(JSON.parse(JSON.stringify(doc))).toEqual(doc as never);
        for (const { why, id } of [...doc.steps, ...doc.gates])
          expect(why).toMatch(new RegExp(`^'${id}' .*\\.$`));
      }),
      50,
    );
  });
});

test("however many approvals were taken back above, what each step waits for is found in one walk", () => {
  const look = (count: number) => {
    const ids = Array.from({ length: count }, (_, index) => index);
    const chain = planOf(
      sequenceOf(
        ids.map((i) => node(`s${i}`, [`g${i}`])),
        ids.map((i) => gate(`g${i}`, i === 0 ? [] : [`s${i - 1}`])),
      ),
    );
    const run = runOf(
      ...ids.map((i): Fact => ({ type: "gate.approved", gate: `g${i}`, by: "user" })),
      ...ids.map((i): Fact => ({ type: "gate.voided", gate: `g${i}`, changed: ["x"], stale: [] })),
    );
    let asked = 0;
    for (const map of [chain.graph.nodes, chain.graph.dependents] as Map<string, unknown>[]) {
      const get = map.get.bind(map);
      map.get = (id) => {
        asked += 1;
        return get(id);
      };
    }
    const { steps } = statusDoc(chain, run, alive);
    return { asked, last: steps.at(-1)?.why };
  };
  const few = look(50);
  expect(few.last).toBe("'s49' waits for a person to approve 'g0', 'g1', 'g2', 'g3', 'g4' and 45 more.");
  expect(look(200).asked).toBeLessThan(few.asked * 5);
});
