import { expect, test } from "bun:test";
import { understand } from "../../../lib/core/chat/understand";
import { callsOf, worldOf } from "./rig";

const step = (id: string, ...depends_on: string[]) => ({ id, command: ["true"], depends_on });
const world = worldOf(
  [
    step("install"),
    step("lint", "install"),
    step("build", "install"),
    step("unit", "build"),
    { ...step("e2e", "unit", "lint"), limits: { open_files: 64 }, tags: ["slow"] },
    step("deploy", "review"),
    { ...step("flaky"), retry: { limit: 3 } },
  ],
  [{ id: "review", name: "Review?", depends_on: ["unit", "lint"], shows: ["unit"] }],
);

type Calls = [string, Record<string, unknown>][];
const edit = (id: string, change: object): Calls => [["step.edit", { id, ...change }]];

test.each<[string, Calls]>([
  [
    "retry the unit tests up to 3 times with a 10s backoff",
    edit("unit", { retry: { limit: 3, backoff_ms: 10_000 } }),
  ],
  ["retry unit twice, waiting 1 minute between", edit("unit", { retry: { limit: 2, backoff_ms: 60_000 } })],
  [
    "run lint and unit in parallel as a group called checks",
    [["group.parallelize", { ids: ["lint", "unit"], group_id: "checks" }]],
  ],
  [
    "make unit depend on lint instead of build",
    [
      ["dep.add", { step: "unit", dep: "lint" }],
      ["dep.rm", { step: "unit", dep: "build" }],
    ],
  ],
  ["drop the lint dependency from review", [["dep.rm", { step: "review", dep: "lint" }]]],
  [
    "env NODE_ENV=production for deploy and tag it release",
    [...edit("deploy", { env: { NODE_ENV: "production" } }), ...edit("deploy", { tags: ["release"] })],
  ],
  ["tag e2e nightly-run", edit("e2e", { tags: ["slow", "nightly-run"] })],
  [
    'rename unit to "Unit tests" and drop its timeout',
    [...edit("unit", { name: "Unit tests" }), ...edit("unit", { unset: ["timeout_ms"] })],
  ],
  ["create a step hello that prints hello", [["step.add", { id: "hello", command: ["echo", "hello"] }]]],
  ["pls strat the run", [["run.start", { scope: "all" }]]],
  ["let install use the network", edit("install", { network: true })],
  [
    "run unit and e2e in the sandbox",
    [...edit("unit", { sandbox: "required" }), ...edit("e2e", { sandbox: "required" })],
  ],
  [
    "use claude for build with the prompt 'Fix the build'",
    [
      ...edit("build", { model: "claude-code", unset: ["command"] }),
      ["prompt.edit", { id: "build", text: "Fix the build\n" }],
    ],
  ],
  ["give unit a 5 min timeout and 2 retries", edit("unit", { timeout_ms: 300_000, retry: { limit: 2 } })],
  ["deploy should only run once lint passed", [["dep.add", { step: "deploy", dep: "lint" }]]],
  ["run e2e only if flaky succeeds", [["dep.add", { step: "e2e", dep: "flaky" }]]],
  ["don't let deploy run longer than 20 minutes", edit("deploy", { timeout_ms: 1_200_000 })],
  ["run e2e inside a worktree", edit("e2e", { isolation: "worktree" })],
  [
    "run lint and unit in their own worktrees",
    [...edit("lint", { isolation: "worktree" }), ...edit("unit", { isolation: "worktree" })],
  ],
  ["wait 30 seconds between retries of flaky", edit("flaky", { retry: { limit: 3, backoff_ms: 30_000 } })],
  ["set the backoff of flaky to 1 minute", edit("flaky", { retry: { limit: 3, backoff_ms: 60_000 } })],
  ["run flaky only when unit fails", edit("unit", { on_failure: ["flaky"] })],
  ["if deploy fails run flaky", edit("deploy", { on_failure: ["flaky"] })],
  ["limit e2e to 2 GB memory", edit("e2e", { limits: { open_files: 64, memory_mb: 2048 } })],
  ["make lint non-blocking", edit("lint", { continue_on_error: true })],
])("reads as meant: %s", (said, calls) => {
  expect(callsOf(said, world)).toEqual(calls);
});

test.each([
  ["set timeout of lint to 5", /'5' is not a length of time/],
  ["split unit into 4 shards", /only its command can share the work/],
  ["make lint depend on unit instead of build", /'lint' does not wait for 'build'/],
  ["make me coffee", /I did not understand/],
  ["wait 30 seconds between retries of lint", /retry lint 2 times with a 30 seconds backoff/],
  ["run unit three times in a row until it passes", /retry unit 2 times/],
  ["run deploy if build fails", /waits for 'build' to end well/],
  ["run unit 3 times", /fan out unit 3 times.*retry unit 2 times/],
  ["retry everything twice", /by their names/],
  ["run unit until it passes", /a number bounds that/],
  ["set env var CI to true for all steps", /set env var CI to true for install/],
  ["set the timeout of all steps to 5 minutes", /by their names/],
  ["show the diff since yesterday", /can't compare with a moment/],
  ["what changed since last week", /can't compare with a moment/],
  ["what changed in the last 2 hours", /can't compare with a moment/],
  ["use claude for nothing with the prompt 'Fix it'", /^(?!.*«)/],
  ["what is the critical path", /How long each step took/],
  ["what would happen if I ran it again", /a proposal shows/],
])("is asked about: %s", (said, why) => {
  const read = understand(said, world);
  expect(read.kind).toBe("refusal");
  expect(JSON.stringify(read)).toMatch(why);
});

test.each([
  ["how long did build take?", "step", { id: "build" }],
  ["what is the exit code of lint", "step", { id: "lint" }],
  ["which exit code did unit end with?", "step", { id: "unit" }],
  ["show me the last 5 lines of the build log", "logs", { id: "build", from: -4096 }],
  ["last 40 lines of unit's output", "logs", { id: "unit", from: -8000 }],
  ["how many times was unit attempted?", "step", { id: "unit" }],
  ["what failed and with what exit code", "runs.show", {}],
  ["who started this run?", "runs.show", {}],
  ["who approved the gate and what did they answer", "gate.show", { id: "review" }],
  ["who rejected review and when was that", "gate.show", { id: "review" }],
])("is answered from the record: %s", (said, view, input) => {
  expect(understand(said, world)).toMatchObject({ kind: "ask", view, input });
});
