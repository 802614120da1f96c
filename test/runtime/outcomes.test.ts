import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { until } from "../rig/deadline";
import { cleanUp, Workspace } from "../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

/** A step that appends its id to a file and then does something. */
const noted = (id: string, script = "true", more = {}) => ({
  id,
  command: ["sh", "-c", `echo ${id} >> ran; ${script}`],
  ...more,
});

describe("a run", () => {
  test("starts steps in the order of their dependencies and ends with 0", async () => {
    const at = await Workspace.make({
      steps: [
        noted("c", "true", { depends_on: ["b"] }),
        noted("b", "true", { depends_on: ["a"] }),
        noted("a"),
      ],
    });
    const { exit, out } = await at.seqctl(["run", "--yes"]);
    expect(exit).toBe(0);
    expect(at.lines("ran")).toEqual(["a", "b", "c"]);
    expect(out).toEndWith("✓ done  3 of 3 steps\n");
    expect(await at.status()).toMatchObject({ open: false, counts: { DONE: 3, total: 3 } });
  });

  test("with a failure exits 1; the next `run` retries what failed and nothing else", async () => {
    const at = await Workspace.make({
      steps: [noted("good"), noted("bad", "test -e mended"), noted("later", "true", { depends_on: ["bad"] })],
    });
    const failed = await at.seqctl(["run", "--yes"]);
    expect(failed.exit).toBe(1);
    expect(failed.out).toContain("✗ failed  bad; see `seqctl logs bad --stream stderr`");
    expect(await at.standing()).toEqual({
      good: "DONE 1",
      bad: "FAILED exit 1",
      later: "BLOCKED dep_failed",
    });
    const { run } = await at.status();
    at.write("mended", "");
    expect(await at.json(["run", "--yes"])).toMatchObject({ exit: 0, doc: { run, open: false } });
    expect(at.lines("ran").sort()).toEqual(["bad", "bad", "good", "later"]);
    expect(await at.standing()).toEqual({ good: "DONE 1", bad: "DONE 2", later: "DONE 1" });
  });

  test("is opened anew once all is done, or when one says so", async () => {
    const at = await Workspace.make({ steps: [noted("a")] });
    const runs = new Set<string | null>();
    for (const line of [["run"], ["run"], ["run", "--new"], ["run", "all", "--new"]]) {
      expect((await at.seqctl([...line, "--yes"])).exit).toBe(0);
      runs.add((await at.status()).run);
    }
    expect(runs.size).toBe(4);
    expect(at.lines("ran")).toHaveLength(4);
    expect(await at.standing()).toEqual({ a: "DONE 1" });
  });

  test("of nothing is done at once", async () => {
    const at = await Workspace.make();
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
    expect(await at.json(["run", "runnable", "--yes"])).toMatchObject({ exit: 0, doc: { changed: false } });
  });

  test("starts higher priority first, and never more than max_concurrent at once", async () => {
    const at = await Workspace.make({
      policy: { max_concurrent: 1 },
      steps: [
        noted("low", "true", { priority: -1 }),
        noted("first"),
        noted("second"),
        noted("high", "true", { priority: 5 }),
      ],
    });
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
    expect(at.lines("ran")).toEqual(["high", "first", "second", "low"]);
  });

  test.each([
    ["no command", { id: "x" }, "step.no_command"],
    ["an agent without its prompt", { id: "x", model: "claude-code", prompt: "p.md" }, "prompt.missing"],
  ])("refuses a step with %s before anything starts", async (_, step, code) => {
    const at = await Workspace.make({ steps: [noted("a"), step] });
    expect(await at.json(["run", "--yes"])).toMatchObject({ exit: 2, doc: { code } });
    expect(at.lines("ran")).toEqual([]);
    expect((await at.seqctl(["run", "step", "a", "--yes"])).exit).toBe(0);
  });
});

describe("an attempt", () => {
  test.each([
    ["exit 127", "exit 127", 127, "exited with 127"],
    ["its own TERM", "kill -TERM $$", 143, "ended by signal 15"],
    ["its own KILL", "kill -KILL $$", 137, "ended by signal 9"],
  ])("that ends with %s keeps that code", async (_, script, code, sentence) => {
    const at = await Workspace.make({ steps: [noted("a", script)] });
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(1);
    expect((await at.status()).steps).toMatchObject([{ status: "FAILED", reason: "exit", exit_code: code }]);
    expect((await at.json(["why", "a"])).doc.why).toContain(sentence);
    expect(JSON.parse(at.read(`${at.attempt("a")}/status.json`))).toMatchObject({
      status: "FAILED",
      exit_code: code,
      attempt: 1,
    });
  });

  test.each([
    ["whose program does not exist", ["no-such-program-here"], {}, "no-such-program-here"],
    ["whose path does not exist", ["./missing"], {}, undefined],
    ["whose folder does not exist", ["true"], { cwd: "nowhere" }, "nowhere"],
    ["whose folder is a file", ["true"], { cwd: "file" }, "not a folder"],
    ["whose folder leads out of the workspace", ["true"], { cwd: "../" }, "out of the workspace"],
    ["whose folder is a link that leads out", ["true"], { cwd: "out" }, "out of the workspace"],
    ["whose words are too long for the system", ["true", "x".repeat(3_000_000)], {}, undefined],
  ])("%s fails with a reason, and the run goes on", async (_, command, more, said) => {
    const at = await Workspace.make({ steps: [{ id: "a", command, ...more }, noted("b")] });
    const { symlinkSync } = await import("node:fs");
    at.write("file", "");
    symlinkSync("/", at.path("out"));
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(1);
    const [a, b] = (await at.status()).steps;
    expect(a).toMatchObject({ status: "FAILED", attempt: 1 });
    expect(b).toMatchObject({ status: "DONE" });
    if (said !== undefined) {
      expect(a?.reason).toBe("refused");
      expect(a?.why).toContain(said);
    }
  });

  test("is tried again as often as its step allows, and a person's `run` starts counting anew", async () => {
    const retry = { limit: 2, backoff_ms: 1, factor: 1, max_ms: 1 };
    const at = await Workspace.make({ steps: [noted("a", "false", { retry })] });
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(1);
    expect(at.lines("ran")).toHaveLength(3);
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(1);
    expect(at.lines("ran")).toHaveLength(6);
    expect(at.facts().filter((fact) => fact.type === "retry.scheduled")).toHaveLength(4);
    expect(await at.standing()).toEqual({ a: "FAILED exit 6" });
  });

  test("a command is not retried by the sequence's defaults", async () => {
    const at = await Workspace.make({
      defaults: { retry: { limit: 3, backoff_ms: 1 } },
      steps: [noted("a", "false")],
    });
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(1);
    expect(at.lines("ran")).toHaveLength(1);
  });

  test.each([
    ["its own", { steps: [{ id: "a", command: ["sleep", "600"], timeout_ms: 100 }] }],
    ["the sequence's", { defaults: { timeout_ms: 100 }, steps: [{ id: "a", command: ["sleep", "600"] }] }],
    ["the policy's", { rules: { timeout_default_ms: 100 }, steps: [{ id: "a", command: ["sleep", "600"] }] }],
  ])("that runs longer than %s limit is ended", async (_, making) => {
    const at = await Workspace.make(making);
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(1);
    expect(await at.standing()).toEqual({ a: "FAILED timeout 1" });
    await until("everything to end", () => at.processes().length === 0);
  });

  test("in a fail_fast group takes the others along, in a best_effort group it does not", async () => {
    for (const [policy, stopped] of [
      ["fail_fast", true],
      ["best_effort", false],
    ] as const) {
      const member = { group_id: "g", fail_policy: policy };
      const at = await Workspace.make({
        steps: [
          {
            id: "long",
            command: [
              "sh",
              "-c",
              `touch up; ${stopped ? "sleep 600" : "while [ ! -e failed ]; do sleep 0.02; done"}`,
            ],
            ...member,
          },
          {
            id: "bad",
            command: ["sh", "-c", "while [ ! -e up ]; do sleep 0.02; done; touch failed; exit 3"],
            ...member,
          },
          { id: "late", command: ["true"], depends_on: ["long"], ...member },
        ],
      });
      expect((await at.seqctl(["run", "--yes"])).exit).toBe(1);
      expect(await at.standing()).toEqual(
        stopped
          ? { long: "FAILED group_failed 1", bad: "FAILED exit 1", late: "CANCELED group_failed" }
          : { long: "DONE 1", bad: "FAILED exit 1", late: "DONE 1" },
      );
    }
  });
});
