import { expect, test } from "bun:test";
import { sayDuration } from "../../../components/state/duration";
import { sayStep } from "../../../lib/core/chat/answers/steps";
import { statusDoc } from "../../../lib/core/views/status";
import { painter } from "../../../lib/surfaces/cli/paint";
import { statusTable } from "../../../lib/surfaces/cli/table";
import { node, planOf, sequenceOf } from "../../core/rig/plans";
import { Simulation } from "../../core/rig/simulation";

/** The status of a run whose only step took so long, in ms. */
function after(tookMs: number) {
  const sim = new Simulation(planOf(sequenceOf([node("pack")])));
  sim.ask("run.start", { scope: "all" });
  sim.turn();
  const [attempt] = sim.world.living();
  sim.nowMs += tookMs;
  if (attempt) sim.end(attempt, 0);
  sim.turn();
  const engine = { running: false, pid: null };
  return statusDoc(sim.plan, sim.run, { root: "/r", mode: "SAFE", sandbox: "off", warnings: [], engine });
}

test.each([
  [30, "30 ms"],
  [585, "0.6 s"],
  [20_480, "20 s"],
  [84_600, "1 m 25 s"],
  [3_599_600, "1 h 00 m"],
  [7_620_000, "2 h 07 m"],
])("%p ms is said as %p by the command line, the chat and the page", (ms, words) => {
  const doc = after(ms);
  expect(statusTable(doc, painter(false, {}), Number.POSITIVE_INFINITY, 0)).toMatch(
    new RegExp(`pack +DONE +${words}\n`),
  );
  expect(sayStep({ yaml: "id: pack", status: { ...doc.steps[0] }, attempts: [1] })).toContain(
    `took ${words},`,
  );
  expect(sayDuration(ms)).toBe(words);
});
