import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Locator, Page } from "playwright";
import { until } from "../test/rig/deadline";
import { agree } from "./agreeing";
import { Editor, expectSoon } from "./editor";

setDefaultTimeout(90_000);

const setUpMs = 120_000;
let at: Editor;
let page: Page;

beforeAll(async () => {
  at = await Editor.open("focus");
  page = at.page;
  await at.product.addScript("fetch", "echo fetched", "--name", "Fetch it");
  await at.product.addScript("lint", "echo linted", "--depends-on", "fetch");
  await at.product.addScript("tests", "echo tested", "--depends-on", "fetch");
  await at.product.run("gate", "insert", "review", "--name", "Review", "--depends-on", "lint,tests");
  await at.product.addScript("publish", "echo published", "--depends-on", "review");
  await at.product.addHeldStep("hang");
  await page.goto(at.url);
  await at.card("publish").waitFor();
}, setUpMs);

afterAll(async () => {
  await at?.product.release("hang");
  await at?.close();
}, setUpMs);

const press = async (...keys: string[]) => {
  for (const key of keys) await page.keyboard.press(key);
};
const dialog = () => page.getByRole("dialog");
const hasFocus = (what: Locator) => what.and(page.locator(":focus")).waitFor();
const title = (name: string) => at.inspector().getByRole("heading", { name, exact: true, level: 2 });
const inPanel = (name: string) => at.inspector().getByRole("button", { name, exact: true });
const field = (name: string) => at.inspector().getByLabel(name, { exact: true });
const message = () => page.getByRole("textbox", { name: "Message" });
const card = () => page.getByRole("region", { name: /^Proposal/ }).last();
const noWindow = async () => expect(await dialog().count()).toBe(0);
/** Goes to a node and selects it. */
async function choose(id: string): Promise<void> {
  await at.card(id).focus();
  await press("Escape", "Enter");
  await at.inspector().getByRole("tab", { name: "Overview" }).click();
  await at.card(id).focus();
}
/** Goes to a node and into its form. */
async function editing(id: string): Promise<void> {
  await choose(id);
  await press("e");
  await hasFocus(field("Name"));
}
/** Presses a button by keyboard. */
async function enterOn(button: Locator): Promise<void> {
  await button.focus();
  await press("Enter");
}

test("a key that asks for the search where no log is says so, and nothing takes the focus when one appears", async () => {
  await press("f");
  await page.getByText("There is no log to search in").waitFor();
  await editing("fetch");
  await field("Description").focus();
  await page.keyboard.type("from ");
  await at.product.run("run", "step", "fetch", "--yes");
  await page.getByRole("log").getByText("fetched", { exact: true }).waitFor();
  await page.keyboard.type("the store");
  expect(await field("Description").inputValue()).toBe("from the store");
  expect(await page.getByLabel("Look for in the log").count()).toBe(0);
  await enterOn(inPanel("Discard"));
  await hasFocus(title("Fetch it"));
});

test("an open search in the log takes no focus when another step's log comes", async () => {
  await press("Escape", "Escape", "f");
  await hasFocus(page.getByLabel("Look for in the log"));
  await at.card("fetch").focus();
  await press("f");
  await hasFocus(page.getByLabel("Look for in the log"));
  await at.card("publish").focus();
  await press("Escape", "/");
  await page.keyboard.type("fet");
  await at.product.run("run", "step", "lint", "--yes");
  await page.getByRole("log").getByText("linted", { exact: true }).waitFor();
  await page.keyboard.type("ch");
  await expectSoon(() => page.locator("#search").inputValue(), "fetch");
  await press("Escape");
  await page.getByRole("button", { name: "Close the search" }).click();
});

describe("Ctrl+Enter in a field starts nothing", () => {
  test("it saves the form that the field stands in", async () => {
    await editing("lint");
    await field("Description").fill("looks for what is odd");
    await press("Control+Enter");
    await at.fileHas("the description", (text) => text.includes("looks for what is odd"));
    await noWindow();
    await page.getByRole("status").getByText("1 changed").waitFor({ state: "detached" });
    await field("Description").focus();
    await press("Control+Enter", "Control+Shift+Enter");
    await noWindow();
  });

  test("it saves the text of an editor", async () => {
    await at.inspector().getByRole("tab", { name: "YAML" }).click();
    await at.inspector().getByRole("textbox", { name: "YAML of lint" }).click();
    await press("Control+End");
    await page.keyboard.type("# kept\n");
    await press("Control+Enter");
    await at.fileHas("the comment", (text) => text.includes("# kept"));
    await noWindow();
  });

  test("it sends a message to the chat", async () => {
    await choose("lint");
    await press("c");
    await hasFocus(message());
    await page.keyboard.type("put a gate before publish called Final look");
    await press("Control+Enter");
    await card().getByRole("button", { name: "Discard" }).waitFor();
    await noWindow();
  });

  test("in the search it does nothing", async () => {
    await page.locator("#search").focus();
    await press("Control+Enter");
    await noWindow();
    await press("Escape", "Control+Enter");
    await dialog().getByText("echo tested").first().waitFor();
    await press("Escape");
    await dialog().waitFor({ state: "detached" });
  });
});

test("a word that is taken out of a list by keyboard leads to the next one, and the last to the field", async () => {
  await editing("review");
  await enterOn(inPanel("Remove lint from Depends on"));
  await hasFocus(inPanel("Remove tests from Depends on"));
  await press("Enter");
  await hasFocus(field("Depends on"));
  await page.keyboard.type("lint");
  await press("Enter");
  await inPanel("Remove lint from Depends on").waitFor();
  await enterOn(inPanel("Discard"));
  await hasFocus(title("Review"));
});

describe("what loses the focus by a deed gives it to what stands around it", () => {
  test("a form that is saved, to the heading", async () => {
    await editing("tests");
    await field("Description").fill("tries it");
    await enterOn(inPanel("Save"));
    await at.fileHas("the description", (text) => text.includes("tries it"));
    await hasFocus(title("tests"));
  });

  test("a choice between two versions, to its field", async () => {
    await editing("tests");
    await field("Description").fill("mine");
    await at.product.run("step", "edit", "tests", "--description", "theirs");
    await enterOn(inPanel("keep mine"));
    await hasFocus(field("Description"));
    await enterOn(inPanel("Discard"));
    await hasFocus(title("tests"));
  });

  test("a proposal that is discarded, to its card", async () => {
    await enterOn(card().getByRole("button", { name: "Discard" }));
    await card().getByText("Discarded").waitFor();
    await hasFocus(card());
    await enterOn(page.getByRole("button", { name: "Close the chat" }));
    await hasFocus(at.card("tests"));
  });

  test("a step that is run again, and one that is stopped, to the heading", async () => {
    await choose("fetch");
    await enterOn(inPanel("Re-run with what depends on it"));
    await dialog().waitFor();
    await agree(dialog());
    await at.card("review").getByText("Waits for you").waitFor();
    await until("a focus", () => page.evaluate(() => document.activeElement !== document.body));
    await choose("hang");
    await press("r");
    await dialog().waitFor();
    await agree(dialog());
    await enterOn(inPanel("Stop it"));
    await hasFocus(title("hang"));
  });

  test("a gate that is blocked and approved, to the heading", async () => {
    await choose("review");
    await enterOn(inPanel("Block"));
    await hasFocus(title("Review"));
    await enterOn(inPanel("Approve this"));
    await at.card("publish").getByText("Done", { exact: true }).waitFor();
    await hasFocus(title("Review"));
  });

  test("a moment that is left, to what is selected", async () => {
    await choose("lint");
    await press("2");
    await at.dock().getByRole("button", { name: "The moment before" }).click();
    await enterOn(at.button("Back to now"));
    await hasFocus(at.card("lint"));
  });
});

describe("a window that asks", () => {
  test("begins at the button that agrees", async () => {
    await choose("hang");
    await press("r");
    await hasFocus(dialog().locator("[data-agree]"));
    await press("Escape");
    await dialog().waitFor({ state: "detached" });
    await hasFocus(at.card("hang"));
  });

  test("begins at Cancel where something is lost, each time it asks", async () => {
    await press("Delete");
    const cancel = dialog().getByRole("button", { name: "Cancel" });
    await hasFocus(cancel);
    await dialog().locator('[data-agree="1"]').focus();
    await press("Enter");
    await dialog().getByText("Question 2 of 2").waitFor();
    await hasFocus(cancel);
    await press("Enter");
    await dialog().waitFor({ state: "detached" });
    await at.card("hang").waitFor();
  });
});

test("Escape in the chat's field leads to what is selected, or to the graph", async () => {
  await press("Escape", "Escape");
  if (await message().isVisible()) await press("c");
  await message().waitFor({ state: "detached" });
  await press("c");
  await hasFocus(message());
  await press("Escape");
  await hasFocus(page.locator(".react-flow"));
  await press("c");
  await message().waitFor({ state: "detached" });
  await choose("lint");
  await press("c");
  await hasFocus(message());
  await press("Escape");
  await hasFocus(at.card("lint"));
  await press("c");
  await message().waitFor({ state: "detached" });
});

test("several are chosen by keyboard, and fused in the same window as by mouse", async () => {
  await choose("lint");
  await at.card("tests").focus();
  await press("Shift+Space");
  await at.inspector().getByText("2 chosen").first().waitFor();
  await press("Control+Space");
  await title("lint").waitFor();
  await press("Control+Space", "Control+k");
  await hasFocus(page.getByRole("combobox", { name: "Command palette" }));
  await page.keyboard.type("fuse");
  await page.getByRole("option", { name: /^Fuse/ }).waitFor();
  await press("Enter");
  const fuse = page.getByRole("dialog", { name: "Fuse 2 steps" });
  await fuse.getByLabel("Name").and(page.locator(":focus")).waitFor();
  await press("Escape", "Escape");
  await fuse.waitFor({ state: "detached" });
  await press("Escape", "Control+k");
  await hasFocus(page.getByRole("combobox", { name: "Command palette" }));
  await page.keyboard.type("one join their results");
  await page.getByRole("option", { name: /join their results/ }).waitFor();
  await press("Enter");
  const empty = page.getByRole("dialog", { name: "Fuse steps" });
  await hasFocus(empty.getByLabel("Candidates", { exact: true }));
  for (const id of ["lint", "tests"]) {
    await page.keyboard.type(id);
    await press("Enter");
  }
  await fuse.getByLabel("Name").fill("Both");
  await fuse.getByLabel("Command").fill("echo both");
  await press("Control+Enter");
  await at.fileHas("the fusion", (text) => text.includes("id: both"));
  await hasFocus(at.card("both"));
});

test("a field that is typed into stays in sight when the window shrinks", async () => {
  await editing("publish");
  await field("Description").focus();
  const isSeen = () =>
    page.evaluate(() => {
      const field = document.activeElement?.getBoundingClientRect();
      const foot = document.querySelector(".form-whole > .form-foot")?.getBoundingClientRect();
      return !!field && !!foot && field.bottom <= foot.top;
    });
  expect(await isSeen()).toBe(true);
  await page.setViewportSize({ width: 1024, height: 480 });
  await expectSoon(isSeen, true);
});

test("the page had no error or a warning to report", () => expect(at.complaints).toEqual([]));
