import { expect, test } from "bun:test";
import { understand } from "../../../lib/core/chat/understand";
import { callsOf, worldOf } from "./rig";

const step = (id: string, ...depends_on: string[]) => ({ id, command: ["true"], depends_on });
const world = worldOf(
  [
    step("build"),
    { ...step("test", "build"), on_failure: ["tell"] },
    step("e2e", "test"),
    step("deploy", "review"),
    step("notify", "deploy", "e2e"),
    { id: "tell", command: ["true"] },
  ],
  [{ id: "review", name: "Review?", depends_on: ["test"], shows: ["test"] }],
);

type Calls = [string, Record<string, unknown>][];
const rollback = (on: string, command: string[], before: string[] = []): Calls => [
  ["step.add", { id: "rollback", command }],
  ["step.edit", { id: on, on_failure: [...before, "rollback"] }],
];

test.each<[string, Calls]>([
  [
    "add a rollback step that runs only if deploy fails: ./rollback.sh",
    rollback("deploy", ["./rollback.sh"]),
  ],
  ["if deploy fails, run a rollback step with ./rollback.sh", rollback("deploy", ["./rollback.sh"])],
  [
    'add a step rollback with command "make back" that runs only if test fails',
    rollback("test", ["make", "back"], ["tell"]),
  ],
  [
    'add a step rollback that runs when deploy fails with the command "make back"',
    rollback("deploy", ["make", "back"]),
  ],
])("a condition is a condition, and no command: %s", (said, calls) => {
  expect(callsOf(said, world)).toEqual(calls);
});

test.each([
  "add a rollback step that runs only if the moon is full: ./rollback.sh",
  "add a step rollback that runs unless deploy succeeds: ./rollback.sh",
  "add a step rollback that runs only when it rains",
  "if deploy fails, run a rollback step with ./rollback.sh and tell me",
])("a condition that is not understood is asked about: %s", (said) => {
  expect(understand(said, world).kind).toBe("refusal");
});

const gone = (...ids: string[]): Calls => ids.map((id) => [id === "review" ? "gate.rm" : "step.rm", { id }]);

test.each<[string, Calls]>([
  ["remove e2e and everything that depends on it", gone("notify", "e2e")],
  ["delete e2e with all its dependents", gone("notify", "e2e")],
  ["remove review and whatever comes after it", gone("notify", "deploy", "review")],
  ["remove test and everything after it", gone("notify", "e2e", "deploy", "review", "test")],
])("what is to go with a step goes with it: %s", (said, calls) => {
  const read = callsOf(said, world);
  expect(read.toSorted()).toEqual(calls.toSorted());
  // Each goes only once nothing waits for it any more.
  expect(read.at(-1)).toEqual(calls.at(-1) as Calls[number]);
});

test("what stays, stays; and half of a request is not done", () => {
  expect(callsOf("remove e2e and leave everything that depends on it", world)).toEqual([
    ["dep.add", { step: "notify", dep: "test" }],
    ["dep.rm", { step: "notify", dep: "e2e" }],
    ["step.rm", { id: "e2e" }],
  ]);
  expect(understand("remove test and everything before it", world).kind).toBe("refusal");
});
