import { expect, test } from "bun:test";
import { sliceSource } from "../../../lib/core/sequence/slice";

const text = `version: 1
name: n
steps:
  # about a
  - id: a   # first
    command: ["x"]

    env:
      K: |
        two
          lines
  - {id: "b", depends_on: [a]}
gates:
- id: g
  name: G
`;

test("a step's lines are shown as they stand, without the list's indentation", () => {
  expect(sliceSource(text, "steps", "a")).toBe(
    'id: a   # first\ncommand: ["x"]\n\nenv:\n  K: |\n    two\n      lines',
  );
});

test("one written on a single line is shown so", () => {
  expect(sliceSource(text, "steps", "b")).toBe('{id: "b", depends_on: [a]}');
});

test("a gate is looked for among the gates", () => {
  expect(sliceSource(text, "gates", "g")).toBe("id: g\nname: G");
  expect(sliceSource(text, "steps", "g")).toBe("");
});

test("there is nothing to show of what is not there", () => {
  expect(sliceSource(text, "steps", "c")).toBe("");
  expect(sliceSource("", "steps", "a")).toBe("");
  expect(sliceSource("steps: 5", "steps", "a")).toBe("");
});
