import { expect, test } from "bun:test";
import { locate, locatorOf, readLocated } from "../../../lib/core/sequence/source";
import { treeOf } from "../../../lib/core/sequence/source-document";

const text = `version: 1
name: "My name" # c
steps:
  - id: a
    env: {KEY: value, OTHER: 2}
    empty:
  - id: b
    depends_on:
      - a
      - "x y"
`;

/** What the caret would stand under, with line and column. */
function pointed(source: string, path: (string | number)[], what?: "key" | "value"): string {
  const { line, column, excerpt, length } = locate(source, "f", path, what);
  return `${line}:${column} ${excerpt?.slice(column - 1, column - 1 + (length ?? 0))}`;
}

test("finds keys and values", () => {
  expect(pointed(text, ["name"])).toBe('2:7 "My name"');
  expect(pointed(text, ["name"], "key")).toBe("2:1 name");
  expect(pointed(text, ["steps", 0, "env", "OTHER"])).toBe("5:30 2");
  expect(pointed(text, ["steps", 0, "env", "OTHER"], "key")).toBe("5:23 OTHER");
  expect(pointed(text, ["steps", 1, "depends_on", 1])).toBe('10:9 "x y"');
});

test("points at the first line of a step, and at the key of a value that is not written", () => {
  expect(pointed(text, ["steps", 1])).toBe("7:5 id: b");
  expect(pointed(text, ["steps", 0, "empty"])).toBe("6:5 empty");
});

test("points at the nearest ancestor of what is not there", () => {
  expect(pointed(text, ["steps", 1, "command"])).toBe("7:5 id: b");
  expect(pointed(text, ["steps", 7, "id"], "key")).toBe("3:1 steps");
  expect(pointed(text, ["gates"])).toBe("1:1 version: 1");
});

test("finds the same in what only the full reader understands, with CRLF and a byte order mark", () => {
  const odd = `\ufeff${text}folded: >\n  x\n`.replaceAll("\n", "\r\n");
  for (const path of [
    ["name"],
    ["steps", 0, "env", "OTHER"],
    ["steps", 1, "depends_on", 1],
    ["steps", 0, "empty"],
  ]) {
    expect(pointed(odd, path)).toBe(pointed(text, path));
    expect(pointed(odd, path, "key")).toBe(pointed(text, path, "key"));
  }
  expect(pointed(odd, ["version"], "key")).toBe("1:1 version");
});

test("answers for a text that can't be read", () => {
  expect(locate("a: [", "f", ["a"])).toEqual({ file: "f", line: 1, column: 1, excerpt: "a: [", length: 1 });
});

test("finds many paths in nodes that are made once, and only when one is asked for", () => {
  for (const source of [text, `${text}folded: >\n  x\n`, "a: ["]) {
    let made = 0;
    const nodes = () => {
      made++;
      return treeOf(source);
    };
    const found = locatorOf(source, "f", nodes);
    expect(made).toBe(0);
    const read = readLocated(source, "f");
    for (const path of [["name"], ["steps", 0, "env", "OTHER"], ["steps", 1, "no"], ["steps", 9]])
      for (const what of ["key", "value"] as const) {
        const place = locate(source, "f", path, what);
        expect(found(path, what)).toEqual(place);
        if (read.ok) expect(read.value.locate(path, what)).toEqual(place);
      }
    expect(made).toBe(1);
  }
});
