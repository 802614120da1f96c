import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  checkFree,
  checkId,
  idPattern,
  shown,
  unknownGate,
  unknownStep,
} from "../../../lib/core/sequence/ids";
import { holds } from "../rig/holds";
import { gate, node, sequenceOf } from "../rig/plans";

describe("an id", () => {
  test.each(["a", "A", "0", "build-2", "a_b", "x".repeat(64), "console", "com10"])("can be %s", (id) => {
    expect(checkId(id)).toEqual({ ok: true, value: id });
  });

  test.each([
    ["", ""],
    ["-a", "-a"],
    ["_a", "_a"],
    ["a.", "a."],
    ["a b", "a b"],
    ["../../etc", "../../etc"],
    ["a/b", "a/b"],
    ["x".repeat(65), "x".repeat(65)],
    ["x".repeat(300), `${"x".repeat(80)}…`],
    ["naïve", "naïve"],
    ["a\u200bb", "a\\u{200b}b"],
    ["a\u202eb", "a\\u{202e}b"],
    ["a\n", "a\\u{a}"],
    ["\u001b[31m", "\\u{1b}[31m"],
  ])("can't be %j, which is shown as %j", (id, said) => {
    expect(checkId(id)).toEqual({ ok: false, failure: { code: "id.invalid", id: said } });
  });

  test.each(["CON", "con", "Aux", "nul", "PRN", "COM1", "lpt9"])("can't be the device name %s", (id) => {
    expect(checkId(id)).toEqual({ ok: false, failure: { code: "id.reserved", id } });
  });

  test("that passes is one safe path segment", () => {
    holds(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(idPattern)), (id) => {
        if (!checkId(id).ok) return;
        expect(id).toMatch(/^[\w-]+$/);
        expect(id.length).toBeLessThanOrEqual(64);
      }),
      500,
    );
  });

  test("is taken without regard to case, by steps and gates alike", () => {
    const sequence = sequenceOf([node("Build")], [gate("review")]);
    expect(checkFree(sequence, "build")).toEqual({
      ok: false,
      failure: { code: "id.taken", id: "build", other: "Build", kind: "step" },
    });
    expect(checkFree(sequence, "REVIEW")).toMatchObject({
      ok: false,
      failure: { other: "review", kind: "gate" },
    });
    expect(checkFree(sequence, "test")).toEqual({ ok: true, value: "test" });
    expect(checkFree(sequence, "te st")).toMatchObject({ ok: false, failure: { code: "id.invalid" } });
  });

  test("that is unknown comes with the nearest of its kind", () => {
    const sequence = sequenceOf([node("build")], [gate("review")]);
    expect(unknownStep(sequence, "bild").failure).toEqual({
      code: "step.unknown",
      id: "bild",
      nearest: "build",
    });
    expect(unknownStep(sequence, "review").failure).toEqual({
      code: "step.unknown",
      id: "review",
      is: "gate",
    });
    expect(unknownGate(sequence, "build").failure).toEqual({ code: "gate.unknown", id: "build", is: "step" });
    expect(unknownGate(sequence, "reviw").failure).toEqual({
      code: "gate.unknown",
      id: "reviw",
      nearest: "review",
    });
  });
});

test("what is shown of a foreign text can't steer a terminal and is not long", () => {
  holds(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
      expect(shown(text)).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      expect(shown(text).length).toBeLessThanOrEqual(81 * 10);
    }),
  );
});
