import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright";
import { until } from "../test/rig/deadline";
import { agree } from "./agreeing";
import { auditPage } from "./audit";
import { Editor } from "./editor";
import { waysText } from "./ways";

let at: Editor;
let page: Page;

const setUpMs = 120_000;

const text = waysText("one-group");

beforeAll(async () => {
  at = await Editor.open("one-group");
  page = at.page;
  await writeFile(join(at.product.root, ".threados", "sequence.yaml"), text);
  await page.goto(at.url);
  await at.card("plan").waitFor();
}, setUpMs);

afterAll(() => at?.close(), setUpMs);

const frame = (group = "ways") => at.card(`group ${group}`);
const heading = (name: string) => at.inspector().getByRole("heading", { name, exact: true });
const actions = () => at.inspector().getByRole("toolbar", { name: "What can be done with the group" });
const dialog = () => page.getByRole("dialog");
const count = (text: string, part: string) => text.split(part).length - 1;

describe("a group as a whole", () => {
  test("is chosen by a click on its name, and the inspector shows it", async () => {
    await frame().locator(".group-name").click();
    await heading("ways").waitFor();
    await at.inspector().getByText("0 of 2 done").waitFor();
    const steps = at.inspector().getByRole("region", { name: "Steps of the group" });
    expect(await steps.getByRole("listitem").count()).toBe(2);
    await frame().locator('.group-box[data-selected="true"]').waitFor();
    expect(new URL(page.url()).searchParams.get("group")).toBe("ways");
    await page.reload();
    await heading("ways").waitFor();
  });

  test("is chosen by a click within its border, and left by one into the void", async () => {
    const corner = await frame().boundingBox();
    if (!corner) throw new Error("the border is not to be seen");
    await page.mouse.click(corner.x + corner.width + 60, corner.y + corner.height + 60);
    await heading("ways").waitFor({ state: "detached" });
    await page.mouse.click(corner.x + 5, corner.y + corner.height - 5);
    await heading("ways").waitFor();
  });

  test("stands above its steps in the outline and in the list", async () => {
    await page.keyboard.press("Escape");
    const outline = at.inspector().getByRole("navigation", { name: "Outline" });
    const lines = await outline.getByRole("button").allTextContents();
    expect(lines.map((line) => /^(Group ways|plan|one|two|last)/.exec(line)?.[0]).filter(Boolean)).toEqual([
      "plan",
      "Group ways",
      "one",
      "two",
      "last",
    ]);
    await outline.getByRole("button", { name: /^Group ways/ }).click();
    await heading("ways").waitFor();
    await page.keyboard.press("o");
    const list = page.getByRole("table", { name: "Steps and gates" });
    await list.getByRole("button", { name: "What can be done with group ways" }).click();
    await page.getByRole("menuitem", { name: "Select its steps" }).click();
    await heading("2 chosen").waitFor();
    await page.keyboard.press("o");
    await at.card("plan").waitFor();
  });

  test("is chosen by the Space key on its border, which keeps the focus when the selection ends", async () => {
    await frame().focus();
    await page.keyboard.press("Space");
    await heading("ways").waitFor();
    await page.keyboard.press("Escape");
    await heading("ways").waitFor({ state: "detached" });
    await page.waitForFunction(() => document.activeElement?.getAttribute("data-id") === "group ways");
    await page.keyboard.press("ArrowRight");
    await page.waitForFunction(() => document.activeElement?.getAttribute("data-id") === "one");
  });

  test("is collapsed and expanded by a key on its border, and keeps the focus", async () => {
    const hasFocus = (label: string) =>
      page.waitForFunction((label) => document.activeElement?.getAttribute("aria-label") === label, label);
    await page.keyboard.press("Escape");
    await frame().focus();
    await page.keyboard.press("h");
    await hasFocus("Expand group ways");
    await page.keyboard.press("h");
    await hasFocus("Collapse group ways");
    await page.keyboard.press("Escape");
  });

  test("is moved by its name, all steps alike and saved once, and by the keyboard", async () => {
    const writes: string[] = [];
    page.on("request", (request) => {
      const isWrite = request.method() !== "GET" && request.url().includes("layout");
      if (isWrite) writes.push(request.postData() ?? "");
    });
    const places = async () => JSON.parse(await at.read("layout.json")).positions ?? {};
    const spot = (id: string) =>
      at.card(id).evaluate((card) => {
        const { m41, m42 } = new DOMMatrix((card as HTMLElement).style.transform);
        return { x: Math.round(m41), y: Math.round(m42) };
      });
    const ids = ["one", "two", "group ways"];
    const before = await Promise.all(ids.map(spot));
    const name = await frame().locator(".group-name").boundingBox();
    if (!name) throw new Error("the border is not to be seen");
    const from = { x: name.x + name.width / 2, y: name.y + name.height / 2 };
    await at.drag(from, { x: from.x + 30, y: from.y + 120 });
    await until("the places", async () => (await at.read("layout.json")).includes('"two"'));
    const placed = await places();
    expect(Object.keys(placed).sort()).toEqual(["one", "two"]);
    await until("word of the request", async () => writes.length > 0);
    expect(writes).toHaveLength(1);
    const after = await Promise.all(ids.map(spot));
    expect(after.slice(0, 2)).toEqual([placed.one, placed.two]);
    const by = after.map(({ x, y }, i) => [x - (before[i]?.x ?? 0), y - (before[i]?.y ?? 0)]);
    expect(by).toEqual([by[0], by[0], by[0]] as number[][]);
    expect(by[0]?.[1]).toBeGreaterThan(80);
    await frame().focus();
    await page.keyboard.press("Alt+Shift+ArrowDown");
    await until("places further down", async () => {
      const { one, two } = await places();
      return one.y === placed.one.y + 20 && two.y === placed.two.y + 20 && one.x === placed.one.x;
    });
    await page.waitForFunction(() => document.activeElement?.getAttribute("data-id") === "group ways");
    await page.keyboard.press("t");
    await until("the layout's own places", async () => Object.keys(await places()).length === 0);
  });

  test("says what the failure of a step means for the others, as one change", async () => {
    await frame().locator(".group-name").click();
    const policy = at.inspector().getByLabel("When one of its steps fails");
    expect(await policy.inputValue()).toBe("best_effort");
    await policy.selectOption("fail_fast");
    const now = await at.fileHas("the policy", (text) => count(text, "fail_policy: fail_fast") === 2);
    expect(count(now, "group_id: ways")).toBe(2);
    await page.keyboard.press("Control+z");
    await at.fileHas("what it was", (now) => now === text);
  });

  test("is renamed, once the name can be one", async () => {
    await page.keyboard.press("Escape");
    await frame().locator(".group-name").click();
    await page.keyboard.press("e");
    const name = at.inspector().getByLabel("Name", { exact: true });
    await page.waitForFunction(() => document.activeElement?.getAttribute("name") === "group");
    await name.fill("two words");
    await page.keyboard.press("Enter");
    await at
      .inspector()
      .getByLabel("Name", { exact: true })
      .and(page.locator("[aria-invalid=true]"))
      .waitFor();
    await name.fill("paths");
    await page.keyboard.press("Enter");
    await at.fileHas("the name", (text) => count(text, "group_id: paths") === 2);
    await heading("paths").waitFor();
    await frame("paths").locator('.group-box[data-selected="true"]').waitFor();
    await page.waitForFunction(() => document.activeElement?.textContent === "paths");
    await page.getByRole("button", { name: /^Undo/ }).click();
    await at.fileHas("what it was", (now) => now === text);
  });

  test("is dissolved from its menu, which keeps the steps, and made again by a key", async () => {
    await frame().locator(".group-name").click({ button: "right" });
    await page.getByRole("menuitem", { name: "Dissolve: keep the steps" }).click();
    await at.fileHas("no group", (text) => !text.includes("group_id"));
    await heading("2 chosen").waitFor();
    await page.keyboard.press("Control+g");
    const now = await at.fileHas("the group", (text) => count(text, "group_id: g1") === 2);
    expect(now).toContain("id: one");
    await heading("g1").waitFor();
    await page.locator('[data-id="group g1"]:focus').waitFor();
    await page.keyboard.press("Control+Shift+g");
    await at.fileHas("no group", (text) => !text.includes("group_id"));
    for (let i = 0; i < 3; i++) await page.keyboard.press("Control+z");
    await at.fileHas("what it was", (now) => now === text);
  });

  test("is deleted by the Delete key only by who says so", async () => {
    await frame().locator(".group-name").click();
    await page.keyboard.press("Delete");
    await dialog().getByRole("button", { name: "Cancel" }).click();
    await dialog().waitFor({ state: "detached" });
    expect(await at.sequence()).toBe(text);
    await page.keyboard.press("Delete");
    await agree(dialog(), 2);
    const now = await at.fileHas("no steps of it", (text) => !text.includes("id: one"));
    expect(now).toContain("id: last");
    await page.keyboard.press("Control+z");
    await at.fileHas("what it was", (now) => now === text);
  });

  test("is run and stopped as one, and says how far it is", async () => {
    await at.product.run("run", "step", "plan", "--yes");
    await frame().locator(".group-name").click();
    await actions().getByRole("button", { name: "Run the group" }).click();
    await agree(dialog());
    await at.inspector().getByText("1 of 2 done").waitFor();
    await actions().getByRole("button", { name: "Stop the one that runs" }).click();
    await at.inspector().getByText("Stopped", { exact: true }).first().waitFor();
  });

  test.each(["light", "dark"] as const)("can be read and named in the %s scheme", async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    await heading("ways").waitFor();
    expect(await auditPage(page)).toEqual([]);
  });
});

test("no page had an error or a warning to report", () => expect(at.complaints).toEqual([]));
