import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Page } from "playwright";
import { until } from "../test/rig/deadline";
import { agree } from "./agreeing";
import { auditPage } from "./audit";
import { Editor, expectSoon } from "./editor";

let at: Editor;
let page: Page;

const setUpMs = 120_000;

beforeAll(async () => {
  at = await Editor.open("in-use");
  page = at.page;
  const { product } = at;
  const add = (id: string, ...more: string[]) =>
    product.run("step", "add", id, "--command", `["echo", "${id}"]`, ...more);
  await add("plan");
  await add("build", "--depends-on", "plan");
  await add("lint", "--depends-on", "plan");
  await product.run("gate", "insert", "review-it", "--name", "Review it", "--depends-on", "build,lint");
  await add("publish", "--depends-on", "review-it");
  await page.goto(at.url);
}, setUpMs);

afterAll(() => at?.close(), setUpMs);

describe("running", () => {
  test("asks once, showing exactly what would start, and runs", async () => {
    await at.button("Run").click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("echo plan").first().waitFor();
    // The window grows with what starts: no part of it is scrolled by itself and looks whole while it is cut.
    const starts = dialog.getByRole("list", { name: "What would be started", exact: true });
    expect(await starts.evaluate((list) => getComputedStyle(list).overflowY)).toBe("visible");
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await dialog.waitFor({ state: "detached" });
    await at.button("Run").click();
    await agree(dialog);
    await at.card("review-it").getByText("Waits for you").waitFor();
    await at.card("review-it").getByRole("button", { name: "Approve Review it" }).click();
    await agree(dialog);
    await at.card("publish").getByText("Done", { exact: true }).waitFor();
    await at.card("build").click();
    await page.getByRole("tab", { name: "Runs" }).click();
    await at.inspector().getByRole("table").getByText("Done").waitFor();
    await page.getByRole("tab", { name: "Overview" }).click();
  });

  test("switching to POWER asks twice", async () => {
    await page.getByRole("button", { name: /^SAFE mode, switch to / }).click();
    const dialog = page.getByRole("dialog");
    await agree(dialog, 2);
    await page.getByRole("button", { name: /^POWER mode, switch to / }).click();
    await page.getByRole("button", { name: /^SAFE mode, switch to / }).waitFor();
  });
});

describe("for everybody", () => {
  test.each([
    [1440, 900],
    [1024, 700],
  ])("at %i×%i nothing is cut off", async (width, height) => {
    await page.setViewportSize({ width, height });
    const cut = () =>
      page.evaluate(() =>
        [...document.querySelectorAll("header, footer, aside, .zoom, .tabs")]
          .filter((element) => element.scrollWidth > element.clientWidth + 1)
          .map((element) => element.className || element.tagName),
      );
    await expectSoon(cut, []);
    const outside = () =>
      page.evaluate(() =>
        [...document.querySelectorAll("header *, footer *, .zoom *")]
          .filter((element) => {
            const { left, right, top, bottom } = element.getBoundingClientRect();
            return right > innerWidth || left < 0 || top < 0 || bottom > innerHeight;
          })
          .map((element) => element.outerHTML.slice(0, 80)),
      );
    await expectSoon(outside, []);
  });
});

describe("the list", () => {
  test("says and does what the canvas does", async () => {
    await page.keyboard.press("o");
    const table = page.getByRole("table", { name: "Steps and gates" });
    const row = table.getByRole("row", { name: /^build/ });
    await row.getByText("Done", { exact: true }).waitFor();
    await row.getByRole("button", { name: "What can be done with build" }).click();
    await page.getByRole("menuitem", { name: "Re-run it" }).waitFor();
    await page.keyboard.press("Escape");
    expect(await auditPage(page)).toEqual([]);
    await row.getByRole("button", { name: "build", exact: true }).click();
    await at.inspector().getByRole("heading", { name: "build" }).waitFor();
    await at.button("Show as a graph").click();
    await at.card("build").waitFor();
  });
});

test("a double click on an agent's step opens its prompt, which is saved into its file", async () => {
  await at.product.run("step", "add", "think", "--model", "claude-code");
  await at.card("think").dblclick();
  const prompt = at.inspector().getByRole("textbox", { name: "Prompt of think" });
  await prompt.click();
  await page.keyboard.type("# Think\n\nTwice.");
  await at.button("Save prompt").click();
  await until("the prompt", async () => (await at.read("prompts/think.md")) === "# Think\n\nTwice.");
  expect(await page.getByRole("dialog").count()).toBe(0);
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Command palette" }).waitFor();
  await page.keyboard.press("Escape");
});

test("panel sizes are remembered", async () => {
  const width = async () => (await at.inspector().boundingBox())?.width ?? 0;
  const before = await width();
  const border = page.getByRole("separator", { name: "Width of the inspector" });
  await border.focus();
  for (let i = 0; i < 3; i++) await page.keyboard.press("ArrowLeft");
  await until("a wider inspector", async () => (await width()) > before + 5);
  const wide = await width();
  await page.reload();
  await at.card("build").waitFor();
  await until("the same width", async () => Math.abs((await width()) - wide) < 3);
});

test("no page had an error or a warning to report", () => expect(at.complaints).toEqual([]));
