import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import * as fs from "node:fs";
import { proveAudit } from "../../rig/audit-proof";
import { until } from "../../rig/deadline";
import { sayIn } from "../../rig/fake-shell";
import { Held } from "../../rig/held";
import { Sitting } from "../../rig/sitting";
import { cleanUp, Workspace } from "../../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

/** What a person reads, and the exit code, of a line typed at a terminal. */
async function type(at: Workspace, line: string[], answers: string[] = []): Promise<[number, string]> {
  const { exit, out, err } = await sayIn(at, line, { answers });
  return [exit, `${err}${out}`];
}

test("from an empty folder to a finished run, in a person's words", async () => {
  const at = Workspace.empty();
  expect(await type(at, ["init", "--name", "Release", "--sandbox", "off"])).toEqual([
    0,
    `✓ made the workspace 'Release' in ${at.root}/.threados (0 steps)\n  next: seqctl step add hello --command '["echo","hello"]'\n`,
  ]);
  expect(
    await type(at, [
      "step",
      "add",
      "build",
      "--command",
      '["sh","-c","echo built; echo {} > $THREADOS_OUTPUT_DIR/output.json"]',
    ]),
  ).toEqual([0, "✓ add step build\n"]);
  await type(at, ["step", "add", "ship", "--command", '["true"]', "--depends-on", "build"]);
  expect(await type(at, ["gate", "insert", "ok", "--name", "Fine?", "--depends-on", "build"])).toEqual([
    0,
    "✓ add gate ok\n",
  ]);
  expect(await type(at, ["dep", "add", "ship", "ok"])).toEqual([0, "✓ make ship wait for ok\n"]);
  expect(await type(at, ["dep", "rm", "ship", "build"])).toEqual([
    0,
    "✓ let ship no longer wait for build\n",
  ]);
  expect(await type(at, ["step", "edit", "ship", "--name", "ship"])).toEqual([
    0,
    "✓ change name of step ship\n",
  ]);
  expect(await type(at, ["step", "edit", "ship", "--name", "ship"])).toEqual([
    0,
    "· nothing to do, it is so already: change name of step ship\n",
  ]);
  const [exit, text] = await type(at, ["run"], ["y"]);
  expect(exit).toBe(3);
  expect(text).toContain(
    "◇ waits for a person  1 of 2 steps are done\n  ◇ ok: Fine?; seqctl gate approve ok\n",
  );
  expect((await type(at, ["inbox"]))[1]).toBe(
    '◇ gate  ok  Fine?  seqctl gate approve ok; seqctl gate reject ok --reason "…"\n' +
      "    approving 'ok' starts ship: [\"true\"]; read only\n",
  );
  const [approved, shown] = await type(at, ["gate", "approve", "ok"], ["y"]);
  expect(approved).toBe(0);
  expect(shown).toStartWith(
    "◇ PENDING  Fine?  'ok' waits for a person to decide.\n\nbuild  done, attempt 1\n  output.json  3 bytes, sha256 ",
  );
  expect(shown).toEndWith("\n? approve gate ok (a gate is a person's decision)\n✓ approve gate ok\n");
  await until("the end", () => at.audit().at(-1)?.action === "run.completed");
  expect((await type(at, ["status"]))[1]).toMatch(/✓ ship {3}DONE +[\d.]+ m?s\n/);
  expect((await type(at, ["artifacts", "build"]))[1]).toMatch(/ 3 {2}output\.json\n/);
  expect(await type(at, ["logs", "build"])).toEqual([0, "built\n"]);
  expect((await type(at, ["step", "show", "build"]))[1]).toStartWith("✓ DONE  'build' is done.\n\n");
  expect((await type(at, ["audit", "verify"]))[1]).toMatch(/^✓ 12 entries, unbroken/);
  expect((await type(at, ["audit", "read", "--limit", "1"]))[1]).toMatch(
    /user {2}workspace\.init +success\n/,
  );
  expect(proveAudit(at.lines(".threados/audit.log"))).toBe(12);
});

test("what is wrong is shown with its place, the line, a caret and a remedy", async () => {
  const at = await Workspace.make({ steps: [{ id: "build" }] });
  at.write(".threados/sequence.yaml", "version: 1\nname: n\nsteps:\n\t- id: build\n");
  expect((await type(at, ["status"]))[1]).toMatch(
    /^\.threados\/sequence\.yaml:4:1\nerror .*\n {2}4 \| \\x09- id|^\.threados\/sequence\.yaml:4:\d+\n/,
  );
  at.write(".threados/sequence.yaml", "version: 1\nname: n\nsteps:\n  - id: build\n    comand: [x]\n");
  expect(await type(at, ["status"])).toEqual([
    2,
    [
      ".threados/sequence.yaml:5:5",
      "error unknown key 'comand' in step 'build'",
      "  5 |     comand: [x]",
      "    |     ^^^^^^",
      " hint did you mean 'command'? `seqctl undo --any` takes the last edit back",
      "",
    ].join("\n"),
  ]);
  expect((await type(at, ["undo"]))[0]).toBe(5);
  expect(await type(at, ["undo", "--any"])).toEqual([
    0,
    "✓ undo the last change (an edit of the file by hand)\n",
  ]);
  // Whoever asks for the broken text gets it, and is told.
  expect(await type(at, ["redo", "--any"])).toEqual([
    0,
    [
      "✓ redo the change that was undone last (an edit of the file by hand)",
      "  that text can't be read: unknown key 'comand' in step 'build'",
      "",
    ].join("\n"),
  ]);
  expect((await type(at, ["undo", "--any"]))[0]).toBe(0);
  fs.rmSync(at.path(".threados/sequence.yaml"));
  expect((await type(at, ["undo"]))[1]).toContain(
    "was made by somebody outside ThreadOS: it can't be read any more",
  );
  expect((await type(at, ["undo", "--any"]))[0]).toBe(0);
});

test("failures, stops and leftovers of a run are told as they are", async () => {
  const at = await Workspace.make();
  const held = new Held(at);
  const steps = [
    { id: "bad", command: ["sh", "-c", "exit 3"], retry: { limit: 1, backoff_ms: 1 } },
    { id: "long", command: held.command("long") },
  ];
  at.write(".threados/sequence.yaml", JSON.stringify({ version: 1, name: "n", steps }));
  const [exit, text] = await type(at, ["run", "step", "bad"], ["y"]);
  expect(exit).toBe(1);
  expect(text).toContain("✗ bad failed");
  expect(text).toContain("(attempt 2) – its command exited with 3\n");
  expect(text).toContain("✗ failed  bad; see `seqctl logs bad --stream stderr`\n");
  expect((await type(at, ["run", "step", "long", "--detach"], ["y"]))[1]).toMatch(
    /started: run step long \(1 step: long\); engine \d+; watch it/,
  );
  await held.hasBegun("long");
  expect((await type(at, ["engine", "status"]))[1]).toMatch(
    /^the engine is alive: pid \d+, fence \d, since 20/,
  );
  expect((await type(at, ["status"]))[1]).toMatch(/▶ long {2}RUNNING +[\d.]+ m?s\n/);
  expect((await type(at, ["stop", "long"]))[1]).toEndWith("✓ stop step long\n");
  expect((await type(at, ["why", "long"]))[1]).toBe("'long' was stopped before it was done.\n");
  const json = await sayIn(at, ["restart", "long", "--yes", "--detach", "--json"]);
  expect(JSON.parse(json.out)).toMatchObject({ changed: true, engine: { pid: expect.any(Number) } });
  await held.hasBegun("long", 2);
  expect((await type(at, ["engine", "stop"]))[1]).toBe("the engine has left; what runs goes on\n");
  expect(JSON.parse((await sayIn(at, ["engine", "stop", "--json"])).out)).toEqual({ stopped: false });
  const left = (await type(at, ["status"]))[1];
  expect(left).toContain("UNKNOWN");
  expect(left).toContain("1 UNKNOWN");
  expect(left).toContain(
    "! 'long' was under way when the engine was last heard of; the engine is gone: `seqctl run` takes it up",
  );
});

test("whoever leaves a run with Ctrl-C is told that it goes on, and what ends it", async () => {
  const at = await Workspace.make();
  const held = new Held(at);
  expect((await at.seqctl(["step", "add", "a", "--command", JSON.stringify(held.command("a"))])).exit).toBe(
    0,
  );
  const person = await Sitting.start(at, ["run", "--yes"]);
  await person.sees("running");
  // Not every kernel that tests run on makes a signal of the key.
  person.process.kill("SIGINT");
  // What was said last may reach the screen behind the end of who said it.
  await person.sees(
    "this goes on without you; `seqctl stop <step>` ends a step, `seqctl cancel` all of the run",
  );
  expect(await person.ended()).toBe(130);
  expect(await at.standing()).toMatchObject({ a: "RUNNING running 1" });
  await held.release("a");
  await until("the run's completion", async () => !(await at.status()).open);
});

test("proposals are read, turned down and carried out", async () => {
  const at = await Workspace.make({ steps: [{ id: "a", command: ["true"] }] });
  const first = (await at.json(["run"])).doc.error.proposal as string;
  const second = (await at.json(["step", "rm", "a"])).doc.error.proposal as string;
  expect((await type(at, ["inbox"]))[1].split("\n").slice(0, -1)).toEqual([
    `◆ proposal  ${first}  run the sequence (1 step: a) (by user)  seqctl approve ${first}; seqctl reject ${first}`,
    '    run.start {"scope":"all"}',
    '    a: ["true"]  (read-only, rule builtin.reader)',
    `◆ proposal  ${second}  remove step a (by user)  seqctl approve ${second}; seqctl reject ${second}`,
    '    step.rm {"id":"a"}',
    '    - step a {"command":["true"]}',
  ]);
  expect((await type(at, ["reject", second]))[1]).toBe(`✓ reject proposal ${second}: remove step a\n`);
  expect((await type(at, ["approve", second], ["y"]))[1]).toContain(
    `proposal ${second} was already rejected`,
  );
  expect((await type(at, ["approve", first], ["n"]))[0]).toBe(3);
  const [exit, text] = await type(at, ["approve", first], ["y"]);
  expect(exit).toBe(0);
  expect(text).toContain('  · run.start {"scope":"all"}\n');
  expect(text).toEndWith("✓ done  1 of 1 step\n");
  expect((await type(at, ["inbox"]))[1]).toBe("nothing waits for you\n");
});

test("rules are shown and changed in a person's words", async () => {
  const at = await Workspace.make({
    steps: [{ id: "a", command: ["true"] }],
    rules: { allowed_commands: ["false", "echo"] },
  });
  expect((await type(at, ["policy", "show"]))[1]).toContain("allowed_commands    false, echo  policy.yaml\n");
  const [exit, text] = await type(at, ["run"]);
  expect(exit).toBe(4);
  expect(text).toBe(
    "error step 'a' runs 'true', which is not allowed: 'true' is not listed (rule policy.yaml:allowed_commands)\n hint allowed_commands in .threados/policy.yaml names what may run; `seqctl policy explain --step a` says more\n",
  );
  expect((await type(at, ["run", "runnable", "--dry-run"]))[0]).toBe(4);
  expect((await type(at, ["policy", "mode", "MAYBE"]))[0]).toBe(2);
  expect((await type(at, ["audit", "tail"]))[1]).toContain("denied: policy.denied");
});

test("a torn audit log is mended in front of one's eyes, a forged one is named", async () => {
  const at = await Workspace.make();
  await type(at, ["step", "add", "a"]);
  fs.appendFileSync(at.path(".threados/audit.log"), "half");
  expect((await type(at, ["audit", "verify"]))[1]).toContain("a torn last line of 4 bytes was repaired");
  const log = at.read(".threados/audit.log");
  at.write(".threados/audit.log", log.replace('"target":"a"', '"target":"b"'));
  expect(await type(at, ["audit", "verify"])).toMatchObject([
    6,
    expect.stringContaining("line 2: its text does not match its hash"),
  ]);
});
