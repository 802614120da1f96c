import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { say } from "../../rig/fake-shell";
import { cleanUp, Workspace } from "../../rig/workspace";

setDefaultTimeout(120_000);
afterEach(cleanUp);

/** A process that holds the workspace's lock. */
async function holdLock(at: Workspace) {
  const script = join(import.meta.dir, "../../rig/lock-holder.ts");
  const child = Bun.spawn([process.execPath, script, at.path(".threados/lock")], {
    stdin: "pipe",
    stdout: "pipe",
  });
  const reader = child.stdout.getReader();
  expect(new TextDecoder().decode((await reader.read()).value)).toBe("held\n");
  return child;
}

describe("while another process holds the workspace's lock", () => {
  test("`run` gives up after a while with 75; questions are answered; an edit waits its turn", async () => {
    const at = await Workspace.make({ steps: [{ id: "a", command: ["true"] }] });
    const holder = await holdLock(at);
    const edit = at.seqctl(["step", "add", "b"]);
    const [run, status] = await Promise.all([at.json(["run", "--yes"]), at.json(["status"])]);
    expect(status.exit).toBe(0);
    expect(run).toMatchObject({ exit: 75, doc: { code: "lock.busy" } });
    holder.stdin.end();
    expect((await edit).exit).toBe(0);
    expect((await at.status()).steps.map(({ id }) => id)).toEqual(["a", "b"]);
  });
});

test("an engine that can't be started is a failure with its own words, and what was asked is kept", async () => {
  const at = await Workspace.make({ steps: [{ id: "a", command: ["true"] }] });
  const { rmSync } = await import("node:fs");
  rmSync(at.path(".threados/state"), { recursive: true });
  at.write(".threados/state", "a file where a folder should be");
  const { exit, doc } = await at.json(["run", "--yes"]);
  expect([1, 70]).toContain(exit);
  expect(doc.error.message).toContain("state");
  rmSync(at.path(".threados/state"));
  expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
});

test("a bug says so, with 70, and shows its trace only to those who ask for it", async () => {
  const broken = async () => {
    throw new Error("something unforeseen");
  };
  const plain = await say(["status"], { open: broken });
  expect(plain).toMatchObject({ exit: 70, out: "" });
  expect(plain.err).toBe(
    "bug a bug in ThreadOS: something unforeseen\n hint please report it with the command you used\n",
  );
  expect((await say(["status"], { open: broken, env: { THREADOS_DEBUG: "1" } })).err).toContain("\n    at ");
  const json = await say(["status", "--json"], { open: broken });
  expect(JSON.parse(json.out)).toMatchObject({
    code: "internal",
    error: { code: "internal", hint: expect.any(String) },
  });
});

describe("documents", () => {
  test("of status have the shape of the contract", async () => {
    const at = await Workspace.make({
      steps: [
        { id: "a", command: ["true"], group_id: "g1" },
        { id: "b", command: ["true"], depends_on: ["g"] },
      ],
      gates: [{ id: "g", name: "G", depends_on: ["a"], shows: ["a"] }],
    });
    await at.seqctl(["run", "--yes"]);
    const { doc } = await at.json(["status"]);
    expect(doc).toEqual({
      canceled: false,
      root: at.root,
      audit: { seq: 3, hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
      run: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{26}$/),
      open: true,
      name: "rig",
      mode: "SAFE",
      sandbox: "off",
      revision: expect.stringMatching(/^[0-9a-f]{64}$/),
      seq: expect.any(Number),
      engine: { running: false, pid: null },
      steps: [
        {
          id: "a",
          name: "a",
          type: "base",
          model: "shell",
          status: "DONE",
          reason: null,
          why: "'a' is done.",
          attempt: 1,
          started_at: expect.any(Number),
          ended_at: expect.any(Number),
          exit_code: 0,
          stale: false,
          depends_on: [],
          group_id: "g1",
        },
        expect.objectContaining({
          id: "b",
          status: "BLOCKED",
          reason: "waiting_gate",
          attempt: 0,
          started_at: null,
          exit_code: null,
        }),
      ],
      gates: [
        {
          id: "g",
          name: "G",
          status: "PENDING",
          reason: "waiting_human",
          why: expect.any(String),
          depends_on: ["a"],
          shows: ["a"],
          sent_back: 0,
          takes: ["approve", "reject", "block"],
        },
      ],
      counts: { DONE: 1, BLOCKED: 1, total: 2 },
      warnings: [],
    });
  });

  test("of every question are one line on stdout, and nothing else anywhere", async () => {
    const at = await Workspace.make({
      steps: [{ id: "a", command: ["echo", "x"] }],
      gates: [{ id: "g", name: "G" }],
    });
    await at.seqctl(["run", "--yes"]);
    const lines = [
      "status",
      "gate list",
      "inbox",
      "why a",
      "why g",
      "logs a",
      "artifacts a",
      "step show a",
      "step show g",
      "audit tail",
      "audit tail --n 1",
      "audit read",
      "audit read --limit 2 --offset 1",
      "audit verify",
      "policy show",
      "engine status",
      "engine stop",
    ];
    for (const line of lines) {
      const { exit, err, doc } = await at.json(line.split(" "));
      expect([line, exit, err, typeof doc]).toEqual([line, 0, "", "object"]);
    }
    expect((await at.json(["audit", "read", "--limit", "2", "--offset", "1"])).doc).toMatchObject({
      entries: [{ seq: 2 }, { seq: 3 }],
      total: 3,
      limit: 2,
      offset: 1,
    });
    expect((await at.json(["audit", "tail", "--n", "1"])).doc.entries).toMatchObject([{ seq: 3 }]);
  });

  test("of every question are something to read without --json, too", async () => {
    const at = await Workspace.make({
      steps: [{ id: "a", command: ["echo", "x"] }],
      gates: [{ id: "g", name: "G" }],
    });
    await at.seqctl(["run", "--yes"]);
    const said = async (line: string) => (await at.seqctl(line.split(" "))).out;
    expect(await said("audit tail")).toMatch(
      /^ {3}1 {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}user +workspace\.init +success\n/,
    );
    expect(await said("audit verify")).toMatch(
      /^✓ 3 entries, unbroken; head [0-9a-f]{16}\n {2}agrees with the checkpoint of entry 3 outside the repository\n {2}journals that it sealed: 1 of 1 are as they were\n$/,
    );
    expect(await said("policy show")).toContain("mode                SAFE    built-in\n");
    expect(await said("engine status")).toBe("no engine is alive\n");
    expect(await said("engine stop")).toBe("no engine was alive\n");
    expect(await said("step show a")).toContain("✓ DONE  'a' is done.\n\n");
    expect(await said("gate list")).toMatch(/^◇ PENDING {2}g {2}G {2}'g' waits for a person to decide\.\n$/);
    expect(await said("artifacts a")).toMatch(/ 2 {2}stdout\.log\n/);
    expect(await said("logs a")).toBe("x\n");
  });
});
