import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { sayIn } from "../rig/fake-shell";
import { cleanUp, Workspace } from "../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

const tested = (passed: boolean) => ({
  id: "test",
  command: ["sh", "-c", `echo '{"passed": ${passed}}' > "$THREADOS_OUTPUT_DIR/output.json"`],
});
const noted = (id: string, more = {}) => ({ id, command: ["sh", "-c", `echo ${id} >> ran`], ...more });

describe("when", () => {
  test.each([true, false])("decides by what a step before left (%p)", async (passed) => {
    const at = await Workspace.make({
      steps: [
        tested(passed),
        noted("ship", { depends_on: ["test"], when: "steps.test.outputs.passed == true" }),
        noted("mend", { depends_on: ["test"], when: "not steps.test.outputs.passed" }),
        noted("tell", { depends_on: ["ship", "mend"] }),
      ],
    });
    const { exit, doc } = await at.json(["run", "--yes"]);
    expect({ exit, outcome: doc.outcome, open: doc.open }).toEqual({ exit: 0, outcome: "done", open: false });
    expect(at.lines("ran")).toEqual([passed ? "ship" : "mend", "tell"]);
    expect(await at.standing()).toMatchObject(passed ? { mend: "SKIPPED when" } : { ship: "SKIPPED when" });
  });

  const place = (when: string) =>
    `version: 1\nname: n\nsteps:\n  - {id: a, command: ["true"]}\n  - id: b\n    command: ["true"]\n    depends_on: [a]\n    when: ${when}\n  - {id: c, command: ["true"]}\n`;
  test.each([
    ["'steps.a.outputs.n = 1'", 30, "write == to compare"],
    ["'steps.aa.status == 1'", 12, "there is no step 'aa'; did you mean 'a'?"],
    ["'1 == steps.c.status'", 17, "'c' need not have ended by then: 'b' must depend on it"],
    ["'steps.b.status == 1'", 12, "'b' need not have ended by then: 'b' must depend on it"],
    ["'steps.a.result == 1'", 12, "steps.a.result is not of the form"],
    ["'params.env == 1'", 12, "there is no parameter 'env'"],
    ["'env.HOME == 1'", 12, "env means nothing here"],
  ])("%s is refused at column %d of its line", async (when, column, problem) => {
    const at = await Workspace.make({ steps: [{ id: "a", command: ["true"] }] });
    at.write(".threados/sequence.yaml", place(when));
    const { exit, doc } = await at.json(["run", "--yes"]);
    expect({ exit, code: doc.code }).toEqual({ exit: 2, code: "sequence.invalid" });
    expect(doc.error.message).toContain(problem);
    expect(doc.error.place).toMatchObject({ line: 8, column });
  });
});

describe("a parameter", () => {
  const params = {
    env: { type: "choice" as const, options: ["dev", "prod"], required: true },
    count: { type: "number" as const, default: 3 },
    note: { type: "string" as const },
  };
  const make = () =>
    Workspace.make({
      params,
      steps: [
        {
          id: "a",
          command: ["sh", "-c", "env | grep ^THREADOS_PARAM | sort > seen"],
          env: { THREADOS_PARAM_ENV: "forged" },
        },
        noted("prod", {
          depends_on: ["a"],
          when: "params.env == 'prod' and params.count >= 3 and params.note == null",
        }),
      ],
    });

  test("reaches every step, conditions and the record", async () => {
    const at = await make();
    expect((await at.seqctl(["run", "--yes", "--param", "env=prod", "--param", "count=4"])).exit).toBe(0);
    expect(at.lines("seen")).toEqual(["THREADOS_PARAM_COUNT=4", "THREADOS_PARAM_ENV=prod"]);
    expect(at.lines("ran")).toEqual(["prod"]);
    expect(at.facts().find((fact) => fact.type === "run.requested")).toMatchObject({
      params: { env: "prod", count: 4 },
    });
  });

  test.each([
    [["--param", "env=test"], "the parameter 'env' must be one of dev, prod", "--param env=dev|prod"],
    [
      ["--param", "env=dev", "--param", "count=many"],
      "the parameter 'count' must be a number",
      "--param count=<number>",
    ],
    [
      ["--param", "env=dev", "--param", "nope=1"],
      "the sequence has no parameter 'nope'",
      "did you mean 'note'?",
    ],
    [["--param", "env"], "--param: 'env' is not of the form name=value", undefined],
    [["--param", "env=dev", "--param", "env=prod"], "--param: 'env' is given twice", undefined],
  ])("%j is refused: %s", async (flags, message, hint) => {
    const at = await make();
    const { exit, doc } = await at.json(["run", "--yes", ...flags]);
    expect({ exit, code: doc.code, message: doc.error.message }).toEqual({
      exit: 2,
      code: "input.invalid",
      message,
    });
    if (hint) expect(doc.error.hint).toContain(hint);
    expect(at.facts()).toEqual([]);
  });
});

describe("parameters that are missing", () => {
  const needed = {
    env: { type: "choice" as const, options: ["dev", "prod"], required: true, description: "where to" },
    count: { type: "number" as const, required: true },
    note: { type: "string" as const },
    fast: { type: "boolean" as const, default: true },
  };
  const make = () =>
    Workspace.make({
      params: needed,
      steps: [{ id: "a", command: ["sh", "-c", "env | grep ^THREADOS_PARAM | sort > seen"] }],
    });

  test("are all named, with the flags that give them, where nobody can be asked", async () => {
    const at = await make();
    const { exit, doc } = await at.json(["run", "--yes"]);
    expect([exit, doc.code]).toEqual([2, "params.missing"]);
    expect(doc.error).toMatchObject({
      message: "the parameters 'env', 'count' are missing",
      hint: "give them with --param env=dev|prod --param count=<number>",
    });
    expect(at.facts()).toEqual([]);
  });

  test("are asked for at a terminal, again if an answer does not fit, and optional ones may be left out", async () => {
    const at = await make();
    const said = await sayIn(at, ["run"], { answers: ["test", "prod", "many", "3", "", "y"] });
    expect(said.questions).toEqual([
      "  env: ",
      "  env: ",
      "  count: ",
      "  count: ",
      "  note: ",
      "  Go ahead? [y/N] ",
    ]);
    expect(said.err).toContain(
      "? env: where to (dev | prod)\n  'test' won't do: it must be one of dev, prod\n",
    );
    expect(said.err).toContain("? count (a number)\n  'many' won't do: it must be a number\n");
    expect(said.err).toContain("? note (text; leave it empty for none)\n");
    expect(said.exit).toBe(0);
    expect(at.lines("seen")).toEqual([
      "THREADOS_PARAM_COUNT=3",
      "THREADOS_PARAM_ENV=prod",
      "THREADOS_PARAM_FAST=true",
    ]);
  });

  test("what was given by a flag is not asked for; without an answer nothing is done", async () => {
    const at = await make();
    const said = await sayIn(at, ["run", "--param", "env=dev"], { answers: [""] });
    expect([said.exit, said.questions]).toEqual([2, ["  count: "]]);
    expect(said.err).toContain("the parameter 'count' is missing");
    expect(at.facts()).toEqual([]);
  });
});

describe("a part of the sequence", () => {
  const chain = [
    noted("a"),
    noted("b", { depends_on: ["a"], tags: ["x"] }),
    noted("c", { depends_on: ["b"], tags: ["x", "y"] }),
    noted("d", { depends_on: ["c"] }),
    noted("side", { tags: ["y"] }),
  ];
  test.each([
    [
      ["--to", "b"],
      ["a", "b"],
    ],
    [
      ["--from", "a", "--to", "c"],
      ["a", "b", "c"],
    ],
    [
      ["--only", "a,side"],
      ["a", "side"],
    ],
    [["--tags", "y", "--only", "side,a"], ["side"]],
  ])("run %j runs %j and nothing else", async (flags, steps) => {
    const at = await Workspace.make({ steps: chain });
    const { exit, doc } = await at.json(["run", "--yes", ...flags]);
    expect({ exit, outcome: doc.outcome }).toEqual({ exit: 0, outcome: "done" });
    expect(at.lines("ran").sort()).toEqual(steps);
    expect(at.facts().find((fact) => fact.type === "steps.requested")?.steps).toEqual(steps);
  });

  test("goes on from what is done, restarts nothing of it, and says so when nothing is left", async () => {
    const at = await Workspace.make({ steps: chain });
    await at.seqctl(["run", "--yes", "--to", "b"]);
    expect((await at.seqctl(["run", "--yes", "--from", "b", "--to", "c"])).exit).toBe(0);
    expect(at.lines("ran")).toEqual(["a", "b", "c"]);
    expect(await at.seqctl(["run", "--yes", "--only", "a,b"])).toMatchObject({
      exit: 0,
      out: expect.stringContaining("all that is chosen is done"),
    });
  });

  test.each([
    [["--from", "c"], "step.blocked", /waits for 'b'/],
    [["--from", "nope"], "step.unknown", /no step 'nope'/],
    [["--tags", "zzz"], "input.invalid", /no step is chosen/],
    [["--from", "d", "--to", "a"], "input.invalid", /no step is chosen/],
  ])("run %j is refused with %s", async (flags, code, message) => {
    const at = await Workspace.make({ steps: chain });
    const { exit, doc } = await at.json(["run", "--yes", ...flags]);
    expect({ exit, code: doc.code }).toEqual({ exit: 2, code });
    expect(doc.error.message).toMatch(message);
  });

  test("does not pass a gate that nobody has approved", async () => {
    const at = await Workspace.make({
      steps: [noted("a"), noted("b", { depends_on: ["g"] })],
      gates: [{ id: "g", name: "G", depends_on: ["a"] }],
    });
    expect((await at.json(["run", "--yes", "--to", "b"])).exit).toBe(3);
    expect(at.lines("ran")).toEqual(["a"]);
  });
});

test("run --continue-on-error lets dependents of a failed step start, and still fails", async () => {
  const at = await Workspace.make({
    steps: [{ id: "a", command: ["false"] }, noted("b", { depends_on: ["a"] })],
  });
  expect((await at.seqctl(["run", "--yes"])).exit).toBe(1);
  expect(at.lines("ran")).toEqual([]);
  expect((await at.seqctl(["run", "--yes", "--continue-on-error"])).exit).toBe(1);
  expect(await at.standing()).toEqual({ a: "FAILED exit 2", b: "DONE 1" });
});
