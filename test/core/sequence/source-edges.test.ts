import { describe, expect, test } from "bun:test";
import { rewriteSource } from "../../../lib/core/sequence/source";
import { difference, insert, type JsonMap, read, remove, set } from "./source-difference";

const steps: JsonMap[] = [{ id: "a", command: ["x"] }, { id: "b" }];
const block = ["+  - id: a", "+    command: [x]", "+  - id: b"];

describe("rewriting a file that", () => {
  test("has no steps yet writes them as a block list", () => {
    const edit = set(["steps"], steps);
    expect(difference("version: 1\nsteps: []   # none yet\n", edit)).toEqual([
      "-steps: []   # none yet",
      "+steps:   # none yet",
      ...block,
    ]);
    expect(difference("version: 1\nsteps:   # none yet\n", edit)).toEqual(block);
    expect(difference("version: 1\n", edit)).toEqual(["+steps:", ...block]);
  });

  test("has CRLF, a byte order mark and no last line break keeps them", () => {
    const after = rewriteSource("\ufeffversion: 1\r\nsteps: []", { version: 1, name: "x", steps });
    expect(after).toBe("\ufeffversion: 1\r\nname: x\r\nsteps:\r\n  - id: a\r\n    command: [x]\r\n  - id: b");
  });

  test("holds only comments keeps them", () => {
    expect(rewriteSource("# one\n# two", { version: 1, steps: [] })).toBe(
      "# one\n# two\nversion: 1\nsteps: []",
    );
    expect(rewriteSource("", { version: 1, steps })).toBe(
      "version: 1\nsteps:\n  - id: a\n    command: [x]\n  - id: b\n",
    );
  });

  test("is JSON leaves it JSON where it was", () => {
    const before = '{\n  "version": 1,\n  "steps": [\n    {"id": "a"}\n  ]\n}\n';
    expect(difference(before, insert(["steps", 1], { id: "b" }))).toEqual([
      '-    {"id": "a"}',
      '+    {"id": "a"},',
      "+    {id: b}",
    ]);
  });

  test("has habits of its own takes them over", () => {
    const before = "name: 'x'\nsteps:\n-   id: 'a'\n    env:\n        A: 'b'\n";
    expect(difference(before, insert(["steps", 1], { id: "b", name: "1", env: { B: "" } }))).toEqual([
      "+-   id: b",
      "+    name: '1'",
      "+    env:",
      "+        B: ''",
    ]);
    expect(difference("env: {}\nm: {a: 1}\n", set(["env"], { A: "x" }))).toEqual([
      "-env: {}",
      "+env: {A: x}",
    ]);
  });

  test("keeps trailing commas and brackets in odd places loses nothing", () => {
    const trailing = "c: [\n  a, # one\n  b, # two\n]\n";
    expect(difference(trailing, insert(["c", 2], "d"))).toEqual(["+  d,"]);
    expect(difference(trailing, remove(["c", 1]))).toEqual(["-  b, # two"]);
    expect(difference("c: [\n  a,\n  b]\n", insert(["c", 2], "d"))).toEqual(["-  b]", "+  b,", "+  d]"]);
    expect(difference("c: [a,\n  b, c]\n", remove(["c", 2]))).toEqual(["-  b, c]", "+  b]"]);
    expect(difference("c: [a, b,]\n", remove(["c", 0]))).toEqual(["-c: [a, b,]", "+c: [b,]"]);
  });

  test("can't express the change in lines has the smallest entry around it written anew", () => {
    expect(difference("a: 1\nm:\n  - - x # c\n    - z\n", insert(["m", 0, 0], "w"))).toEqual([
      "-  - - x # c",
      "-    - z",
      "+  - [w, x, z]",
    ]);
    expect(difference("a: 1\nm: {b, c: [d: e]} # c\n", set(["m", "c"], 1))).toEqual([
      "-m: {b, c: [d: e]} # c",
      "+m: {b: null, c: 1} # c",
    ]);
    const keeping = "a: 1\nm:\n  k: 1 # c\n\n  l: |+\n    keep\n\nz: 1 # z\n";
    const lines = difference(keeping, set(["m", "o"], 2));
    expect(lines.at(-1)).toBe("+  o: 2");
    expect(lines.join()).not.toContain("z: 1");
  });

  test("is no map, or can't be read, writes it as a whole", () => {
    expect(read(rewriteSource("- a\n", { version: 1 }))).toEqual({ version: 1 });
    expect(read(rewriteSource("a: [", { version: 1 }))).toEqual({ version: 1 });
    expect(rewriteSource("# top\n\n- a\n", { version: 1 })).toBe("# top\n\nversion: 1\n");
  });

  test("has items whose first key goes moves the next key up, or leaves the dash alone above comments", () => {
    expect(difference("m:\n  - a: 1\n    b: 2\n", remove(["m", 0, "a"]))).toEqual([
      "-  - a: 1",
      "-    b: 2",
      "+  - b: 2",
    ]);
    expect(difference("m:\n  - a: 1\n    # about b\n    b: 2\n", remove(["m", 0, "a"]))).toEqual([
      "-  - a: 1",
      "+  -",
    ]);
  });

  test("begins with blank lines can lose its first key", () => {
    expect(rewriteSource("\n\nversion: 1\nname: x\n", { name: "x" })).toBe("\n\nname: x\n");
  });
});
