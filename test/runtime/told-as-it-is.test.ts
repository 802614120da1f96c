import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import * as fs from "node:fs";
import { until } from "../rig/deadline";
import { Held } from "../rig/held";
import { cleanUp, Workspace } from "../rig/workspace";

setDefaultTimeout(120_000);
afterEach(cleanUp);

test("a step that ended while no engine was there ended when it did, not when that was found", async () => {
  const at = await Workspace.make();
  const held = new Held(at);
  await at.seqctl(["step", "add", "a", "--command", JSON.stringify(held.command("a"))]);
  await at.seqctl(["run", "--yes", "--detach"]);
  await held.hasBegun("a");
  await at.killEngine();
  const start = (await at.status()).steps[0]?.started_at ?? 0;
  await held.release("a");
  const exit = at.path(`${at.attempt("a")}/exit-1`);
  await until("the exit code", () => fs.existsSync(exit) && fs.readFileSync(exit, "utf8") === "0\n");
  fs.utimesSync(exit, (start + 1) / 1000, (start + 1) / 1000);
  expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
  expect((await at.status()).steps[0]).toMatchObject({
    status: "DONE",
    started_at: start,
    ended_at: start + 1,
  });
  expect(JSON.parse(at.read(`${at.attempt("a")}/status.json`))).toMatchObject({ duration_ms: 1 });
  expect((await at.json(["runs", "show"])).doc.steps[0]).toMatchObject({ ended_at: start + 1 });
});

test("what was given up can't be given up again, and a first run has none to be compared with", async () => {
  const at = await Workspace.make({ steps: [{ id: "a", command: ["false"] }] });
  await at.seqctl(["run", "--yes"]);
  expect(await at.seqctl(["runs", "diff"])).toMatchObject({
    exit: 2,
    err: expect.stringContaining("only one run so far"),
  });
  expect((await at.seqctl(["cancel"])).exit).toBe(0);
  expect(await at.seqctl(["cancel"])).toMatchObject({
    exit: 0,
    out: expect.stringContaining("given up already"),
  });
});

test("a gate of a run that was given up asks nobody, and says so to who would approve it all the same", async () => {
  const at = await Workspace.make({
    steps: [{ id: "a", command: ["true"] }],
    gates: [{ id: "g", name: "Release", depends_on: ["a"] }],
  });
  await at.seqctl(["run", "--yes"]);
  expect((await at.json(["inbox"])).doc.gates).toHaveLength(1);
  expect((await at.seqctl(["cancel"])).exit).toBe(0);
  expect((await at.json(["status"])).doc.gates).toMatchObject([
    { status: "PENDING", reason: "run_canceled" },
  ]);
  expect((await at.json(["inbox"])).doc.gates).toEqual([]);
  expect(await at.seqctl(["gate", "approve", "g", "--yes"])).toMatchObject({
    exit: 2,
    err: expect.stringMatching(/because the run was given up[\s\S]*`seqctl run` begins another one/),
  });
  await at.seqctl(["run", "--yes"]);
  expect((await at.seqctl(["gate", "approve", "g", "--yes"])).exit).toBe(0);
});

test("no decision at a gate of a run that was given up begins another run", async () => {
  const at = await Workspace.make({
    steps: [{ id: "a", command: ["true"] }],
    gates: [
      { id: "g", name: "Release", depends_on: ["a"] },
      { id: "free", name: "Waits for nothing" },
    ],
  });
  await at.seqctl(["run", "--yes"]);
  expect((await at.seqctl(["cancel"])).exit).toBe(0);
  const { run } = await at.status();
  const lines: [string, string[]][] = [
    ["approved", ["approve", "free"]],
    ["blocked", ["block", "g"]],
    ["rejected", ["reject", "g", "--reason", "no"]],
    ["rejected", ["reject", "g", "--reason", "no", "--back-to", "a"]],
  ];
  for (const [word, line] of lines)
    expect(await at.json(["gate", ...line, "--yes"])).toMatchObject({
      exit: 2,
      doc: {
        code: "gate.not_ready",
        error: {
          message: `gate '${line[1]}' can't be ${word}, because the run was given up`,
          hint: "`seqctl run` begins another one, in which it asks again",
        },
      },
    });
  expect(await at.status()).toMatchObject({ run, canceled: true });
});

test("a gate that was rejected says why wherever it holds something back, and how to go on", async () => {
  const at = await Workspace.make({
    steps: [
      { id: "a", command: ["true"] },
      { id: "ship", command: ["true"], depends_on: ["g"] },
    ],
    gates: [{ id: "g", name: "Release", depends_on: ["a"] }],
  });
  await at.seqctl(["run", "--yes"]);
  expect((await at.seqctl(["gate", "reject", "g", "--reason", "no notes yet", "--yes"])).exit).toBe(0);
  const why = (await at.seqctl(["why", "ship"])).out;
  expect(why).toContain("rejected 'g': no notes yet");
  expect(why).toContain("seqctl gate approve g");
  expect((await at.seqctl(["inbox"])).out).toContain("no notes yet");
  expect((await at.seqctl(["gate", "approve", "g", "--yes", "--follow"])).exit).toBe(0);
  expect((await at.standing()).ship).toBe("DONE 1");
});

test("one that waits for a sub-sequence is told of the step that ran it, too", async () => {
  const at = await Workspace.make({
    steps: [
      { id: "sub", sequence: "sub.yaml" },
      { id: "b", command: ["sh", "-c", 'cat "$THREADOS_INPUTS"'], depends_on: ["sub"] },
    ],
  });
  at.write(".threados/sub.yaml", "version: 1\nname: s\nsteps: [{id: lint, command: [echo, x]}]\n");
  expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
  const told = JSON.parse((await at.seqctl(["logs", "b"])).out);
  expect(told).toMatchObject({ sub: { status: "DONE", dir: null }, "sub-lint": { status: "DONE" } });
});

test("one failed candidate of a fusion keeps nothing from its synthesis", async () => {
  const at = await Workspace.make();
  const command = JSON.stringify(["sh", "-c", '[ "$THREADOS_STEP_ID" != fix-b ]']);
  await at.seqctl(["template", "apply", "fusion", "--id", "fix", "--command", command]);
  await at.seqctl(["step", "edit", "fix-synth", "--command", '["sh","-c","cat $THREADOS_INPUTS"]']);
  await at.seqctl(["run", "--yes"]);
  expect(await at.standing()).toMatchObject({ "fix-b": "FAILED exit 1", "fix-synth": "DONE 1" });
  const told = JSON.parse((await at.seqctl(["logs", "fix-synth"])).out);
  expect(told).toMatchObject({ "fix-a": { status: "DONE" }, "fix-b": { status: "FAILED" } });
});

test("where nothing was printed, that is said, and of a step that went on as others, which", async () => {
  const at = await Workspace.make({
    steps: [
      { id: "quiet", command: ["false"] },
      { id: "each", command: ["echo", "x"], fanout: 2 },
    ],
  });
  const run = await at.seqctl(["run", "--yes"]);
  expect(run.out).toContain("seqctl logs quiet --stream stderr");
  expect((await at.seqctl(["logs", "quiet", "--stream", "stderr"])).err).toContain(
    "nothing printed on stderr",
  );
  expect(await at.seqctl(["logs", "quiet"])).toMatchObject({ out: "", err: "(nothing printed)\n" });
  expect(await at.seqctl(["logs", "each"])).toMatchObject({
    out: "",
    err: expect.stringContaining("it ran as each-1, each-2"),
  });
});

test("an instance says what it is part of, where one looks at it and where one wants to change it", async () => {
  const at = await Workspace.make({ steps: [{ id: "each", command: ["true"], fanout: 2 }] });
  await at.seqctl(["run", "--yes"]);
  expect((await at.seqctl(["step", "show", "each-1"])).out).toContain("part of 'each'");
  for (const line of [
    ["step", "rm", "each-1", "--yes"],
    ["step", "edit", "each-1", "--name", "N"],
  ])
    expect(await at.seqctl(line)).toMatchObject({
      exit: 2,
      err: expect.stringContaining("'each-1' is only part of 'each'"),
    });
});
