import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { cleanUp, Workspace } from "../../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

test("an instance shows what it runs, and a step that ran as instances says so to whoever follows it", async () => {
  const at = await Workspace.make({ steps: [{ id: "many", command: ["echo", "hello"], fanout: 2 }] });
  expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
  const { out } = await at.seqctl(["step", "show", "many-1"]);
  expect(out).toContain('\ncommand: ["echo","hello"]\n');
  expect(out).toEndWith("part of 'many', which defines it: seqctl step show many\n");
  expect((await at.seqctl(["logs", "many", "-f"])).err).toContain("it ran as many-1, many-2;");
  expect((await at.seqctl(["logs", "many-1", "-f"])).err).toBe("");
  const list = await at.seqctl(["step", "add", "each", "--command", '["true"]', "--for-each", '["a"]']);
  expect(list.err).toContain(" hint it names a list, such as steps.plan.outputs.files;");
});

test("a decision that is followed is told before what comes of it", async () => {
  const at = await Workspace.make({
    steps: [
      { id: "a", command: ["true"] },
      { id: "b", command: ["true"], depends_on: ["g"] },
    ],
    gates: [{ id: "g", name: "G", depends_on: ["a"] }],
  });
  expect((await at.seqctl(["gate", "show", "g"])).out).toContain("\na  not done yet\n");
  expect((await at.seqctl(["run", "--yes"])).exit).toBe(3);
  const { exit, out } = await at.seqctl(["gate", "approve", "g", "--follow", "--yes"]);
  expect(exit).toBe(0);
  expect(out).toStartWith("✓ approve gate g\n");
  expect(out).toEndWith("✓ done  2 of 2 steps\n");
});

test("a name that means something else, or nothing, is answered with what it is or where to look", async () => {
  const at = await Workspace.make({
    steps: [
      { id: "build", command: ["true"], group_id: "team" },
      { id: "lint", command: ["true"], group_id: "team" },
    ],
    gates: [{ id: "review", name: "Fine?", depends_on: ["build"] }],
  });
  expect((await at.seqctl(["run", "--yes"])).exit).toBe(3);
  const lines: [string, string][] = [
    ["logs review", "'review' is a gate: `seqctl gate show review` shows it"],
    ["run step review", "'review' is a gate: `seqctl gate show review` shows it"],
    ["logs team", "'team' is a group: `seqctl group list` names its steps"],
    ["why team", "'team' is a group: `seqctl group list` names its steps"],
    ["gate show build", "'build' is a step: `seqctl step show build` shows it"],
    ["gate approve build", "'build' is a step: `seqctl step show build` shows it"],
    ["gate reject review", "on a command line: --reason …"],
    ["run group xyzzy", "`seqctl group list` lists the groups"],
    ["approve review", "`seqctl inbox` lists them; if it is a gate: `seqctl gate approve review`"],
    ["logs build --attempt 4", "its newest attempt is 1"],
    ["artifact build nothing", "`seqctl artifacts build` lists what it left"],
    ["logs build --run xyzzy", "`seqctl runs list` lists them"],
    ["run --only", "`seqctl run --help` says more"],
  ];
  for (const [line, hint] of lines) {
    const { exit, err } = await at.seqctl(line.split(" "));
    expect([line, exit, err]).toEqual([line, 2, expect.stringContaining(` hint ${hint}`)]);
  }
});
