import { describe, expect, test } from "bun:test";
import { mergeTexts } from "../../components/inspector/merge";
import { sliceSource, spanOf, spliceSource } from "../../lib/core/sequence/slice";

const text = `steps:
  - id: a # first
    name: x

    command:
      - echo
      - |
        two
        lines
  - { id: b, tags: [x,
   y] }
  - name: y
    id: 'c'
gates: []
`;

describe("the lines of a node", () => {
  test("are found however its list is written", () => {
    const lineOf = (id: string) => {
      const span = spanOf(text, "steps", id);
      return span && text.slice(0, span.start).split("\n").length;
    };
    expect(["a", "b", "c", "d"].map(lineOf)).toEqual([2, 10, 12, undefined]);
  });

  test.each(["a", "b", "c"])("put back as they are leave every byte of %s as it was", (id) => {
    expect(spliceSource(text, "steps", id, sliceSource(text, "steps", id))).toBe(text);
  });

  test("that were changed are put back at their depth; no other line is touched", () => {
    const slice = sliceSource(text, "steps", "a").replace(
      "name: x",
      "name: x\nwhen: 'true'\nretry:\n  limit: 1",
    );
    const spliced = spliceSource(text, "steps", "a", slice) ?? "";
    expect(spliced).toBe(
      text.replace("    name: x\n", "    name: x\n    when: 'true'\n    retry:\n      limit: 1\n"),
    );
    expect(spliceSource(text, "steps", "gone", slice)).toBeUndefined();
  });
});

describe("what was typed while the file changed", () => {
  const base = "a\nb\nc\nd\ne\nf\n";
  test("is put on top of it where the lines are others", () => {
    expect(mergeTexts(base, base.replace("a", "mine"), base.replace("e", "theirs"))).toBe(
      "mine\nb\nc\nd\ntheirs\nf\n",
    );
    expect(mergeTexts(base, base, "x\n")).toBe("x\n");
  });

  test("has to be chosen where both changed the same", () => {
    expect(mergeTexts(base, base.replace("c", "mine"), base.replace("c", "theirs"))).toBeUndefined();
    expect(mergeTexts(base, `${base}mine\n`, `${base}theirs\n`)).toBeUndefined();
  });
});
