import { describe, expect, test } from "bun:test";
import { againOf, type Left } from "../../components/inspector/again";
import { asText, listed } from "../../components/inspector/left-words";
import { removedBy } from "../../components/inspector/remover";
import type { Sequence } from "../../lib/core/sequence/schema";
import { edit } from "../core/rig/acting";

const step = {
  kind: "step" as const,
  definition: { id: "build", name: "Build", command: ["make"], depends_on: ["plan"], timeout_ms: 5 },
};
const gate = { kind: "gate" as const, definition: { id: "ok", name: "Fine?", depends_on: ["build"] } };
const typed = (text: string, base = "") => ({ text, base });
const nothing: Left = { fields: {}, yaml: null };

const file = `version: 1
name: f
steps:
  - id: build
    command: [make]
gates:
  - id: ok
    name: Fine?
`;

describe("a step that was removed while somebody typed into it", () => {
  test("is added again as it stood, with what was typed into its fields", () => {
    const fields = { name: typed("Mine", "Build"), timeout_ms: typed("", "5"), tags: typed("a, b") };
    const again = againOf("build", step, { ...nothing, fields }, ["plan"]);
    if ("fault" in again) throw new Error(again.fault);
    expect(again).toMatchObject({ id: "build", left: [] });
    const sequence: Sequence = { version: 1, name: "s", steps: [{ id: "plan", command: ["true"] }] };
    const result = edit("sequence.change", sequence, { calls: again.calls });
    if (!result.ok) throw new Error(JSON.stringify(result.failure));
    expect(result.value.steps?.[1]).toEqual({
      id: "build",
      name: "Mine",
      command: ["make"],
      depends_on: ["plan"],
      tags: ["a", "b"],
    });
  });

  test("loses what is gone as well and what was never shown, and says so", () => {
    const definition = { ...step.definition, env: { TOKEN: "•••", CI: "1" } };
    expect(againOf("build", { ...step, definition }, nothing, [])).toEqual({
      id: "build",
      left: ["plan", "env.TOKEN"],
      calls: [
        {
          action: "step.add",
          input: { id: "build", name: "Build", command: ["make"], timeout_ms: 5, env: { CI: "1" } },
        },
      ],
    });
  });

  test("is made of its lines where those were typed, also where nobody looked at its form", () => {
    const yaml = typed("id: build\ncommand: [make, all]\n", file);
    const fields = { name: typed("Mine") };
    expect(againOf("build", undefined, { fields, yaml }, [])).toMatchObject({
      calls: [{ action: "step.add", input: { id: "build", command: ["make", "all"], name: "Mine" } }],
    });
  });

  test("and a gate is added as a gate", () => {
    const fields = { name: typed("Good?") };
    expect(againOf("ok", gate, { fields, yaml: null }, ["build"])).toMatchObject({
      calls: [{ action: "gate.insert", input: { id: "ok", name: "Good?", depends_on: ["build"] } }],
    });
    const yaml = typed("id: ok\nname: Better?\n", file);
    expect(againOf("ok", undefined, { fields: {}, yaml }, [])).toMatchObject({
      calls: [{ action: "gate.insert", input: { name: "Better?" } }],
    });
  });

  test.each([
    ["what it was is unknown", undefined, nothing, /not known/],
    ["its lines can't be read", undefined, { fields: {}, yaml: typed("id: [", file) }, /can't be read/],
    ["a field can't be read", step, { fields: { timeout_ms: typed("soon") }, yaml: null }, /number/],
    ["a key is wrong", step, { fields: {}, yaml: typed("id: build\ncolour: red", file) }, /colour/],
    ["a key is missing", gate, { fields: { name: typed("", "Fine?") }, yaml: null }, /name/],
  ])("is not added, and the reason is said, where %s", (_, stood, left, reason) => {
    expect(againOf("build", stood, left, [])).toEqual({ fault: expect.stringMatching(reason) as never });
  });
});

describe("what was typed", () => {
  const words = { fields: { timeout_ms: typed("9") }, prompt: typed("Think."), yaml: null, gate: null };

  test("is listed by where it was typed, and copied with that; what stands alone without", () => {
    expect(asText(listed(words))).toBe("Text of the prompt:\nThink.\n\nTimeout (ms):\n9\n");
    expect(asText(listed({ ...words, fields: {} }))).toBe("Think.");
  });

  test("at a gate is listed, too", () => {
    const said = { answers: { who: "me" }, reason: "No." };
    expect(listed({ fields: {}, prompt: null, yaml: null, gate: said })).toEqual([
      { label: "Answer to who", text: "me" },
      { label: "Reason", text: "No." },
    ]);
  });
});

describe("who removed it", () => {
  const entry = {
    action: "step.rm",
    actor: "user",
    surface: "cli",
    target: "build",
    payload: { id: "build" },
    result: "success" as const,
  };

  test.each([
    ["a removal of its own", entry, "by user in a shell"],
    ["one that was refused", { ...entry, result: "error" as const }, undefined],
    ["one of another step", { ...entry, target: "other" }, undefined],
    [
      "one among several changes",
      {
        ...entry,
        action: "sequence.change",
        surface: "http",
        target: null,
        payload: { calls: [{ action: "step.rm", input: { id: "build" } }] },
      },
      "by user on a page",
    ],
    [
      "the change that it was first missing after",
      { ...entry, action: "sequence.write", target: null, payload: null, after: "r2", actor: "bot" },
      "by bot in a shell",
    ],
    [
      "an edit of the file",
      {
        ...entry,
        action: "sequence.edited_outside",
        actor: "system",
        target: null,
        payload: null,
        after: "r2",
      },
      "by somebody who edited the file",
    ],
  ])("is told of %s", (_, record, said) => {
    expect(removedBy([record], "build", "r2")).toBe(said as string);
  });

  test("is told of the removal itself, also where somebody else's change came behind it before the page heard of either", () => {
    const later = {
      ...entry,
      action: "sequence.write",
      target: null,
      payload: null,
      after: "r2",
      actor: "bot",
    };
    expect(removedBy([later, { ...entry, after: "r1" }], "build", "r2")).toBe("by user in a shell");
  });
});
