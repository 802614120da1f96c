import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Recorded } from "../../../lib/core/engine/fact";
import type { Plan } from "../../../lib/core/engine/plan";
import { stepRun } from "../../../lib/core/engine/run";
import { pictureAt, type ReplayDoc, Replayer } from "../../../lib/core/views/replay";
import { statusDoc } from "../../../lib/core/views/status";
import { timelineOf } from "../../../lib/core/views/timeline";
import { plan } from "../rig/arbitrary-plan";
import { holds } from "../rig/holds";
import { moves } from "../rig/moves";
import { gate, node, planOf, sequenceOf } from "../rig/plans";
import { Simulation } from "../rig/simulation";

const context = { root: "/r", mode: "SAFE", sandbox: "off" as const, warnings: [] };
const codes = fc.infiniteStream(fc.constantFrom(0, 0, 0, 1));

/** All that the pictures of a simulated run are made of. */
function docOf(sim: Simulation, plans: Iterable<Plan>): ReplayDoc {
  const known = [...plans, sim.plan].map(
    ({ revision, sequence, limits, digests }) =>
      [revision, { sequence, limits, digests: Object.fromEntries(digests) }] as const,
  );
  return { run: "r", newest: true, facts: sim.journal, plans: Object.fromEntries(known) };
}

const lived = fc.tuple(plan, moves, codes).map(([first, all, ends]) => {
  const sim = new Simulation(first);
  const plans = new Set<Plan>();
  for (const next of all) {
    plans.add(sim.plan);
    next(sim);
  }
  sim.settle(() => ends.next().value as number);
  return docOf(sim, plans);
});

/** A run of a → b and a gate behind b, and c beside them. */
function chain(): ReplayDoc {
  const made = planOf(sequenceOf([node("a"), node("b", ["a"]), node("c")], [gate("g", ["b"])]));
  const sim = new Simulation(made);
  sim.ask("run.start", { scope: "all" });
  for (let turns = 0; turns < 8; turns++) {
    sim.turn();
    sim.nowMs += 1_000;
    for (const attempt of sim.world.living()) sim.end(attempt, 0);
  }
  sim.nowMs += 60_000;
  sim.ask("gate.approve", { id: "g" });
  return docOf(sim, []);
}

describe("a replay", () => {
  test("shows at its end what the run is by then, whatever has happened in it", () => {
    holds(
      fc.property(lived, (doc) => {
        const replayer = new Replayer(doc);
        const { run, plan: last, engine } = replayer.until(Number.POSITIVE_INFINITY);
        expect(pictureAt(doc, Number.POSITIVE_INFINITY, context)).toEqual(
          statusDoc(last, run, { ...context, engine }),
        );
        expect(run.seq).toBe(doc.facts.at(-1)?.seq ?? 0);
      }),
    );
  });

  test("holds at each moment the facts up to it, and none behind it", () => {
    holds(
      fc.property(lived, fc.nat(), (doc, pick) => {
        const fact = doc.facts[pick % doc.facts.length];
        const at = Date.parse(fact?.ts ?? "");
        const before = doc.facts.filter((each) => Date.parse(each.ts) <= at);
        expect(pictureAt(doc, at, context)).toEqual(
          pictureAt({ ...doc, facts: before }, Number.POSITIVE_INFINITY, context),
        );
      }),
    );
  });

  test("keeps the picture it had where a definition can't be read any more", () => {
    const doc = chain();
    const amended = {
      seq: 99,
      ts: new Date(2_000_000).toISOString(),
      type: "plan.amended",
      revision: "gone",
    } as const;
    const with_ = { ...doc, facts: [...doc.facts, amended] };
    expect(pictureAt(with_, Number.POSITIVE_INFINITY, context).steps).toEqual(
      pictureAt(doc, Number.POSITIVE_INFINITY, context).steps,
    );
  });

  test("says of a run that was left for a newer one that no engine is at work at its end", () => {
    const doc = { ...chain(), newest: false };
    expect(pictureAt(doc, Number.POSITIVE_INFINITY, context).engine.running).toBe(false);
  });
});

describe("a timeline", () => {
  test("has a lane for each node whose stretches join on, and each says what the picture says", () => {
    holds(
      fc.property(lived, (doc) => {
        const { lanes, moments, from, to } = timelineOf(doc);
        expect(moments).toEqual([...new Set(doc.facts.map((fact) => Date.parse(fact.ts)))]);
        expect([from, to]).toEqual([moments[0] ?? 0, moments.at(-1) ?? 0]);
        for (const { id, spans } of lanes) {
          for (const [index, span] of spans.entries()) {
            expect(spans[index + 1]?.from ?? span.to).toBe(span.to as number);
            const picture = pictureAt(doc, span.from, context);
            const shown = [...picture.steps, ...picture.gates].find((each) => each.id === id);
            expect([shown?.status, shown?.reason]).toEqual([span.status, span.reason]);
          }
        }
      }),
      60,
    );
  });

  test("stands in the order of the work and marks the chain that took the longest", () => {
    const { lanes } = timelineOf(chain());
    expect(lanes.map(({ id }) => id)).toEqual(["a", "c", "b", "g"]);
    expect(lanes.filter(({ critical }) => critical).map(({ id }) => id)).toEqual(["a", "b", "g"]);
  });

  test("tells a wait with its reason, and how an attempt came out", () => {
    const { lanes } = timelineOf(chain());
    const b = lanes.find(({ id }) => id === "b");
    expect(b?.spans.map(({ status, reason }) => `${status} ${reason}`)).toContain("BLOCKED waiting_deps");
    expect(b?.spans.find(({ status }) => status === "RUNNING")?.outcome?.status).toBe("DONE");
    const g = lanes.find(({ id }) => id === "g");
    const waited = g?.spans.find(({ reason }) => reason === "waiting_human");
    expect((waited?.to ?? 0) - (waited?.from ?? 0)).toBeGreaterThanOrEqual(60_000);
  });

  test("tells each decision at a gate, of a rejection the reason and where the work went back to", () => {
    const doc = chain();
    const last = doc.facts.at(-1) as Recorded;
    const fact = {
      type: "gate.rejected",
      gate: "g",
      by: "ana",
      reason: "no",
      back: "b",
      nth: 1,
      again: ["b"],
    };
    const sent = { ...fact, seq: last.seq + 1, ts: new Date(Date.parse(last.ts) + 1_000).toISOString() };
    const { lanes } = timelineOf({ ...doc, facts: [...doc.facts, sent as Recorded] });
    expect(lanes.find(({ id }) => id === "g")?.decisions.at(-1)).toEqual({
      decision: "rejected",
      by: "ana",
      at: Date.parse(sent.ts),
      reason: "no",
      back: "b",
    });
    expect(lanes.find(({ id }) => id === "a")?.decisions).toEqual([]);
  });

  test("of a run in which nothing has happened is empty", () => {
    const doc = { run: "r", newest: true, facts: [], plans: {} };
    expect(timelineOf(doc)).toEqual({ from: 0, to: 0, lanes: [], moments: [] });
    expect(stepRun(new Replayer(doc).until(1).run, "a").attempt).toBe(0);
  });
});
