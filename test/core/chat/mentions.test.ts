import { expect, test } from "bun:test";
import { understand } from "../../../lib/core/chat/understand";
import type { Result } from "../../../lib/core/result";
import type { Sequence } from "../../../lib/core/sequence/schema";
import { edit } from "../../rig/sequence";
import { callsOf, fill, onSettings, worldOf } from "./rig";

const steps = [
  { id: "build", command: ["true"], on_failure: ["tidy"] },
  { id: "docs", command: ["true"], on_success: ["tidy", "tell"] },
  { id: "tidy", command: ["true"] },
  { id: "tell", command: ["true"] },
  { id: "deploy", command: ["true"], depends_on: ["review"] },
];
const gates = [
  { id: "review", name: "Look at it", depends_on: ["build", "docs"], shows: ["build"] },
  { id: "again", name: "Look again", depends_on: ["docs"], shows: ["build", "docs"] },
];
const world = () => worldOf(steps, gates);

function outcome(message: string): Result<Sequence> {
  let result: Result<Sequence> = { ok: true, value: world().sequence };
  for (const [action, input] of callsOf(message, world()))
    if (result.ok) result = edit(action, result.value, input);
  return result;
}

test.each([
  [
    "remove build",
    { review: undefined, again: ["docs"] },
    /The gate 'review' no longer shows what 'build' left, but what the steps before it leave\. The gate 'again' no longer shows what 'build' left\./,
  ],
  [
    "remove build and docs",
    { review: undefined, again: undefined },
    /'again' no longer shows what 'build' and 'docs' left, but/,
  ],
])("%s: gates that show what goes show the rest, and that is said", (message, shows, says) => {
  const read = understand(message, world());
  expect(read.kind === "calls" ? read.says.join(" ") : "").toMatch(says);
  const after = outcome(message);
  if (!after.ok) throw new Error(JSON.stringify(after.failure));
  expect(Object.fromEntries((after.value.gates ?? []).map((gate) => [gate.id, gate.shows]))).toEqual(shows);
});

test("what would start a step that goes starts the rest, and that is said", () => {
  const read = understand("remove tidy", world());
  expect(read).toMatchObject({ says: ["'build' starts it no more.", "'docs' starts it no more."] });
  const after = outcome("remove tidy");
  expect(after).toMatchObject({ ok: true });
  const left = after.ok ? (after.value.steps ?? []) : [];
  expect(left.map(({ on_failure, on_success }) => [on_failure, on_success]).slice(0, 2)).toEqual([
    [undefined, undefined],
    [undefined, ["tell"]],
  ]);
});

test.each([
  "rename {a} to Alpha and rename {b} to Beta",
  "rename {a} to Alpha and {b} to Beta",
  "rename {a} to Alpha, {b} to Beta",
  "rename {a} to Alpha, then rename {b} to Beta",
  "rename {a} to Alpha; rename {b} as Beta",
  "please rename {a} to Alpha and also rename {b} to Beta",
  "set the name of {a} to Alpha and the name of {b} to Beta",
])("two names without quotes are two: %s", (wording) => {
  onSettings((setting) => {
    const message = fill(wording, setting);
    expect([message, callsOf(message, setting.world)]).toEqual([
      message,
      [
        ["step.edit", { id: setting.a, name: "Alpha" }],
        ["step.edit", { id: setting.b, name: "Beta" }],
      ],
    ]);
  });
});

test.each([
  ["rename {a} to Research and development", [["step.edit", { name: "Research and development" }]]],
  [
    "rename {g} to Ship it and rename {a} to Alpha",
    [
      ["gate.edit", { name: "Ship it" }],
      ["step.edit", { name: "Alpha" }],
    ],
  ],
  [
    "rename {a} to Alpha and run it",
    [
      ["step.edit", { name: "Alpha" }],
      ["run.start", { scope: "step" }],
    ],
  ],
  [
    "set the command of {a} to make all and retry {b} twice",
    [
      ["step.edit", { command: ["make", "all"] }],
      ["step.edit", { retry: { limit: 2 } }],
    ],
  ],
  [
    "tag {a} with fast and {b} with slow",
    [
      ["step.edit", { tags: ["fast"] }],
      ["step.edit", { tags: ["slow"] }],
    ],
  ],
  [
    "duplicate {a} as {n} and {b} as {m}",
    [
      ["step.clone", expect.anything()],
      ["step.clone", expect.anything()],
    ],
  ],
])("words without quotes end where a next request begins: %s", (wording, calls) => {
  onSettings((setting) => {
    const read = callsOf(fill(wording, setting), setting.world);
    expect(read.map(([action, { id: _, ...input }]) => [action, input])).toEqual(calls as never);
  });
});

test("where unquoted words end is asked where it can't be told", () => {
  expect(understand("rename build to Compile and show frobnication", world())).toMatchObject({
    kind: "refusal",
    says: expect.stringContaining("put it in quotes"),
    try: ['rename build to "…"'],
  });
});
