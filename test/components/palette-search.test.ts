import { describe, expect, test } from "bun:test";
import { rank } from "../../components/commands/palette-search";

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
    ["export", "Copy as YAML"],
  ])("knows what is meant by %s", (search, words) => expect(title(words, search)).toBeGreaterThan(0));

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
