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
  ["how many times was unit attempted?", "step", { id: "unit" }],
  ["what failed and with what exit code", "runs.show", {}],
  ["who started this run?", "runs.show", {}],
  ["who approved the gate and what did they answer", "gate.show", { id: "review" }],
  ["who rejected review and when was that", "gate.show", { id: "review" }],
])("is answered from the record: %s", (said, view, input) => {
  expect(understand(said, world)).toMatchObject({ kind: "ask", view, input });
});
