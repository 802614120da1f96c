import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { Held } from "../rig/held";
import { cleanUp, Workspace } from "../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

const noted = (id: string, more = {}) => ({ id, command: ["sh", "-c", `echo ${id} >> ran`], ...more });
const listing = (items: unknown) => ({
  id: "list",
  command: [
    "sh",
    "-c",
    'printf %s "$1" > "$THREADOS_OUTPUT_DIR/output.json"',
    "sh",
    JSON.stringify({ items }),
  ],
});
const each = [
  "sh",
  "-c",
  'echo "$THREADOS_STEP_ID $THREADOS_FANOUT_INDEX/$THREADOS_FANOUT_COUNT $THREADOS_ITEM" >> ran; printf "%s" "{\\"n\\": $THREADOS_FANOUT_INDEX}" > "$THREADOS_OUTPUT_DIR/output.json"',
];

describe("fanout", () => {
  test("runs a step as so many instances, each with its own status, before what depends on it", async () => {
    const at = await Workspace.make({
      steps: [
        { id: "x", command: each, fanout: 3 },
        {
          id: "after",
          command: ["sh", "-c", 'echo after >> ran; cat "$THREADOS_INPUTS" > told'],
          depends_on: ["x"],
          when: "steps.x.outputs[2].n == 3 and steps.x.status == 'DONE'",
        },
      ],
    });
    const { exit, doc } = await at.json(["run", "--yes"]);
    expect({ exit, outcome: doc.outcome, open: doc.open }).toEqual({ exit: 0, outcome: "done", open: false });
    expect(at.lines("ran").sort()).toEqual(["after", "x-1 1/3 ", "x-2 2/3 ", "x-3 3/3 "]);
    expect(at.lines("ran").at(-1)).toBe("after");
    expect(await at.standing()).toEqual({
      x: "DONE 1",
      "x-1": "DONE 1",
      "x-2": "DONE 1",
      "x-3": "DONE 1",
      after: "DONE 1",
    });
    expect(Object.keys(JSON.parse(at.read("told")))).toEqual(["x-1", "x-2", "x-3"]);
    expect(at.facts().find((fact) => fact.type === "plan.expanded")).toMatchObject({ step: "x", count: 3 });
  });

  test("fails with an instance that fails; run again, only that one gets a new attempt", async () => {
    const script = 'echo "$THREADOS_STEP_ID" >> ran; test "$THREADOS_FANOUT_INDEX" != 2 || test -e mended';
    const at = await Workspace.make({
      steps: [{ id: "x", command: ["sh", "-c", script], fanout: 3 }, noted("after", { depends_on: ["x"] })],
    });
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(1);
    expect(await at.standing()).toMatchObject({
      x: "FAILED instances_failed 1",
      "x-2": "FAILED exit 1",
      after: "BLOCKED dep_failed",
    });
    expect((await at.json(["why", "x"])).doc.why).toBe(
      "'x' failed because its instance 'x-2' did not end well.",
    );
    at.write("mended", "");
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
    expect(
      at
        .lines("ran")
        .filter((line) => line !== "x-2")
        .sort(),
    ).toEqual(["after", "x-1", "x-3"]);
    expect(await at.standing()).toMatchObject({
      x: "DONE 1",
      "x-1": "DONE 1",
      "x-2": "DONE 2",
      after: "DONE 1",
    });
    expect((await at.seqctl(["rerun", "x", "--yes"])).exit).toBe(0);
    expect(await at.standing()).toMatchObject({
      x: "DONE 2",
      "x-1": "DONE 2",
      "x-2": "DONE 3",
      "x-3": "DONE 2",
    });
  });

  test("keeps to the places there are, survives the engine, and stops as a whole", async () => {
    const at = await Workspace.make();
    const held = new Held(at);
    const [program, name] = held.command("one");
    const hold = { id: "x", command: [program, name], fanout: 3, fail_policy: "best_effort" };
    at.write(
      ".threados/sequence.yaml",
      JSON.stringify({ version: 1, name: "n", policy: { max_concurrent: 2 }, steps: [hold] }),
    );
    await at.seqctl(["run", "--yes", "--detach"]);
    await held.hasBegun("one", 2);
    expect(await at.standing()).toEqual({
      x: "RUNNING instances 1",
      "x-1": "RUNNING running 1",
      "x-2": "RUNNING running 1",
      "x-3": "QUEUED limit",
    });
    expect((await at.json(["why", "x"])).doc.why).toBe(
      "'x' runs as 3 instances, 3 of which have not ended yet.",
    );
    await at.killEngine();
    expect((await at.standing())["x-1"]).toBe("RUNNING engine.absent 1");
    expect(await at.seqctl(["stop", "x"])).toMatchObject({ exit: 0 });
    expect(await at.standing()).toMatchObject({
      "x-1": "FAILED stopped 1",
      "x-2": "FAILED stopped 1",
      "x-3": "CANCELED stopped",
    });
    expect(held.began()).toHaveLength(2);
  });

  test("with fail_fast ends its other instances when one fails", async () => {
    const script = 'if [ "$THREADOS_FANOUT_INDEX" = 1 ]; then exit 3; fi; sleep 600';
    const at = await Workspace.make({
      steps: [{ id: "x", command: ["sh", "-c", script], fanout: 2, fail_policy: "fail_fast" }],
    });
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(1);
    expect(await at.standing()).toEqual({
      x: "FAILED instances_failed 1",
      "x-1": "FAILED exit 1",
      "x-2": "FAILED group_failed 1",
    });
  });
});

describe("for_each", () => {
  const over = (items: unknown, more = {}) =>
    Workspace.make({
      steps: [
        listing(items),
        { id: "x", command: each, depends_on: ["list"], for_each: "steps.list.outputs.items" },
        noted("after", { depends_on: ["x"] }),
      ],
      ...more,
    });

  test("runs an instance for each item of a list that is known only then", async () => {
    const at = await over(["a b", { k: 1 }]);
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
    expect(at.lines("ran").sort()).toEqual(["after", 'x-1 1/2 "a b"', 'x-2 2/2 {"k":1}']);
  });

  test("over nothing is skipped, and so is what builds on it only", async () => {
    const at = await over([]);
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
    expect(await at.standing()).toMatchObject({ x: "SKIPPED empty_list", after: "SKIPPED needs_skipped" });
  });

  test.each([
    ["no list", "x", {}, "it is no list"],
    [
      "more items than the policy allows",
      [1, 2, 3],
      { rules: { max_fanout: 2 } },
      "3 instances are more than the 2 that the policy allows",
    ],
  ])("over %s fails", async (_, items, more, problem) => {
    const at = await over(items, more);
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(1);
    expect(await at.standing()).toMatchObject({ x: "FAILED unjudged", after: "BLOCKED dep_failed" });
    expect((await at.json(["why", "x"])).doc.why).toContain(problem);
  });
});

test.each([
  [[{ id: "x", fanout: 2 }, { id: "x-2" }], "makes instances that are called like 'x-2'"],
  [[{ id: "x", fanout: 2, for_each: "params.p" }], "can't stand beside fanout"],
  [[{ id: "x".repeat(64), fanout: 2 }], "needs an id of at most 60 characters"],
])("%j is refused", async (steps, problem) => {
  const at = await Workspace.make();
  at.write(".threados/sequence.yaml", JSON.stringify({ version: 1, name: "n", steps }));
  const { exit, doc } = await at.json(["status"]);
  expect({ exit, code: doc.code }).toEqual({ exit: 2, code: "sequence.invalid" });
  expect(doc.error.message).toContain(problem);
});
