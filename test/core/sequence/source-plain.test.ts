import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { documentTree } from "../../../lib/core/sequence/source-document";
import { parseSource, readFull } from "../../../lib/core/sequence/source-full";
import { readPlainTree } from "../../../lib/core/sequence/source-plain";
import { isEmpty, type Tree } from "../../../lib/core/sequence/source-tree";
import { mangled, written } from "./source-arbitrary";

/** Where an empty value stands is of no account. */
function comparable(tree: Tree | undefined): unknown {
  if (!tree) return undefined;
  if (tree.kind === "map" || tree.kind === "list") {
    return { ...tree, slots: tree.slots.map((slot) => ({ ...slot, node: comparable(slot.node) })) };
  }
  return isEmpty(tree) ? "empty" : tree;
}

/** Says whether the plain reader understood; if so, it must agree with the YAML library in every value and place. */
function agrees(text: string): boolean {
  const tree = readPlainTree(text);
  if (!tree) return false;
  expect(readFull(text, "f")).toEqual({ ok: true, value: tree.value });
  const parsed = parseSource(text, "f");
  expect(comparable(tree)).toEqual(comparable(parsed.ok ? documentTree(parsed.value, text) : undefined));
  return true;
}

describe("the plain reader", () => {
  test("agrees with the YAML library on generated documents", () => {
    fc.assert(
      fc.property(written, ({ text }) => void agrees(text)),
      { numRuns: 300 },
    );
  });

  test("agrees with the YAML library on generated documents with random damage", () => {
    fc.assert(
      fc.property(mangled, (text) => void agrees(text)),
      { numRuns: 1500 },
    );
  });

  test("understands what sequence files are mostly written in", () => {
    const text = [
      "\ufeff# comment\r\n---\r\nversion: 1 # one\r\nname: it's #1\r\nsteps:\r\n",
      "- id: 'a'\r\n  command: [\"x\\u00e9\\n\", 'it''s', -n, a:b, {k: ~, l: [ ]}, # c\r\n    last,\r\n  ]\r\n",
      "  empty:\r\n  env:\r\n    A: 1.5\r\n    B: http://x:80/#y\r\n-\r\n  id: b\r\n  text: |-\r\n    one\r\n      two\r\n\r\n    three\r\n\r\n",
      "- - nested\r\n  - list\r\n",
    ].join("");
    expect(agrees(text)).toBe(true);
  });

  test.each([
    "a: >\n  folded\n",
    "a: |+\n  keep\n",
    "a: |2\n  x\n",
    "a: |\n  \t\n",
    "a: one\n  two\n",
    'a: "one\n  two"\n',
    "a: 0x1f\n",
    "a: 1e3\n",
    "a: -0\n",
    "a: &x 1\n",
    "a: !t 1\n",
    "? a\n",
    "a: [b: c]\n",
    "a: {b}\n",
    'a: {"b":1}\n',
    "{a: 1}\n",
    "a:\tb\n",
    "true: 1\n",
    "a: 1\na: 2\n",
    "__proto__: 1\n",
    'a: "\\x41"\n',
    "a:\n  b\n",
    "a: 1\n...\n",
    "a: 12345678901234567\n",
    "a: .inf\n",
    "a:\n - b\n c: 1\n",
    "",
  ])("leaves %j to the full reader", (text) => {
    expect(readPlainTree(text)).toBeUndefined();
  });

  test("reads long texts in turn each as what it is, also those it leaves to the full reader", () => {
    // Of the same length, and alike nearly to their end.
    const long = ["a", "b", "c"].map((id) => `version: 1\n# ${"-".repeat(5000)}\nsteps:\n- id: ${id}\n`);
    const left = long.map((text) => `${text}more: &x 1\n`);
    const texts = [...long, ...left, "version: 1\nsteps:\n- id: d\n"];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...texts), { minLength: 2, maxLength: 8 }), (series) => {
        for (const text of series) expect(agrees(text)).toBe(!left.includes(text));
      }),
    );
  });
});
