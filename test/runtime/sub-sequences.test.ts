import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { stringify } from "yaml";
import { until } from "../rig/deadline";
import { opened } from "../rig/fake-shell";
import { Held } from "../rig/held";
import { makeRepository } from "../rig/repository";
import { cleanUp, Workspace } from "../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

const sh = (line: string) => ["sh", "-c", line];
const leave = (json: string) => sh(`echo '${json}' > "$THREADOS_OUTPUT_DIR/output.json"`);
const write = (at: Workspace, name: string, sequence: object) =>
  at.write(`.threados/sequences/${name}.yaml`, stringify({ version: 1, name, ...sequence }));

const check = {
  params: { level: { type: "number" as const, required: true } },
  steps: [
    { id: "one", command: sh('echo "one $THREADOS_PARAM_LEVEL" >> log') },
    {
      id: "two",
      command: leave('{"n": 7}'),
      depends_on: ["one"],
      when: "params.level > 2 and steps.one.status == 'DONE'",
    },
    { id: "aside", command: leave("1") },
  ],
};

async function make(more: object = {}) {
  const at = await Workspace.make({
    steps: [
      { id: "first", command: leave('{"level": 3}') },
      {
        id: "check",
        sequence: "sequences/check.yaml",
        with: { level: "steps.first.outputs.level" },
        depends_on: ["first"],
        ...more,
      },
      {
        id: "last",
        command: sh("echo last >> log"),
        depends_on: ["check"],
        when: "steps.check.outputs.two.n == 7",
      },
    ],
  });
  write(at, "check", check);
  return at;
}

test("a step runs a file's steps in its place: with its own names, parameters and results", async () => {
  const at = await make();
  expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
  expect(await at.standing()).toEqual({
    first: "DONE 1",
    check: "DONE 1",
    "check-one": "DONE 1",
    "check-two": "DONE 1",
    "check-aside": "DONE 1",
    last: "DONE 1",
  });
  expect(at.lines("log")).toEqual(["one 3", "last"]);
  expect((await at.json(["why", "check-two"])).doc.why).toBe("'check-two' is done.");
  expect((await at.json(["logs", "check-one"])).exit).toBe(0);
  const joined = at.facts().find((fact) => fact.type === "step.joined");
  expect(joined).toMatchObject({ step: "check", failed: [], outputs: { two: { n: 7 }, aside: 1 } });
  const sub = at.facts().find((fact) => fact.type === "plan.expanded")?.sub;
  expect(at.read(`.threados/revisions/${sub.revision}.yaml`)).toBe(at.read(".threados/sequences/check.yaml"));
});

test("what fails in it fails the step, what then can't start does not keep it, and `run` goes on there", async () => {
  const at = await make();
  write(at, "check", {
    steps: [
      { id: "one", command: sh("test -e good") },
      { id: "two", command: leave('{"n": 7}'), depends_on: ["one"] },
    ],
  });
  at.write(".threados/sequence.yaml", at.definition.replace(/ +with:\n.*\n/, ""));
  expect((await at.seqctl(["run", "--yes"])).exit).toBe(1);
  expect(await at.standing()).toMatchObject({
    check: "FAILED instances_failed 1",
    "check-two": "BLOCKED dep_failed",
  });
  at.write("good", "");
  expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
  expect(await at.standing()).toMatchObject({
    check: "DONE 1",
    "check-one": "DONE 2",
    "check-two": "DONE 1",
    last: "DONE 1",
  });
});

test("an edit of the file in mid-run changes nothing of it, and neither does the death of the engine", async () => {
  const at = await make();
  const held = new Held(at);
  write(at, "check", {
    ...check,
    steps: [
      { id: "one", command: held.command("one") },
      { id: "two", command: leave('{"n": 7}'), depends_on: ["one"] },
    ],
  });
  expect((await at.seqctl(["run", "--yes", "--detach"])).exit).toBe(0);
  await held.hasBegun("one");
  write(at, "check", { steps: [{ id: "other", command: ["false"] }] });
  await at.killEngine();
  expect((await at.seqctl(["run", "--yes", "--detach"])).exit).toBe(0);
  await held.release("one");
  await until("the end", async () => (await at.standing()).last === "DONE 1");
  expect(await at.standing()).toEqual({
    first: "DONE 1",
    check: "DONE 1",
    "check-one": "DONE 1",
    "check-two": "DONE 1",
    last: "DONE 1",
  });
});

describe("a file that is another one by the time its turn comes", () => {
  /** A run that was agreed to, and is held before its turn. */
  async function agreed(inner = false) {
    const at = await Workspace.make();
    const held = new Held(at);
    const outer = { id: "check", sequence: "sequences/check.yaml", depends_on: ["first"] };
    const steps = [{ id: "first", command: held.command("first") }, outer];
    at.write(".threados/sequence.yaml", stringify({ version: 1, name: "s", steps }));
    const one = { id: "one", command: sh("echo agreed >> log") };
    write(at, "check", { steps: inner ? [{ id: "in", sequence: "sequences/inner.yaml" }] : [one] });
    write(at, "inner", { steps: [one] });
    expect((await at.seqctl(["run", "--yes", "--detach"])).exit).toBe(0);
    await held.hasBegun("first");
    return { at, held };
  }
  const unseen = { steps: [{ id: "one", command: sh("echo unseen >> log") }] };
  const over = async (at: Workspace) =>
    until("the engine to leave", () => at.facts().at(-1)?.type === "engine.stopped");

  test.each([
    ["check", false],
    ["inner", true],
  ])(
    "(%s) does not run under the old yes, also across the death of the engine, and does under a new one",
    async (file, inner) => {
      const { at, held } = await agreed(inner);
      await at.killEngine();
      write(at, file, unseen);
      await held.release("first");
      expect((await at.seqctl(["engine", "run"])).exit).toBe(0);
      await over(at);
      expect(at.lines("log")).toEqual([]);
      const refused = inner ? "check-in" : "check";
      expect((await at.standing())[refused]).toBe("FAILED unjudged");
      const { why } = (await at.json(["why", refused])).doc;
      expect(why).toContain(`.threados/sequences/${file}.yaml is not what it was when the run was agreed to`);
      expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
      expect(at.lines("log")).toEqual(["unseen"]);
      expect((await at.seqctl(["audit", "verify"])).exit).toBe(0);
    },
  );

  test("is not agreed to by an edit of something else, nor by asking for something else", async () => {
    const { at, held } = await agreed();
    write(at, "check", unseen);
    expect((await at.seqctl(["step", "add", "other", "--command", '["true"]'])).exit).toBe(0);
    at.write(".threados/sequence.yaml", at.definition.replace("name: s", "name: by hand"));
    await until("the other step's end", async () => (await at.standing()).other === "DONE 1");
    expect((await at.seqctl(["rerun", "other", "--yes", "--detach"])).exit).toBe(0);
    await held.release("first");
    await over(at);
    expect(at.lines("log")).toEqual([]);
    expect(await at.standing()).toMatchObject({ check: "FAILED unjudged", other: "DONE 2" });
  });

  test("is asked about anew where a yes is bound to what was shown", async () => {
    const at = await make();
    const threados = await opened(at);
    const call = { action: "run.start", input: { scope: "all" } };
    const caller = { actor: "user", surface: "http" } as const;
    const asked = await threados.dispatch(call, caller);
    if (asked.ok || asked.failure.code !== "confirm.required") throw new Error(JSON.stringify(asked));
    const { confirm, shows } = asked.failure;
    expect(shows.join("\n")).toContain(".threados/sequences/check.yaml, sha256 ");
    // The same commands, in another folder: the words that are shown are no other.
    write(at, "check", { ...check, steps: check.steps.map((step) => ({ ...step, cwd: ".threados" })) });
    expect(await threados.dispatch(call, caller, { confirm })).toMatchObject({
      ok: false,
      failure: { code: "confirm.stale" },
    });
    expect(at.runs()).toEqual([]);
  });

  test("does not keep what has joined already from running the files that it runs", async () => {
    const at = await Workspace.make({ steps: [{ id: "all", sequence: "sequences/outer.yaml" }] });
    const held = new Held(at);
    const inner = { id: "in", sequence: "sequences/inner.yaml", depends_on: ["one"] };
    write(at, "outer", { steps: [{ id: "one", command: held.command("one") }, inner] });
    write(at, "inner", { steps: [{ id: "x", command: sh("echo x >> log") }] });
    expect((await at.seqctl(["run", "--yes", "--detach"])).exit).toBe(0);
    await held.hasBegun("one");
    write(at, "outer", { steps: [{ id: "other", command: ["true"] }] });
    await held.release("one");
    await over(at);
    expect(at.lines("log")).toEqual(["x"]);
    expect(await at.standing()).toMatchObject({ all: "DONE 1", "all-in-x": "DONE 1" });
  });
});

test("files may run files, and instances of a step may each run one", async () => {
  const at = await Workspace.make({ steps: [{ id: "all", sequence: "sequences/outer.yaml", fanout: 2 }] });
  write(at, "outer", { steps: [{ id: "in", sequence: "sequences/inner.yaml", with: { word: "'deep'" } }] });
  write(at, "inner", {
    params: { word: { type: "string" } },
    steps: [{ id: "x", command: sh('echo "$THREADOS_STEP_ID $THREADOS_PARAM_WORD" >> log'), fanout: 2 }],
  });
  expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
  expect(at.lines("log").sort()).toEqual([
    "all-1-in-x-1 deep",
    "all-1-in-x-2 deep",
    "all-2-in-x-1 deep",
    "all-2-in-x-2 deep",
  ]);
  expect((await at.seqctl(["restart", "all", "--yes"])).exit).toBe(0);
  expect(Object.values(await at.standing()).every((one) => one.startsWith("DONE"))).toBe(true);
});

test("its isolated steps take from their own file how their worktree is made ready", async () => {
  const at = await Workspace.make({
    steps: [{ id: "all", sequence: "sequences/apart.yaml" }],
    defaults: { worktree: { setup: ["false"], test: ["test", "-e", "ready"] } },
  });
  write(at, "apart", {
    defaults: { worktree: { setup: ["touch", "ready"] } },
    steps: [{ id: "x", command: ["test", "-e", "ready"], isolation: "worktree" }],
  });
  makeRepository(at);
  const asked = await at.json(["run"]);
  const { proposals } = (await at.json(["inbox"])).doc;
  expect([asked.doc.code, proposals[0].commands]).toEqual([
    "approval.pending",
    [
      { step: "all-x (setup)", command: ["touch", "ready"], isolation: "worktree" },
      { step: "all-x (test)", command: ["test", "-e", "ready"], isolation: "worktree" },
      { step: "all-x", command: ["test", "-e", "ready"], isolation: "worktree" },
    ],
  ]);
  expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
});

test("what it would run is shown, and held to the rules, before anything starts", async () => {
  const at = await make();
  const { doc } = await at.json(["run"]);
  expect(doc.code).toBe("approval.pending");
  at.write(".threados/policy.yaml", "version: 1\nallowed_commands: [echo]\n");
  const denied = await at.json(["run", "--yes"]);
  expect([denied.exit, denied.doc.code]).toEqual([4, "policy.denied"]);
});

describe("a file that can't be run is refused beforehand", () => {
  test("with its own name, line and column where something is wrong in it", async () => {
    const at = await make();
    at.write(".threados/sequences/check.yaml", "version: 1\nname: x\nsteps:\n  - id: a\n    comand: [x]\n");
    for (const line of [["validate"], ["run", "--yes"]]) {
      const { exit, doc } = await at.json(line);
      expect([exit, doc.error.place]).toMatchObject([
        2,
        { file: ".threados/sequences/check.yaml", line: 5, column: 5 },
      ]);
    }
    expect(at.facts()).toEqual([]);
  });

  test.each<[string, object | undefined, string]>([
    ["that is missing", undefined, "does not exist"],
    ["with gates", { ...check, gates: [{ id: "g", name: "G" }] }, "put them before or behind the step"],
    ["without steps", { steps: [] }, "it has no steps"],
    ["that lacks the parameter it is given", { steps: check.steps.slice(2) }, "it has no parameter 'level'"],
    [
      "that runs itself",
      { ...check, steps: [{ id: "again", sequence: "sequences/check.yaml", with: { level: 1 } }] },
      "in a circle: sequences/check.yaml → sequences/check.yaml",
    ],
  ])("%s", async (_, sequence, problem) => {
    const at = await make();
    if (sequence) write(at, "check", sequence);
    else (await import("node:fs")).rmSync(at.path(".threados/sequences/check.yaml"));
    for (const line of [["validate"], ["run", "--yes"]]) {
      const { exit, doc } = await at.json(line);
      expect([exit, doc.error.message]).toEqual([2, expect.stringContaining(problem)]);
    }
  });

  test.each([
    [{ command: ["x"] }, "can't stand beside sequence"],
    [{ sequence: "../x.yaml" }, "must be a file below .threados"],
    [{ sequence: "/etc/x.yaml" }, "must be a file below .threados"],
    [{ with: { level: "what is this" } }, "a text stands in quotes"],
  ])("%j", async (more, problem) => {
    const at = await Workspace.make({ steps: [{ id: "a", command: ["true"] }] });
    const step = { id: "s", sequence: "sequences/check.yaml", ...more };
    at.write("bad.yaml", stringify({ version: 1, name: "n", steps: [step] }));
    const { exit, doc } = await at.json(["validate", "bad.yaml"]);
    expect([exit, doc.error.message]).toEqual([2, expect.stringContaining(problem)]);
  });
});
