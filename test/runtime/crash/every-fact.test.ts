import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { until } from "../../rig/deadline";
import { isAlive, kill } from "../../rig/processes";
import { cleanUp, Workspace } from "../../rig/workspace";

setDefaultTimeout(120_000);
afterEach(cleanUp);

const steps = [
  { id: "a", command: ["sh", "-c", "echo a >> ran"] },
  { id: "b", command: ["sh", "-c", "echo b >> ran"] },
  { id: "c", command: ["sh", "-c", "echo c >> ran"], depends_on: ["a", "b"] },
];

test("an engine killed as soon as it has written its n-th fact, for every n, repeats nothing and loses nothing", async () => {
  for (let facts = 3; facts < 16; facts++) {
    const at = await Workspace.make({ steps });
    await at.seqctl(["run", "--yes", "--detach"]);
    const isFar = () => at.facts().length >= facts || at.facts().at(-1)?.type === "engine.stopped";
    await until(`${facts} facts`, isFar);
    const pid = at.enginePid();
    if (pid !== undefined) {
      kill(pid);
      await until("its death", () => !isAlive(pid));
    }
    const run = at.runs()[0];
    if ((await at.status()).open) expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
    expect([facts, at.runs()]).toEqual([facts, [run as string]]);
    expect([facts, at.lines("ran").sort()]).toEqual([facts, ["a", "b", "c"]]);
    expect([facts, await at.standing()]).toEqual([facts, { a: "DONE 1", b: "DONE 1", c: "DONE 1" }]);
    await at.end();
  }
});
