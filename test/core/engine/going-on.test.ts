// What goes on by itself once a step that is started now is done, beside what is started.
import { describe, expect, test } from "bun:test";
import { goingOnAfter } from "../../../lib/core/engine/unlocked";
import type { AskedStart } from "../../../lib/core/policy/asked";
import { goesOnLine } from "../../../lib/core/policy/asked";
import type { Gate, Step } from "../../../lib/core/sequence/schema";
import { gate, node, planOf, sequenceOf } from "../rig/plans";
import { Simulation } from "../rig/simulation";

/** A run, by scope `all` or of one step, in which these steps have ended with these codes. */
function ran(steps: Step[], gates: Gate[], asked: object, ends: [step: string, code: number][]): Simulation {
  const sim = new Simulation(planOf(sequenceOf(steps, gates)));
  sim.ask("run.start", asked);
  sim.turn();
  for (const [step, code] of ends) {
    sim.end({ step, attempt: 1 }, code);
    sim.turn();
  }
  return sim;
}

const all = { scope: "all" };
/** lint → build → review → publish; and docs, which waits for nothing. */
const chain = [node("lint"), node("docs"), node("build", ["lint"]), node("publish", ["review"])];
const review = [gate("review", ["build"])];

describe("what goes on once a step that is run again is done", () => {
  test.each<[string, Simulation, string, string[]]>([
    [
      "all that waits for it, behind gates too",
      ran(chain, review, all, [["lint", 1]]),
      "lint",
      ["build", "publish"],
    ],
    ["also of one that is under way", ran(chain, review, all, []), "lint", ["build", "publish"]],
    [
      "not what nobody asked for",
      ran(chain, review, { scope: "step", id: "lint" }, [["lint", 1]]),
      "lint",
      [],
    ],
    [
      "not what is done, but what is behind that",
      ran(chain, review, all, [
        ["lint", 0],
        ["build", 0],
      ]),
      "lint",
      ["publish"],
    ],
    ["nothing behind a step that nothing waits for", ran(chain, review, all, [["docs", 1]]), "docs", []],
    [
      "not what another failure keeps back, nor what waits for that",
      ran([node("a"), node("b"), node("c", ["a", "b"]), node("d", ["c"]), node("e", ["a"])], [], all, [
        ["a", 1],
        ["b", 1],
      ]),
      "a",
      ["e"],
    ],
    [
      "what one of several is enough for",
      ran([node("a"), node("b"), node("c", ["a", "b"], { join: "any" })], [], all, [
        ["a", 1],
        ["b", 1],
      ]),
      "a",
      ["c"],
    ],
    [
      "what its good end calls for, not what a failure would, nor what waits for that",
      ran(
        [
          node("a"),
          node("b", ["a"], { on_success: ["ok"], on_failure: ["rescue"], finally: ["tidy"] }),
          node("ok"),
          node("rescue"),
          node("tidy"),
          node("told", ["rescue"]),
        ],
        [],
        all,
        [["a", 1]],
      ),
      "a",
      ["b", "ok", "tidy"],
    ],
  ])("%s", (_, sim, id, expected) => {
    expect(sim.ask("step.restart", { id })).toBe(true);
    expect(goingOnAfter(sim.run, sim.plan, [id])).toEqual(expected);
  });

  test("and it is what the engine does then", () => {
    const sim = ran(chain, review, all, [["lint", 1]]);
    sim.ask("step.restart", { id: "lint" });
    sim.turn();
    sim.end({ step: "lint", attempt: 2 }, 0);
    sim.turn();
    sim.end({ step: "build", attempt: 1 }, 0);
    sim.turn();
    sim.ask("gate.approve", { id: "review" });
    sim.turn();
    expect(sim.standing()).toMatchObject({ build: "DONE", publish: "RUNNING running" });
  });
});

const start = (step: string, ...gates: string[]): AskedStart => ({
  step,
  command: [],
  class: null,
  rule: null,
  gates,
});

test.each<[AskedStart[], string[]]>([
  [[], []],
  [[start("build"), start("publish", "review")], ["goes on then: build, publish (behind gate review)"]],
  [[start("x", "a", "b"), start("x", "a", "b")], ["goes on then: x (behind gates a, b)"]],
  [
    Array.from({ length: 14 }, (_, n) => start(`s${n}`)),
    ["goes on then: s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11 and 2 more"],
  ],
])("on a line: %j", (then, lines) => expect(goesOnLine(then)).toEqual(lines));
