import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Json } from "../../../lib/core/json";
import type { Sequence } from "../../../lib/core/sequence/schema";
import { validateSequence } from "../../../lib/core/sequence/validate";
import { edit } from "../rig/acting";
import { sequence } from "../rig/arbitrary-plan";
import { holds } from "../rig/holds";
import { gate, node } from "../rig/plans";

const given: Sequence = {
  version: 1,
  name: "s",
  metadata: { kept: true },
  steps: [node("a", [], { command: ["x"] }), node("b", ["a"]), node("c", ["g"])],
  gates: [gate("g", ["b"])],
};

const edited = (name: string, input: object, from = given) => {
  const result = edit(name, from, input);
  if (!result.ok) throw new Error(JSON.stringify(result.failure));
  return result.value;
};
const refused = (name: string, input: object, from = given) => {
  const result = edit(name, from, input);
  if (result.ok) throw new Error("it was done");
  return result.failure;
};

describe("step.add", () => {
  test("puts a step behind the others, with what it is given and no more", () => {
    const { steps, ...rest } = edited("step.add", { id: "d", command: ["y"], depends_on: ["a"] });
    expect(steps).toEqual([...(given.steps ?? []), { id: "d", command: ["y"], depends_on: ["a"] }]);
    expect(rest).toEqual({ version: 1, name: "s", metadata: { kept: true }, gates: [gate("g", ["b"])] });
  });

  test("makes the first step of a sequence that has none, or has `steps:` left empty", () => {
    for (const empty of [{}, { steps: null }, { steps: [] }]) {
      const made = edited("step.add", { id: "a" }, { version: 1, name: "s", ...empty });
      expect(made).toEqual({ version: 1, name: "s", steps: [{ id: "a" }] });
    }
  });

  test("refuses an id that is taken, and one that can't be", () => {
    expect(refused("step.add", { id: "A" })).toEqual({ code: "id.taken", id: "A", other: "a", kind: "step" });
    expect(refused("step.add", { id: "g" })).toEqual({ code: "id.taken", id: "g", other: "g", kind: "gate" });
    expect(refused("step.add", { id: "../x" })).toEqual({ code: "id.invalid", id: "../x" });
    expect(refused("step.add", { id: "nul" })).toEqual({ code: "id.reserved", id: "nul" });
  });
});

describe("step.edit", () => {
  test("changes the keys it is given, removes those it is told to, and leaves the others", () => {
    const input = { id: "b", name: "B", depends_on: ["a"], unset: ["command", "timeout_ms"] };
    const from = edited("step.edit", { id: "b", command: ["x"], timeout_ms: 5, tags: ["t"] });
    expect(edited("step.edit", input, from).steps).toEqual([
      node("a", [], { command: ["x"] }),
      { id: "b", depends_on: ["a"], tags: ["t"], name: "B" },
      node("c", ["g"]),
    ]);
  });

  test("of nothing changes nothing", () => expect(edited("step.edit", { id: "b" })).toEqual(given));

  test("refuses a step that is not there, and a gate", () => {
    expect(refused("step.edit", { id: "bb" })).toMatchObject({ code: "step.unknown", id: "bb" });
    expect(refused("step.edit", { id: "g" })).toMatchObject({ code: "step.unknown", id: "g" });
  });

  test("has no way to remove or rename an id", () => {
    expect(() => edit("step.edit", given, { id: "a", unset: ["id"] })).toThrow();
  });
});

describe("step.rm", () => {
  test("takes a step away that nobody waits for", () => {
    expect(edited("step.rm", { id: "c" }).steps?.map(({ id }) => id)).toEqual(["a", "b"]);
  });

  test("refuses while a step, a gate or a synthesis waits for it, and names them", () => {
    expect(refused("step.rm", { id: "a" })).toEqual({ code: "node.in_use", id: "a", by: ["b"] });
    expect(refused("step.rm", { id: "b" })).toEqual({ code: "node.in_use", id: "b", by: ["g"] });
    const synthesis = node("s", [], { fusion_synth: true, fusion_candidates: ["c"] });
    const fused = { ...given, steps: [...(given.steps ?? []), synthesis] };
    expect(refused("step.rm", { id: "c" }, fused)).toEqual({ code: "node.in_use", id: "c", by: ["s"] });
  });

  test("refuses a step that is not there", () => {
    expect(refused("step.rm", { id: "z" })).toMatchObject({ code: "step.unknown" });
  });
});

describe("step.clone", () => {
  test("puts the copy behind the original, alike but for the id", () => {
    const { steps } = edited("step.clone", { id: "b", new: "b2" });
    expect(steps?.map(({ id }) => id)).toEqual(["a", "b", "b2", "c"]);
    expect(steps?.[2]).toEqual({ ...(given.steps?.[1] as object), id: "b2" });
  });

  test("refuses an original that is not there, and an id that is taken or can't be", () => {
    expect(refused("step.clone", { id: "z", new: "y" })).toMatchObject({ code: "step.unknown", id: "z" });
    expect(refused("step.clone", { id: "a", new: "G" })).toMatchObject({ code: "id.taken", kind: "gate" });
    expect(refused("step.clone", { id: "a", new: "" })).toMatchObject({ code: "id.invalid" });
  });
});

describe("dep.add", () => {
  test("makes a step or a gate wait, last in its list", () => {
    expect(edited("dep.add", { step: "c", dep: "a" }).steps?.[2]).toEqual(node("c", ["g", "a"]));
    expect(edited("dep.add", { step: "a", dep: "zz" }).steps?.[0]?.depends_on).toEqual(["zz"]);
    expect(edited("dep.add", { step: "g", dep: "a" }).gates).toEqual([gate("g", ["b", "a"])]);
  });

  test("refuses what is so already, and what is not there", () => {
    expect(refused("dep.add", { step: "b", dep: "a" })).toEqual({ code: "dep.exists", step: "b", dep: "a" });
    expect(refused("dep.add", { step: "z", dep: "a" })).toMatchObject({ code: "step.unknown", id: "z" });
  });
});

describe("dep.rm", () => {
  test("lets a step or a gate no longer wait", () => {
    expect(edited("dep.rm", { step: "b", dep: "a" }).steps?.[1]).toEqual({ id: "b", depends_on: [] });
    expect(edited("dep.rm", { step: "g", dep: "b" }).gates?.[0]?.depends_on).toEqual([]);
  });

  test("refuses what is not so, and what is not there", () => {
    expect(refused("dep.rm", { step: "b", dep: "c" })).toEqual({ code: "dep.missing", step: "b", dep: "c" });
    expect(refused("dep.rm", { step: "z", dep: "a" })).toMatchObject({ code: "step.unknown", id: "z" });
  });
});

describe("gate.insert", () => {
  test("puts a gate behind the others, and makes the first", () => {
    const input = { id: "h", name: "H", depends_on: ["c"] };
    expect(edited("gate.insert", input).gates).toEqual([gate("g", ["b"]), input]);
    expect(edited("gate.insert", input, { version: 1, name: "s" }).gates).toEqual([input]);
  });

  test("refuses an id that is taken, and one that can't be", () => {
    expect(refused("gate.insert", { id: "B", name: "x" })).toMatchObject({ code: "id.taken", kind: "step" });
    expect(refused("gate.insert", { id: "a b", name: "x" })).toMatchObject({ code: "id.invalid" });
  });
});

describe("any edit of any sequence", () => {
  const id = fc.constantFrom("a", "b", "c", "d", "e", "x", "g", "h", "new");
  const call = fc.oneof(
    fc.record({ id }).map((input) => ["step.add", input] as const),
    fc
      .record({ id, name: fc.constant("N"), unset: fc.constantFrom([], ["retry"]) })
      .map((input) => ["step.edit", input] as const),
    fc.record({ id }).map((input) => ["step.rm", input] as const),
    fc.record({ id, new: id }).map((input) => ["step.clone", input] as const),
    fc.record({ step: id, dep: id }).map((input) => ["dep.add", input] as const),
    fc.record({ step: id, dep: id }).map((input) => ["dep.rm", input] as const),
    fc.record({ id, name: fc.constant("N") }).map((input) => ["gate.insert", input] as const),
  );

  test("is refused, or leaves a sequence that is valid but for what it names", () => {
    holds(
      fc.property(sequence, call, (from, [name, input]) => {
        const result = edit(name, from, input);
        if (!result.ok) return;
        const valid = validateSequence(result.value as Json);
        if (!valid.ok)
          expect([name, valid.failure.code]).toEqual(["dep.add", expect.stringMatching(/^dep\./)]);
      }),
      300,
    );
  });

  test("can be taken back by its opposite", () => {
    holds(
      fc.property(sequence, id, (from, dep) => {
        const added = edit("step.add", from, { id: "new" });
        expect(added.ok && edit("step.rm", added.value, { id: "new" })).toEqual({ ok: true, value: from });
        const waiting = edit("dep.add", from, { step: (from.steps ?? [])[0]?.id, dep });
        if (!waiting.ok) return;
        const back = edit("dep.rm", waiting.value, { step: (from.steps ?? [])[0]?.id, dep });
        const needs = (s: Sequence) => s.steps?.map(({ depends_on }) => depends_on ?? []);
        expect(back.ok && needs(back.value)).toEqual(needs(from) as never);
      }),
    );
  });
});
