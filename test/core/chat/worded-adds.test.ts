import { expect, test } from "bun:test";
import { findAction } from "../../../lib/core/actions";
import { understand } from "../../../lib/core/chat/understand";
import { callsOf, worldOf } from "./rig";

const step = (id: string, ...depends_on: string[]) => ({ id, command: ["true"], depends_on });
const world = worldOf([step("join"), step("publish", "join"), step("lint")]);

test.each([
  "add a step that zips merged.txt after publish",
  "please add a step that zips merged.txt after publish",
  "could you add a step that zips merged.txt after publish?",
  "add a new step that zips merged.txt after publish",
  "add a shell step that zips merged.txt after publish",
  "add another step that zips merged.txt after publish",
  "add one more task which zips merged.txt after publish",
  "add a job that zips merged.txt behind publish",
  "add a step which should zip merged.txt after publish",
  "add a step that will zip merged.txt after publish",
  "add a step that just zips merged.txt after publish",
  "add a step that zips merged.txt right after publish",
  "add a step that zips merged.txt, after publish",
  "add a step that zips merged.txt once publish is done",
  "add a step that zips merged.txt as soon as publish has finished",
  "add a step to zip merged.txt after publish",
  "add a step in order to zip merged.txt after publish",
  "add a step after publish that zips merged.txt",
  "add a step after publish to zip merged.txt",
  "add a step after publish, that zips merged.txt",
  "after publish, add a step that zips merged.txt",
  "after publish add a step to zip merged.txt",
  "once publish is done, add a step that zips merged.txt",
  "create a step that zips merged.txt after publish",
  "create a step after publish which zips merged.txt",
  "insert a step that zips merged.txt behind publish",
  "put a step that zips merged.txt after publish",
  "put in a step after publish that zips merged.txt",
  "append a step that zips merged.txt following publish",
  "include a step that zips merged.txt after publish",
  "make a step that zips merged.txt after publish",
  "make me a step that zips merged.txt after publish",
  "set up a task that zips merged.txt after publish",
  "I want a step that zips merged.txt after publish",
  "I need a step that zips merged.txt after publish",
  "I'd like a step that zips merged.txt after publish",
  "we need a step after publish that zips merged.txt",
  "there should be a step that zips merged.txt after publish",
  "there must be a step after publish that zips merged.txt",
  "add something that zips merged.txt after publish",
  'add a step that zips "merged.txt" after publish',
])("a step whose work is said in words: %s", (said) => {
  expect(understand(said, world)).toEqual({
    kind: "calls",
    calls: [
      {
        action: "step.add",
        input: { id: "zip-merged-txt", name: "Zip merged.txt", depends_on: ["publish"] },
      },
    ],
    says: [
      'What is to be typed for it does not follow from the words; say: set the command of zip-merged-txt to "…".',
    ],
  });
});

test.each([
  ["add a step that zips merged.txt", { id: "zip-merged-txt", name: "Zip merged.txt" }],
  [
    "add a step zipping merged.txt after publish",
    { id: "zipping-merged-txt", name: "Zipping merged.txt", depends_on: ["publish"] },
  ],
  [
    "add a step that runs the tests after join",
    { id: "run-tests", name: "Run the tests", depends_on: ["join"] },
  ],
  [
    "add a step that copies the files into dist and uploads them after publish",
    { id: "copy-files-dist", name: "Copy the files into dist and upload them", depends_on: ["publish"] },
  ],
  [
    "add a step that pushes the new image to our registry after publish",
    { id: "push-image-registry", name: "Push the new image to our registry", depends_on: ["publish"] },
  ],
  [
    "add a step called pack that zips merged.txt after publish",
    { id: "pack", depends_on: ["publish"], description: "Zip merged.txt" },
  ],
  [
    "add a step pack that zips merged.txt after publish",
    { id: "pack", depends_on: ["publish"], description: "Zip merged.txt" },
  ],
  [
    "add a step that zips merged.txt after publish, call it pack",
    { id: "pack", depends_on: ["publish"], description: "Zip merged.txt" },
  ],
  [
    "add a step after publish called pack that zips merged.txt",
    { id: "pack", depends_on: ["publish"], description: "Zip merged.txt" },
  ],
  [
    "add a step that zips merged.txt called Pack it up after publish",
    { id: "pack-it-up", name: "Pack it up", depends_on: ["publish"], description: "Zip merged.txt" },
  ],
  [
    'add a step that zips merged.txt after publish with command "zip out.zip merged.txt"',
    {
      id: "zip-merged-txt",
      name: "Zip merged.txt",
      command: ["zip", "out.zip", "merged.txt"],
      depends_on: ["publish"],
    },
  ],
  [
    "add a step at the end that zips merged.txt",
    { id: "zip-merged-txt", name: "Zip merged.txt", depends_on: ["publish", "lint"] },
  ],
])("%s", (said, input) => {
  expect(callsOf(said, world)).toEqual([["step.add", input]]);
  expect(findAction("step.add")?.input.safeParse(input).success).toBe(true);
});

test.each([
  "insert a step between join and publish that zips merged.txt",
  "add a step that zips merged.txt between join and publish",
  "add a step that zips merged.txt after join and before publish",
])("it stands where it is said to: %s", (said) => {
  const calls = callsOf(said, world);
  expect(calls[0]).toEqual([
    "step.add",
    { id: "zip-merged-txt", name: "Zip merged.txt", depends_on: ["join"] },
  ]);
  expect(calls).toContainEqual(["dep.add", { step: "publish", dep: "zip-merged-txt" }]);
});

test.each([
  "add a claude step that reviews merged.txt after join",
  "add a step that reviews merged.txt with claude after join",
  "add a step after join that reviews merged.txt using claude",
])("for an agent the words are the prompt: %s", (said) => {
  expect(callsOf(said, world)).toEqual([
    [
      "step.add",
      {
        id: "review-merged-txt",
        name: "Review merged.txt",
        model: "claude-code",
        prompt: "prompts/review-merged-txt.md",
        depends_on: ["join"],
      },
    ],
    ["prompt.edit", { id: "review-merged-txt", text: "Review merged.txt.\n" }],
  ]);
});

test.each([
  ["add a step that zips merged.txt after publish and make lint optional", "step.edit"],
  ["add a step that zips merged.txt and retry lint twice", "step.edit"],
  ["add a step that zips merged.txt, then add a gate before publish", "gate.insert"],
  ["add a step that zips merged.txt after publish and remove lint", "step.rm"],
])("a next request behind it is one of its own: %s", (said, action) => {
  const calls = callsOf(said, world);
  expect(calls[0]?.[1]).toMatchObject({ id: "zip-merged-txt", name: "Zip merged.txt" });
  expect(calls.at(-1)?.[0] === action || calls.some(([one]) => one === action)).toBe(true);
});

test.each([
  "add a step that zips merged.txt only if publish fails",
  "add a step that zips merged.txt unless lint fails",
  "add a step that zips merged.txt after nowhere",
  "add a step that needs publish",
  "add a step that waits for publish",
  "add a step that should be retried",
  "add two steps that zip merged.txt",
  "add a step to run the linter",
  "remove the step that zips merged.txt",
])("what says more or something else is not taken for it: %s", (said) => {
  expect(understand(said, world).kind).toBe("refusal");
});
