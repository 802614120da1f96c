import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright";
import { until } from "../test/rig/deadline";
import { Editor, expectSoon, type Point } from "./editor";

setDefaultTimeout(60_000);

const setUpMs = 120_000;
let at: Editor;
let page: Page;

const text = `version: 1
name: places
steps:
  - id: plan
    command: [echo, planned]
  - id: build
    command: [echo, built]
    depends_on: [plan]
  - id: lint
    command: [echo, linted]
    depends_on: [plan]
  - id: ship
    command: [echo, shipped]
    depends_on: [build, lint]
`;

beforeAll(async () => {
  at = await Editor.open("places");
  page = at.page;
  await writeFile(join(at.product.root, ".threados", "sequence.yaml"), text);
  await page.goto(at.url);
  await at.card("ship").waitFor();
}, setUpMs);

afterAll(() => at?.close(), setUpMs);

/** Where the view stands, and how large everything is. */
const view = () => page.locator(".react-flow__viewport").getAttribute("style");
const frames = () =>
  page.evaluate(
    () => new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(() => next(null)))),
  );
const saved = async (): Promise<Record<string, Point>> => {
  const layout = await at.read("layout.json");
  return layout === "" ? {} : JSON.parse(layout).positions;
};
const zoomOf = (style: string | null) => Number(/scale\(([\d.]+)\)/.exec(style ?? "")?.[1]);

describe("the view", () => {
  test("shows all of a graph that grows from elsewhere, and of a window that changes, until the graph is touched", async () => {
    const before = await view();
    await at.product.addScript("far", "echo far", "--depends-on", "ship");
    await at.card("far").waitFor();
    await until("another view", async () => (await view()) !== before);
    const grown = await view();
    await page.setViewportSize({ width: 1100, height: 800 });
    await until("a smaller view", async () => (await view()) !== grown);
    await page.setViewportSize({ width: 1440, height: 900 });
    await expectSoon(view, grown);
  });

  test("stays once a box is dropped, under the pointer", async () => {
    const before = await view();
    const from = await at.middle("far");
    let held: Point = from;
    await at.drag(from, { x: from.x - 30, y: from.y + 130 }, async () => {
      await frames();
      held = await at.middle("far");
    });
    await until("the place", async () => (await saved()).far);
    await frames();
    expect(await view()).toBe(before);
    const there = await at.middle("far");
    expect(Math.abs(there.x - held.x) + Math.abs(there.y - held.y)).toBeLessThan(2);
  });

  test("stays for an arrow that is drawn, and for a change from elsewhere by then", async () => {
    const before = await view();
    await at.product.addScript("side", "echo side", "--depends-on", "plan");
    await at.card("side").waitFor();
    await at.drag(await at.endOf("side", "source"), await at.endOf("ship", "target"));
    await at.arrow("side", "ship").waitFor({ state: "attached" });
    await frames();
    expect(await view()).toBe(before);
  });

  test("is led to an added step only where that would be out of sight", async () => {
    const before = await view();
    await at.card("lint").click();
    await page.keyboard.press("a");
    await at.fillIn("Near", "echo near");
    await at.card("near").waitFor();
    await frames();
    expect(await view()).toBe(before);
    await page.getByRole("button", { name: "Zoom in" }).click();
    await page.getByRole("button", { name: "Zoom in" }).click();
    const close = await view();
    expect(zoomOf(close)).toBeGreaterThan(zoomOf(before));
    await at.card("far").evaluate((node) => node.focus({ preventScroll: true }));
    await page.keyboard.press("Enter");
    await page.keyboard.press("a");
    await at.fillIn("Farther", "echo farther");
    const graph = await page.locator(".react-flow").boundingBox();
    await until("it is in sight", async () => {
      const box = await at.card("farther").boundingBox();
      return box && graph && box.x >= graph.x && box.x + box.width <= graph.x + graph.width + 1;
    });
  });

  test("is of everything again by its button, and whenever arrows are led elsewhere", async () => {
    await at.button("Show everything").click();
    const all = await view();
    await at.button("Zoom in").click();
    await until("closer", async () => (await view()) !== all);
    await at.button("Lead arrows down").click();
    const isWhole = async () => {
      const graph = await page.locator(".react-flow").boundingBox();
      const boxes = await Promise.all(["plan", "far", "farther"].map((id) => at.card(id).boundingBox()));
      return boxes.every(
        (box) => box && graph && box.y >= graph.y && box.y + box.height <= graph.y + graph.height,
      );
    };
    await until(
      "arrows lead down",
      async () => (await at.middle("far")).y > (await at.middle("plan")).y + 60,
    );
    await until("all in sight", isWhole);
    await at.button("Lead arrows to the right").click();
    await until("to the right", async () => (await at.middle("far")).x > (await at.middle("plan")).x + 60);
  });
});

describe("what was done last", () => {
  const title = async (name: string) => (await at.button(name).getAttribute("title"))?.split(" (")[0];
  const told = (text: string | RegExp) =>
    page.getByRole("region", { name: "Messages" }).getByText(text).first().waitFor();
  const keys = async (key: string) => {
    await page.mouse.move(2, 2);
    await page.keyboard.press(key);
  };

  test("a move is taken back and done again by key, then what Tidy has taken, and the sequence is left alone", async () => {
    await at.button("Show everything").click();
    const text = await at.sequence();
    const before = await saved();
    const from = await at.middle("lint");
    await at.drag(from, { x: from.x + 20, y: from.y + 90 });
    const placed = await until("the place", async () => (await saved()).lint);
    await expectSoon(() => title("Undo"), "Undo: move lint");
    await keys("Control+z");
    await told("Undone: move lint");
    await expectSoon(saved, before);
    await expectSoon(async () => Math.round((await at.middle("lint")).y - from.y), 0);
    await expectSoon(() => title("Redo"), "Redo: move lint");
    await keys("Control+Shift+z");
    await expectSoon(async () => (await saved()).lint, placed);
    const second = await at.middle("build");
    await at.drag(second, { x: second.x + 10, y: second.y - 70 });
    await until("the other place", async () => (await saved()).build);
    const both = await saved();
    await keys("t");
    await told("All in order again");
    await expectSoon(saved, {});
    await keys("Control+z");
    await expectSoon(saved, both);
    expect(await at.sequence()).toBe(text);
  });

  test("is named in the palette, and a direction of the arrows is taken back with all places", async () => {
    const before = await at.read("layout.json");
    await at.button("Lead arrows down").click();
    await until("other places", async () => (await at.read("layout.json")) !== before);
    await page.keyboard.press("Control+k");
    await page.keyboard.type("undo");
    await page.getByRole("option", { name: "Undo: lead arrows down" }).first().click();
    await expectSoon(() => at.read("layout.json"), before);
  });

  test("an edit that came later goes first; a step added at a place goes with it, and comes back there", async () => {
    const moved = await saved();
    const pane = await page.locator(".react-flow__pane").boundingBox();
    await page.mouse.dblclick((pane?.x ?? 0) + 240, (pane?.y ?? 0) + 40);
    await at.fillIn("Here", "echo here");
    await until("its place", async () => (await saved()).here);
    const text = await at.fileHas("the step", (text) => text.includes("id: here"));
    const there = await at.middle("here");
    await keys("Control+z");
    await at.card("here").waitFor({ state: "detached" });
    await expectSoon(saved, moved);
    await keys("Control+Shift+z");
    await at.card("here").waitFor();
    await expectSoon(async () => Math.abs((await at.middle("here")).x - there.x) < 3, true);
    expect(await at.sequence()).toBe(text);
  });
});

describe("a group of steps that were put far apart", () => {
  test("says so; its steps are brought together from its menu, and that is taken back", async () => {
    await at.button("Tidy: lay everything out anew").click();
    await at.button("Show everything").click();
    for (const [id, by] of [
      ["build", -150],
      ["lint", 190],
    ] as const) {
      const from = await at.middle(id);
      await at.drag(from, { x: from.x, y: from.y + by });
      await until("its place", async () => (await saved())[id]);
    }
    const apart = await saved();
    await at.card("build").click();
    await at.card("lint").click({ modifiers: ["ControlOrMeta"] });
    await page.keyboard.press("Control+g");
    await page.getByText("The steps of g1 stand far apart, where you put them").waitFor();
    expect(await saved()).toEqual(apart);
    const bring = at.inspector().getByRole("button", { name: "Bring its steps together" });
    await bring.click();
    await until("they are together", async () => {
      const { build, lint } = await saved();
      return build && lint && build.x === lint.x && Math.abs(build.y - lint.y) < 120;
    });
    await bring.waitFor({ state: "detached" });
    expect(await page.getByText("stand far apart").count()).toBe(0);
    await page.mouse.move(2, 2);
    await page.keyboard.press("Control+z");
    await expectSoon(saved, apart);
    await page.keyboard.press("Control+z");
    await at.fileHas("no group", (text) => !text.includes("group_id"));
    expect(await saved()).toEqual(apart);
  });
});

test("no page had an error or a warning to report", () => {
  expect(at.complaints).toEqual([]);
});
