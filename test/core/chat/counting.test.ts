import { expect, test } from "bun:test";
import { understand } from "../../../lib/core/chat/understand";
import { callsOf, worldOf } from "./rig";

const step = (id: string, ...depends_on: string[]) => ({ id, command: ["true"], depends_on });
const world = worldOf([
  step("lint"),
  step("unit", "lint"),
  { ...step("e2e", "unit"), retry: { limit: 1, backoff_ms: 5000 }, continue_on_error: true },
]);

// All of them are attempts: the first counts.
test.each([
  "lint should be tried 3 times",
  "lint must be tried up to three times",
  "lint may be tried three times",
  "lint can be attempted 3 times",
  "lint is to be tried 3 times",
  "lint is tried at most 3 times",
  "I want lint to be tried 3 times",
  "I'd like lint to be tried up to 3 times",
  "let lint be tried three times",
  "try lint 3 times",
  "try lint up to three times",
  "try lint at most 3 times",
  "please try lint 3 times before giving up",
  "attempt lint 3 times",
  "up to three attempts for lint",
  "at most 3 attempts for lint",
  "maximum 3 tries for lint",
  "a maximum of 3 attempts for lint",
  "max 3 attempts for lint",
  "no more than 3 attempts for lint",
  "lint gets up to three attempts",
  "lint should have 3 attempts",
  "lint needs three attempts",
  "lint should be attempted up to 3 times before giving up",
  "allow up to 3 attempts for lint",
  "give lint up to 3 attempts",
  "give lint 3 attempts in total",
  "3 attempts in all for lint",
  "lint should be tried 3 times altogether",
  "try lint three times overall",
  "lint: 3 attempts",
  "set lint to 3 attempts",
  "set the attempts of lint to 3",
  "set the number of attempts of lint to 3",
  "run lint up to 3 times if it fails",
  "lint is flaky, try it 3 times",
  "don't try lint more than 3 times",
  "lint should not be tried more than 3 times",
  "never attempt lint more than 3 times",
])("so many attempts in all: %s", (said) => {
  const read = understand(said, world);
  expect(read).toMatchObject({
    kind: "calls",
    says: ["That is up to 3 attempts: the first, and 2 retries."],
  });
  expect(callsOf(said, world)).toEqual([["step.edit", { id: "lint", retry: { limit: 2 } }]]);
});

test.each([
  "give lint two more tries",
  "give lint two more attempts when it fails",
  "give lint another two tries",
  "give lint 2 extra chances",
  "give lint two further attempts",
  "give lint 2 additional tries",
  "lint gets 2 more attempts",
  "lint should be tried again twice",
  "let lint try again twice",
  "let lint have 2 more goes",
  "allow lint 2 more attempts",
  "allow two more tries for lint",
  "when lint fails try it again twice",
  "if lint fails, run it again up to 2 times",
  "if lint fails, try again at most twice",
  "rerun lint up to 2 times when it fails",
  "repeat lint up to 2 times on failure",
  "retry lint at most two times",
  "retry lint no more than 2 times",
  "retry lint up to 2 times before giving up",
  "lint should be retried at most twice if it fails",
  "make lint retry 2 times",
  "have lint retried 2 times",
  "don't retry lint more than twice",
  "lint: 2 retries",
])("so many retries behind the first attempt: %s", (said) => {
  expect(callsOf(said, world)).toEqual([["step.edit", { id: "lint", retry: { limit: 2 } }]]);
});

test("where both are thinkable the answer says what it comes to, and how the other is said", () => {
  expect(understand("give lint 3 attempts", world)).toMatchObject({
    calls: [{ action: "step.edit", input: { id: "lint", retry: { limit: 3 } } }],
    says: [
      'That is up to 4 attempts: the first, and 3 retries. Say "up to 3 attempts" to count the first one too.',
    ],
  });
});

test.each(["lint and unit should be tried 3 times", "try lint and unit up to three times each"])(
  "several steps alike: %s",
  (said) => {
    expect(callsOf(said, world)).toEqual(
      ["lint", "unit"].map((id) => ["step.edit", { id, retry: { limit: 2 } }]),
    );
  },
);

test.each(["retry e2e 4 times", "e2e should be tried 5 times", "set the retries of e2e to 4"])(
  "how long is waited in between stays: %s",
  (said) => {
    expect(callsOf(said, world)).toEqual([
      ["step.edit", { id: "e2e", retry: { limit: 4, backoff_ms: 5000 } }],
    ]);
  },
);

test.each(["lint shouldn't be tried again", "never try lint again", "lint should be tried only once"])(
  "no second attempt: %s",
  (said) => {
    expect(callsOf(said, world)).toEqual([["step.edit", { id: "lint", unset: ["retry"] }]]);
  },
);

test.each([
  "retry lint when unit fails twice",
  "try lint 3 times unless it rains",
  "try lint and 3 times unit",
])("what says more than a number is not taken for one: %s", (said) => {
  expect(understand(said, world).kind).toBe("refusal");
});
