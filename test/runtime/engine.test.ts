import { afterEach, describe, expect, setDefaultTimeout, spyOn, test } from "bun:test";
import type { Caller } from "../../lib/core/actor";
import { ok } from "../../lib/core/result";
import type { Step } from "../../lib/core/sequence/schema";
import { DirectHost } from "../../lib/io/process/direct";
import { dispatch } from "../../lib/runtime/dispatch";
import { follow } from "../../lib/runtime/follow";
import { query } from "../../lib/runtime/query";
import { runEngine, type Threados } from "../../lib/threados";
import { until } from "../rig/deadline";
import { opened } from "../rig/fake-shell";
import { Held } from "../rig/held";
import { isAlive, kill } from "../rig/processes";
import { cleanUp, type Making, Workspace } from "../rig/workspace";

setDefaultTimeout(60_000);
const cache = process.env.XDG_CACHE_HOME;
afterEach(async () => {
  await cleanUp();
  if (cache === undefined) delete process.env.XDG_CACHE_HOME;
  else process.env.XDG_CACHE_HOME = cache;
});

const person: Caller = { actor: "user", surface: "cli" };
const quiet = () => undefined;

/** A workspace whose engine is this very process, started by hand. */
async function here(making: Making = {}, steps: (held: Held) => Step[] = () => []) {
  const at = await Workspace.make(making);
  process.env.XDG_CACHE_HOME = at.env.XDG_CACHE_HOME;
  const held = new Held(at);
  const own = steps(held);
  if (own.length > 0)
    at.write(
      ".threados/sequence.yaml",
      JSON.stringify({ version: 1, name: "n", ...making, rules: undefined, steps: own }),
    );
  const { ports, ...rest } = await opened(at);
  const engine = { ...ports.engine, ensure: async () => ok({ pid: process.pid }) };
  const threados: Threados = { ...rest, ports: { ...ports, engine } };
  const ask = (action: string, input: object = {}) =>
    dispatch(threados.ports, { action, input }, person, { yes: true });
  return { at, held, threados, ask };
}

describe("the engine", () => {
  test("works off a run and leaves, saying why", async () => {
    const { at, threados, ask } = await here({
      steps: [
        { id: "a", command: ["sh", "-c", 'echo {} > "$THREADOS_OUTPUT_DIR/output.json"'] },
        { id: "b", command: ["sh", "-c", 'cat "$THREADOS_INPUTS"'], depends_on: ["a"] },
        { id: "c", command: ["no-such-program"] },
        { id: "d", command: ["sh", "-c", "exit 3"], retry: { limit: 1, backoff_ms: 1 } },
        { id: "e", command: ["sleep", "600"], timeout_ms: 50 },
        { id: "f", command: ["true"], cwd: ".." },
      ],
    });
    expect(await ask("run.start", { scope: "all" })).toMatchObject({ ok: true, value: { pursued: null } });
    const following = follow(threados.ports, null, quiet);
    expect(await runEngine(threados, quiet)).toEqual(ok("nothing is left to do"));
    expect(await following).toEqual(ok("failed"));
    expect(await at.standing()).toEqual({
      a: "DONE 1",
      b: "DONE 1",
      c: "FAILED refused 1",
      d: "FAILED exit 2",
      e: "FAILED timeout 1",
      f: "FAILED refused 1",
    });
    expect(at.audit().at(-1)).toMatchObject({ action: "run.settled", target: (await at.status()).run });
  });

  test("lets go when asked, and the next one adopts what runs and knows what ended meanwhile", async () => {
    const { at, held, threados, ask } = await here({}, (hold) => [
      { id: "stays", command: hold.command("stays") },
      { id: "ends", command: hold.command("ends") },
      { id: "dies", command: hold.command("dies") },
    ]);
    await ask("run.start", { scope: "all" });
    const first = runEngine(threados, quiet);
    for (const id of ["stays", "ends", "dies"]) await held.hasBegun(id);
    await until(
      "all to be recorded",
      () => at.facts().filter((fact) => fact.type === "attempt.started").length === 3,
    );
    process.emit("SIGHUP", "SIGHUP");
    expect(await first).toEqual(ok("SIGHUP"));
    await held.release("ends", 4);
    await until("its end", () => held.ended().includes("ends"));
    const started = at.facts().filter((fact) => fact.type === "attempt.started");
    const shims = new Map<string, number>(started.map((fact) => [fact.step, fact.pid]));
    const shimOf = (id: string) => shims.get(id) as number;
    kill(shimOf("dies"));
    await until("both shims' end", () => !isAlive(shimOf("dies")) && !isAlive(shimOf("ends")));
    const second = runEngine(threados, quiet);
    await until("the adoption", () => at.facts().some((fact) => fact.type === "attempt.adopted"));
    await held.release("stays");
    expect(await second).toEqual(ok("nothing is left to do"));
    expect(await at.standing()).toEqual({ stays: "DONE 1", ends: "FAILED exit 1", dies: "FAILED lost 1" });
  });

  test("hears of stops, restarts, edits and approvals while it works", async () => {
    const { at, held, threados, ask } = await here({ gates: [{ id: "g", name: "G" }] }, (hold) => [
      { id: "a", command: hold.command("a") },
      { id: "b", command: hold.command("b") },
      { id: "c", command: ["true"], depends_on: ["g"] },
    ]);
    await ask("run.start", { scope: "all" });
    const working = runEngine(threados, quiet);
    await held.hasBegun("a");
    await held.hasBegun("b");
    expect(await ask("run.stop", { id: "a" })).toMatchObject({ ok: true });
    await until("a's end", async () => (await at.standing()).a === "FAILED stopped 1");
    expect(await ask("step.restart", { id: "b" })).toMatchObject({ ok: true });
    await held.hasBegun("b", 2);
    expect(await ask("step.add", { id: "d", command: ["true"] })).toMatchObject({ ok: true });
    await until("d's end", async () => (await at.standing()).d === "DONE 1");
    expect(await ask("gate.approve", { id: "g" })).toMatchObject({ ok: true });
    await until("c's end", async () => (await at.standing()).c === "DONE 1");
    await held.release("b");
    await working;
    expect(await at.standing()).toEqual({ a: "FAILED stopped 1", b: "DONE 2", c: "DONE 1", d: "DONE 1" });
  });

  test("without a run has nothing to do, and a second one does not get the lease", async () => {
    const { threados } = await here();
    expect(await runEngine(threados, quiet)).toEqual(ok("there is no run"));
  });

  test("closes its doors while the lease is still its own, since the next engine's stand at the same places", async () => {
    const { threados } = await here();
    const held: boolean[] = [];
    const closing = spyOn(DirectHost.prototype, "close").mockImplementation(() => {
      held.push(threados.ports.engine.isAlive());
    });
    try {
      expect(await runEngine(threados, quiet)).toEqual(ok("there is no run"));
    } finally {
      closing.mockRestore();
    }
    expect(held[0]).toBe(true);
    expect(threados.ports.engine.isAlive()).toBe(false);
  });

  test("that finds the definition broken gives up with the fault", async () => {
    const { at, threados, ask } = await here({}, () => [{ id: "a", command: ["true"] }]);
    await ask("run.start", { scope: "all" });
    at.write(".threados/sequence.yaml", "version: 1\nname: [\n");
    expect(await runEngine(threados, quiet)).toMatchObject({
      ok: false,
      failure: { code: "sequence.syntax" },
    });
    expect(threados.ports.engine.isAlive()).toBe(false);
  });
});

test.each([1, -1])(
  "a clock that is set %d day off while steps run ends nothing, and is recorded",
  async (days) => {
    const by = days * 86_400_000;
    const { at, held, threados, ask } = await here({}, (hold) => [
      { id: "a", command: hold.command("a"), timeout_ms: 3_600_000, idle_timeout_ms: 3_600_000 },
    ]);
    let ahead = 0;
    const now = () => Date.now() + ahead;
    const ports = { ...threados.ports, now, clockAhead: () => threados.ports.clockAhead() + ahead };
    await ask("run.start", { scope: "all" });
    const working = runEngine({ ...threados, ports }, quiet);
    await held.hasBegun("a");
    ahead = by;
    const jump = () => at.facts().find((fact) => fact.type === "clock.jumped") as { by: number } | undefined;
    await until("the engine to notice", () => jump() !== undefined);
    expect(Math.abs((jump()?.by ?? 0) - by)).toBeLessThan(60_000);
    expect(at.audit().find(({ action }) => action === "clock.jumped")).toMatchObject({ actor: "system" });
    await held.release("a");
    expect(await working).toEqual(ok("nothing is left to do"));
    expect(await at.standing()).toEqual({ a: "DONE 1" });
  },
);

describe("questions", () => {
  test("about events, files and revisions are answered from the files alone", async () => {
    const { at, threados, ask } = await here({
      steps: [{ id: "a", command: ["sh", "-c", 'echo {} > "$THREADOS_OUTPUT_DIR/output.json"'] }],
    });
    expect(await query(threados.ports, "events", {})).toEqual(ok({ run: "", facts: [] }));
    await ask("run.start", { scope: "all" });
    await runEngine(threados, quiet);
    const { run, revision } = await at.status();
    const events = await query(threados.ports, "events", { after: 2 });
    expect(events).toMatchObject({
      ok: true,
      value: { run, facts: [{ seq: 3, type: "engine.started" }, {}, {}, {}, { type: "run.completed" }, {}] },
    });
    expect(await query(threados.ports, "artifact", { step: "a", name: "output.json" })).toMatchObject({
      ok: true,
      value: { text: "{}\n", size: 3 },
    });
    expect(await query(threados.ports, "artifact", { step: "a", name: "../status.json" })).toMatchObject({
      ok: false,
      failure: { code: "artifact.unknown" },
    });
    expect(await query(threados.ports, "sequence", {})).toMatchObject({
      ok: true,
      value: { revision, text: at.definition },
    });
    expect(await query(threados.ports, "statu", {})).toMatchObject({
      ok: false,
      failure: { code: "action.unknown", nearest: "status" },
    });
    expect(await query(threados.ports, "why", { id: 3 })).toMatchObject({
      ok: false,
      failure: { code: "input.invalid" },
    });
    expect(await query(threados.ports, "audit.read", { limit: 1, offset: 1 })).toMatchObject({
      ok: true,
      value: { entries: [{ seq: 2 }], total: 3 },
    });
  });

  test("an unknown action is refused, named and recorded", async () => {
    const { at, ask } = await here();
    expect(await ask("step.ad")).toMatchObject({
      ok: false,
      failure: { code: "action.unknown", nearest: "step.add" },
    });
    expect(await ask("step.add", { id: "a", bogus: 1 })).toMatchObject({
      ok: false,
      failure: { code: "input.invalid", problem: "step.add takes no 'bogus'" },
    });
    expect(await ask("step.add", {})).toMatchObject({
      ok: false,
      failure: { problem: "step.add needs 'id'" },
    });
    expect(at.audit().slice(1)).toMatchObject([
      { action: "step.ad", result: "error" },
      { result: "error" },
      { result: "error" },
    ]);
  });
});
