import { describe, expect, test } from "bun:test";
import { citationOf, citeWords, type Hast } from "../../../components/chat/citations";

import { hunksOf, sizeOf } from "../../../components/chat/unified";
import type { StatusDocument } from "../../../components/state/wire";
import { suggestionsFor } from "../../../lib/core/chat/suggest";
import { understand } from "../../../lib/core/chat/understand";
import type { Sequence } from "../../../lib/core/sequence/schema";
import { unified } from "../../../lib/io/chat/unified";

describe("citations", () => {
  test.each([
    ["sequence.yaml:12", { kind: "line", line: 12 }],
    [".threados/sequence.yaml:3", { kind: "line", line: 3 }],
    ["step build", { kind: "step", id: "build" }],
    ["gate review-it", { kind: "step", id: "review-it" }],
    ["log build @1024", { kind: "log", id: "build", at: 1024 }],
    ["audit #42", { kind: "audit", seq: 42 }],
    ["step build now", undefined],
    ["log build", undefined],
    ["npm run build", undefined],
    ["audit #", undefined],
  ] as const)("%s", (text, expected) => expect(citationOf(text)).toEqual(expected as never));

  test("are found in sentences too, but not within code or links", () => {
    const text = (value: string): Hast => ({ type: "text", value });
    const element = (tagName: string, ...children: Hast[]): Hast => ({ type: "element", tagName, children });
    const tree: Hast & { children: Hast[] } = {
      type: "root",
      children: [
        element("p", text("See audit #7 and sequence.yaml:3.")),
        element("pre", element("code", text("audit #8"))),
      ],
    };
    citeWords()(tree);
    expect(tree.children[0]).toEqual(
      element(
        "p",
        text("See "),
        { ...element("code", text("audit #7")), properties: {} },
        text(" and "),
        { ...element("code", text("sequence.yaml:3")), properties: {} },
        text("."),
      ),
    );
    expect(tree.children[1]).toEqual(element("pre", element("code", text("audit #8"))));
  });
});

test("a unified diff is shown with the numbers that its lines have in the file", async () => {
  const before = "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\n";
  const after = before.replace("b\n", "").replace("j\n", "j\nnew\n");
  const hunks = hunksOf(await unified(before, after, "sequence.yaml"));
  expect(sizeOf(hunks)).toEqual({ added: 1, removed: 1 });
  expect(hunks.flatMap(({ lines }) => lines).filter(({ sign }) => sign !== " ")).toEqual([
    { sign: "-", text: "b", before: 2, after: null },
    { sign: "+", text: "new", before: null, after: 10 },
  ]);
  expect(hunksOf("")).toEqual([]);
});

describe("suggestions", () => {
  const sequence: Sequence = {
    version: 1,
    name: "x",
    steps: [
      { id: "build", command: ["true"] },
      { id: "deploy", command: ["true"], depends_on: ["build"] },
    ],
  };
  const status = (states: [string, string][]) =>
    ({
      steps: states.map(([id, state]) => ({
        ...{ id, name: id, status: state, reason: null, why: "" },
        depends_on: id === "deploy" ? ["build"] : [],
      })),
      gates: [],
    }) as unknown as StatusDocument;

  test.each([
    ["an empty sequence", [], { version: 1, name: "x" } as Sequence],
    [
      "one that has not run",
      [
        ["build", "READY"],
        ["deploy", "BLOCKED"],
      ],
      sequence,
    ],
    [
      "one that has failed",
      [
        ["build", "FAILED"],
        ["deploy", "BLOCKED"],
      ],
      sequence,
    ],
    [
      "one that is done",
      [
        ["build", "DONE"],
        ["deploy", "DONE"],
      ],
      sequence,
    ],
  ] as [string, [string, string][], Sequence][])("for %s are understood without a model", (_, states, at) => {
    const wishes = suggestionsFor(status(states));
    expect(wishes.length).toBeGreaterThanOrEqual(2);
    const standing = status(states).steps.map(({ id, status, reason, why }) => ({ id, status, reason, why }));
    const world = { sequence: at, steps: standing, gates: [], open: true, mode: "SAFE", templates: [] };
    for (const wish of wishes)
      expect({ wish, kind: understand(wish, world).kind }).not.toMatchObject({ kind: "refusal" });
  });

  test("offer to run what is ready only where something is", () => {
    expect(suggestionsFor(status([["a", "READY"]]))).toContain("run what is ready");
    expect(suggestionsFor(status([["a", "DONE"]]))).not.toContain("run what is ready");
  });
});
