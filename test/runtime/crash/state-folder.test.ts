import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import * as fs from "node:fs";
import { until } from "../../rig/deadline";
import { Held } from "../../rig/held";
import { cleanUp, Workspace } from "../../rig/workspace";

setDefaultTimeout(120_000);
afterEach(cleanUp);

const forget = (at: Workspace) => fs.rmSync(at.path(".threados/state"), { recursive: true, force: true });

test("without its state folder a workspace is read, edited and run as ever", async () => {
  const at = await Workspace.make({ steps: [{ id: "a", command: ["true"] }] });
  for (const line of [
    ["status"],
    ["step", "add", "b", "--command", '["true"]'],
    ["run", "--yes"],
    ["undo"],
    ["audit", "verify"],
    ["engine", "status"],
  ]) {
    forget(at);
    expect([line, (await at.seqctl(line)).exit]).toEqual([line, 0]);
  }
  expect(await at.standing()).toEqual({ a: "DONE 1" });
});

test("taken away under a living engine, it changes nothing: the run is joined, stopped and ended", async () => {
  const at = await Workspace.make();
  const held = new Held(at);
  const steps = [
    { id: "a", command: held.command("a") },
    { id: "b", command: held.command("b") },
  ];
  at.write(".threados/sequence.yaml", JSON.stringify({ version: 1, name: "n", steps }));
  await at.seqctl(["run", "--yes", "--detach"]);
  await held.hasBegun("a");
  await held.hasBegun("b");
  forget(at);
  expect((await at.json(["engine", "status"])).doc.running).toBe(true);
  expect(await at.standing()).toEqual({ a: "RUNNING running 1", b: "RUNNING running 1" });
  expect((await at.seqctl(["stop", "b"])).exit).toBe(0);
  forget(at);
  const again = at.seqctl(["run", "--yes"]);
  await held.hasBegun("b", 2);
  await held.release("a");
  await held.release("b");
  expect((await again).exit).toBe(0);
  expect(await at.standing()).toEqual({ a: "DONE 1", b: "DONE 2" });
});

test("an engine whose whereabouts were lost can still be asked to leave", async () => {
  const at = await Workspace.make();
  const held = new Held(at);
  at.write(
    ".threados/sequence.yaml",
    JSON.stringify({ version: 1, name: "n", steps: [{ id: "a", command: held.command("a") }] }),
  );
  await at.seqctl(["run", "--yes", "--detach"]);
  await held.hasBegun("a");
  forget(at);
  await until(
    "the engine to leave",
    async () => {
      await at.seqctl(["engine", "stop"]);
      return !(await at.json(["engine", "status"])).doc.running;
    },
    10_000,
  );
});

test("caches that lie are not believed", async () => {
  const at = await Workspace.make({ name: "true name" });
  await at.seqctl(["status"]);
  at.write(".threados/state/definition.json", '{"digest":"x","sequence":{"version":1,"name":"a lie"}}');
  expect((await at.status()).name).toBe("true name");
  at.write(".threados/state/definition.json", "{");
  expect((await at.status()).name).toBe("true name");
  at.write(".threados/state/engine.json", `{"pid":${process.pid},"fence":9,"startedAt":"x"}`);
  expect((await at.json(["engine", "status"])).doc).toMatchObject({ running: false, pid: null });
  expect((await at.json(["engine", "stop"])).doc).toEqual({ stopped: false });
});
