import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { until } from "../rig/deadline";
import { Held } from "../rig/held";
import { cleanUp, Workspace } from "../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

/** A run with one held step `a`, joined by a `seqctl run` in the foreground. */
async function running() {
  const at = await Workspace.make();
  const held = new Held(at);
  await at.seqctl(["step", "add", "a", "--command", JSON.stringify(held.command("a"))]);
  const run = at.json(["run", "--yes"]);
  await held.hasBegun("a");
  return { at, held, run };
}

const complete = (at: Workspace) => until("the run's completion", async () => !(await at.status()).open);

describe("an edit during a run", () => {
  test("adds a step that joins the run, and the waiting `run` waits for it too", async () => {
    const { at, held, run } = await running();
    await at.seqctl(["step", "add", "b", "--command", JSON.stringify(held.command("b"))]);
    await at.seqctl(["step", "add", "c", "--command", '["true"]', "--depends-on", "a,b"]);
    await held.hasBegun("b");
    expect(at.facts().filter((fact) => fact.type === "plan.amended")).toHaveLength(2);
    await held.release("a");
    await held.release("b");
    expect(await run).toMatchObject({ exit: 0, doc: { counts: { DONE: 3, total: 3 } } });
  });

  test("by hand adds a step that joins the run, and the waiting `run` waits for it too", async () => {
    const { at, held, run } = await running();
    const line = `  - {id: b, command: ${JSON.stringify(held.command("b"))}}\n`;
    at.write(".threados/sequence.yaml", at.definition.replace(/\n*$/, "\n") + line);
    await held.hasBegun("b");
    await held.release("a");
    await until("a's end", async () => (await at.standing()).a === "DONE 1");
    await held.release("b");
    expect(await run).toMatchObject({ exit: 0, doc: { counts: { DONE: 2, total: 2 } } });
    expect(at.audit().filter((entry) => entry.action === "sequence.edited_outside")).toHaveLength(1);
  });

  test("changes what has not started yet; what is done stays done and is marked stale", async () => {
    const { at, held, run } = await running();
    await at.seqctl(["step", "add", "done", "--command", '["true"]']);
    await until("it to be done", async () => (await at.standing()).done === "DONE 1");
    await at.seqctl(["step", "add", "later", "--command", '["echo","old"]', "--depends-on", "a"]);
    await at.seqctl(["step", "edit", "later", "--command", '["echo","new"]']);
    await at.seqctl(["step", "edit", "done", "--command", '["false"]']);
    await held.release("a");
    expect((await run).exit).toBe(0);
    expect((await at.seqctl(["logs", "later"])).out).toBe("new\n");
    const done = (await at.status()).steps.find((step) => step.id === "done");
    expect(done).toMatchObject({ status: "DONE", attempt: 1, stale: true });
    expect((await at.seqctl(["status"])).out).toContain("stale: its definition changed since");
  });

  test("takes away what has not started, and refuses to take away what runs", async () => {
    const { at, held, run } = await running();
    await at.seqctl(["step", "add", "b", "--command", '["false"]', "--depends-on", "a"]);
    expect((await at.seqctl(["step", "rm", "b", "--yes"])).exit).toBe(0);
    expect((await at.json(["step", "rm", "a", "--yes"])).doc.code).toBe("step.running");
    await held.release("a");
    expect(await run).toMatchObject({ exit: 0, doc: { counts: { DONE: 1, total: 1 } } });
  });

  test("that breaks the file by hand leaves the last good one in force", async () => {
    const at = await Workspace.make();
    const held = new Held(at);
    const steps = [
      { id: "a", command: held.command("a") },
      { id: "b", command: ["true"], depends_on: ["a"] },
    ];
    at.write(".threados/sequence.yaml", JSON.stringify({ version: 1, name: "n", steps }));
    const run = at.json(["run", "--yes"]);
    await held.hasBegun("a");
    const good = at.definition;
    at.write(".threados/sequence.yaml", `${good}\nbroken: [`);
    await held.release("a");
    const isOver = () => at.facts().some((fact) => fact.type === "attempt.exited" && fact.step === "b");
    await until("b's end", isOver);
    at.write(".threados/sequence.yaml", good);
    await run;
    expect(await at.standing()).toEqual({ a: "DONE 1", b: "DONE 1" });
  });

  test("lowers the limit for what has not started", async () => {
    const { at, held, run } = await running();
    at.write(".threados/policy.yaml", "version: 1\nmax_concurrent: 1\n");
    await at.seqctl(["step", "add", "b", "--command", '["true"]']);
    await until("b to wait its turn", async () => (await at.standing()).b === "QUEUED limit");
    await held.release("a");
    expect((await run).exit).toBe(0);
  });
});

test("an approval during a run lets go on what waits behind the gate", async () => {
  const at = await Workspace.make({ gates: [{ id: "g", name: "G" }] });
  const held = new Held(at);
  await at.seqctl(["step", "add", "a", "--command", JSON.stringify(held.command("a"))]);
  await at.seqctl(["step", "add", "b", "--command", '["true"]', "--depends-on", "g"]);
  await at.seqctl(["run", "--yes", "--detach"]);
  await held.hasBegun("a");
  expect(await at.standing()).toMatchObject({ b: "BLOCKED waiting_gate" });
  expect((await at.seqctl(["gate", "approve", "g", "--yes"])).exit).toBe(0);
  await until("b's end", async () => (await at.standing()).b === "DONE 1");
  await held.release("a");
  await complete(at);
});

test("what comes into the file after everything had ended well waits until a person asks for it", async () => {
  const at = await Workspace.make();
  await at.seqctl(["step", "add", "a", "--command", '["true"]']);
  expect(await at.json(["run", "--yes"])).toMatchObject({ exit: 0 });
  await until("the engine's leave", async () => at.facts().some((fact) => fact.type === "run.completed"));
  at.write(
    ".threados/sequence.yaml",
    `${at.definition.replace(/\n*$/, "\n")}  - {id: pulled, command: ["true"]}\n`,
  );
  expect(await at.json(["step", "edit", "a", "--name", "A"])).toMatchObject({ exit: 0 });
  expect(await at.standing()).toMatchObject({ pulled: "READY not_requested" });
  expect(await at.json(["run", "--yes"])).toMatchObject({ exit: 0, doc: { counts: { DONE: 2, total: 2 } } });
});

test("a step that joins and can't be started fails and says why", async () => {
  const { at, held, run } = await running();
  const line = '  - {id: b, command: ["true"], env: {KEY: "secret:NAME"}}\n';
  at.write(".threados/sequence.yaml", at.definition.replace(/\n*$/, "\n") + line);
  await until("b's end", async () => (await at.standing()).b?.startsWith("FAILED") === true);
  await held.release("a");
  expect(await run).toMatchObject({ exit: 1 });
  expect((await at.json(["why", "b"])).doc).toMatchObject({
    why: expect.stringContaining("secret:NAME is nowhere"),
  });
});

test("what is added after a run came to a stand waits until a person asks for it", async () => {
  const at = await Workspace.make();
  await at.seqctl(["step", "add", "bad", "--command", '["false"]']);
  expect(await at.json(["run", "--yes"])).toMatchObject({ exit: 1 });
  await until("the engine's leave", async () => at.facts().some((fact) => fact.type === "run.settled"));
  expect(await at.json(["step", "add", "sneak", "--command", '["true"]'])).toMatchObject({ exit: 0 });
  expect(await at.standing()).toMatchObject({ sneak: "READY not_requested" });
});

test("a command that policy.yaml does not allow is refused where it would start, however it came there", async () => {
  const { at, held, run } = await running();
  const program = held.command("a")[0] as string;
  at.write(".threados/policy.yaml", `version: 1\nallowed_commands: [${JSON.stringify(program)}]\n`);
  await at.seqctl(["step", "add", "b", "--command", '["touch","pwned"]']);
  await until("b's end", async () => (await at.standing()).b?.startsWith("FAILED") === true);
  await held.release("a");
  expect(await run).toMatchObject({ exit: 1 });
  expect((await at.json(["why", "b"])).doc).toMatchObject({
    why: expect.stringContaining("allowed_commands"),
  });
});
