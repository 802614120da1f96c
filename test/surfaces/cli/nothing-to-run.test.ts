import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { until } from "../../rig/deadline";
import { sayIn } from "../../rig/fake-shell";
import { Held } from "../../rig/held";
import { cleanUp, Workspace } from "../../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

const remedy = (id: string) => `give it a command: seqctl step edit ${id} --command '["npm","test"]'`;

describe("a step that has nothing to run", () => {
  test("says so from the moment it is added, wherever one looks", async () => {
    const at = await Workspace.make();
    expect(await sayIn(at, ["step", "add", "bare"])).toMatchObject({
      exit: 0,
      err: `warning step 'bare' has nothing to run yet; ${remedy("bare")}\n`,
    });
    expect(await at.standing()).toEqual({ bare: "BLOCKED nothing_to_run" });
    expect((await sayIn(at, ["status"], { outIsTerminal: false })).out).toContain(
      `BLOCKED        has nothing to run; ${remedy("bare")}\n`,
    );
    expect((await sayIn(at, ["why", "bare"])).out).toBe(`'bare' has nothing to run; ${remedy("bare")}.\n`);
    expect((await sayIn(at, ["validate"])).err).toContain(remedy("bare"));
    // What is known is not said again.
    expect((await sayIn(at, ["step", "add", "full", "--command", '["true"]'])).err).toBe("");
    expect((await sayIn(at, ["step", "edit", "full", "--unset", "command"])).err).toContain(remedy("full"));
  });

  test("is named by the run that it stands in the way of, with the line that mends it", async () => {
    const at = await Workspace.make({ steps: [{ id: "a", command: ["true"] }, { id: "bare" }] });
    const refused = await sayIn(at, ["run", "--yes"]);
    expect(refused).toMatchObject({ exit: 2 });
    expect(refused.err).toContain(`step 'bare' has nothing to run\n hint ${remedy("bare")};`);
    expect((await at.json(["step", "edit", "bare", "--command", '["true"]'])).exit).toBe(0);
    expect(await at.json(["run", "--yes"])).toMatchObject({ exit: 0, doc: { counts: { DONE: 2 } } });
  });

  test("that joins a run is what the run waits for in the end, and not a failure", async () => {
    const at = await Workspace.make();
    const held = new Held(at);
    await at.seqctl(["step", "add", "a", "--command", JSON.stringify(held.command("a"))]);
    const run = sayIn(at, ["run", "--yes"]);
    await held.hasBegun("a");
    await at.seqctl(["step", "add", "bare"]);
    await until("the engine to have seen it", () => at.facts().some(({ type }) => type === "plan.amended"));
    await held.release("a");
    const { exit, out } = await run;
    expect(exit).toBe(3);
    expect(out).toContain(`  ○ bare has nothing to run; ${remedy("bare")}\n`);
    expect(await at.standing()).toEqual({ a: "DONE 1", bare: "BLOCKED nothing_to_run" });
  });
});

describe("a run of what was asked for before", () => {
  test("says what was asked for already and goes on, where all of it is under way or waits, and starts nothing twice", async () => {
    const at = await Workspace.make();
    const held = new Held(at);
    const steps = [
      { id: "server", command: held.command("server") },
      { id: "ship", command: ["true"], depends_on: ["server"] },
    ];
    at.write(".threados/sequence.yaml", JSON.stringify({ version: 1, name: "n", steps }));
    const line = ["run", "--yes", "--detach"];
    expect((await sayIn(at, line)).out).toStartWith(
      "started: run the sequence (2 steps: server, ship); engine ",
    );
    await held.hasBegun("server");
    const again = await sayIn(at, line);
    expect(again.out).toStartWith(
      "asked for already: 'server' is under way; 'ship' starts when what it waits for is done; engine ",
    );
    expect((await at.json(["run", "--only", "server", "--yes", "--detach"])).doc).toMatchObject({
      starts_nothing: true,
      note: "asked for already: 'server' is under way",
    });
    expect((await sayIn(at, ["run", "--only", "server"], { answers: ["n"] })).err).toContain(
      "  · asked for already: 'server' is under way\n",
    );
    expect((await sayIn(at, ["step", "add", "late", "--command", '["true"]'])).exit).toBe(0);
    await until("the new step to join", async () => (await at.standing()).late === "DONE 1");
    await held.release("server");
    await until("the end", async () => !(await at.status()).open);
    expect(held.began()).toEqual(["server"]);
  });

  test("starts nothing and asks nothing where only a gate is left, and names it", async () => {
    const at = await Workspace.make({
      steps: [
        { id: "find", command: ["true"] },
        { id: "report", command: ["true"], depends_on: ["review"] },
      ],
      gates: [{ id: "review", name: "Review the findings", depends_on: ["find"] }],
    });
    await sayIn(at, ["run", "--yes"]);
    const asked = () => at.facts().filter(({ type }) => type === "run.requested").length;
    expect(asked()).toBe(1);
    const note = "nothing to start: gate 'review' (Review the findings) waits for you";
    const again = await sayIn(at, ["run"]);
    expect(again).toMatchObject({ exit: 3, err: "" });
    expect(again.out).toStartWith(`${note}\n`);
    expect((await at.json(["run", "--json"])).doc).toMatchObject({
      starts_nothing: true,
      changed: false,
      note,
    });
    expect(asked()).toBe(1);
    expect((await sayIn(at, ["gate", "block", "review"])).out).toContain(
      "what comes after 'review' waits, and nobody is asked, until somebody approves it",
    );
    expect((await sayIn(at, ["run"])).out).toStartWith(
      "nothing to start: gate 'review' (Review the findings) is blocked\n",
    );
  });
});
