import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { chance } from "../../rig/chance";
import { until } from "../../rig/deadline";
import { Held } from "../../rig/held";
import { isAlive, kill } from "../../rig/processes";
import { cleanUp, Workspace } from "../../rig/workspace";

setDefaultTimeout(120_000);
afterEach(cleanUp);

const ids = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}${i}`);
const plain = (id: string, more = {}) => ({ id, command: ["sh", "-c", `echo ${id} >> held/began`], ...more });

/** Every step is done at its first attempt, and each command ran once. */
async function expectOnceEach(at: Workspace, held: Held, all: string[]): Promise<void> {
  expect(held.began().sort()).toEqual([...all].sort());
  expect(await at.standing()).toEqual(Object.fromEntries(all.map((id) => [id, "DONE 1"])));
  const { exit } = await at.seqctl(["audit", "verify"]);
  expect(exit).toBe(0);
}

/** Thirty steps, each leaving a line: ten at first, then four that are held, then sixteen. */
async function thirty() {
  const at = await Workspace.make();
  const held = new Held(at);
  const [first, middle, last] = [ids("a", 10), ids("b", 4), ids("c", 16)];
  const steps = [
    ...first.map((id) => plain(id)),
    ...middle.map((id) => ({ id, command: held.command(id), depends_on: first })),
    ...last.map((id) => plain(id, { depends_on: middle })),
  ];
  at.write(".threados/sequence.yaml", JSON.stringify({ version: 1, name: "thirty", steps }));
  return { at, held, middle, all: [...first, ...middle, ...last] };
}

describe("kill -9 of the engine while ten steps are done and four run", () => {
  test("loses nothing and repeats nothing: what runs is adopted", async () => {
    const { at, held, middle, all } = await thirty();
    await at.seqctl(["run", "--yes", "--detach"]);
    await until("ten done, four running", () => held.began().length === 14);
    await at.killEngine();
    const again = at.json(["run", "--yes"]);
    await until(
      "the adoption",
      () => at.facts().filter((fact) => fact.type === "attempt.adopted").length === 4,
    );
    const status = await at.status();
    expect(status.counts).toEqual({ DONE: 10, RUNNING: 4, BLOCKED: 16, total: 30 });
    for (const id of middle) await held.release(id);
    expect(await again).toMatchObject({ exit: 0, doc: { outcome: "done", counts: { DONE: 30 } } });
    await expectOnceEach(at, held, all);
    expect(
      at
        .facts()
        .filter((fact) => fact.type === "engine.started")
        .map((fact) => fact.fence),
    ).toEqual([1, 2]);
  });

  test("keeps the results of what ended while no engine lived", async () => {
    const { at, held, all } = await thirty();
    await at.seqctl(["run", "--yes", "--detach"]);
    await until("ten done, four running", () => held.began().length === 14);
    await at.killEngine();
    await held.release("b0");
    await held.release("b1", 7);
    await until("both to be gone", () => held.ended().length === 2);
    const again = at.seqctl(["run", "--yes"]);
    await held.release("b2");
    await held.release("b3");
    expect((await again).exit).toBe(1);
    expect(await at.standing()).toMatchObject({
      b0: "DONE 1",
      b1: "FAILED exit 1",
      b2: "DONE 1",
      b3: "DONE 1",
    });
    const retried = at.seqctl(["run", "--yes"]);
    await held.hasBegun("b1", 2);
    await held.release("b1");
    expect((await retried).exit).toBe(0);
    expect(held.began()).toHaveLength(31);
    expect(new Set(held.began())).toEqual(new Set(all));
  });

  test("stop and status work on what runs without an engine", async () => {
    const { at, held } = await thirty();
    await at.seqctl(["run", "--yes", "--detach"]);
    await until("ten done, four running", () => held.began().length === 14);
    await at.killEngine();
    expect(await at.standing()).toMatchObject({ b0: "RUNNING engine.absent 1" });
    expect((await at.seqctl(["stop", "b0"])).exit).toBe(0);
    expect(await at.standing()).toMatchObject({ b0: "FAILED stopped 1", b1: "RUNNING running 1" });
  });
});

test.each([1, 2, 3])(
  "killed three times at chance moments (seed %d), each of thirty steps runs exactly once",
  async (seed) => {
    const next = chance(seed);
    const all = ids("s", 30);
    const at = await Workspace.make({ policy: { max_concurrent: 4 } });
    const held = new Held(at);
    // The last is held, so that no run is over before its third death.
    const last = { id: "s29", command: held.command("s29"), depends_on: all.slice(0, -1) };
    const steps = all.slice(0, -1).map((id, i) => {
      const depends_on = i < 4 ? [] : [`s${Math.floor(next() * (i - 3))}`];
      return plain(id, {
        command: ["sh", "-c", `echo ${id} >> held/began; sleep 0.0${Math.floor(next() * 5)}`],
        depends_on,
      });
    });
    at.write(
      ".threados/sequence.yaml",
      JSON.stringify({ version: 1, name: "thirty", steps: [...steps, last] }),
    );
    for (let death = 0; death < 3; death++) {
      const lines = death * 9 + 1 + Math.floor(next() * 8);
      await at.seqctl(["run", "--yes", "--detach"]);
      await until(`${lines} lines`, () => held.began().length >= lines);
      await at.killEngine();
    }
    const run = at.seqctl(["run", "--yes"]);
    await held.release("s29");
    expect((await run).exit).toBe(0);
    await expectOnceEach(at, held, all);
  },
);

describe("kill -9 of a step's shim", () => {
  async function withHeld(more = {}) {
    const at = await Workspace.make();
    const held = new Held(at);
    const steps = [{ id: "a", command: held.command("a"), ...more }];
    at.write(".threados/sequence.yaml", JSON.stringify({ version: 1, name: "n", steps }));
    await at.seqctl(["run", "--yes", "--detach"]);
    await held.hasBegun("a");
    const shim = await until(
      "its pid",
      () => at.facts().find((fact) => fact.type === "attempt.started")?.pid,
    );
    return { at, held, shim };
  }

  test("leaves it FAILED/lost, ends what it left, and `run` tries again", async () => {
    const { at, held, shim } = await withHeld();
    kill(shim);
    await until("the loss to be known", async () => (await at.standing()).a === "FAILED lost 1");
    expect((await at.json(["why", "a"])).doc.why).toContain("can't be known");
    await until("what it left to be ended", () => at.processes().length === 0);
    const again = at.seqctl(["run", "--yes"]);
    await held.hasBegun("a", 2);
    await held.release("a");
    expect((await again).exit).toBe(0);
    expect(await at.standing()).toEqual({ a: "DONE 2" });
  });

  test("is tried again by itself where the step says that it may", async () => {
    const { at, held, shim } = await withHeld({ idempotent: true });
    kill(shim);
    await held.hasBegun("a", 2);
    await held.release("a");
    await until("its end", async () => (await at.standing()).a === "DONE 2");
  });

  test("together with the engine and the command is as if the machine had gone down: lost, and asked about", async () => {
    const { at, held, shim } = await withHeld();
    await at.killEngine();
    const all = at.processes();
    expect(all).toContain(shim);
    for (const pid of all) kill(pid);
    await until("their death", () => all.every((pid) => !isAlive(pid)));
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(1);
    expect(await at.standing()).toEqual({ a: "FAILED lost 1" });
    expect(held.began()).toEqual(["a"]);
  });
});

describe("two engines at once", () => {
  test("one works, the other leaves quietly", async () => {
    const at = await Workspace.make();
    const held = new Held(at);
    const steps = [{ id: "a", command: held.command("a") }];
    at.write(".threados/sequence.yaml", JSON.stringify({ version: 1, name: "n", steps }));
    await at.seqctl(["run", "--yes", "--detach"]);
    await held.hasBegun("a");
    const pid = at.enginePid();
    expect(await at.seqctl(["engine", "run"])).toMatchObject({
      exit: 0,
      out: "",
      err: "engine: another engine holds the lease\n",
    });
    expect((await at.json(["engine", "status"])).doc).toMatchObject({ running: true, pid });
    await held.release("a");
    await until("the run's end", async () => (await at.standing()).a === "DONE 1");
    expect(held.began()).toEqual(["a"]);
  });

  test("started together four times over, they start each step once", async () => {
    const all = ids("s", 10);
    const at = await Workspace.make({ policy: { max_concurrent: 2 } });
    const held = new Held(at);
    at.write(
      ".threados/sequence.yaml",
      JSON.stringify({ version: 1, name: "n", steps: all.map((id) => plain(id)) }),
    );
    const runs = await Promise.all(ids("r", 4).map(() => at.seqctl(["run", "--yes"])));
    for (const run of runs) expect([0, 75]).toContain(run.exit);
    expect(held.began()).toHaveLength(10 * at.runs().length);
    expect(at.facts().filter((fact) => fact.type === "attempt.intended" && fact.attempt > 1)).toEqual([]);
  });

  test("an engine with nothing to do leaves at once", async () => {
    const at = await Workspace.make();
    expect(await at.seqctl(["engine", "run"])).toMatchObject({ exit: 0, err: "engine: there is no run\n" });
  });
});
