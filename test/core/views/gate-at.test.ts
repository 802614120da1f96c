import { expect, test } from "bun:test";
import { gateAt } from "../../../lib/core/views/gate-at";
import type { ReplayDoc } from "../../../lib/core/views/replay";
import type { GateShowDoc } from "../../../lib/runtime/gate-doc";
import { gate, node, planOf, sequenceOf } from "../rig/plans";
import { Simulation } from "../rig/simulation";

/** A run of a → g, approved a minute after it waited. */
function approved() {
  const { revision, sequence, limits, digests } = planOf(sequenceOf([node("a")], [gate("g", ["a"])]));
  const sim = new Simulation(planOf(sequence));
  sim.ask("run.start", { scope: "all" });
  const begun = sim.nowMs;
  for (let turns = 0; turns < 4; turns++) {
    sim.turn();
    sim.nowMs += 1_000;
    for (const attempt of sim.world.living()) sim.end(attempt, 0);
  }
  const waits = sim.nowMs;
  sim.nowMs += 60_000;
  sim.ask("gate.approve", { id: "g" });
  const plans = { [revision]: { sequence, limits, digests: Object.fromEntries(digests) } };
  const doc: ReplayDoc = { run: "r", newest: true, facts: sim.journal, plans };
  return { doc, begun, waits, decided: sim.nowMs };
}

const file = { name: "stdout.log", size: 1, sha256: "f", excerpt: "x", shown: 1, cut: false };
const now: GateShowDoc = {
  id: "g",
  name: "g",
  status: "APPROVED",
  reason: null,
  why: "",
  depends_on: ["a"],
  sent_back: 0,
  takes: ["reject", "block"],
  description: null,
  questions: [],
  expires_ms: null,
  starts: [],
  digest: "d",
  confirm: "c",
  shows: [{ step: "a", attempt: 1, standing: "done", definition: "x", files: [file], unbound: [] }],
  decision: { status: "APPROVED", by: "user", at: 1, digest: "d", reason: null, answers: { why: "because" } },
  decisions: [],
  earlier: [],
};

test("a gate in a replay shows no decision and no file that came later", () => {
  const { doc, begun, waits, decided } = approved();
  const early = gateAt(now, doc, begun);
  expect(early.decision).toBeNull();
  expect(early.shows).toMatchObject([{ step: "a", standing: "open", files: [] }]);
  const waiting = gateAt(now, doc, waits);
  expect(waiting.decision).toBeNull();
  expect(waiting.shows).toMatchObject([{ step: "a", attempt: 1, files: [file] }]);
  expect(gateAt(now, doc, decided).decision).toMatchObject({ status: "APPROVED", by: "user", at: decided });
});

test("a replay tells each decision from when it was made, and nothing of runs that came later", () => {
  const { doc, waits, decided } = approved();
  const other = (run: string) => ({ run, decisions: [] });
  const shown = { ...now, earlier: [other("z"), other("q")] };
  expect(gateAt(shown, doc, waits).decisions).toEqual([]);
  const after = gateAt(shown, doc, decided);
  expect(after.decisions).toMatchObject([{ decision: "approved", by: "user", at: decided }]);
  expect(after.earlier).toEqual([other("q")]);
});

test("of an older run it shows none of the files that the newest one left", () => {
  const { doc, decided } = approved();
  expect(gateAt(now, { ...doc, newest: false }, decided).shows).toMatchObject([{ step: "a", files: [] }]);
});
