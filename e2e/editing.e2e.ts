import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright";
import { until } from "../test/rig/deadline";
import { auditPage } from "./audit";
import { Product } from "./product";

let browser: Browser;
let product: Product;
let ui: Awaited<ReturnType<Product["openUi"]>>;
let page: Page;
/** Errors and warnings of every page that should have none. */
const complaints: string[] = [];

const setUpMs = 120_000;
const patienceMs = 10_000;

beforeAll(async () => {
  const executablePath = process.env.THREADOS_BROWSER ?? "/usr/bin/chromium";
  browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  product = await Product.create("by-hand");
  ui = await product.openUi();
  page = await browser.newPage({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce" });
  page.setDefaultTimeout(patienceMs);
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
}, setUpMs);

afterAll(async () => {
  await browser?.close();
  await product?.remove();
}, setUpMs);

const read = (name: string) => readFile(join(product.root, ".threados", name), "utf8").catch(() => "");
const sequence = () => read("sequence.yaml");
const card = (id: string) => page.locator(`.react-flow__node[data-id="${id}"]`);
const arrow = (from: string, to: string) => page.locator(`.react-flow__edge[data-id="${from}→${to}"]`);
const inspector = () => page.getByRole("complementary", { name: "Inspector" });
const messages = () => page.getByRole("region", { name: "Messages" });
const button = (name: string) => page.getByRole("button", { name, exact: true });

/** What stands in the file once it fits. */
const fileHas = (what: string, fits: (text: string) => boolean) =>
  until(what, async () => {
    const text = await sequence();
    return fits(text) ? text : undefined;
  });

/** The lines that only one of two texts holds, with a sign for which. */
function changedLines(before: string, after: string): string[] {
  const [a, b] = [before.split("\n"), after.split("\n")];
  const rest = (from: string[], other: string[]) => {
    const left = [...other];
    return from.filter((line) => {
      const at = left.indexOf(line);
      if (at >= 0) left.splice(at, 1);
      return at < 0;
    });
  };
  return [...rest(a, b).map((line) => `- ${line.trim()}`), ...rest(b, a).map((line) => `+ ${line.trim()}`)];
}

/** Where something is to be taken hold of or let go. */
async function middle(id: string): Promise<{ x: number; y: number }> {
  const box = await card(id).boundingBox();
  if (!box) throw new Error(`${id} is not to be seen`);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

async function endOf(id: string, end: "source" | "target"): Promise<{ x: number; y: number }> {
  const box = await card(id).locator(`.react-flow__handle.${end}`).boundingBox();
  if (!box) throw new Error(`${id} has no end`);
  return { x: box.x, y: box.y };
}

/** The point halfway along an arrow. */
function halfway(from: string, to: string): Promise<{ x: number; y: number }> {
  return arrow(from, to)
    .locator(".thread-line")
    .evaluate((line) => {
      const path = line as unknown as SVGPathElement;
      const at = path
        .getPointAtLength(path.getTotalLength() / 2)
        .matrixTransform(path.getScreenCTM() ?? undefined);
      return { x: at.x, y: at.y };
    });
}

async function drag(
  from: { x: number; y: number },
  to: { x: number; y: number },
  before?: () => Promise<void>,
) {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2 + 6, { steps: 6 });
  await page.mouse.move(to.x, to.y, { steps: 6 });
  await before?.();
  await page.mouse.up();
}

/** Fills in the form for a new step or gate, by mouse. */
async function fillIn(name: string, command?: string) {
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill(name);
  if (command !== undefined) await dialog.getByLabel("Command").fill(command);
  await dialog.getByRole("button", { name: /^Add (step|gate)$/ }).click();
  await dialog.waitFor({ state: "detached" });
}

let first = "";

describe("by mouse alone", () => {
  test("the first step is added from the empty canvas", async () => {
    first = await sequence();
    await page.goto(ui.url);
    await button("Add the first step").click();
    await fillIn("Plan", "echo plan");
    await card("plan").waitFor();
    const text = await fileHas("plan", (text) => text.includes("id: plan"));
    expect(changedLines(first, text)).toEqual([
      "- steps: []",
      "+ steps:",
      "+ - id: plan",
      "+ name: Plan",
      "+ model: shell",
      "+ command: [echo, plan]",
    ]);
  });

  test("an arrow dropped into the void adds a step that waits", async () => {
    const from = await endOf("plan", "source");
    const before = await sequence();
    await drag(from, { x: from.x + 180, y: from.y - 120 });
    await fillIn("Build", "echo build");
    await arrow("plan", "build").waitFor({ state: "attached" });
    const text = await fileHas("build", (text) => text.includes("id: build"));
    expect(changedLines(before, text)).toEqual([
      "+ - id: build",
      "+ name: Build",
      "+ model: shell",
      "+ command: [echo, build]",
      "+ depends_on: [plan]",
    ]);
  });

  test("a double click into the void adds a step there, and arrows are drawn from end to end", async () => {
    const pane = await page.locator(".react-flow__pane").boundingBox();
    await page.mouse.dblclick((pane?.x ?? 0) + 300, (pane?.y ?? 0) + 60);
    await fillIn("Lint", "echo lint");
    await card("lint").waitFor();
    await button("Gate").click();
    await fillIn("Review it");
    await card("review-it").waitFor();
    await button("Tidy: lay everything out anew").click();
    await button("Show everything").click();
    for (const [from, to] of [
      ["plan", "lint"],
      ["build", "review-it"],
      ["lint", "review-it"],
    ] as const) {
      const before = await fileHas("the file", (text) => text.includes("review-it"));
      await drag(await endOf(from, "source"), await endOf(to, "target"));
      await arrow(from, to).waitFor({ state: "attached" });
      const text = await until(`${to} waits for ${from}`, async () => {
        const now = await sequence();
        return now === before ? undefined : now;
      });
      const lines = changedLines(before, text);
      expect(lines.every((line) => line.includes("depends_on"))).toBe(true);
    }
  });

  test("an arrow that would make a circle is refused with the reason, and changes nothing", async () => {
    const before = await sequence();
    await drag(await endOf("review-it", "source"), await endOf("plan", "target"), async () => {
      await page.getByText(/The dependencies form a circle: /i).waitFor();
    });
    expect(await sequence()).toBe(before);
  });

  test("a step dropped on an arrow is put into it, as one change", async () => {
    await button("Step").click();
    await fillIn("Test", "echo test");
    await card("test").waitFor();
    await button("Show everything").click();
    const before = await fileHas("the step", (text) => text.includes("id: test"));
    await drag(await middle("test"), await halfway("build", "review-it"));
    await arrow("test", "review-it").waitFor({ state: "attached" });
    const text = await fileHas("the arrows", (text) => text.includes("[lint, test]"));
    expect(changedLines(before, text).sort()).toEqual([
      "+ depends_on: [build]",
      "+ depends_on: [lint, test]",
      "- depends_on: [build, lint]",
    ]);
    await product.run("undo");
    await arrow("build", "review-it").waitFor({ state: "attached" });
    expect(await sequence()).toBe(before);
    await product.run("redo");
    await arrow("test", "review-it").waitFor({ state: "attached" });
  });

  test("a gate and a step from the menu of an arrow and of a node", async () => {
    await card("review-it").click({ button: "right" });
    await page.getByRole("menuitem", { name: "Add a step after it…" }).click();
    await fillIn("Publish", "echo publish");
    await arrow("review-it", "publish").waitFor({ state: "attached" });
    expect((await sequence()).match(/- id: /g)?.length).toBe(6);
  });
});

describe("places", () => {
  test("of dragged steps are kept beside the sequence, which is not touched", async () => {
    await button("Show everything").click();
    const before = await sequence();
    const from = await middle("publish");
    await drag(from, { x: from.x - 20, y: from.y + 120 });
    const layout = await until("the place", async () => {
      const text = await read("layout.json");
      return text.includes('"publish"') ? JSON.parse(text) : undefined;
    });
    expect(Object.keys(layout.positions)).toContain("publish");
    expect(await sequence()).toBe(before);
    const there = await middle("publish");
    await page.reload();
    await card("publish").waitFor();
    await button("Show everything").click();
    expect(Math.abs((await middle("publish")).y - there.y)).toBeLessThan(60);
  });

  test("are forgotten by Tidy, and arrows can lead down", async () => {
    const before = await sequence();
    await button("Lead arrows down").click();
    await until("arrows lead down", async () => (await middle("publish")).y > (await middle("plan")).y + 80);
    await button("Lead arrows to the right").click();
    await until("arrows lead right", async () => (await middle("publish")).x > (await middle("plan")).x + 80);
    expect(JSON.parse(await read("layout.json")).positions).toEqual({});
    expect(await sequence()).toBe(before);
  });
});

describe("removing", () => {
  test("an arrow: selected, and Delete", async () => {
    await button("Show everything").click();
    const before = await sequence();
    const { x, y } = await halfway("plan", "lint");
    await page.mouse.click(x, y);
    await page.keyboard.press("Delete");
    await arrow("plan", "lint").waitFor({ state: "detached" });
    await page.keyboard.press("Control+z");
    await arrow("plan", "lint").waitFor({ state: "attached" });
    await fileHas("the file as it was", (text) => text === before);
  });

  test("a step asks twice, and closes the gap it leaves", async () => {
    const before = await sequence();
    await card("test").click();
    await page.keyboard.press("Delete");
    const dialog = page.getByRole("dialog");
    await dialog
      .getByText(/remove step test/i)
      .first()
      .waitFor();
    await dialog.getByRole("button", { name: "Yes", exact: true }).click();
    await dialog.getByRole("button", { name: "Cancel" }).click();
    expect(await sequence()).toBe(before);
    await page.keyboard.press("Delete");
    await dialog.getByRole("button", { name: "Yes", exact: true }).click();
    await dialog.getByRole("button", { name: "Yes, I am sure" }).click();
    await card("test").waitFor({ state: "detached" });
    await arrow("build", "review-it").waitFor({ state: "attached" });
    await button("Undo").click();
    await card("test").waitFor();
    await fileHas("the file as it was", (text) => text === before);
  });
});

describe("the inspector", () => {
  test("changes a step by its form; only the lines of what changed change", async () => {
    const before = await sequence();
    await card("build").click();
    await page.getByRole("tab", { name: "Edit" }).click();
    const form = page.getByRole("form", { name: "Edit build" });
    await form.getByLabel("Name").fill("Build it all");
    await form.getByLabel("Timeout (ms)", { exact: true }).fill("0");
    await form.getByRole("button", { name: "Save" }).click();
    await form.getByText(/too small/i).waitFor();
    await form.getByLabel("Timeout (ms)", { exact: true }).fill("60000");
    await form.getByRole("button", { name: "Save" }).click();
    const text = await fileHas("the new name", (text) => text.includes("Build it all"));
    expect(changedLines(before, text)).toEqual([
      "- name: Build",
      "+ name: Build it all",
      "+ timeout_ms: 60000",
    ]);
    await card("build").getByText("Build it all").waitFor();
  });

  test("keeps what is being typed when the file changes, and shows both", async () => {
    const form = page.getByRole("form", { name: "Edit build" });
    await form.getByLabel("Name").fill("Mine");
    await product.run("step", "edit", "build", "--name", "Theirs", "--timeout-ms", "5000");
    await form.getByText(/The file says/).waitFor();
    expect(await form.getByLabel("Name").inputValue()).toBe("Mine");
    expect(await form.getByLabel("Timeout (ms)", { exact: true }).inputValue()).toBe("5000");
    await form.getByRole("button", { name: "Take theirs" }).click();
    expect(await form.getByLabel("Name").inputValue()).toBe("Theirs");
  });

  test("shows the file, with the step in sight", async () => {
    await page.getByRole("tab", { name: "YAML" }).click();
    await inspector().getByRole("textbox", { name: "sequence.yaml" }).waitFor();
    await inspector().getByText("Theirs").first().waitFor();
    await page.getByRole("tab", { name: "Overview" }).click();
  });
});

describe("a change from a shell", () => {
  test("appears at once, also while something is being dragged", async () => {
    await button("Show everything").click();
    const from = await middle("plan");
    await drag(from, { x: from.x + 10, y: from.y + 90 }, async () => {
      await product.run("step", "add", "shell-made", "--command", '["true"]', "--depends-on", "plan");
      await card("shell-made").waitFor();
    });
    await until("the place", async () => (await read("layout.json")).includes('"plan"'));
    expect(await sequence()).toContain("shell-made");
    await button("Tidy: lay everything out anew").click();
  });
});

describe("by keyboard alone", () => {
  const palette = async (text: string) => {
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "Command palette" }).waitFor();
    await page.keyboard.type(text);
  };
  const keys = async (...pressed: string[]) => {
    for (const key of pressed) await page.keyboard.press(key);
  };

  test("steps and a gate are added and tied by their forms", async () => {
    await page.mouse.move(0, 0);
    await keys("Escape", "n");
    await page.keyboard.type("Package");
    await keys("Tab", "Tab", "Tab");
    await page.keyboard.type("tar -cf out.tar dist");
    await keys("Tab");
    await page.keyboard.type("publish");
    await keys("Enter", "Enter");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await arrow("publish", "package").waitFor({ state: "attached" });
    await page.getByRole("dialog").waitFor({ state: "detached" });
    // The new step is selected: what comes after it is one key away.
    await keys("a");
    await page.keyboard.type("Ship it");
    await keys("Tab", "Tab", "Tab");
    await page.keyboard.type("echo shipped");
    await keys("Enter");
    await arrow("package", "ship-it").waitFor({ state: "attached" });
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await keys("g");
    await page.keyboard.type("Really ship");
    await keys("Enter");
    await card("really-ship").waitFor();
    await page.getByRole("dialog").waitFor({ state: "detached" });
  });

  test("any action is found in the palette, with its command line, and done by its form", async () => {
    await palette("add a dependency");
    await page.getByText("seqctl dep add <step> <dep>").waitFor();
    await keys("Enter");
    const dialog = page.getByRole("dialog", { name: "Add a dependency" });
    await dialog.waitFor();
    await dialog.getByLabel("Step", { exact: true }).focus();
    await keys("Control+a");
    await page.keyboard.type("really-ship");
    await keys("Tab");
    await page.keyboard.type("package");
    await keys("Enter");
    await arrow("package", "really-ship").waitFor({ state: "attached" });
    await dialog.waitFor({ state: "detached" });
  });

  test("the palette leads to a step, and the keys are listed", async () => {
    await palette("@ship");
    await page.getByRole("option", { name: /Ship it/ }).waitFor();
    await keys("Enter");
    await inspector().getByRole("heading", { name: "Ship it" }).waitFor();
    await keys("?");
    await page.getByRole("dialog", { name: "Keys" }).getByText("Open the command palette").waitFor();
    await keys("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  });

  test("a focused step is moved with Alt, and its menu opens by the menu key", async () => {
    await card("ship-it").focus();
    await keys("Enter", "Alt+ArrowDown");
    await until("the place", async () => (await read("layout.json")).includes('"ship-it"'));
    await keys("Shift+F10");
    await page.getByRole("menuitem", { name: "Duplicate" }).waitFor();
    await keys("Escape");
    await keys("Control+d");
    await card("ship-it-copy").waitFor();
    await keys("Control+z");
    await card("ship-it-copy").waitFor({ state: "detached" });
  });

  test("the search dims what does not fit", async () => {
    await keys("Escape", "/");
    await page.keyboard.type("ship");
    await card("plan").locator("[data-dim=true]").waitFor();
    expect(await card("ship-it").locator("[data-dim=true]").count()).toBe(0);
    await keys("Escape");
    await card("plan").locator("[data-dim=false]").waitFor();
  });
});

describe("running", () => {
  test("asks once, showing exactly what would start, and runs", async () => {
    await product.run("step", "rm", "shell-made", "--yes");
    await card("shell-made").waitFor({ state: "detached" });
    await button("Run").click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText('plan: ["echo","plan"]').waitFor();
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await dialog.waitFor({ state: "detached" });
    await button("Run").click();
    await dialog.getByRole("button", { name: "Confirm" }).click();
    await card("review-it").getByText("Waits for you").waitFor();
    await card("review-it").getByRole("button", { name: "Approve Review it" }).click();
    await dialog.getByRole("button", { name: "Confirm" }).click();
    await card("publish").getByText("Done", { exact: true }).waitFor();
    await card("build").click();
    await page.getByRole("tab", { name: "Runs" }).click();
    await inspector().getByRole("table").getByText("Done").waitFor();
    await page.getByRole("tab", { name: "Overview" }).click();
  });

  test("switching to POWER asks twice", async () => {
    await page.getByRole("switch", { name: "SAFE mode" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Yes", exact: true }).click();
    await dialog.getByRole("button", { name: "Yes, I am sure" }).click();
    await page.getByRole("switch", { name: "POWER mode" }).click();
    await page.getByRole("switch", { name: "SAFE mode" }).waitFor();
  });
});

describe("for everybody", () => {
  const tab = (name: string) => async () => {
    await card("build").click();
    await page.getByRole("tab", { name }).click();
  };
  const views: [string, () => Promise<void>][] = [
    ["the canvas", async () => {}],
    ["the overview of a step", tab("Overview")],
    ["the form", tab("Edit")],
    ["the file", tab("YAML")],
    ["the runs", tab("Runs")],
    ["the palette", () => page.keyboard.press("Control+k")],
    ["the keys", () => page.keyboard.press("?")],
    ["the form for a step", () => page.keyboard.press("n")],
    ["a menu", () => card("build").click({ button: "right" })],
  ];

  test.each(["light", "dark"] as const)(
    "every view can be read and named in the %s scheme",
    async (colorScheme) => {
      await page.emulateMedia({ colorScheme });
      await page.keyboard.press("Escape");
      await page.keyboard.press("Escape");
      for (const [name, open] of views) {
        await open();
        expect({ name, found: await auditPage(page) }).toEqual({ name, found: [] });
        // Twice: what is in front goes first, then the selection.
        await page.keyboard.press("Escape");
        await page.keyboard.press("Escape");
      }
      await page.emulateMedia({ colorScheme: "light" });
    },
  );

  test.each([
    [1440, 900],
    [1024, 700],
  ])("at %i×%i nothing is cut off", async (width, height) => {
    await page.setViewportSize({ width, height });
    const cut = await page.evaluate(() =>
      [...document.querySelectorAll("header, footer, aside, .zoom, .tabs")]
        .filter((element) => element.scrollWidth > element.clientWidth + 1)
        .map((element) => element.className || element.tagName),
    );
    expect(cut).toEqual([]);
    const outside = await page.evaluate(() =>
      [...document.querySelectorAll("header *, footer *, .zoom *")]
        .filter((element) => {
          const { left, right, top, bottom } = element.getBoundingClientRect();
          return right > innerWidth || left < 0 || top < 0 || bottom > innerHeight;
        })
        .map((element) => element.outerHTML.slice(0, 80)),
    );
    expect(outside).toEqual([]);
  });
});

describe("undo", () => {
  test("leads back to the first state, byte by byte", async () => {
    const text = await sequence();
    let steps = 0;
    for (; (await sequence()) !== first && steps < 40; steps++) {
      const before = await sequence();
      await page.keyboard.press("Control+z");
      await until("something undone", async () => (await sequence()) !== before);
    }
    expect(await sequence()).toBe(first);
    await button("Add the first step").waitFor();
    for (let left = steps; left > 0; left--) {
      const before = await sequence();
      await page.keyboard.press("Control+Shift+z");
      await until("something done again", async () => (await sequence()) !== before);
    }
    expect(await sequence()).toBe(text);
  });

  test("says when there is nothing to be done again", async () => {
    await button("Redo").click();
    await messages()
      .getByText(/nothing to redo/i)
      .waitFor();
  });
});

test("no page had an error or a warning to report, but for the one refusal asked for", () => {
  expect(complaints.filter((text) => !/status of 4\d\d/.test(text))).toEqual([]);
});
