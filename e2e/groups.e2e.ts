import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright";
import { until } from "../test/rig/deadline";
import { auditPage } from "./audit";
import { Editor } from "./editor";
import { waysText } from "./ways";

let at: Editor;
let page: Page;

const setUpMs = 120_000;

const text = waysText("groups", "  - id: free\n    command: [echo, free]\n");

beforeAll(async () => {
  at = await Editor.open("groups");
  page = at.page;
  await writeFile(join(at.product.root, ".threados", "sequence.yaml"), text);
  await page.goto(at.url);
  await at.card("plan").waitFor();
}, setUpMs);

afterAll(() => at?.close(), setUpMs);

const box = () => at.card("folded ways");
const isCollapsed = async () => {
  await box().waitFor();
  for (const id of ["one", "two"]) await at.card(id).waitFor({ state: "detached" });
};
const isExpanded = async () => {
  for (const id of ["one", "two"]) await at.card(id).waitFor();
  await box().waitFor({ state: "detached" });
};
const layoutSays = (collapsed: string[] | undefined) =>
  until("layout.json", async () => {
    const layout = JSON.parse((await at.read("layout.json")) || "{}");
    return Bun.deepEquals(layout.collapsed, collapsed);
  });

describe("a group", () => {
  test("collapses into one dashed box by its button, which takes over the arrows", async () => {
    await at.button("Collapse group ways").click();
    await isCollapsed();
    for (const [from, to] of [
      ["plan", "folded ways"],
      ["folded ways", "last"],
    ] as const)
      await at.arrow(from, to).waitFor({ state: "attached" });
    expect(await page.locator(".react-flow__edge").count()).toBe(2);
    await box().getByText("2 steps").waitFor();
    expect(
      await box()
        .locator(".card")
        .evaluate((card) => getComputedStyle(card).borderStyle),
    ).toBe("dashed");
    await layoutSays(["ways"]);
    expect(await at.sequence()).toBe(text);
  });

  test("stays collapsed after a reload, and beside a tidied canvas", async () => {
    await page.reload();
    await isCollapsed();
    await at.button("Tidy: lay everything out anew").click();
    await until("no places", async () => (await at.read("layout.json")).includes('"positions": {}'));
    await isCollapsed();
  });

  test("shows while it is collapsed how far its members are", async () => {
    const run = at.product.start("run", "--yes");
    await box().getByText("Running", { exact: true }).waitFor();
    await box().getByText("1/2 done").waitFor();
    await page.locator('.thread[data-flow="moving"]').first().waitFor({ state: "attached" });
    await at.product.release("two");
    await box().getByText("2/2 done").waitFor();
    await box().getByText("Done", { exact: true }).waitFor();
    expect(await run.exited).toBe(0);
  });

  test("is looked into in a replay, too", async () => {
    await page.keyboard.press("2");
    await page.getByRole("slider", { name: "Moment of the run" }).waitFor();
    await page.keyboard.press(",");
    const banner = page.getByRole("status").filter({ hasText: "Nothing can be changed here" });
    await banner.waitFor();
    await at.button("Expand group ways").click();
    await isExpanded();
    await at.button("Collapse group ways").click();
    await isCollapsed();
    await banner.getByRole("button", { name: "Back to now" }).click();
    await banner.waitFor({ state: "detached" });
  });

  test("takes no arrow while it is collapsed, and says why", async () => {
    await at.button("Show everything").click();
    await at.drag(await at.endOf("free", "source"), await at.middle("folded ways"));
    await page
      .getByRole("region", { name: "Messages" })
      .getByText(/group 'ways' is collapsed: expand it/i)
      .waitFor();
    expect(await at.sequence()).toBe(text);
  });

  test("is seen in its place while one of its steps is chosen in the outline", async () => {
    await at
      .inspector()
      .getByRole("navigation", { name: "Outline" })
      .getByText("one", { exact: true })
      .click();
    await at.inspector().getByRole("heading", { name: "one" }).waitFor();
    await box().locator('.card[data-selected="true"]').waitFor();
  });

  test("expands and collapses by the key h, and by Enter on its box, and keeps the focus", async () => {
    await page.keyboard.press("h");
    await isExpanded();
    await layoutSays(undefined);
    await page.keyboard.press("h");
    await isCollapsed();
    await page.keyboard.press("Escape");
    await at.card("plan").focus();
    await page.keyboard.press("ArrowRight");
    await page.waitForFunction(() => document.activeElement?.getAttribute("data-id") === "folded ways");
    await page.keyboard.press("Enter");
    await isExpanded();
    await page.waitForFunction(
      () => document.activeElement?.getAttribute("aria-label") === "Collapse group ways",
    );
    await page.keyboard.press("Enter");
    await isCollapsed();
    await page.waitForFunction(
      () => document.activeElement?.getAttribute("aria-label") === "Expand group ways",
    );
  });

  test("expands from the menu of its box, and is found in the palette", async () => {
    await box().click({ button: "right" });
    await page.getByRole("menuitem", { name: "Expand the group" }).click();
    await isExpanded();
    // The border lies below its members, also while the pointer and the focus are on it.
    await page.locator(".group-name").hover();
    await at.card("one").click();
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "Command palette" }).fill("collapse");
    await page.getByRole("option", { name: /Collapse or expand group ways/ }).waitFor();
    await page.keyboard.press("Enter");
    await isCollapsed();
    await page.keyboard.press("Escape");
  });

  test("leaves what is edited around it as it stands in the file", async () => {
    // A step dropped on an arrow is tied to steps, never to a box.
    await at.product.run("step", "add", "end", "--command", '["true"]', "--depends-on", "last");
    await at.card("end").waitFor();
    await at.button("Show everything").click();
    await at.drag(await at.middle("free"), await at.halfway("last", "end"));
    await at.arrow("free", "end").waitFor({ state: "attached" });
    const now = await at.fileHas("the arrows", (text) => text.includes("depends_on: [free]"));
    expect(now).not.toContain("folded");
    expect(now).toContain("depends_on: [one, two]");
  });
});

test.each(["light", "dark"] as const)(
  "both shapes can be read and named in the %s scheme",
  async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    await isCollapsed();
    expect(await auditPage(page)).toEqual([]);
    await at.button("Expand group ways").click();
    await isExpanded();
    expect(await auditPage(page)).toEqual([]);
    await at.button("Collapse group ways").click();
    await isCollapsed();
  },
);

test("no page had an error or a warning to report", () => expect(at.complaints).toEqual([]));
