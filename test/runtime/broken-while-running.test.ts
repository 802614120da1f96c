import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { until } from "../rig/deadline";
import { Held } from "../rig/held";
import { cleanUp, Workspace } from "../rig/workspace";

setDefaultTimeout(120_000);
afterEach(cleanUp);

/** Two steps under way, and a file broken by hand. */
async function broken(file: string, text: string) {
  const at = await Workspace.make();
  const held = new Held(at);
  const steps = ["a", "b"].map((id) => ({ id, command: held.command(id) }));
  at.write(".threados/sequence.yaml", JSON.stringify({ version: 1, name: "n", steps }));
  await at.seqctl(["run", "--yes", "--detach"]);
  await held.hasBegun("a");
  await held.hasBegun("b");
  at.write(file, text);
  return { at, held };
}

const files: [string, string, string][] = [
  [".threados/sequence.yaml", "version: 1\nname: n\nsteps: [\n", "is never closed"],
  [".threados/policy.yaml", "mode: SAFE\nmax_concurent: 2\n", "max_concurent"],
];

describe.each(files)("a broken %s while steps run", (file, text, fault) => {
  test("keeps nobody from looking and stopping, and nothing else goes", async () => {
    const { at } = await broken(file, text);
    const status = await at.seqctl(["status"]);
    expect(status).toMatchObject({ exit: 0, out: expect.stringContaining(fault) });
    expect(await at.standing()).toEqual({ a: "RUNNING running 1", b: "RUNNING running 1" });
    for (const line of [["why", "a"], ["logs", "a"], ["inbox"], ["step", "show", "a"], ["gate", "list"]])
      expect({ line, exit: (await at.seqctl(line)).exit }).toEqual({ line, exit: 0 });
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(2);
    expect((await at.seqctl(["step", "add", "z"])).exit).toBe(2);
    expect((await at.seqctl(["stop", "a"])).exit).toBe(0);
    expect(await at.standing()).toEqual({ a: "FAILED stopped 1", b: "RUNNING running 1" });
    expect((await at.seqctl(["cancel"])).exit).toBe(0);
    expect(await at.standing()).toEqual({ a: "FAILED stopped 1", b: "FAILED stopped 1" });
    expect(at.read(file)).toBe(text);
  });
});

test("a broken definition names the way back, and that leads there", async () => {
  const { at, held } = await broken(".threados/sequence.yaml", "steps: [\n");
  const good = at.read(`.threados/revisions/${(await at.status()).revision}.yaml`);
  expect((await at.seqctl(["step", "add", "z"])).err).toContain("seqctl undo --any");
  expect((await at.seqctl(["undo", "--any", "--yes"])).exit).toBe(0);
  expect(at.definition).toBe(good);
  await held.release("a");
  await held.release("b");
  await until("the end", async () => (await at.status()).counts.DONE === 2);
});

test("a killed engine is followed by one that stops, by the last valid definition", async () => {
  const { at } = await broken(".threados/sequence.yaml", "steps: [\n");
  await at.killEngine();
  expect((await at.seqctl(["stop", "a"])).exit).toBe(0);
  expect(await at.standing()).toEqual({ a: "FAILED stopped 1", b: "RUNNING running 1" });
});
