import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { until } from "../rig/deadline";
import { Held } from "../rig/held";
import { cleanUp, Workspace } from "../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

const noted = (id: string, more = {}) => ({ id, command: ["sh", "-c", `echo ${id} >> ran`], ...more });

describe("run runnable", () => {
  test("starts what is ready this moment and nothing behind it", async () => {
    const at = await Workspace.make({ steps: [noted("a"), noted("b"), noted("c", { depends_on: ["a"] })] });
    const { exit, doc } = await at.json(["run", "runnable", "--yes"]);
    expect({ exit, outcome: doc.outcome }).toEqual({ exit: 0, outcome: "done" });
    expect(await at.standing()).toEqual({ a: "DONE 1", b: "DONE 1", c: "READY not_requested" });
    await at.seqctl(["run", "runnable", "--yes"]);
    expect(await at.standing()).toMatchObject({ c: "DONE 1" });
    expect(await at.json(["run", "runnable", "--yes"])).toMatchObject({
      exit: 0,
      doc: { changed: false, note: "nothing is ready to run" },
    });
  });

  test("stops at a gate that nobody has approved, and says that a person is waited for", async () => {
    const at = await Workspace.make({
      steps: [noted("a", { depends_on: ["g"] })],
      gates: [{ id: "g", name: "G" }],
    });
    expect(await at.seqctl(["run", "runnable", "--yes"])).toMatchObject({
      exit: 3,
      out: "nothing is ready to run\n◇ waits for a person  0 of 1 step is done\n  ◇ g: G; seqctl gate approve g\n",
    });
    expect(await at.json(["run", "runnable", "--yes"])).toMatchObject({
      exit: 3,
      doc: { changed: false, outcome: "waiting" },
    });
    expect(at.lines("ran")).toEqual([]);
  });
});

describe("run step", () => {
  test("runs that one step, not what it needs nor what needs it", async () => {
    const at = await Workspace.make({ steps: [noted("a"), noted("b"), noted("c", { depends_on: ["a"] })] });
    expect((await at.seqctl(["run", "step", "a", "--yes"])).exit).toBe(0);
    expect(at.lines("ran")).toEqual(["a"]);
    expect(await at.standing()).toEqual({ a: "DONE 1", b: "READY not_requested", c: "READY not_requested" });
  });

  test.each([
    ["a step whose dependency is not done", "c", "step.blocked", /waits for 'a'/],
    ["a step behind a gate", "d", "step.blocked", /approve 'g'/],
    ["a step that is done", "done", "step.blocked", /restart done/],
    ["a step that does not exist", "dnoe", "step.unknown", /there is no step/],
    ["a gate", "g", "step.unknown", /there is no step/],
  ])("refuses %s", async (_, id, code, sentence) => {
    const at = await Workspace.make({
      steps: [
        noted("a"),
        noted("c", { depends_on: ["a"] }),
        noted("d", { depends_on: ["g"] }),
        noted("done"),
      ],
      gates: [{ id: "g", name: "G" }],
    });
    await at.seqctl(["run", "step", "done", "--yes"]);
    const { exit, doc } = await at.json(["run", "step", id, "--yes"]);
    expect({ exit, code: doc.code }).toEqual({ exit: 2, code });
    expect(doc.error.message).toMatch(sentence);
  });
});

describe("run group", () => {
  test("starts the members that are ready", async () => {
    const group_id = "g1";
    const at = await Workspace.make({
      steps: [
        noted("a"),
        noted("b", { group_id }),
        noted("c", { group_id }),
        noted("d", { group_id, depends_on: ["a"] }),
      ],
    });
    expect((await at.seqctl(["run", "group", "g1", "--yes"])).exit).toBe(0);
    expect(at.lines("ran").sort()).toEqual(["b", "c"]);
    expect(await at.json(["run", "group", "g1", "--yes"])).toMatchObject({
      exit: 2,
      doc: { code: "step.blocked" },
    });
    expect(await at.json(["run", "group", "g2", "--yes"])).toMatchObject({
      exit: 2,
      doc: { code: "group.unknown", error: { nearest: "g1" } },
    });
  });
});

describe("restart", () => {
  test("gives a finished step a new attempt, and what is behind it none", async () => {
    const at = await Workspace.make({ steps: [noted("a"), noted("b", { depends_on: ["a"] })] });
    await at.seqctl(["run", "--yes"]);
    expect(await at.json(["restart", "a"])).toMatchObject({ exit: 3 });
    expect((await at.seqctl(["restart", "a", "--yes"])).exit).toBe(0);
    expect(await at.standing()).toEqual({ a: "DONE 2", b: "DONE 1" });
    expect(at.lines("ran")).toEqual(["a", "b", "a"]);
  });

  test("stops a running step first", async () => {
    const at = await Workspace.make();
    const held = new Held(at);
    await at.seqctl(["step", "add", "a", "--command", JSON.stringify(held.command("a"))]);
    await at.seqctl(["run", "--yes", "--detach"]);
    await held.hasBegun("a");
    expect((await at.seqctl(["restart", "a", "--yes", "--detach"])).exit).toBe(0);
    await held.hasBegun("a", 2);
    await held.release("a");
    await until("the second attempt to end", async () => (await at.standing()).a === "DONE 2");
    expect(held.ended()).toEqual(["a"]);
    expect(JSON.parse(at.read(`${at.attempt("a", 1)}/status.json`))).toMatchObject({ status: "FAILED" });
  });

  test("never passes a gate that is not approved, and refuses an unknown step", async () => {
    const at = await Workspace.make({
      steps: [noted("a", { depends_on: ["g"] })],
      gates: [{ id: "g", name: "G" }],
    });
    expect(await at.json(["restart", "a", "--yes"])).toMatchObject({
      exit: 2,
      doc: { code: "step.blocked" },
    });
    expect(await at.json(["restart", "b", "--yes"])).toMatchObject({
      exit: 2,
      doc: { code: "step.unknown" },
    });
  });
});

describe("--detach", () => {
  test("returns while the run goes on, with the engine's pid as `engine status` shows it", async () => {
    const at = await Workspace.make();
    const held = new Held(at);
    await at.seqctl(["step", "add", "a", "--command", JSON.stringify(held.command("a"))]);
    const { exit, doc } = await at.json(["run", "--yes", "--detach"]);
    expect(exit).toBe(0);
    const engine = (await at.json(["engine", "status"])).doc;
    expect(engine).toMatchObject({
      running: true,
      pid: doc.engine.pid,
      fence: 1,
      started_at: expect.any(String),
    });
    expect((await at.seqctl(["engine", "status"])).out).toContain(`pid ${engine.pid}`);
    await held.hasBegun("a");
    await held.release("a");
    await until("the engine to leave", async () => !(await at.json(["engine", "status"])).doc.running);
    expect(await at.standing()).toEqual({ a: "DONE 1" });
    expect((await at.json(["engine", "status"])).doc).toMatchObject({ running: false, pid: null });
  });

  test("a second `run` joins the living engine", async () => {
    const at = await Workspace.make();
    const held = new Held(at);
    await at.seqctl(["step", "add", "a", "--command", JSON.stringify(held.command("a"))]);
    await at.seqctl(["run", "--yes", "--detach"]);
    const pid = at.enginePid();
    const second = at.json(["run", "--yes"]);
    const asked = () => at.audit().filter((entry) => entry.action === "run.start").length === 2;
    await until("the second run to be recorded", asked);
    await held.release("a");
    expect(await second).toMatchObject({ exit: 0, doc: { outcome: "done" } });
    expect(at.facts().filter((fact) => fact.type === "engine.started")).toMatchObject([{ pid }]);
    expect(held.began()).toEqual(["a"]);
  });
});
