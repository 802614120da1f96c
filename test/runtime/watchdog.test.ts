import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import type { Step } from "../../lib/core/sequence/schema";
import { until } from "../rig/deadline";
import { Held } from "../rig/held";
import { seqctlArgv } from "../rig/seqctl";
import { cleanUp, Workspace } from "../rig/workspace";

setDefaultTimeout(120_000);
afterEach(cleanUp);

/** Hangs in its first attempts, and finishes once as many have begun as `good` says, and `then` is done. */
const hangs = (good: number, then = "true") => [
  "sh",
  "-c",
  `echo begun >> began; [ "$(wc -l < began)" -ge ${good} ] || exec sleep 600; ${then}`,
];

const settled = (at: Workspace) =>
  until("the run's end", () => at.facts().some(({ type }) => /^run\.(completed|settled)$/.test(type)));

test("a watchdog of its own restarts a step that hangs, is told about it, and ends with it", async () => {
  const seqctl = (await seqctlArgv()).map((word) => `'${word}'`).join(" ");
  const guard = [
    `echo "$THREADOS_WATCHED $THREADOS_WATCHED_ATTEMPT $THREADOS_WATCHED_DIR" > told`,
    `${seqctl} stop other --json > other.json; echo $? > other.code`,
    `${seqctl} restart other --json > again.json; echo $? > again.code`,
    `${seqctl} restart main --detach --json > main.json; echo $? > main.code`,
    "exec sleep 600",
  ].join("\n");
  const at = await Workspace.make({
    steps: [
      { id: "guard", command: ["sh", "-c", guard], watchdog_for: "main" },
      // Its end ends the watchdog, which has to write down first what it was told.
      { id: "main", type: "l", command: hangs(2, "until [ -s main.code ]; do sleep 0.02; done") },
    ],
  });
  const held = new Held(at);
  await at.seqctl(["step", "add", "other", "--command", JSON.stringify(held.command("other"))]);
  await at.seqctl(["run", "--detach", "--yes"]);
  await held.hasBegun("other");
  await until("the second attempt", () => at.lines("began").length === 2);
  await until("the watchdog's end", async () => (await at.standing()).guard === "DONE 1");
  expect(await at.standing()).toMatchObject({ main: "DONE 2", guard: "DONE 1", other: "RUNNING running 1" });
  expect(at.read("told")).toBe(`main 1 ${at.root}/.threados/runs/${at.runs()[0]}/main\n`);
  expect([at.read("main.code"), at.read("other.code"), at.read("again.code")]).toEqual(["0\n", "3\n", "3\n"]);
  expect(at.audit().find((entry) => entry.action === "step.restart")).toMatchObject({ actor: "agent:guard" });
  expect(at.facts().find(({ type }) => type === "attempt.stopping")).toMatchObject({
    step: "main",
    cause: "restart",
  });
  await held.release("other");
  await settled(at);
  expect(await at.standing()).toMatchObject({ other: "DONE 1" });
});

test("the one that comes with the template needs no command: a silent step is restarted, and then finishes", async () => {
  const at = await Workspace.make();
  await at.seqctl([
    "template",
    "apply",
    "long-autonomy",
    "--id",
    "night",
    "--command",
    JSON.stringify(hangs(2)),
  ]);
  await at.seqctl(["step", "edit", "night-watchdog", "--restart-after-ms", "300"]);
  const ran = await at.seqctl(["run", "--yes"]);
  expect([ran.exit, await at.standing()]).toEqual([0, { night: "DONE 2", "night-watchdog": "DONE 1" }]);
  expect(at.read(`${at.attempt("night-watchdog")}/stdout.log`)).toContain(
    "'night' has given no sign of life for 300 ms",
  );
});

test("it restarts no more often than it may, and then ends the step; a person's run begins the count anew", async () => {
  const at = await Workspace.make({
    steps: [
      { id: "main", command: hangs(5) },
      { id: "guard", watchdog_for: "main", restart_after_ms: 200, max_restarts: 1 },
    ],
  });
  expect((await at.seqctl(["run", "--yes"])).exit).toBe(1);
  expect(await at.standing()).toEqual({ main: "FAILED stopped 2", guard: "DONE 1" });
  expect(at.audit().map(({ action, result }) => `${action} ${result}`)).toContain("step.restart denied");
  expect((await at.seqctl(["run", "--yes"])).exit).toBe(1);
  expect(await at.standing()).toMatchObject({ main: "FAILED stopped 4" });
  expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
  expect(await at.standing()).toEqual({ main: "DONE 5", guard: "DONE 3" });
});

test("a heartbeat is a sign of life, and is shown; the watchdog survives the death of the engine", async () => {
  const at = await Workspace.make({
    steps: [
      { id: "main", command: ["held/hold", "main"] },
      { id: "guard", watchdog_for: "main" },
    ],
  });
  const held = new Held(at);
  at.script("held/beat", '#!/bin/sh\ntouch "$THREADOS_OUTPUT_DIR/heartbeat"\nexec held/hold "$1"\n');
  held.command("main");
  await at.seqctl(["step", "edit", "main", "--command", '["held/beat","main"]']);
  await at.seqctl(["run", "--detach", "--yes"]);
  await held.hasBegun("main");
  const [main, guard] = await until("both to run", async () => {
    const { steps } = await at.status();
    const isHeard = steps[0]?.heartbeat_at !== undefined;
    return isHeard && steps.every(({ status }) => status === "RUNNING") && steps;
  });
  expect(main?.heartbeat_at).toBeGreaterThanOrEqual(main?.started_at as number);
  expect(guard).not.toHaveProperty("heartbeat_at");
  expect((await at.seqctl(["why", "main"])).out).toMatch(
    /is running; its last sign of life came at \d\d:\d\d:\d\d UTC/,
  );
  await at.killEngine();
  await at.seqctl(["run", "--detach", "--yes"]);
  await held.release("main");
  await settled(at);
  expect(await at.standing()).toEqual({ main: "DONE 1", guard: "DONE 1" });
  const began = at.facts().filter(({ type }) => type === "attempt.intended");
  expect(began.map(({ step }) => step).sort()).toEqual(["guard", "main"]);
});

test("of a step that never runs is skipped, and waits for one that can't start yet", async () => {
  const steps: Step[] = [
    { id: "main", command: ["true"], when: "false" },
    { id: "guard", watchdog_for: "main" },
    { id: "later", command: ["true"], depends_on: ["g"] },
    { id: "later-guard", watchdog_for: "later" },
  ];
  const at = await Workspace.make({ steps, gates: [{ id: "g", name: "G" }] });
  await at.seqctl(["run", "--yes"]);
  expect(await at.standing()).toEqual({
    main: "SKIPPED when",
    guard: "SKIPPED not_called",
    later: "BLOCKED waiting_gate",
    "later-guard": "BLOCKED waiting_watched",
  });
  expect((await at.seqctl(["why", "later-guard"])).out).toContain(
    "waits for 'later', which it watches over, to start",
  );
});

test.each<[string, Step[], RegExp]>([
  ["nobody", [{ id: "a", watchdog_for: "b" }], /'b'/],
  ["itself", [{ id: "a", watchdog_for: "a" }], /a → a|'a'/],
  [
    "a watchdog",
    [
      { id: "a", command: ["x"] },
      { id: "b", watchdog_for: "a" },
      { id: "c", watchdog_for: "b" },
    ],
    /is a watchdog itself/,
  ],
  [
    "instances",
    [
      { id: "a", command: ["x"], fanout: 2 },
      { id: "b", watchdog_for: "a" },
    ],
    /several instances/,
  ],
  ["nothing, but says how", [{ id: "a", command: ["x"], max_restarts: 1 }], /is for a watchdog/],
  [
    "a worker whose boss is none",
    [
      { id: "a", command: ["x"] },
      { id: "b", orchestrator: "a" },
    ],
    /'a' is no boss/,
  ],
  ["a worker of itself", [{ id: "a", type: "b", orchestrator: "a" }], /in a circle/],
  [
    "a worker that its boss waits for",
    [
      { id: "a", type: "b", depends_on: ["b"] },
      { id: "b", orchestrator: "a" },
    ],
    /only it can ask for/,
  ],
  ["a boss of many", [{ id: "a", type: "b", fanout: 2 }], /runs once/],
  ["a boss that is a whole file", [{ id: "a", type: "b", sequence: "x.yaml" }], /is not for a boss/],
  [
    "a worker too deep",
    [
      { id: "a", type: "b" },
      { id: "b", type: "b", orchestrator: "a" },
      { id: "c", type: "b", orchestrator: "b" },
      { id: "d", orchestrator: "c" },
    ],
    /at most 2 may stand above/,
  ],
])("a watchdog or worker of %s is refused", async (_, steps, words) => {
  const at = await Workspace.make();
  const { stringify } = await import("yaml");
  at.write("other.yaml", stringify({ version: 1, name: "x", steps }));
  const said = await at.seqctl(["validate", "other.yaml"]);
  expect([said.exit, said.out + said.err]).toEqual([2, expect.stringMatching(words)]);
});
