import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { until } from "../rig/deadline";
import { Held } from "../rig/held";
import { cleanUp, Workspace } from "../rig/workspace";

setDefaultTimeout(120_000);
afterEach(cleanUp);

const words = (...command: string[]) => JSON.stringify(command);
const facts = (at: Workspace, type: string) => at.facts().filter((fact) => fact.type === type);

async function good(at: Workspace, ...line: string[]) {
  const { exit, doc } = await at.json([...line, "--yes"]);
  expect([line.join(" "), exit, doc.error]).toEqual([line.join(" "), 0, undefined]);
  return doc;
}

test("base: from an empty folder to a step that failed, was mended, and ran again", async () => {
  const at = Workspace.empty();
  await good(at, "init", "--name", "flow");
  await good(
    at,
    "template",
    "apply",
    "base",
    "--id",
    "job",
    "--command",
    words("sh", "-c", "echo try; exit 3"),
  );
  await good(at, "step", "edit", "job", "--retry", '{"limit":1,"backoff_ms":0}');
  const failed = await at.json(["run", "--yes"]);
  expect([failed.exit, failed.doc.outcome]).toEqual([1, "failed"]);
  expect(await at.standing()).toEqual({ job: "FAILED exit 2" });
  expect((await good(at, "why", "job")).why).toBe("'job' failed: its command exited with 3.");
  const mended = 'echo mended; echo \'{"n": 1}\' > "$THREADOS_OUTPUT_DIR/output.json"';
  await good(at, "step", "edit", "job", "--command", words("sh", "-c", mended));
  expect((await good(at, "run")).outcome).toBe("done");
  expect((await good(at, "logs", "job")).text).toBe("mended\n");
  expect((await good(at, "artifact", "job", "output.json")).text).toBe('{"n": 1}\n');
  await good(at, "rerun", "job");
  expect(await at.standing()).toEqual({ job: "DONE 4" });
  expect((await good(at, "undo")).summary).toBe("undo the last change (change command of step job)");
  expect((await at.status()).steps[0]?.stale).toBe(true);
  expect((await good(at, "audit", "verify")).ok).toBe(true);
});

test("parallel: workers really run side by side, and the merge gets what each of them left", async () => {
  const at = await Workspace.make();
  const held = new Held(at);
  const workers = ["w-1", "w-2", "w-3"];
  await good(at, "template", "apply", "parallel", "--id", "w", "--merge", "--command", words("true"));
  for (const id of workers) await good(at, "step", "edit", id, "--command", JSON.stringify(held.command(id)));
  await good(at, "step", "edit", "w-merge", "--command", words("sh", "-c", 'cp "$THREADOS_INPUTS" got.json'));
  await good(at, "run", "--detach");
  for (const id of workers) await held.hasBegun(id);
  expect(await at.standing()).toMatchObject({ "w-1": "RUNNING running 1", "w-3": "RUNNING running 1" });
  expect((await at.status()).steps.find(({ id }) => id === "w-merge")?.why).toContain(
    "waits for 'w-1', 'w-2' and 'w-3'",
  );
  for (const id of workers) await held.release(id);
  await until("the merge", async () => (await at.standing())["w-merge"] === "DONE 1");
  const got = JSON.parse(at.read("got.json"));
  expect(Object.keys(got)).toEqual(workers);
  expect(Object.values<{ status: string }>(got).map(({ status }) => status)).toEqual([
    "DONE",
    "DONE",
    "DONE",
  ]);
});

test("parallel: instances of one step, one of which fails, are told apart and joined", async () => {
  const shard = 'echo "$THREADOS_FANOUT_INDEX"; test "$THREADOS_FANOUT_INDEX" != 2 || test -e mended';
  const at = await Workspace.make({
    steps: [
      { id: "shard", type: "p", fanout: 3, command: ["sh", "-c", shard] },
      {
        id: "merge",
        depends_on: ["shard"],
        command: ["sh", "-c", 'grep -o "shard-." "$THREADOS_INPUTS" | sort -u'],
      },
    ],
  });
  expect((await at.json(["run", "--yes"])).exit).toBe(1);
  expect(await at.standing()).toMatchObject({ "shard-1": "DONE 1", "shard-2": "FAILED exit 1" });
  expect((await good(at, "why", "shard")).why).toContain("its instance 'shard-2' did not end well");
  at.write("mended", "");
  await good(at, "run", "step", "shard-2");
  await until("the merge", async () => (await at.standing()).merge === "DONE 1");
  expect((await good(at, "logs", "merge")).text).toBe("shard-1\nshard-2\nshard-3\n");
  expect(await at.standing()).toMatchObject({ "shard-1": "DONE 1", "shard-2": "DONE 2", merge: "DONE 1" });
});

test("chained: each phase waits for a person, who sends one back, and nothing passes a gate by itself", async () => {
  const at = await Workspace.make();
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell reads it
  const phase = 'echo "$THREADOS_STEP_ID ${THREADOS_REJECTION:-fresh}" >> log';
  const command = words("sh", "-c", phase);
  await good(
    at,
    "template",
    "apply",
    "chained",
    "--id",
    "c",
    "--phases",
    "plan,build,ship",
    "--command",
    command,
  );
  const first = await at.json(["run", "--yes"]);
  expect([first.exit, first.doc.outcome, at.lines("log")]).toEqual([3, "waiting", ["c-plan fresh"]]);
  expect((await at.json(["gate", "approve", "c-build-gate", "--yes"])).doc.code).toBe("gate.not_ready");
  await good(at, "gate", "reject", "c-plan-gate", "--reason", "not now");
  expect((await good(at, "why", "c-plan-gate")).why).toBe("'c-plan-gate' was rejected by user: not now.");
  expect((await good(at, "why", "c-build")).why).toContain("user rejected 'c-plan-gate': not now");
  expect((await at.json(["run", "--yes"])).exit).toBe(3);
  expect((await at.json(["gate", "approve", "c-plan-gate", "--follow", "--yes"])).exit).toBe(3);
  const back = [
    "gate",
    "reject",
    "c-build-gate",
    "--reason",
    "name the risks",
    "--back-to",
    "c-plan",
    "--yes",
  ];
  // The gate on the way asks again as well.
  expect((await at.json([...back, "--follow"])).exit).toBe(3);
  expect((await at.status()).gates.map(({ id, status, sent_back }) => [id, status, sent_back])).toEqual([
    ["c-plan-gate", "PENDING", 0],
    ["c-build-gate", "PENDING", 1],
  ]);
  expect((await at.json(["gate", "approve", "c-plan-gate", "--follow", "--yes"])).exit).toBe(3);
  const last = await at.json(["gate", "approve", "c-build-gate", "--follow", "--yes"]);
  expect([last.exit, last.doc.outcome]).toEqual([0, "done"]);
  expect(at.lines("log")).toEqual([
    "c-plan fresh",
    "c-build fresh",
    "c-plan name the risks",
    "c-build fresh",
    "c-ship fresh",
  ]);
  expect(facts(at, "gate.rejected").map(({ reason, back: to }) => [reason, to])).toEqual([
    ["not now", undefined],
    ["name the risks", "c-plan"],
  ]);
  const rejections = at.audit().filter((entry) => entry.action === "gate.reject");
  expect(rejections.map((entry) => entry.payload.input.reason)).toEqual(["not now", "name the risks"]);
});

describe("policy", () => {
  test("what is not allowed is denied, what nobody agreed to waits, and a step's agent decides nothing", async () => {
    const inner =
      "seqctl gate approve free --yes; echo $? > approved; seqctl step add mine --command x; echo $? > added";
    const at = await Workspace.make({
      steps: [
        { id: "a", command: ["sh", "-c", "true"] },
        { id: "bad", command: ["curl", "x"], depends_on: ["g"] },
      ],
      gates: [
        { id: "g", name: "G", depends_on: ["a"] },
        { id: "free", name: "Free" },
      ],
      rules: { allowed_commands: ["sh", "true"] },
    });
    expect((await at.json(["run", "--yes"])).doc.code).toBe("policy.denied");
    await good(at, "step", "edit", "bad", "--command", words("true"));
    const waits = await at.json(["run"]);
    expect([waits.exit, waits.doc.code]).toEqual([3, "approval.pending"]);
    expect(at.facts()).toEqual([]);
    const { seqctlArgv } = await import("../rig/seqctl");
    at.script(
      "bin/seqctl",
      `#!/bin/sh\nexec ${(await seqctlArgv()).map((word) => `'${word}'`).join(" ")} "$@"\n`,
    );
    const script = `PATH="${at.path("bin")}:$PATH"; ${inner}`;
    await good(at, "step", "edit", "a", "--command", words("sh", "-c", script));
    expect((await at.json(["run", "--yes"])).exit).toBe(3);
    expect([at.read("approved"), at.read("added")]).toEqual(["4\n", "3\n"]);
    const { gates, proposals } = await good(at, "inbox");
    // The run that was asked for first has been made by hand.
    expect([gates.length, proposals.length]).toEqual([2, 1]);
    const denied = at.audit().filter((entry) => entry.result === "denied");
    expect(denied.map(({ actor, action }) => [actor, action])).toContainEqual(["agent:a", "gate.approve"]);
  });
});

describe("reconciliation", () => {
  test("an engine that is killed loses nothing: what runs is adopted, what ended is found, a send-back goes on", async () => {
    const at = await Workspace.make();
    const held = new Held(at);
    const steps = { a: ["--command", JSON.stringify(held.command("a"))], b: ["--depends-on", "a"] };
    await good(at, "step", "add", "a", ...steps.a);
    await good(at, "step", "add", "b", ...steps.b, "--command", JSON.stringify(held.command("b")));
    await good(at, "gate", "insert", "g", "--name", "G", "--depends-on", "b");
    await good(at, "run", "--detach");
    await held.hasBegun("a");
    await at.killEngine();
    expect((await at.status()).steps[0]?.reason).toBe("engine.absent");
    await held.release("a");
    await good(at, "run", "--detach");
    await held.hasBegun("b");
    expect(held.began()).toEqual(["a", "b"]);
    await held.release("b");
    expect((await at.json(["run", "--yes"])).exit).toBe(3);
    await good(at, "gate", "reject", "g", "--reason", "again", "--back-to", "a");
    await held.hasBegun("a", 2);
    await at.killEngine();
    await good(at, "run", "--detach");
    await held.release("a");
    await held.release("b");
    expect((await at.json(["run", "--yes"])).exit).toBe(3);
    expect(held.began()).toEqual(["a", "b", "a", "b"]);
    expect((await good(at, "why", "g")).why).toContain("(sent back once)");
    await good(at, "gate", "approve", "g");
    expect((await good(at, "audit", "verify")).ok).toBe(true);
  });
});
