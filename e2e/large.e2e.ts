import { afterAll, beforeAll, expect, test } from "bun:test";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright";
import { planOf, sequenceOf } from "../bench/ui-graph";
import { until } from "../test/rig/deadline";
import { auditPage } from "./audit";
import { Editor, type Point } from "./editor";

let at: Editor;
let page: Page;
const count = 1300;
const setUpMs = 120_000;

beforeAll(async () => {
  at = await Editor.open("large");
  page = at.page;
  await writeFile(join(at.product.root, ".threados", "sequence.yaml"), sequenceOf("large", planOf(count)));
  await page.goto(at.url);
}, setUpMs);

afterAll(() => at?.close(), setUpMs);

const nodes = () => page.locator(".react-flow__node");
const drawing = () => page.getByRole("img", { name: /The graph from far away/ });

/** Moves the pointer over the drawing until a node stands under it. */
async function pointAtNode(): Promise<Point> {
  const box = await page.locator(".react-flow").boundingBox();
  if (!box) throw new Error("there is no canvas");
  const x = Math.round(box.x + box.width / 2);
  for (let y = Math.round(box.y) + 20; y < box.y + box.height - 80; y += 3) {
    for (const dx of [0, 8, 16]) {
      await page.mouse.move(x + dx, y);
      if ((await nodes().count()) === 1) return { x: x + dx, y };
    }
  }
  throw new Error("no node stands under the pointer");
}

test("a large graph opens where it can be read, with no more in the page than can be seen", async () => {
  await nodes().first().waitFor();
  expect(await nodes().count()).toBeLessThan(150);
  expect(await drawing().count()).toBe(0);
  // Above what is laid out at once it is done beside the page.
  expect(await page.evaluate(() => performance.getEntriesByName("threados.layout").length)).toBeGreaterThan(
    0,
  );
});

test("seen whole it is one drawing with a name, and nothing of it is missing", async () => {
  await at.button("Show everything").click();
  await drawing().waitFor();
  await until(
    "every step in the drawing",
    async () => (await drawing().getAttribute("data-drawn")) === String(count),
  );
  await until("an empty page", async () => (await nodes().count()) === 0);
  expect(await auditPage(page)).toEqual([]);
});

test("from far away the canvas is the Tab stop, and an arrow key leads to a node", async () => {
  const canvas = page.locator(".react-flow[tabindex='0']");
  await canvas.focus();
  await page.keyboard.press("ArrowRight");
  await page.locator(".react-flow__node:focus").waitFor();
  await until("one stop", async () => (await canvas.count()) === 0);
  expect(await page.locator(".react-flow__node[tabindex='0']").count()).toBe(1);
  await at.button("Show everything").click();
  await drawing().waitFor();
  await until("an empty page", async () => (await nodes().count()) === 0);
});

test("the node under the pointer is as real as ever: it is selected, dragged and asked for its menu", async () => {
  const spot = await pointAtNode();
  const id = (await nodes().getAttribute("data-id")) ?? "";
  await page.mouse.click(spot.x, spot.y);
  await at.inspector().getByText(id, { exact: true }).first().waitFor();
  await page.mouse.click(spot.x, spot.y, { button: "right" });
  await page
    .getByRole("menuitem", { name: "Run this step" })
    .or(page.getByRole("menuitem", { name: "Edit…" }))
    .first()
    .waitFor();
  await page.keyboard.press("Escape");
  await page.mouse.move(spot.x, spot.y);
  await at.drag(spot, { x: spot.x + 60, y: spot.y + 40 });
  await until("the new place", async () => (await at.read("layout.json")).includes(`"${id}"`));
});

test("zoomed in the nodes are back in the page", async () => {
  await page.keyboard.press("Escape");
  const box = await page.locator(".react-flow").boundingBox();
  if (!box) throw new Error("there is no canvas");
  // The node that was dragged is in the page for as long as the pointer is on it.
  await page.mouse.move(box.x + 2, box.y + 2);
  await until("an empty page", async () => (await nodes().count()) === 0);
  const spot = await pointAtNode();
  await page.mouse.move(spot.x, spot.y);
  for (let turn = 0; turn < 8 && (await drawing().count()) > 0; turn++) await page.mouse.wheel(0, -300);
  await drawing().waitFor({ state: "detached" });
  await until("nodes", async () => (await nodes().count()) > 1);
});

test("no page had an error or a warning to report", () => expect(at.complaints).toEqual([]));
