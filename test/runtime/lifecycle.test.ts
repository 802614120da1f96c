import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { Held } from "../rig/held";
import { cleanUp, Workspace } from "../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

const noted = (id: string, more = {}) => ({ id, command: ["sh", "-c", `echo ${id} >> ran`], ...more });
const failing = (id: string, more = {}) => ({
  id,
  command: ["sh", "-c", `echo ${id} >> ran; exit 1`],
  ...more,
});

describe("handlers", () => {
  const handlers = { on_success: ["good"], on_failure: ["bad"], finally: ["last"] };
  const all = (first: object) => [
    first as { id: string },
    noted("good"),
    noted("bad", { when: "steps.main.exit_code == 1" }),
    noted("last"),
  ];

  test("run after a step that ends well", async () => {
    const at = await Workspace.make({ steps: all(noted("main", handlers)) });
    const { exit, doc } = await at.json(["run", "--yes"]);
    expect({ exit, open: doc.open }).toEqual({ exit: 0, open: false });
    expect(at.lines("ran")[0]).toBe("main");
    expect(await at.standing()).toEqual({
      main: "DONE 1",
      good: "DONE 1",
      bad: "SKIPPED not_called",
      last: "DONE 1",
    });
    expect((await at.json(["why", "bad"])).doc.why).toBe(
      "'bad' was skipped because nothing ended in the way it is there for.",
    );
  });

  test("run after a step that fails, and again when it fails again", async () => {
    const at = await Workspace.make({ steps: all(failing("main", handlers)) });
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(1);
    expect(await at.standing()).toEqual({
      main: "FAILED exit 1",
      good: "SKIPPED not_called",
      bad: "DONE 1",
      last: "DONE 1",
    });
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(1);
    expect(await at.standing()).toMatchObject({ main: "FAILED exit 2", bad: "DONE 2", last: "DONE 2" });
  });

  test("run even if only their step was asked for, and wait until it has ended", async () => {
    const at = await Workspace.make({ steps: all(noted("main", handlers)) });
    expect(await at.standing()).toMatchObject({ good: "BLOCKED waiting_call", last: "BLOCKED waiting_call" });
    expect((await at.json(["why", "good"])).doc.why).toBe(
      "'good' waits to be called for by the end of 'main'.",
    );
    await at.seqctl(["run", "step", "main", "--yes"]);
    const { until } = await import("../rig/deadline");
    await until("the handlers to end", () => at.facts().at(-1)?.type === "engine.stopped");
    expect(at.lines("ran").sort()).toEqual(["good", "last", "main"]);
  });

  test("are refused where they are no steps, or go round in a circle", async () => {
    const at = await Workspace.make();
    at.write(
      ".threados/sequence.yaml",
      JSON.stringify({ version: 1, name: "n", steps: [noted("a", { finally: ["nope"] })] }),
    );
    expect((await at.json(["status"])).doc.code).toBe("dep.unknown");
    at.write(
      ".threados/sequence.yaml",
      JSON.stringify({
        version: 1,
        name: "n",
        steps: [noted("a", { finally: ["b"], depends_on: ["b"] }), noted("b")],
      }),
    );
    expect((await at.json(["status"])).doc.code).toBe("dep.cycle");
  });
});

describe("loop", () => {
  const counting = (until: string, max: number, script = "") => ({
    id: "a",
    command: [
      "sh",
      "-c",
      `echo x >> rounds; printf '{"n": %s}' $(wc -l < rounds) > "$THREADOS_OUTPUT_DIR/output.json"; ${script}`,
    ],
    loop: { until, max },
  });

  test("runs a step until its condition holds, and only then what depends on it", async () => {
    const at = await Workspace.make({
      steps: [
        counting("outputs.n >= 3", 5),
        { id: "b", command: ["sh", "-c", "wc -l < rounds > seen"], depends_on: ["a"] },
      ],
    });
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
    expect(await at.standing()).toEqual({ a: "DONE 3", b: "DONE 1" });
    expect(at.read("seen").trim()).toBe("3");
  });

  test("looks at exit codes too: until the tests pass", async () => {
    const at = await Workspace.make({
      steps: [counting("exit_code == 0", 5, "test $(wc -l < rounds) -ge 2")],
    });
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
    expect(await at.standing()).toEqual({ a: "DONE 2" });
  });

  test("is bounded; a person's next run begins it anew", async () => {
    const at = await Workspace.make({
      steps: [counting("outputs.n >= 5", 3), noted("b", { depends_on: ["a"] })],
    });
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(1);
    expect(await at.standing()).toEqual({ a: "FAILED loop_exhausted 3", b: "BLOCKED dep_failed" });
    expect((await at.json(["why", "a"])).doc.why).toBe(
      "'a' failed: after 3 rounds this does not hold: outputs.n >= 5.",
    );
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
    expect(await at.standing()).toEqual({ a: "DONE 5", b: "DONE 1" });
  });

  test("whose condition can't be told fails", async () => {
    const at = await Workspace.make({ steps: [counting("outputs.n > 'x'", 3)] });
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(1);
    expect((await at.json(["why", "a"])).doc.why).toContain("> can't compare a number with a string");
    expect(at.lines("rounds")).toHaveLength(1);
  });
});

test("of a concurrency group one member runs at a time", async () => {
  const at = await Workspace.make();
  const held = new Held(at);
  const steps = ["a", "b"].map((id) => ({ id, command: held.command(id), concurrency_group: "db" }));
  at.write(
    ".threados/sequence.yaml",
    JSON.stringify({ version: 1, name: "n", steps: [...steps, noted("free")] }),
  );
  const running = await at.start(["run", "--yes"]);
  await held.hasBegun("a");
  const { until } = await import("../rig/deadline");
  await until("the free step to end", () => at.lines("ran").length === 1);
  expect((await at.json(["why", "b"])).doc).toMatchObject({
    status: "QUEUED",
    reason: "concurrency_group",
    why: "'b' waits until 'a', of the same concurrency group 'db', has ended.",
  });
  expect(held.began()).toEqual(["a"]);
  await held.release("a");
  await held.release("b");
  expect(await running.exited).toBe(0);
});

test("a step that prints nothing for too long is stopped, and one that goes on printing is not", async () => {
  const chatty = "for i in 1 2 3 4 5 6 7 8; do echo $i; sleep 0.2; done";
  const at = await Workspace.make({
    steps: [
      { id: "silent", command: ["sleep", "600"], idle_timeout_ms: 300 },
      { id: "chatty", command: ["sh", "-c", chatty], idle_timeout_ms: 1000 },
    ],
  });
  expect((await at.seqctl(["run", "--yes"])).exit).toBe(1);
  expect(await at.standing()).toEqual({ silent: "FAILED idle_timeout 1", chatty: "DONE 1" });
  expect((await at.json(["why", "silent"])).doc.why).toBe(
    "'silent' failed: it printed nothing for longer than its idle time limit and was stopped.",
  );
});
