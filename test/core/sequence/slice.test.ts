import { expect, test } from "bun:test";
import fc from "fast-check";
import { sliceSource } from "../../../lib/core/sequence/slice";
import { readPlainTree } from "../../../lib/core/sequence/source-plain";
import { written } from "./source-arbitrary";

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

test("what the plain reader finds is what the YAML library finds, comments and all", () => {
  const commented =
    "steps:\n- id: a # x\n  name: b # tail\n# after\n\n- id: c\n  env:\n    K: v # q\n    # in\n\n  # out\n- id: d\n  # end\n";
  const agree = (text: string) => {
    // The plain reader leaves a text with a directive to the library.
    const other = `%YAML 1.2\n---\n${text}`;
    if (!readPlainTree(text) || /^\ufeff|---/.test(text)) return 0;
    const ids = new Set([...text.matchAll(/\bid: *["']?([\w-]+)/g)].map(([, id]) => id as string));
    for (const list of ["steps", "gates"] as const)
      for (const id of ids) expect(sliceSource(text, list, id)).toBe(sliceSource(other, list, id));
    return ids.size;
  };
  expect(agree(commented)).toBe(3);
  expect(
    fc.sample(written, { numRuns: 500, seed: 1 }).reduce((sum, { text }) => sum + agree(text), 0),
  ).toBeGreaterThan(100);
});

test("of two long texts in turn each shows its own, also where only a word was changed", () => {
  const long = (word: string) =>
    `version: 1\n# ${"-".repeat(5000)}\nsteps:\n- id: a\n  name: ${word}\n- id: ${word}\n`;
  for (const word of ["one", "two", "three", "one"]) {
    const text = long(word);
    expect(sliceSource(text, "steps", "a")).toBe(`id: a\nname: ${word}`);
    expect(sliceSource(text, "steps", word)).toBe(`id: ${word}`);
    expect(sliceSource(text, "steps", word === "one" ? "two" : "one")).toBe("");
  }
});
