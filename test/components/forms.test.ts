import { describe, expect, test } from "bun:test";
import * as fc from "fast-check";
import { z } from "zod";
import { bindingOf, keymap, sayKeys } from "../../components/commands/keymap";
import { lineOf, wordsOf } from "../../components/commands/lines";
import {
  type FieldKind,
  type FormSchema,
  fieldsOf,
  readField,
  writeField,
} from "../../components/forms/schema";
import { readCommand, splitWords, writeCommand } from "../../components/forms/words";
import { actionNames } from "../../lib/core/actions";
import { stepEdit } from "../../lib/core/actions/step";
import { Step } from "../../lib/core/sequence/schema";
import { grammar } from "../../lib/surfaces/cli/grammar";

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
      retry: "yaml",
      env: "yaml",
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
