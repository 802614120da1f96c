import { expect, test } from "bun:test";
import { callsOf, worldOf } from "./rig";

const step = (id: string, ...depends_on: string[]) => ({ id, command: ["true"], depends_on });
const world = worldOf([step("join"), step("publish", "join")], [{ id: "check", name: "Check?" }]);

test.each([
  "put a gate before publish called Final look",
  "put a gate before publish named Final look",
  "put a gate before publish titled Final look",
  "put a gate before publish entitled Final look",
  "put a gate before publish labelled Final look",
  "put a gate before publish with the name Final look",
  "put a gate before publish with the title Final look",
  "put a gate before publish by the name of Final look",
  "put a gate before publish under the name Final look",
  "put a gate before publish, called Final look",
  "put a gate before publish that is called Final look",
  "put a gate before publish which should be called Final look",
  "put a gate before publish to be called Final look",
  "put a gate before publish, call it Final look",
  "put a gate before publish and call it Final look",
  "put a gate before publish and name it Final look",
  "put a gate before publish whose name is Final look",
  'put a gate before publish: "Final look"',
  'put a gate before publish called "Final look"',
  "put a gate before publish called Final look, please",
  "please put a gate called Final look before publish",
  "could you add a gate named Final look before publish?",
  "insert a gate titled Final look in front of publish",
  "insert a gate labelled Final look between join and publish",
  "insert a gate between join and publish called Final look",
  "insert a gate between join and publish, name it Final look",
  "before publish, add a gate called Final look",
  "before publish put a gate named Final look",
  "I want a gate called Final look in front of publish",
  "we need an approval named Final look before publish",
  "add an approval called Final look before publish",
  "add a manual approval called Final look before publish",
  "add a checkpoint called Final look ahead of publish",
  "add a sign-off titled Final look before publish",
  "create a gate before publish and call it Final look",
  "there should be a gate called Final look before publish",
  "put a gate Final look before publish",
  "put the gate Final look before publish",
  "put a gate (Final look) before publish",
  'add a gate "Final look" before publish',
])("a gate keeps the name it is given: %s", (said) => {
  expect(callsOf(said, world)).toEqual([
    ["gate.insert", { id: "final-look", name: "Final look", depends_on: ["join"], shows: ["join"] }],
    ["dep.add", { step: "publish", dep: "final-look" }],
    ["dep.rm", { step: "publish", dep: "join" }],
  ]);
});

test("a word that is an id is the id, and the name stays the question that is asked there", () => {
  expect(callsOf("put a gate before publish called look", world)[0]).toEqual([
    "gate.insert",
    { id: "look", name: "Go on to publish?", depends_on: ["join"], shows: ["join"] },
  ]);
});

test.each([
  "put a gate before publish called Final look and retry join twice",
  "retry join twice and put a gate called Final look before publish",
])("a name ends where a next request begins: %s", (said) => {
  const calls = callsOf(said, world);
  expect(calls.find(([action]) => action === "gate.insert")?.[1].name).toBe("Final look");
  expect(calls).toContainEqual(["step.edit", { id: "join", retry: { limit: 2 } }]);
});

test.each(["called", "named", "titled", "with the name", "entitled"])(
  "a step too keeps what it is %s",
  (word) => {
    expect(callsOf(`add a step ${word} Pack the files after publish with command "make zip"`, world)).toEqual(
      [
        [
          "step.add",
          { id: "pack-the-files", name: "Pack the files", command: ["make", "zip"], depends_on: ["publish"] },
        ],
      ],
    );
  },
);
