import fc from "fast-check";
import { plan } from "./arbitrary-plan";
import type { CrashPoint, Simulation } from "./simulation";

const which = fc.nat(1000);
/** A place within a turn. */
export const crashPoint = fc.constantFrom<CrashPoint>(
  "before the record",
  "within the record",
  "before the acts",
  "between the acts",
);

/** Something that happens to a simulation. */
export interface Move {
  (sim: Simulation): void;
  [fc.toStringMethod]: () => string;
}

/** A move that says what it is when a counterexample is printed. */
function move(label: string, act: (sim: Simulation) => void): Move {
  return Object.assign((sim: Simulation) => act(sim), { [fc.toStringMethod]: () => label });
}

function choice(...weighted: [weight: number, arbitrary: fc.Arbitrary<Move>][]): fc.Arbitrary<Move> {
  return fc.oneof(...weighted.map(([weight, arbitrary]) => ({ weight, arbitrary })));
}

const nodeOf = (sim: Simulation, kind: "step" | "gate", n: number) => {
  const ids = [...sim.plan.graph.nodes.values()].filter((node) => node.kind === kind).map(({ id }) => id);
  return ids[n % Math.max(1, ids.length)] ?? "nobody";
};

const start = (scope: string, id?: string) =>
  move(`run ${scope} ${id ?? ""}`, (sim) => sim.ask("run.start", id ? { scope, id } : { scope }));

/** A person does something. */
const request = choice(
  [3, fc.constant(start("all"))],
  [2, fc.constantFrom(start("runnable"), start("group", "team"), start("group", "crew"))],
  [
    6,
    fc.tuple(fc.constantFrom("run.start", "run.stop", "step.restart"), which).map(([action, n]) =>
      move(`${action} step ${n}`, (sim) => {
        const id = nodeOf(sim, "step", n);
        sim.ask(action, action === "run.start" ? { scope: "step", id } : { id });
      }),
    ),
  ],
  [
    2,
    fc.tuple(which, fc.option(which)).map(([n, back]) =>
      move(`gate.reject ${n} back to ${back}`, (sim) => {
        const to = back === null ? {} : { back_to: nodeOf(sim, "step", back) };
        sim.ask("gate.reject", { id: nodeOf(sim, "gate", n), reason: "not yet", ...to });
      }),
    ),
  ],
  [
    4,
    fc
      .tuple(fc.constantFrom("gate.approve", "gate.approve", "gate.block"), which)
      .map(([action, n]) => move(`${action} ${n}`, (sim) => sim.ask(action, { id: nodeOf(sim, "gate", n) }))),
  ],
);

const end = (n: number, code: number | null) =>
  move(`process ${n} ends with ${code}`, (sim) => {
    const living = sim.world.living();
    const one = living[n % Math.max(1, living.length)];
    if (one) sim.end(one, code);
  });

/** The world does something: a process ends, vanishes or can't be started, a report comes twice, time passes. */
const event = choice(
  [6, fc.tuple(which, fc.constantFrom(0, 0, 0, 1, 137, null)).map(([n, code]) => end(n, code))],
  [
    1,
    fc.constant(
      move("the next start is refused", (sim) => {
        sim.world.refuseNext = true;
      }),
    ),
  ],
  [2, which.map((n) => move(`report ${n} again`, (sim) => sim.echo(n)))],
  [3, fc.constantFrom(1, 60, 600, 5000, 100_000).map((ms) => move(`${ms} ms`, (sim) => sim.pass(ms)))],
);

const upheaval = choice(
  [1, crashPoint.map((point) => move(`a crash ${point}`, (sim) => sim.turn(point)))],
  [1, plan.map((other) => move(`now ${fc.stringify(other)}`, (sim) => sim.amend(other)))],
);

const turn = move("a turn", (sim) => sim.turn());
/** A history of requests, events, crashes and edits. */
export const moves = fc.array(choice([5, request], [6, event], [2, upheaval], [5, fc.constant(turn)]), {
  maxLength: 60,
  size: "max",
});

/** The same of a step that hardly ever ends well. */
export const failures = fc.array(
  choice(
    [2, fc.constant(start("all"))],
    [2, fc.constant(end(0, 1))],
    [1, fc.constant(move("100000 ms", (sim) => sim.pass(100_000)))],
    [4, fc.constant(turn)],
  ),
  { minLength: 20, maxLength: 60, size: "max" },
);
