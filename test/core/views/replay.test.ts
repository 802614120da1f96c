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

/** Lets a step that is or gets under way end, a second later. */
function goOn(sim: Simulation, step: string, code: number): void {
  sim.turn();
  sim.turn();
  sim.nowMs += 1_000;
  for (const attempt of sim.world.living()) if (attempt.step === step) sim.end(attempt, code);
  sim.turn();
  sim.turn();
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
        const pictures = moments.map((at) => {
          const { steps, gates } = pictureAt(doc, at, context);
          return { at, nodes: new Map([...steps, ...gates].map((each) => [each.id, each])) };
        });
        for (const { id, spans } of lanes) {
          for (const { at, nodes } of pictures) {
            const shown = nodes.get(id);
            const covering = spans.filter((span) => span.from <= at && at < (span.to ?? at + 1));
            expect(covering.map(({ status, reason, attempt }) => [status, reason, attempt])).toEqual(
              shown ? [[shown.status, shown.reason, "attempt" in shown ? shown.attempt : 0]] : [],
            );
            // One that is at work gives signs of life meanwhile.
            if (shown && !["RUNNING", "STOPPING"].includes(shown.status))
              expect(covering[0]?.why).toBe(shown.why);
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

  test("tells behind a gate at each moment what is waited for then, as `why` does", () => {
    const made = planOf(
      sequenceOf(
        [node("prep"), node("lint", ["prep"]), node("publish", ["review"])],
        [gate("review", ["lint"])],
      ),
    );
    const sim = new Simulation(made);
    sim.ask("run.start", { scope: "all" });
    goOn(sim, "prep", 0);
    goOn(sim, "lint", 1);
    sim.nowMs += 1_000;
    sim.ask("step.restart", { id: "lint" });
    goOn(sim, "lint", 0);
    const { lanes } = timelineOf(docOf(sim, []));
    const spans = lanes
      .find(({ id }) => id === "publish")
      ?.spans.filter(({ status }) => status === "BLOCKED");
    expect(spans?.map(({ why }) => why)).toEqual([
      "'publish' waits for 'prep', which is not done yet, before 'review' can be decided.",
      "'publish' waits for 'lint', which is not done yet, before 'review' can be decided.",
      "'publish' waits for 'lint', which did not end well, before 'review' can be decided.",
      "'publish' waits for 'lint', which is not done yet, before 'review' can be decided.",
      "'publish' waits for a person to approve 'review'.",
    ]);
  });

  test.each<[string, Record<string, number | undefined>, string[]]>([
    ["what has been under way for the longest", { prep: 0, quick: 0 }, ["prep", "pack"]],
    [
      "the gate that asks, once nothing else is under way",
      { prep: 0, quick: 0, pack: 0 },
      ["prep", "pack", "g"],
    ],
    ["what ended last, where nothing is under way", { prep: 0, quick: 0, pack: 1 }, ["prep", "pack"]],
  ])("while the run is open the critical path ends at %s", (_, ends, path) => {
    const made = planOf(
      sequenceOf(
        [node("prep"), node("quick", ["prep"]), node("pack", ["prep"])],
        [gate("g", ["quick", "pack"])],
      ),
    );
    const sim = new Simulation(made);
    sim.ask("run.start", { scope: "all" });
    for (const [step, code] of Object.entries(ends)) goOn(sim, step, code ?? 0);
    const { lanes } = timelineOf(docOf(sim, []));
    expect(lanes.filter(({ critical }) => critical).map(({ id }) => id)).toEqual(path);
  });

  test("has no lane for what was taken out again before anything came of it, and ends that of what had run", () => {
    const first = planOf(sequenceOf([node("a"), node("b", ["a"]), node("late", ["b"])], [gate("g", ["b"])]));
    const sim = new Simulation(first);
    sim.ask("run.start", { scope: "all" });
    goOn(sim, "a", 0);
    sim.nowMs += 1_000;
    sim.amend(planOf(sequenceOf([node("b")])));
    sim.turn();
    sim.nowMs += 60_000;
    sim.turn();
    goOn(sim, "b", 0);
    const { lanes, to } = timelineOf(docOf(sim, [first]));
    expect(lanes.map(({ id }) => id)).toEqual(["b", "a"]);
    expect(lanes[1]?.spans.at(-1)?.to).toBeLessThan(to);
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
