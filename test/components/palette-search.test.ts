import { describe, expect, test } from "bun:test";
import { asksWhy, rank } from "../../components/commands/palette-search";
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
    ["try again", "Re-run it"],
    ["retry", "Re-run it"],
    ["abort", "Stop it"],
    ["abort", "Give the run up…"],
    ["accept", "Approve"],
    ["decline", "Reject…"],
    ["waiting", "Open what waits for you"],
    ["compare", "Compare the candidates…"],
    ["diff", "What it left behind"],
    ["artifacts", "What it left behind"],
    ["paste", "Paste steps and gates"],
    ["connect", "Add a dependency…"],
    ["merge", "Fuse: join their results…"],
    ["skip", "Set when build is left out…"],
    ["fold", "Collapse the group"],
    ["zoom to fit", "Show everything"],
    ["align", "Tidy: lay everything out anew"],
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

  test("finds a node by its name after go to, goto and open, and what asks why by its name", () => {
    for (const search of ["go to build", "goto build", "open build"])
      expect(rank("node build", search, ["Build it", "build"])).toBeGreaterThan(0);
    expect(rank("node build", "go to test", ["Build it", "build"])).toBe(0);
    expect([asksWhy("why build"), asksWhy("why"), asksWhy("whyever")]).toEqual([true, true, false]);
    expect(rank("why build", "why build", ["Build it", "it waits"])).toBeGreaterThan(0);
  });

  test("wants every word, and takes two letters for no word", () => {
    expect(title("Show the log", "log zzz")).toBe(0);
    expect(title("Stop it", "ki")).toBe(0);
    expect(title("Remove a step…", "del")).toBeGreaterThan(0);
    expect(title("Remove a step…", ">del")).toBeGreaterThan(0);
  });
});
