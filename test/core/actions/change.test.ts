import { describe, expect, test } from "bun:test";
import { readLayout } from "../../../lib/core/layout";
import type { Sequence } from "../../../lib/core/sequence/schema";
import { actionOf, edit } from "../rig/acting";
import { gate, node } from "../rig/plans";

const given: Sequence = {
  version: 1,
  name: "s",
  steps: [node("a"), node("b", ["a"]), node("c", ["b"])],
  gates: [gate("g", ["c"])],
};
const call = (action: string, input: object) => ({ action, input });
const change = (...calls: object[]) => edit("sequence.change", given, { calls });

describe("sequence.change", () => {
  test("carries out edits one after the other, each seeing those before it", () => {
    const result = change(
      call("step.add", { id: "new", depends_on: ["a"] }),
      call("dep.rm", { step: "b", dep: "a" }),
      call("dep.add", { step: "b", dep: "new" }),
    );
    expect(result.ok && result.value.steps).toEqual([
      node("a"),
      node("b", ["new"]),
      node("c", ["b"]),
      { id: "new", depends_on: ["a"] },
    ]);
  });

  test("is refused as a whole in the words of the edit that is refused", () => {
    expect(change(call("step.add", { id: "d" }), call("dep.add", { step: "b", dep: "a" }))).toMatchObject({
      ok: false,
      failure: { code: "dep.exists", step: "b", dep: "a" },
    });
    expect(change(call("dep.add", { step: "b" }))).toMatchObject({
      ok: false,
      failure: { code: "input.invalid", problem: expect.stringContaining("dep.add, 'dep'") },
    });
  });

  test("takes nothing but edits, and not itself", () => {
    for (const name of ["gate.approve", "run.start", "sequence.change", "no.such"])
      expect(change(call(name, { id: "g" }))).toMatchObject({ failure: { code: "input.invalid" } });
  });

  test("asks as often as the gravest of its edits", () => {
    const { risk, summary } = actionOf("sequence.change");
    if (typeof risk !== "function") throw new Error("it looks at its calls");
    const input = (...calls: object[]) => actionOf("sequence.change").input.parse({ calls });
    const cut = call("dep.rm", { step: "b", dep: "a" });
    expect(risk(input(cut))).toBe("edit");
    expect(risk(input(cut, call("step.rm", { id: "c" })))).toBe("remove");
    expect(summary(input(cut, cut, cut, cut, cut))).toEndWith("wait for a and 1 more");
  });
});

describe("a gate", () => {
  test("is changed key by key", () => {
    const result = edit("gate.edit", given, { id: "g", name: "Look", shows: ["c"], unset: ["depends_on"] });
    expect(result.ok && result.value.gates).toEqual([{ id: "g", name: "Look", shows: ["c"] }]);
    expect(edit("gate.edit", given, { id: "x", name: "Look" })).toMatchObject({
      failure: { code: "gate.unknown" },
    });
  });

  test("is removed, but not while something waits for it", () => {
    expect(edit("gate.rm", given, { id: "g" })).toMatchObject({ ok: true, value: { gates: [] } });
    const waiting = { ...given, steps: [node("a"), node("b", ["g"]), node("c")] };
    expect(edit("gate.rm", waiting, { id: "g" })).toMatchObject({
      failure: { code: "node.in_use", id: "g", by: ["b"] },
    });
    expect(edit("gate.rm", given, { id: "x" })).toMatchObject({ failure: { code: "gate.unknown" } });
  });
});

describe("layout.place", () => {
  const { effect } = actionOf("layout.place");
  if (effect.kind !== "layout") throw new Error("it is about the layout");
  const { apply } = effect;
  const start = { version: 1, positions: { a: { x: 1, y: 1 }, b: { x: 2, y: 2 } } } as const;

  test("sets places, gives them back, forgets all", () => {
    expect(apply(start, { positions: { a: null, c: { x: 3, y: 3 } }, direction: "down" })).toEqual({
      version: 1,
      direction: "down",
      positions: { b: { x: 2, y: 2 }, c: { x: 3, y: 3 } },
    });
    expect(apply(start, { reset: true, positions: { a: { x: 9, y: 9 } } }).positions).toEqual({
      a: { x: 9, y: 9 },
    });
  });

  test("collapses groups and expands them; a tidied canvas keeps them as they are", () => {
    const collapsed = apply(start, { collapsed: { ways: true, b: true } });
    expect(collapsed).toEqual({ ...start, collapsed: ["b", "ways"] });
    expect(readLayout(collapsed)).toEqual(collapsed);
    expect(apply(collapsed, { reset: true })).toEqual({
      version: 1,
      positions: {},
      collapsed: ["b", "ways"],
    });
    expect(apply(collapsed, { collapsed: { ways: false, b: false, gone: false } })).toEqual(start);
  });

  test("says what it does", () => {
    const { summary } = actionOf("layout.place");
    expect(summary({ collapsed: { ways: true, b: false } })).toBe("collapse group ways, expand group b");
    expect(summary({ positions: { a: null }, collapsed: { ways: true } })).toBe(
      "place a, collapse group ways",
    );
    expect(summary({})).toBe("leave the canvas as it is");
  });

  test("reads a broken file as none", () => {
    for (const value of [null, [], { version: 2, positions: {} }, { version: 1, positions: { "../a": {} } }])
      expect(readLayout(value)).toEqual({ version: 1, positions: {} });
  });
});
