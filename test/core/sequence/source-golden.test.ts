import { describe, expect, test } from "bun:test";
import { rewriteSource } from "../../../lib/core/sequence/source";
import { difference, type Edit, insert, type JsonMap, read, remove, set } from "./source-difference";

const commented = `# Header of the file
# second line

version: 1   # the version
name:   "My 'odd' name"     # quoted oddly

defaults: { model: shell,  timeout_ms: 1000 }  # flow map


steps:
  # --- planning ---

  # plans it
  - id: plan # first
    name: 'Plan it'
    command: ["echo",  "hi"]   # says hi

    # a note inside plan
    depends_on: []
    # trailing in plan

  # builds it
  -   id:   build
      name: >-
        Build the
        thing
      depends_on: [ plan ]   # needs plan
      command:
        - make
        # all of it
        - all
      env:   # the env
        A: 1
        B: "two"   # two

  - id: test
    depends_on:
    - build   # b
    - plan
    command: [
      "npm",   # npm
      "test"
    ]

# about gates
gates:
  - {id: review, name: Review, depends_on: [plan]}
# the end`;

const [plan, build, npmTest] = [0, 1, 2];
const edited = (...edits: Edit[]) => difference(commented, ...edits);
const inStep = (index: number, ...rest: (string | number)[]) => ["steps", index, ...rest];

describe("a hand-commented file", () => {
  test("stays as it is, byte for byte, when nothing changes", () => {
    expect(rewriteSource(commented, read(commented))).toBe(commented);
  });

  test("stays as it is when only the order of keys differs", () => {
    const turned = Object.fromEntries(Object.entries(read(commented)).reverse());
    expect(rewriteSource(commented, turned)).toBe(commented);
  });

  test("changes one line when a step is edited, and keeps the quotes and the comment", () => {
    expect(edited(set(inStep(plan, "name"), "it's new"))).toEqual([
      "-    name: 'Plan it'",
      "+    name: 'it''s new'",
    ]);
    expect(edited(set(["name"], "Other"))).toEqual([
      `-name:   "My 'odd' name"     # quoted oddly`,
      `+name:   "Other"     # quoted oddly`,
    ]);
    expect(edited(set(inStep(plan, "id"), "plan2"))).toEqual([
      "-  - id: plan # first",
      "+  - id: plan2 # first",
    ]);
    expect(edited(set(["defaults", "timeout_ms"], 5))).toEqual([
      "-defaults: { model: shell,  timeout_ms: 1000 }  # flow map",
      "+defaults: { model: shell,  timeout_ms: 5 }  # flow map",
    ]);
  });

  test("quotes a new value only where it must", () => {
    expect(edited(set(inStep(build, "env", "A"), "yes"))).toEqual(["-        A: 1", '+        A: "yes"']);
    expect(edited(set(inStep(build, "env", "A"), "two words"))).toEqual([
      "-        A: 1",
      "+        A: two words",
    ]);
    expect(edited(set(inStep(build, "env", "B"), 2))).toEqual([
      '-        B: "two"   # two',
      "+        B: 2   # two",
    ]);
  });

  test("writes several lines as a block, and a block as one line again", () => {
    expect(edited(set(inStep(plan, "name"), "one\ntwo\n"))).toEqual([
      "-    name: 'Plan it'",
      "+    name: |",
      "+      one",
      "+      two",
    ]);
    expect(edited(set(inStep(build, "name"), 7))).toEqual([
      "-      name: >-",
      "-        Build the",
      "-        thing",
      "+      name: 7",
    ]);
  });

  test("gets a dependency where the list is, in the list's own style", () => {
    expect(edited(insert(inStep(plan, "depends_on", 0), "x"))).toEqual([
      "-    depends_on: []",
      "+    depends_on: [x]",
    ]);
    expect(edited(insert(inStep(build, "depends_on", 1), "x"))).toEqual([
      "-      depends_on: [ plan ]   # needs plan",
      "+      depends_on: [ plan, x ]   # needs plan",
    ]);
    expect(edited(insert(inStep(npmTest, "depends_on", 2), "x"))).toEqual(["+    - x"]);
    expect(edited(insert(inStep(npmTest, "depends_on", 0), "x"))).toEqual(["+    - x"]);
    expect(edited(insert(inStep(build, "command", 1), "-j4"))).toEqual(["+        - -j4"]);
    expect(edited(insert(inStep(plan, "command", 2), "there"))).toEqual([
      '-    command: ["echo",  "hi"]   # says hi',
      '+    command: ["echo",  "hi", "there"]   # says hi',
    ]);
  });

  test("loses a dependency, and the brackets or lines it leaves are tidy", () => {
    expect(edited(remove(inStep(npmTest, "depends_on", 0)))).toEqual(["-    - build   # b"]);
    expect(edited(remove(inStep(build, "depends_on", 0)))).toEqual([
      "-      depends_on: [ plan ]   # needs plan",
      "+      depends_on: []   # needs plan",
    ]);
    expect(edited(set(inStep(npmTest, "depends_on"), []))).toEqual([
      "-    depends_on:",
      "-    - build   # b",
      "-    - plan",
      "+    depends_on: []",
    ]);
  });

  test("keeps a list that has an item on each line so", () => {
    expect(edited(insert(inStep(npmTest, "command", 2), "--x", "--y"))).toEqual([
      '-      "test"',
      '+      "test",',
      '+      "--x",',
      '+      "--y"',
    ]);
    expect(edited(insert(inStep(npmTest, "command", 0), "env"))).toEqual(['+      "env",']);
    expect(edited(remove(inStep(npmTest, "command", 0)))).toEqual(['-      "npm",   # npm']);
    expect(edited(remove(inStep(npmTest, "command", 1)))).toEqual([
      '-      "npm",   # npm',
      '-      "test"',
      '+      "npm"   # npm',
    ]);
  });

  test("gets a key behind the nearest one before it, or at the end of its map", () => {
    expect(edited(set(inStep(build, "timeout_ms"), 5))).toEqual(["+      timeout_ms: 5"]);
    expect(edited(set(inStep(build, "env", "C"), "x y"))).toEqual(["+        C: x y"]);
    expect(edited(set(inStep(plan, "retry"), { limit: 2 }))).toEqual(["+    retry:", "+      limit: 2"]);
    expect(edited(set(["metadata"], { a: 1 }))).toEqual(["+", "+metadata:", "+  a: 1"]);
    expect(edited(set(["defaults", "cwd"], "a, b"))).toEqual([
      "-defaults: { model: shell,  timeout_ms: 1000 }  # flow map",
      '+defaults: { model: shell,  timeout_ms: 1000, cwd: "a, b" }  # flow map',
    ]);
    const short = "steps:\n  - id: a\n    name: x # c\n    cwd: .\n";
    const inOrder = [{ id: "a", name: "x", depends_on: ["b"], cwd: "." }];
    expect(difference(short, set(["steps"], inOrder))).toEqual(["+    depends_on: [b]"]);
  });

  test("loses a key with the comment right above it and the one behind it", () => {
    expect(edited(remove(inStep(plan, "depends_on")))).toEqual([
      "-    # a note inside plan",
      "-    depends_on: []",
    ]);
    expect(edited(remove(inStep(build, "env", "B")))).toEqual(['-        B: "two"   # two']);
    expect(edited(remove(["defaults", "model"]))).toEqual([
      "-defaults: { model: shell,  timeout_ms: 1000 }  # flow map",
      "+defaults: { timeout_ms: 1000 }  # flow map",
    ]);
  });

  test("keeps its header when the first key goes", () => {
    expect(edited(remove(["version"]))).toEqual(["-version: 1   # the version"]);
    expect(difference("# header\nversion: 1\nname: x\n", remove(["version"]))).toEqual(["-version: 1"]);
  });

  test("gets a step that looks like the others, with a blank line between", () => {
    const added = {
      id: "new",
      name: "New: one",
      command: ["a", "b c"],
      depends_on: ["test"],
      env: { A: "1" },
    };
    const lines = [
      "+  - id: new",
      '+    name: "New: one"',
      "+    command: [a, b c]",
      "+    depends_on: [test]",
      "+    env:",
      '+      A: "1"',
      "+",
    ];
    for (const at of [0, 1, 3]) expect(edited(insert(inStep(at), added))).toEqual(lines);
    expect(edited(insert(inStep(2), added)).slice(0, 2)).toEqual([
      "+  -   id: new",
      '+      name: "New: one"',
    ]);
    expect(edited(insert(["gates", 1], { id: "go", depends_on: ["test"] }))).toEqual([
      "+  - {id: go, depends_on: [test]}",
    ]);
  });

  test("loses a step with its comments, and one blank line stays between the others", () => {
    const from = commented.indexOf("  # builds it");
    const own = commented.slice(from, commented.indexOf("  - id: test")).split("\n").slice(0, -1);
    expect(edited(remove(inStep(build)))).toEqual(own.map((line) => `-${line}`));
    expect(edited(set(["steps"], [])).slice(-1)).toEqual(["+steps: []"]);
  });

  test("puts steps in another order, each with its comments, and edits them in the same go", () => {
    const value = read(commented);
    const [first, second, third] = value.steps as [JsonMap, JsonMap, JsonMap];
    const next = { ...value, steps: [third, second, { ...first, name: "X" }] };
    const after = rewriteSource(commented, next);
    expect(read(after)).toEqual(next);
    expect(after).toContain("  # plans it\n  - id: plan # first\n    name: 'X'\n");
    expect(after).toContain("    # trailing in plan\n\n# about gates\n");
    expect(after.split("\n")).toHaveLength(commented.split("\n").length);
  });
});
