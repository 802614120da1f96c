import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { until } from "../../rig/deadline";
import { sayIn } from "../../rig/fake-shell";
import { Held } from "../../rig/held";
import { cleanUp, Workspace } from "../../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

describe("a line that asks for what can't be", () => {
  test.each([
    [["step", "add", "a", "--command", "[]"], "step.add, 'command': must not be empty"],
    [["template", "apply", "parallel", "--workers", "0"], "'workers': must be at least 1"],
    [["template", "apply", "chained", "--phases", "a,b,A"], "'phases': 'A' is named twice"],
    [["template", "apply", "fusion", "--candidates", "x,x"], "'candidates': 'x' is named twice"],
    [["policy", "explain"], "seqctl policy explain -- npm test, or seqctl policy explain --step <id>"],
  ])("%j is told in words: %s", async (line, said) => {
    const at = await Workspace.make();
    const before = at.definition;
    const { exit, err } = await sayIn(at, line);
    expect(exit).toBe(2);
    expect(err).toContain(said);
    expect(err).not.toMatch(/Too (small|big)|>=/);
    expect(at.definition).toBe(before);
  });
});

test("a step whose instances go on is not told to have ended", async () => {
  const at = await Workspace.make();
  const held = new Held(at);
  const names = ["many-1", "many-2"];
  for (const name of names) held.command(name);
  const command = ["sh", "-c", "exec held/hold many-$THREADOS_FANOUT_INDEX"];
  const steps = [{ id: "many", command, fanout: 2 }];
  at.write(".threados/sequence.yaml", JSON.stringify({ version: 1, name: "n", steps }));
  expect((await sayIn(at, ["run", "--yes", "--detach"])).exit).toBe(0);
  for (const name of names) await held.release(name);
  await until("the end", async () => !(await at.status()).open);
  const restart = sayIn(at, ["restart", "many", "--yes"]);
  for (const name of names) await held.hasBegun(name, 2);
  const [many] = (await at.status()).steps;
  expect(many).toMatchObject({ id: "many", status: "RUNNING", ended_at: null });
  for (const name of names) await held.release(name);
  expect((await restart).out).toMatch(/^✓ many +done [\d.]+ m?s \(attempt 2\)$/m);
});

test("what is asked for and is so already is told as that, and an order is told in plain words", async () => {
  const at = await Workspace.make({
    steps: [{ id: "a", command: ["true"] }],
    gates: [{ id: "g", name: "G", depends_on: ["a"] }],
  });
  const said = async (...line: string[]) => (await sayIn(at, [...line, "--yes"])).out;
  expect(await said("step", "edit", "a")).toBe("· nothing to do, it is so already: leave step a as it is\n");
  expect(await said("gate", "edit", "g", "--name", "G")).toBe(
    "· nothing to do, it is so already: change name of gate g\n",
  );
  await said("policy", "mode", "SAFE");
  expect(await said("policy", "mode", "SAFE")).toBe(
    "· nothing to do, it is so already: switch to mode SAFE\n",
  );
  expect(await said("policy", "mode", "SAFE", "--dry-run")).toBe(
    "would change nothing: switch to mode SAFE\n",
  );
  expect(await said("policy", "sandbox", "required")).toBe("✓ run every step in a sandbox\n");
  expect(await said("policy", "sandbox", "off")).toBe(
    "✓ run steps without a sandbox, but for those that ask for one\n",
  );
  expect((await at.seqctl(["run", "--yes"])).exit).toBe(3);
  expect(await said("gate", "reject", "g", "--reason", "no")).toBe("✓ reject gate g\n");
});

test("where there is nothing to tidy up, and nothing to wait for, that is said", async () => {
  const at = await Workspace.make({ steps: [{ id: "a", command: ["true"] }] });
  expect((await sayIn(at, ["worktree", "gc"])).out).toBe("there are no worktrees\n");
  expect((await sayIn(at, ["dep", "add", "a", "xyzzy"])).err).toContain(
    " hint add it first, or leave it out of what 'a' waits for\n",
  );
});

test("undo names what an approved proposal did", async () => {
  const at = await Workspace.make({ steps: [{ id: "a", command: ["true"] }] });
  const { doc } = await at.json(["step", "rm", "a"]);
  expect((await at.seqctl(["approve", doc.error.proposal, "--yes"])).exit).toBe(0);
  expect((await sayIn(at, ["undo"])).out).toBe("✓ undo the last change (remove step a)\n");
});
