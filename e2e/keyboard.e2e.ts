import { afterAll, beforeAll, expect, test } from "bun:test";
import type { Page } from "playwright";
import { until } from "../test/rig/deadline";
import { Editor } from "./editor";

let at: Editor;
let page: Page;
let first = "";

const setUpMs = 120_000;

beforeAll(async () => {
  at = await Editor.open("by-keyboard");
  page = at.page;
  await page.addInitScript(() => {
    const seen: string[] = [];
    Object.assign(window, { pointed: seen });
    window.addEventListener("pointerdown", (event) => seen.push(String(event.target)), true);
  });
  first = await at.sequence();
  await page.goto(at.url);
  await at.button("Add the first step").waitFor();
}, setUpMs);

afterAll(() => at?.close(), setUpMs);

const press = async (...keys: string[]) => {
  for (const key of keys) await page.keyboard.press(key);
};
/** Goes on with Tab until a control of this name has the focus. */
async function tabTo(name: string): Promise<void> {
  const wanted = () =>
    page.evaluate((name) => {
      const at = document.activeElement;
      return at?.getAttribute("aria-label") === name || at?.textContent?.trim() === name;
    }, name);
  for (let left = 60; left > 0; left--) {
    if (await wanted()) return;
    await press("Tab");
  }
  throw new Error(`Tab leads to no ${name}`);
}
/** Fills in the form that a key opened. */
async function fillIn(
  key: "n" | "g",
  name: string,
  command: string | undefined,
  needs: string[],
): Promise<void> {
  const dialog = page.getByRole("dialog");
  await press(key);
  await dialog.getByLabel("Name").and(page.locator(":focus")).waitFor();
  await page.keyboard.type(name);
  await press("Tab");
  if (command !== undefined) {
    await press("Tab", "Tab");
    await page.keyboard.type(command);
  }
  await press("Tab");
  for (const need of needs) {
    await page.keyboard.type(need);
    await press("Enter");
    await dialog.getByRole("button", { name: `Remove ${need} from Depends on` }).waitFor();
  }
  await press("Enter");
  await dialog.waitFor({ state: "detached" });
}

test("six nodes with a gate are built by keyboard alone", async () => {
  await fillIn("n", "Plan", "echo plan", []);
  await fillIn("n", "Build", "echo build", ["plan"]);
  await fillIn("n", "Lint", "echo lint", ["plan"]);
  await fillIn("n", "Test", "echo test", ["build"]);
  await fillIn("g", "Review it", undefined, ["lint", "test"]);
  await fillIn("n", "Publish", "echo publish", ["review-it"]);
  for (const [from, to] of [
    ["plan", "build"],
    ["plan", "lint"],
    ["build", "test"],
    ["lint", "review-it"],
    ["test", "review-it"],
    ["review-it", "publish"],
  ] as const)
    await at.arrow(from, to).waitFor({ state: "attached" });
  const text = await at.fileHas("all six", (text) => text.includes("id: publish"));
  expect(text.match(/- id: /g)?.length).toBe(6);
});

test("run, watched, approved at the gate, and its log read", async () => {
  await press("Control+Shift+Enter");
  const dialog = page.getByRole("dialog");
  await dialog.getByText("echo plan").first().waitFor();
  await tabTo("Run 5 steps");
  await press("Enter");
  await at.card("test").getByText("Done", { exact: true }).waitFor();
  await at.card("review-it").getByText("Waits for you").waitFor();
  await press("i");
  const inbox = page.getByRole("dialog", { name: "Inbox" });
  await inbox.getByRole("button", { name: "Approve Review it" }).waitFor();
  await tabTo("Approve Review it");
  await press("Enter");
  await page.getByRole("button", { name: "Approve gate review-it" }).waitFor();
  await tabTo("Approve gate review-it");
  await press("Enter");
  await inbox.getByText("Nothing waits for you.").waitFor();
  await press("Escape");
  await inbox.waitFor({ state: "detached" });
  await at.card("publish").getByText("Done", { exact: true }).waitFor();
  await press("Control+k");
  await page.getByRole("combobox", { name: "Command palette" }).waitFor();
  await page.keyboard.type("@publish");
  await page.getByRole("option", { name: /Publish/ }).waitFor();
  await press("Enter");
  await at.inspector().getByRole("heading", { name: "Publish" }).waitFor();
  await press("1");
  await page.getByRole("log").getByText("publish", { exact: true }).waitFor();
});

test("arrow keys lead and move nothing, and a key is about the node that has the focus, which says how it stands", async () => {
  const hasFocus = (id: string) => at.card(id).and(page.locator(":focus")).waitFor();
  await at.card("publish").focus();
  await page.locator('.react-flow__node.selected[data-id="publish"]').waitFor();
  const place = () => at.card("publish").evaluate((card) => (card as HTMLElement).style.transform);
  const before = await place();
  await press("ArrowRight", "ArrowLeft");
  await hasFocus("review-it");
  expect(await place()).toBe(before);
  await press("ArrowLeft");
  const focused = await page.evaluate(() => (document.activeElement as HTMLElement).dataset.id ?? "");
  expect(["lint", "test"]).toContain(focused);
  const described = await at.card(focused).evaluate((card) => {
    const [standing = ""] = card.getAttribute("aria-describedby")?.split(" ") ?? [];
    return document.getElementById(standing)?.textContent;
  });
  expect(described).toStartWith("Done");
  await press("Control+d");
  await hasFocus(`${focused}-copy`);
  await at
    .card(`${focused}-copy`)
    .getByText(/^(Lint|Test) \(copy\)$/)
    .waitFor();
  await at.card(focused).focus();
  await press("e");
  await at
    .inspector()
    .getByRole("heading", { name: /^(Lint|Test)$/, level: 2 })
    .waitFor();
  await at.card(`${focused}-copy`).focus();
  await press("Delete");
  for (const round of [1, 2]) {
    await page.locator(`[data-agree="${round}"]`).focus();
    await press("Enter");
  }
  await at.card(`${focused}-copy`).waitFor({ state: "detached" });
  await at.card(focused).waitFor();
});

test("all of it is undone to the first byte, and the mouse was never pressed", async () => {
  for (let left = 20; (await at.sequence()) !== first && left > 0; left--) {
    const before = await at.sequence();
    await press("Control+z");
    await until("something undone", async () => (await at.sequence()) !== before);
  }
  expect(await at.sequence()).toBe(first);
  await at.button("Add the first step").waitFor();
  expect(await page.evaluate(() => (window as unknown as { pointed: string[] }).pointed)).toEqual([]);
});

test("no page had an error or a warning to report", () => expect(at.complaints).toEqual([]));
