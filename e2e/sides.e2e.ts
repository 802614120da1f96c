import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Locator, Page } from "playwright";
import { until } from "../test/rig/deadline";
import { auditPage } from "./audit";
import { Editor, expectSoon } from "./editor";

let at: Editor;
let page: Page;

const setUpMs = 120_000;

beforeAll(async () => {
  at = await Editor.open("sides");
  page = at.page;
  await at.product.run("step", "add", "build", "--command", '["true"]');
  await page.goto(at.url);
  await at.card("build").waitFor();
}, setUpMs);

afterAll(() => at?.close(), setUpMs);

const chat = () => page.getByRole("region", { name: "Chat" });
const box = async (part: Locator) => {
  const found = await part.boundingBox();
  if (!found) throw new Error("it is not to be seen");
  return found;
};
const share = async () => (await box(page.getByRole("main"))).width / (page.viewportSize()?.width ?? 1);
const turn = (name: string) =>
  page.getByRole("navigation", { name: "Beside the graph" }).getByRole("button", { name, exact: true });

/** As wide as it gets by the keyboard. */
async function widest(name: string) {
  await page.getByRole("separator", { name }).focus();
  await page.keyboard.press("Home");
  for (let i = 0; i < 12; i++) await page.keyboard.press("ArrowLeft");
}

describe("inspector and chat beside the graph", () => {
  test("at 1440×900 share a column, the inspector above", async () => {
    await at.card("build").click();
    await page.keyboard.press("c");
    await chat().waitFor();
    const [above, below] = [await box(at.inspector()), await box(chat())];
    expect(above.x).toBe(below.x);
    expect(above.width).toBe(below.width);
    expect(above.y + above.height).toBeLessThanOrEqual(below.y);
    expect(await share()).toBeGreaterThan(0.6);
  });

  test("leave the graph nearly half of the window, however wide they are made", async () => {
    await widest("Width of the chat");
    await until("a wide column", async () => (await box(chat())).width > 600);
    expect(await share()).toBeGreaterThanOrEqual(0.45);
    await page.keyboard.press("End");
  });

  test("keep their heights after a reload", async () => {
    const border = page.getByRole("separator", { name: "Height of the inspector" });
    const before = (await box(at.inspector())).height;
    await border.focus();
    for (let i = 0; i < 3; i++) await page.keyboard.press("ArrowDown");
    await until("a higher inspector", async () => (await box(at.inspector())).height > before + 5);
    const high = (await box(at.inspector())).height;
    await page.reload();
    await chat().waitFor();
    await until("the same height", async () => Math.abs((await box(at.inspector())).height - high) < 3);
  });

  test("the inspector closes to its icons above the chat, and stays closed without it", async () => {
    await at.button("Close the inspector").click();
    await until("a line", async () => (await box(at.inspector())).height < 50);
    await at.inspector().getByRole("button", { name: "Results" }).waitFor();
    expect(await auditPage(page)).toEqual([]);
    await at.button("Close the chat").click();
    await chat().waitFor({ state: "detached" });
    await until("icons", async () => (await box(at.inspector())).width < 50);
    await page.keyboard.press("p");
    await at.inspector().getByRole("heading", { name: "build" }).waitFor();
  });

  test("stand side by side where there is room for all three", async () => {
    await page.setViewportSize({ width: 1720, height: 900 });
    await page.keyboard.press("c");
    await chat().waitFor();
    const [left, right] = [await box(at.inspector()), await box(chat())];
    expect(left.x + left.width).toBeLessThanOrEqual(right.x);
    expect(left.y).toBe(right.y);
    expect(await share()).toBeGreaterThanOrEqual(0.45);
  });

  test("take turns at 1024×700, by their buttons, their keys, and whatever leads to one of them", async () => {
    await page.setViewportSize({ width: 1024, height: 700 });
    await at.inspector().waitFor({ state: "detached" });
    await turn("Inspector").click();
    await at.inspector().getByRole("heading", { name: "build" }).waitFor();
    await chat().waitFor({ state: "detached" });
    await page.keyboard.press("c");
    await chat().waitFor();
    await page.locator(".react-flow").focus();
    await page.keyboard.press("p");
    await at.inspector().waitFor();
    await turn("Chat").click();
    await at.card("build").dblclick();
    await at.inspector().getByRole("tab", { name: "Edit", selected: true }).waitFor();
    expect(await share()).toBeGreaterThanOrEqual(0.45);
    expect(await auditPage(page)).toEqual([]);
    await turn("Chat").click();
    await chat().waitFor();
    expect(await auditPage(page)).toEqual([]);
    await expectSoon(() => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
  });
});

test("the keys are seen all at once at 1024×700", async () => {
  await page.setViewportSize({ width: 1024, height: 700 });
  await page.locator(".react-flow").focus();
  await page.keyboard.press("?");
  const keys = page.getByRole("dialog", { name: "Keys" });
  await keys.getByText("Open its menu").waitFor();
  expect(await keys.evaluate((it) => it.scrollHeight <= it.clientHeight)).toBe(true);
  await page.keyboard.press("Escape");
  await keys.waitFor({ state: "detached" });
});

describe("a long name", () => {
  const name = "Publish the release to every registry there is";

  test("is read whole on its card, and in the list at 1024×700 beside its menu", async () => {
    await at.product.run("step", "add", "publish", "--name", name, "--command", '["true"]');
    await page.setViewportSize({ width: 1440, height: 900 });
    const label = at.card("publish").locator(".card-name");
    await label.waitFor();
    await expectSoon(() => label.evaluate((it) => it.scrollHeight <= it.clientHeight + 1), true);
    await page.setViewportSize({ width: 1024, height: 700 });
    await page.locator(".react-flow").focus();
    await page.keyboard.press("o");
    const list = page.getByRole("table", { name: "Steps and gates" });
    const [table, work] = [await box(list), await box(page.getByRole("main"))];
    expect(table.x + table.width).toBeLessThanOrEqual(work.x + work.width);
    expect((await box(list.getByRole("button", { name, exact: true }))).height).toBeLessThan(50);
    await page.keyboard.press("o");
    await at.card("publish").waitFor();
  });
});

test("no page had an error or a warning to report", () => expect(at.complaints).toEqual([]));
