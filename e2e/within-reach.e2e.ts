import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Page } from "playwright";
import { until } from "../test/rig/deadline";
import { Editor, expectSoon } from "./editor";

setDefaultTimeout(60_000);

const setUpMs = 120_000;
let at: Editor;
let page: Page;

const add = (id: string, script: string, ...more: string[]) => {
  const command = JSON.stringify(["sh", "-c", script]);
  return at.product.run("step", "add", id, "--model", "shell", "--command", command, ...more);
};

beforeAll(async () => {
  at = await Editor.open("within-reach");
  page = at.page;
  await add("fetch", "echo fetched", "--name", "Fetch it");
  await at.product.addHeldStep("console", "--tty", "--name", "The console");
  await add("tests", "echo tested; exit 3", "--depends-on", "fetch", "--group-id", "checks");
  await add("lint", "echo linted", "--depends-on", "fetch", "--group-id", "checks");
  at.product.start("run", "--yes");
  await page.goto(at.url);
  await at.card("tests").getByText("Failed", { exact: true }).waitFor();
  await at.card("lint").getByText("Done", { exact: true }).waitFor();
  await at.card("console").getByText("Running", { exact: true }).waitFor();
}, setUpMs);

afterAll(async () => {
  await at?.product.release("console");
  await at?.close();
}, setUpMs);

const press = async (...keys: string[]) => {
  for (const key of keys) await page.keyboard.press(key);
};
const dialog = () => page.getByRole("dialog");
const hasFocus = (what: ReturnType<Page["locator"]>) =>
  until("the focus", async () => (await what.and(page.locator(":focus")).count()) === 1);
const title = (name: string) => at.inspector().getByRole("heading", { name, exact: true, level: 2 });

describe("by keyboard", () => {
  test("the outline is walked, gone into, and come back to", async () => {
    const outline = page.getByRole("navigation", { name: "Outline" });
    const entry = (name: RegExp) => outline.getByRole("button", { name });
    await entry(/^Fetch it/).focus();
    await press("ArrowDown");
    await hasFocus(entry(/^The console/));
    await press("End");
    await hasFocus(outline.getByRole("button").last());
    await press("Home", "ArrowUp");
    await hasFocus(entry(/^Fetch it/));
    await press("Enter");
    await hasFocus(title("Fetch it"));
    await press("Escape");
    await hasFocus(entry(/^Fetch it/));
  });

  test("a node is gone into by a second Enter, and its form by e; Escape leads back", async () => {
    await at.card("tests").focus();
    await press("Enter");
    await title("tests").waitFor();
    await hasFocus(at.card("tests"));
    await press("Enter");
    await hasFocus(title("tests"));
    await press("Escape");
    await hasFocus(at.card("tests"));
    await press("Enter");
    // As fast as the keys can be pressed: what is looked after for the one must not be done at the other.
    for (let times = 0; times < 5; times++) {
      await press("Enter");
      await hasFocus(title("tests"));
      await press("Escape");
      await hasFocus(at.card("tests"));
      await press("Enter");
    }
    await press("Escape");
    await title("tests").waitFor({ state: "hidden" });
    await press("e");
    await hasFocus(at.inspector().getByLabel("Name", { exact: true }));
    await press("Escape");
    await hasFocus(title("tests"));
    await press("Escape");
    await hasFocus(at.card("tests"));
  });

  test("the graph is one Tab stop: the node one was at, its buttons, and out again", async () => {
    const here = () =>
      page.evaluate(() => {
        const node = document.activeElement?.closest<HTMLElement>(".react-flow__node");
        return { id: node?.dataset.id, isNode: node === document.activeElement };
      });
    await at.card("fetch").focus();
    await press("ArrowRight");
    await hasFocus(at.card("tests").or(at.card("lint")));
    const { id } = await here();
    await press("Shift+Tab");
    expect((await here()).id).toBeUndefined();
    await press("Tab");
    expect(await here()).toEqual({ id, isNode: true });
    await press("Tab");
    expect(await here()).toEqual({ id, isNode: false });
    for (let left = 20; (await here()).id !== undefined && left > 0; left--) {
      expect((await here()).id).toBe(id);
      await press("Tab");
    }
    expect((await here()).id).toBeUndefined();
    expect(await page.locator(".react-flow__node[tabindex='0']").count()).toBe(1);
  });
});

test("a half-filled form that Escape closed is there again; Cancel gives it up", async () => {
  const name = () => dialog().getByLabel("Name");
  await press("Escape", "n");
  await name().fill("Half");
  await dialog().getByLabel("Command").fill("echo half");
  await press("Escape");
  await dialog().waitFor({ state: "detached" });
  await press("n");
  await dialog().getByText("This is what you had typed.").waitFor();
  expect(await name().inputValue()).toBe("Half");
  expect(await dialog().getByLabel("Command").inputValue()).toBe("echo half");
  await dialog().getByRole("button", { name: "Cancel" }).click();
  await dialog().waitFor({ state: "detached" });
  await press("n");
  await name().waitFor();
  expect(await name().inputValue()).toBe("");
  await press("Escape");
  await dialog().waitFor({ state: "detached" });
});

test("so is the form of an action out of the palette", async () => {
  const field = () => dialog().getByLabel("New", { exact: true });
  const open = async () => {
    await press("Control+k");
    await page.getByPlaceholder(/^Do something/).fill("Copy a step");
    await press("Enter");
    await field().waitFor();
  };
  await press("Escape");
  await open();
  await field().fill("half");
  await press("Escape");
  await dialog().waitFor({ state: "detached" });
  await open();
  await dialog().getByText("This is what you had typed.").waitFor();
  expect(await field().inputValue()).toBe("half");
  await dialog().getByRole("button", { name: "Begin anew" }).click();
  expect(await field().inputValue()).toBe("");
  await field().fill("other");
  await dialog().getByRole("button", { name: "Cancel" }).click();
  await dialog().waitFor({ state: "detached" });
  await open();
  expect(await field().inputValue()).toBe("");
  await press("Escape");
  await dialog().waitFor({ state: "detached" });
});

test("in a replay what can't be done looks so, and says why when it is pressed", async () => {
  await press("2");
  await at.dock().getByRole("button", { name: "The moment before" }).click();
  await page.getByText("Nothing can be changed here").waitFor();
  for (const [name, within] of [
    ["Run", page.getByRole("banner")],
    ["More ways to run", page.getByRole("banner")],
    ["Undo", page.getByRole("banner")],
    ["Step", page.getByRole("main")],
    ["Gate", page.getByRole("main")],
  ] as const) {
    const button = within.getByRole("button", { name, exact: true });
    expect(Number(await button.evaluate((element) => getComputedStyle(element).opacity))).toBeLessThan(0.6);
    await button.click({ force: true });
    await page.getByText("nothing can be changed in it").waitFor();
    await page.getByRole("button", { name: "Dismiss" }).first().click();
    expect(await page.locator("[role=dialog], [role=menu]").count()).toBe(0);
  }
  await press("Escape", "1");
});

test("a group in which a step failed says so, in the outline, on its border and in the list", async () => {
  const said = "1 failed, 1 of 2 done";
  await page.getByRole("navigation", { name: "Outline" }).getByText(said).waitFor();
  const border = page.locator(".group-box");
  await border.getByText("1 failed, 1/2").waitFor();
  expect(await border.getAttribute("data-tone")).toBe("failed");
  await press("o");
  const cells = page.getByRole("row", { name: /Group checks/ }).getByRole("cell");
  await cells.nth(0).getByText("1 of 2 done").waitFor();
  expect(await cells.nth(1).textContent()).toBe("");
  await press("o");
  await at.card("tests").waitFor();
});

describe("the terminal", () => {
  const mine = () => at.dock().getByText("only you sit here");

  test("that runs is shown without a selection, and stays when one ends", async () => {
    await press("5");
    await at.dock().getByText("The console", { exact: false }).first().waitFor();
    await mine().waitFor();
    await at.card("console").click();
    await mine().waitFor();
    await page.locator(".react-flow__pane").click({ position: { x: 5, y: 5 } });
    await title("The console").waitFor({ state: "detached" });
    await mine().waitFor();
  });

  test("is one press away from a step that has none", async () => {
    await at.card("tests").click();
    await at.dock().getByText("tests has no terminal").waitFor();
    await at.dock().getByRole("button", { name: "The terminal of The console" }).click();
    await mine().waitFor();
    await page.locator(".react-flow__pane").click({ position: { x: 5, y: 5 } });
    await at.dock().getByRole("tab", { name: "Log" }).click();
  });
});

describe("at 1024×700", () => {
  beforeAll(() => page.setViewportSize({ width: 1024, height: 700 }));
  afterAll(() => page.setViewportSize({ width: 1440, height: 900 }));

  test.each(["without", "with"])("the dock's tools are all to be seen, %s the chat", async (chat) => {
    if (chat === "with") await page.getByRole("button", { name: "Chat", exact: true }).click();
    await at.card("fetch").click();
    const inside = async (what: ReturnType<Page["locator"]>) => {
      const [box, room] = [await what.boundingBox(), await at.dock().boundingBox()];
      return !!box && !!room && box.x >= room.x && box.x + box.width <= room.x + room.width;
    };
    await at.dock().getByRole("tab", { name: "Log" }).click();
    await at.dock().getByText("1 line", { exact: false }).waitFor();
    await expectSoon(() => inside(at.dock().getByRole("button", { name: "Download the log" })), true);
    const name = at.dock().locator(".dock-tools > span").first();
    expect(await name.evaluate((span) => span.scrollWidth <= span.clientWidth)).toBe(true);
    await at.dock().getByRole("tab", { name: "Timeline" }).click();
    await expectSoon(() => inside(at.dock().locator(".timeline-legend")), true);
    await expectSoon(() => inside(at.dock().getByRole("button", { name: "Fold long waits" })), true);
    await at.dock().getByRole("tab", { name: "Log" }).click();
  });

  test("what of the graph is out of sight is counted at the side where it lies, and led to", async () => {
    await press("Escape");
    await at.button("Show everything").click();
    const pane = await page.locator(".react-flow").boundingBox();
    if (!pane) throw new Error("no graph");
    const corner = { x: pane.x + 4, y: pane.y + 4 };
    await at.drag(corner, { x: corner.x + 540, y: corner.y });
    await page.getByRole("button", { name: /^[0-9]+ more to the right$/ }).click();
    await page.getByRole("toolbar", { name: "Out of sight" }).waitFor({ state: "detached" });
  });
});

test("the page had no error or a warning to report", () => expect(at.complaints).toEqual([]));
