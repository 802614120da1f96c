import { describe, expect, test } from "bun:test";
import * as fc from "fast-check";
import { z } from "zod";
import { bindingOf, keymap, sayKeys } from "../../components/commands/keymap";
import { lineOf, wordsOf } from "../../components/commands/lines";
import { faultSaid } from "../../components/forms/fault";
import {
  type FieldKind,
  type FieldSpec,
  type FormSchema,
  fieldsOf,
  readField,
  writeField,
} from "../../components/forms/schema";
import { fits, valueFrom, withPart } from "../../components/forms/structure";
import { readCommand, splitWords, writeCommand } from "../../components/forms/words";
import { isChanged, isMoved } from "../../components/inspector/typed";
import { actionNames } from "../../lib/core/actions";
import { gateEdit } from "../../lib/core/actions/gate-edit";
import { stepEdit } from "../../lib/core/actions/step";
import type { Json } from "../../lib/core/json";
import { Step } from "../../lib/core/sequence/schema";
import { grammar } from "../../lib/surfaces/cli/grammar";
import { edit } from "../core/rig/acting";

describe("a command line", () => {
  test.each([
    ["npm test", ["npm", "test"]],
    ["node 'a b.js' \"c d\"", ["node", "a b.js", "c d"]],
    ["echo a\\ b ''", ["echo", "a b", ""]],
    ['["a", "b c"]', ["a", "b c"]],
    ["npm test | tee log", "npm test | tee log"],
    ["echo $HOME", "echo $HOME"],
    ["echo '$HOME'", ["echo", "$HOME"]],
    ['echo "$HOME"', 'echo "$HOME"'],
  ])("%j is %j", (line, command) => expect(readCommand(line)).toEqual(command));

  test("with a quote left open is none", () => {
    expect(readCommand("echo 'a")).toBeUndefined();
    expect(splitWords('a "b')).toBeUndefined();
    expect(readCommand('["a", 1]')).toBeUndefined();
  });

  test("a field for text, which knows one kind of line end, leaves its words what they are", () => {
    for (const words of [
      ["printf", "a\r\nb"],
      ["printf", "a\rb"],
      ["printf", "a\nb"],
    ])
      expect(readCommand(writeCommand(words).replace(/\r\n?/g, "\n"))).toEqual(words);
  });

  test("whatever the words, they are read back as they were written", () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 4 }), (words) => {
        const line = writeCommand(words);
        expect(readCommand(line)).toEqual(words);
      }),
    );
  });
});

describe("a form made from a schema", () => {
  const fields = fieldsOf(
    z.toJSONSchema(stepEdit.input, { io: "input" }) as FormSchema,
    new Set(["id", "unset", "base"]),
  );
  const kinds = Object.fromEntries(fields.map(({ key, kind }) => [key, kind]));

  test("has a field for every key of a step, of a fitting kind", () => {
    expect(fields.map(({ key }) => key).sort()).toEqual(
      Object.keys(Step.shape)
        .filter((key) => key !== "id")
        .sort(),
    );
    expect(kinds).toMatchObject({
      name: "text",
      description: "lines",
      type: "choice",
      command: "command",
      depends_on: "nodes",
      tags: "list",
      timeout_ms: "number",
      continue_on_error: "truth",
      retry: "parts",
      env: "map",
      with: "map",
      outputs: "parts",
      worktree: "parts",
    });
  });

  test.each([
    ["text", "a b"],
    ["number", 12],
    ["truth", false],
    ["nodes", ["a", "b"]],
    ["list", ["x", "y z"]],
    ["yaml", { limit: 2 }],
    ["command", ["npm", "run", "a b"]],
  ] as [FieldKind, never][])("a %s is read back as it was written", (kind, value) => {
    expect(readField(kind, writeField(kind, value))).toEqual({ value });
  });

  test("says what is wrong, and takes an emptied field for a key left out", () => {
    expect(readField("number", "x")).toHaveProperty("fault");
    expect(readField("yaml", "{a: [")).toHaveProperty("fault");
    expect(readField("text", " ")).toEqual({ value: undefined });
  });
});

test.each<[string, object, string]>([
  ["step.edit", { retry: { limit: "many" } }, "Limit must be a number, not a text."],
  ["step.edit", { retry: { limit: 1.5 } }, "Limit must be a whole number."],
  ["step.edit", { retry: {} }, "Limit is missing."],
  ["step.edit", { retry: { times: 2, limit: 1 } }, "It takes no 'times'."],
  ["step.edit", { env: { "a b": "1" } }, "'a b' is no name of an environment variable."],
  ["step.edit", { fanout: 99 }, "It must be at most 50."],
  [
    "gate.edit",
    { questions: [{ id: "a", type: "text", ask: 1 }] },
    "Question 1, ask must be a text, not a number.",
  ],
  ["gate.edit", { questions: "none" }, "It must be a list, not a text."],
])("what %s has against %j is said under the field: %s", (name, typed, said) => {
  const action = name === "step.edit" ? stepEdit : gateEdit;
  const [issue] = action.input.safeParse({ id: "unit", ...typed }).error?.issues ?? [];
  expect(issue && faultSaid(issue)).toBe(said);
});

test("a fault of a field as a whole is said with an example", () => {
  const [issue] = stepEdit.input.safeParse({ id: "unit", retry: 3 }).error?.issues ?? [];
  expect(issue && faultSaid(issue, "{ limit: 2 }")).toBe(
    "It must be a map of keys and values, not a number. For example: { limit: 2 }",
  );
});

describe("what is filled in part by part", () => {
  const partsOf = (action: { input: z.ZodType }, key: string) => {
    const fields = fieldsOf(z.toJSONSchema(action.input, { io: "input" }) as FormSchema);
    return fields.find((field) => field.key === key) as FieldSpec;
  };
  const questions = partsOf(gateEdit, "questions");

  test("are a gate's questions: id, type, text, choices and whether they must be answered", () => {
    expect(questions.kind).toBe("rows");
    expect(questions.parts?.map(({ key, kind, isNeeded = false }) => [key, kind, isNeeded])).toEqual([
      ["id", "text", true],
      ["type", "choice", true],
      ["ask", "lines", false],
      ["options", "items", false],
      ["required", "truth", false],
    ]);
  });

  test.each([
    ["questions", [{ id: "a", type: "choice", options: ["yes, please", "no"] }], true],
    ["questions", [{ id: "a", type: "text", what: 1 }], false],
    ["questions", "none", false],
    ["env", { A: "1" }, true],
    ["env", { A: { b: 1 } }, false],
    ["with", { a: 1, b: "x.y", c: true }, true],
    ["outputs", { schema: { type: "object", required: ["a"] } }, true],
    ["retry", { limit: 2, factor: 1.5 }, true],
    ["retry", ["limit"], false],
    ["worktree", { setup: ["npm", "ci"], test: "make | tail" }, true],
  ] as [string, Json, boolean][])("%s of %j: %p", (key, value, wanted) => {
    const spec = key === "questions" ? questions : partsOf(stepEdit, key);
    expect(fits(spec, value)).toBe(wanted);
    expect(readField(spec.kind, writeField(spec.kind, value))).toEqual({ value });
  });

  test("keep the order of the schema, and leave out what is emptied", () => {
    const all = questions.parts ?? [];
    const one = withPart(all, { id: "a", required: true }, "type", "text");
    expect(JSON.stringify(one)).toBe('{"id":"a","type":"text","required":true}');
    expect(withPart(all, one, "required", undefined)).toEqual({ id: "a", type: "text" });
  });

  test("leave what makes no sense as it was typed, so that it is refused and not lost", () => {
    expect(valueFrom({ key: "limit", kind: "number", options: [] }, "many")).toBe("many");
    expect(valueFrom({ key: "options", kind: "items", options: [] }, "a, b\n\n c ")).toEqual(["a, b", "c"]);
  });

  test("and nothing at all is an emptied field", () => {
    expect([writeField("rows", []), writeField("map", {}), writeField("parts", {})]).toEqual(["", "", ""]);
  });
});

describe("what is typed into a form, once it is saved", () => {
  const before = {
    name: "s",
    steps: [{ id: "unit", name: "Unit", model: "shell", command: ["true"] }],
    gates: [{ id: "ship", name: "Ship" }],
  } as unknown as Parameters<typeof edit>[1];
  test.each([
    ["step.edit", "unit", "retry", '{"limit":2}'],
    ["step.edit", "unit", "retry", "# twice\nlimit:   2\n"],
    ["step.edit", "unit", "env", "{ B: '2', A: one }"],
    ["step.edit", "unit", "tags", "a,b , c"],
    ["step.edit", "unit", "command", "npm   run 'test'"],
    ["step.edit", "unit", "timeout_ms", "5e3"],
    ["gate.edit", "ship", "questions", "- {id: where, type: choice, options: [staging, production]}"],
  ])("%s of %s: %s as %j is no change of somebody else's", (name, id, key, text) => {
    const action = name === "step.edit" ? stepEdit : gateEdit;
    const field = fieldsOf(z.toJSONSchema(action.input, { io: "input" }) as FormSchema).find(
      (each) => each.key === key,
    ) as FieldSpec;
    const read = readField(field.kind, text) as { value: Json };
    const after = edit(name, before, { id, [key]: read.value });
    if (!after.ok) throw new Error(JSON.stringify(after.failure));
    const [step, gate] = [after.value.steps?.[0], after.value.gates?.[0]];
    const file = (id === "unit" ? step : gate) as unknown as Record<string, Json>;
    const typed = { text, base: "" };
    expect([isChanged(field, typed, {}), isMoved(field, typed, {})]).toEqual([true, false]);
    expect([isChanged(field, typed, file), isMoved(field, typed, file)]).toEqual([false, false]);
    // Whoever typed on meanwhile changes what they saved themselves.
    const more = { text: "{", base: text };
    expect([isChanged(field, more, file), isMoved(field, more, file)]).toEqual([true, false]);
    const other = { ...file, [key]: null } as Record<string, Json>;
    expect(isMoved(field, { text: "{", base: text }, other)).toBe(true);
  });

  test("is not another's where the file says what the person saved before they typed on", () => {
    const name: FieldSpec = { key: "name", kind: "text", options: [] };
    const typed = { text: "Mine again", base: "Theirs", saved: "Mine" };
    const moved = (says: string) => isMoved(name, typed, { name: says });
    expect([moved("Theirs"), moved("Mine"), moved("Another")]).toEqual([false, false, true]);
  });
});

describe("the keymap", () => {
  test("gives each key one meaning", () => {
    expect(new Set(keymap.map(({ keys }) => keys)).size).toBe(keymap.length);
    const press = (key: string, more: object = {}) =>
      bindingOf({ key, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...more })?.command;
    expect(press("z", { ctrlKey: true })).toBe("undo");
    expect(press("Z", { metaKey: true, shiftKey: true })).toBe("redo");
    expect(press("?", { shiftKey: true })).toBe("keys");
    expect(press("Backspace")).toBe("remove");
    expect(press("Enter", { ctrlKey: true })).toBe("run-runnable");
    expect(press("k", { ctrlKey: true })).toBe("palette");
    expect(press("Escape")).toBe("close");
    expect(press("z")).toBeUndefined();
    expect(press("n", { altKey: true })).toBeUndefined();
    expect(sayKeys("mod+shift+z")).toBe("Ctrl+Shift+Z");
  });
});

describe("the palette's command lines", () => {
  test("are those of the grammar, for every action", () => {
    const said = new Set(grammar.flatMap(({ action, words }) => (action ? [`${action} ${words}`] : [])));
    for (const name of actionNames.filter((name) => name !== "run.start"))
      expect([...said]).toContain(`${name} ${wordsOf(name)}`);
    expect(lineOf("step.clone", ["id", "new"])).toBe("seqctl step clone <id> <new>");
  });
});
