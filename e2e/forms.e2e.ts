import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright";
import { parse } from "yaml";
import { auditPage } from "./audit";
import { changedLines, Editor, expectSoon } from "./editor";

let at: Editor;
let page: Page;

const setUpMs = 120_000;

beforeAll(async () => {
  at = await Editor.open("forms");
  page = at.page;
  await at.product.run("step", "add", "build", "--command", '["true"]');
  await at.product.run("gate", "insert", "review", "--name", "Review", "--depends-on", "build");
  await page.goto(`${at.url.replace("#", "?step=review&tab=edit#")}`);
  await form("review").waitFor();
}, setUpMs);

afterAll(() => at?.close(), setUpMs);

const form = (id: string) => page.getByRole("form", { name: `Edit ${id}` });
const group = (id: string, name: string) => form(id).getByRole("group", { name, exact: true });
const keys = async (...pressed: string[]) => {
  for (const key of pressed) await page.keyboard.press(key);
};
const saved = async (id: string) => {
  await form(id).getByRole("button", { name: "Save" }).click();
  await form(id)
    .getByText(/\d changed/)
    .waitFor({ state: "detached" });
};

test("a gate's questions are rows, filled in, added, moved and removed by keyboard alone", async () => {
  const before = await at.sequence();
  await form("review").getByRole("button", { name: "Add question" }).focus();
  await keys("Enter");
  await page.keyboard.type("why");
  await keys("Tab", "Tab");
  await page.keyboard.type("Why now?");
  await form("review").getByRole("button", { name: "Add question" }).focus();
  await keys("Enter");
  await page.keyboard.type("where");
  await keys("Tab");
  await page.keyboard.type("choice");
  await keys("Tab");
  await page.keyboard.type("Where to?");
  await keys("Tab");
  await page.keyboard.type("here, at once\nthere");
  await keys("Tab");
  await page.keyboard.type("no");
  // The second goes before the first, with the focus on it.
  await keys("Alt+ArrowUp");
  await expectSoon(() => group("review", "Question 1").getByLabel("Id").inputValue(), "where");
  expect(
    await page.evaluate(() => document.activeElement?.closest("fieldset")?.getAttribute("aria-label")),
  ).toBe("Question 1");
  expect(await auditPage(page)).toEqual([]);
  await saved("review");
  const text = await at.fileHas("the questions", (text) => text.includes("questions:"));
  expect(changedLines(before, text)).toEqual([
    "+ questions:",
    "+ - id: where",
    "+ type: choice",
    "+ ask: Where to?",
    '+ options: ["here, at once", there]',
    "+ required: false",
    "+ - id: why",
    "+ type: text",
    "+ ask: Why now?",
  ]);
  await group("review", "Question 1").getByRole("button", { name: "Remove question 1" }).focus();
  await keys("Enter");
  await expectSoon(() => group("review", "Question 1").getByLabel("Id").inputValue(), "why");
  await saved("review");
  await at.fileHas("one question", (text) => !text.includes("id: where") && text.includes("id: why"));
});

test("what is wrong with a question stands beside it, and keeps it from being saved", async () => {
  const before = await at.sequence();
  const question = group("review", "Question 1");
  expect(await question.getByLabel("Options").count()).toBe(0);
  await question.getByLabel("Type").selectOption("choice");
  await form("review").getByRole("button", { name: "Save" }).click();
  await question.getByText("A choice needs options to choose from.").waitFor();
  await form("review").getByText("Not saved: 1 field to mend").waitFor();
  expect(await question.getByLabel("Options").evaluate((field) => field === document.activeElement)).toBe(
    true,
  );
  await page.keyboard.type("here\nhere");
  await question.getByLabel("Id").fill("");
  await form("review").getByRole("button", { name: "Save" }).click();
  await question.getByText("It is needed.").waitFor();
  await question.getByLabel("Id").fill("why");
  await form("review").getByRole("button", { name: "Save" }).click();
  await question.getByText("The option 'here' stands there twice.").waitFor();
  expect(await at.sequence()).toBe(before);
  await form("review").getByRole("button", { name: "Discard" }).click();
  await expectSoon(() => group("review", "Question 1").getByLabel("Type").inputValue(), "text");
});

test("a name that is no step stays to be mended, and a fault out of sight is led to", async () => {
  const before = await at.sequence();
  await form("review").getByLabel("Expires (ms)").fill("soon");
  await form("review").getByText("Limits and retries", { exact: true }).click();
  await form("review").getByLabel("Shows", { exact: true }).fill("nowhere");
  await form("review").getByRole("button", { name: "Save" }).click();
  await form("review").getByText("There is no step or gate 'nowhere'.").waitFor();
  await form("review").getByText("2 fields to mend").waitFor();
  expect(await at.sequence()).toBe(before);
  await form("review").getByRole("button", { name: "Remove nowhere from Shows" }).click();
  await form("review").getByText("Limits and retries", { exact: true }).click();
  await form("review").getByRole("button", { name: "Save" }).click();
  await expectSoon(
    () =>
      form("review")
        .getByLabel("Expires (ms)")
        .evaluate((field) => field === document.activeElement && field.checkVisibility()),
    true,
  );
  await form("review").getByRole("button", { name: "Discard" }).click();
});

test("a long command is seen whole, Enter saves it, and its words stay what they are", async () => {
  const field = form("build").getByLabel("Command");
  await at.card("build").click();
  // As in the form that adds one.
  await form("build").getByLabel("Runs with").waitFor();
  const before = await at.sequence();
  const short = (await field.boundingBox())?.height ?? 0;
  const line =
    "node -e 'console.log(1);\nconsole.log(2)' -- --one --two --three --four --five --six --seven --eight";
  await field.fill(line);
  expect((await field.boundingBox())?.height).toBeGreaterThan(2 * short);
  expect(await field.evaluate((box) => box.scrollHeight - box.clientHeight)).toBeLessThanOrEqual(0);
  await field.press("Enter");
  const text = await at.fileHas("the long command", (now) => now !== before);
  const { steps } = parse(text) as { steps: { id: string; command: string[] }[] };
  const words = line.slice(line.indexOf(" -- ") + 1).split(" ");
  expect(steps.find(({ id }) => id === "build")?.command).toEqual([
    "node",
    "-e",
    "console.log(1);\nconsole.log(2)",
    ...words,
  ]);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+z");
  await at.fileHas("the command as it was", (now) => now === before);
});

test("what a step runs is one of a command, an agent and a file of steps, in both forms", async () => {
  const check = 'version: 1\nname: Check\nsteps:\n  - id: one\n    command: ["true"]\n';
  await mkdir(join(at.product.root, ".threados", "sequences"), { recursive: true });
  await writeFile(join(at.product.root, ".threados", "sequences", "check.yaml"), check);
  await at.card("build").click();
  await form("build").getByLabel("Sequence", { exact: true }).fill("sequences/check.yaml");
  await expectSoon(() => form("build").getByLabel("Command").inputValue(), "");
  await form("build").getByLabel("Sequence", { exact: true }).fill("");
  await expectSoon(() => form("build").getByLabel("Command").inputValue(), "true");
  await form("build").getByLabel("Sequence", { exact: true }).fill("sequences/check.yaml");
  await saved("build");
  await at.fileHas("the file of steps", (text) => text.includes("sequence: sequences/check.yaml"));
  await form("build").getByLabel("Command").fill("true");
  await saved("build");
  await at.fileHas("the command again", (text) => !text.includes("sequence: sequences/check.yaml"));
  await page.getByRole("button", { name: "Step", exact: true }).click();
  const adding = page.getByRole("dialog", { name: "Add a step" });
  await adding.getByLabel("Name").fill("Inner");
  await adding.getByLabel("Runs with").selectOption("the steps of a sequence file");
  await adding.getByLabel("Depends on", { exact: true }).fill("nowhere");
  await adding.getByRole("button", { name: "Add step" }).click();
  await adding.getByText("There is no step or gate 'nowhere'.").waitFor();
  await adding.getByText("Name a file below .threados").waitFor();
  await adding.getByRole("button", { name: "Remove nowhere from Depends on" }).click();
  await adding.getByLabel("Sequence file").fill("sequences/check.yaml");
  await adding.getByRole("button", { name: "Add step" }).click();
  const text = await at.fileHas("the new step", (text) => text.includes("id: inner"));
  expect(text.slice(text.indexOf("id: inner"))).not.toContain("model:");
  // The new step is chosen once it is there: what is chosen next comes after that.
  await form("inner").waitFor();
});

test("variables, retries and what a step leaves are filled in part by part, or as YAML", async () => {
  await at.card("build").click();
  for (const section of ["How it runs", "Inputs and outputs"])
    await form("build").getByText(section, { exact: true }).click();
  const before = await at.sequence();
  const env = group("build", "Env");
  await env.getByRole("button", { name: "Add variable" }).click();
  await page.keyboard.type("LEVEL");
  await keys("Tab");
  await page.keyboard.type("1");
  await env.getByRole("button", { name: "Add variable" }).click();
  // On its way to another name it is the same as the first.
  await page.keyboard.type("LEVEL");
  await env.getByText("Named twice.").first().waitFor();
  await page.keyboard.type("_MAX");
  await env.getByText("Named twice.").waitFor({ state: "detached" });
  await group("build", "Retry").getByLabel("Limit").fill("2");
  const outputs = group("build", "Outputs");
  await outputs.getByRole("button", { name: "Add entry" }).click();
  await page.keyboard.type("required");
  await keys("Tab");
  await page.keyboard.type("[size]");
  await saved("build");
  const text = await at.fileHas("the variables", (text) => text.includes("LEVEL_MAX"));
  const lines = changedLines(before, text).join("\n");
  for (const line of ['LEVEL: "1"', 'LEVEL_MAX: ""', "limit: 2", "required:"]) expect(lines).toContain(line);
  await env.getByRole("button", { name: "Env as YAML" }).click();
  const yaml = env.getByRole("textbox", { name: "Env" });
  expect(await yaml.inputValue()).toBe('LEVEL: "1"\nLEVEL_MAX: ""');
  await yaml.fill("LEVEL: high");
  await env.getByRole("button", { name: "Env as YAML" }).click();
  expect(await env.getByLabel("Value").inputValue()).toBe("high");
  await saved("build");
  await at.fileHas("one variable", (text) => !text.includes("LEVEL_MAX") && text.includes('LEVEL: "high"'));
});

test("what holds for the whole sequence is changed in the inspector where nothing is chosen", async () => {
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await at.inspector().getByRole("tab", { name: "Sequence" }).click();
  const whole = page.getByRole("form", { name: "Edit the sequence" });
  await whole.getByLabel("Name", { exact: true }).first().fill("Everything");
  await whole.getByRole("group", { name: "Defaults", exact: true }).getByLabel("Timeout (ms)").fill("60000");
  await whole.getByRole("button", { name: "Add parameter" }).click();
  await page.keyboard.type("target");
  expect(await auditPage(page)).toEqual([]);
  await whole.getByRole("button", { name: "Save" }).click();
  const text = await at.fileHas("the sequence's own keys", (text) => text.includes("timeout_ms: 60000"));
  for (const line of ["name: Everything", "target:", "type: string"]) expect(text).toContain(line);
  await at.inspector().getByRole("tab", { name: "Outline" }).click();
  await at.inspector().getByRole("button", { name: "build" }).waitFor();
});

test("no page had an error or a warning to report", () => {
  expect(at.complaints.filter((text) => !/status of 4\d\d/.test(text))).toEqual([]);
});
