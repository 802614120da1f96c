import { describe, expect, test } from "bun:test";
import { rank } from "../../components/commands/palette-search";
import { titleOf, titleOfAll } from "../../components/commands/setting-titles";
import { settings } from "../../components/forms/settings";

const title = (words: string, search: string) => rank("page x", search, [words, "", ""]);

describe("the palette's search", () => {
  test.each([
    ["delete", "Remove a step…"],
    ["shortcut", "Show the keys"],
    ["help", "Show the keys"],
    ["new gate", "Add a gate…"],
    ["open log", "Show the log"],
    ["kill", "Stop it"],
    ["fit", "Show everything"],
    ["find", "Search among steps and gates"],
    ["rename", "Edit…"],
    ["settings", "setting"],
    ["change timeout", "Set the default timeout…"],
    ["time limit", "Set the default timeout…"],
    ["tries", "Set the default retries…"],
    ["export", "Copy as YAML"],
  ])("knows what is meant by %s", (search, words) => expect(title(words, search)).toBeGreaterThan(0));

  test.each([
    [titleOfAll("defaults.retry"), "Set the default retries…"],
    [titleOfAll("policy.max_concurrent"), "Set how many steps run at a time…"],
    [titleOf("model", "build"), "Set what build runs with…"],
    [titleOf("timeout_ms", "build"), "Set the timeout of build…"],
    [titleOf("description", "build"), "Set the description of build…"],
  ])("names a setting as a person would: %s", (title, said) => expect(title).toBe(said));

  test("has a title for every setting, each another, and none with what only a machine calls it", () => {
    const { step, gate, sequence } = settings;
    const titles = [step, gate].map(({ fields }) => fields.map(({ key }) => titleOf(key, "it")));
    const all = sequence.fields.flatMap(({ key, kind, parts }) =>
      kind === "parts" ? (parts ?? []).map((part) => titleOfAll(`${key}.${part.key}`)) : titleOfAll(key),
    );
    for (const some of [...titles, all]) {
      expect(new Set(some).size).toBe(some.length);
      expect(some.filter((one) => !/^Set (the|what|when|how|whether) [^:_()…]+…$/.test(one))).toEqual([]);
    }
  });

  test("puts first what is called as it was typed", () => {
    expect(title("Rename…", "rename")).toBeGreaterThan(title("Edit…", "rename"));
    expect(title("Delete…", "delete step")).toBe(0);
    expect(title("Delete step a", "delete step")).toBeGreaterThan(title("Remove step a", "delete step"));
  });

  test("wants every word, and takes two letters for no word", () => {
    expect(title("Show the log", "log zzz")).toBe(0);
    expect(title("Stop it", "ki")).toBe(0);
    expect(title("Remove a step…", "del")).toBeGreaterThan(0);
    expect(title("Remove a step…", ">del")).toBeGreaterThan(0);
  });
});
