import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright";
import { expectSoon } from "./editor";
import { Product } from "./product";
import { record } from "./trace";

let browser: Browser;
let product: Product;
let ui: Awaited<ReturnType<Product["openUi"]>>;
let context: BrowserContext;
let page: Page;
let keepTrace: (() => Promise<void>) | undefined;
/** Errors and warnings of every page that should have none. */
const complaints: string[] = [];

const setUpMs = 120_000;

beforeAll(async () => {
  const executablePath = process.env.THREADOS_BROWSER ?? "/usr/bin/chromium";
  browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  product = await Product.create("ship-it");
  await product.addHeldStep("build", "--name", "Build the thing");
  await product.addHeldStep("lint", "--depends-on", "build", "--type", "p");
  await product.run("gate", "insert", "review", "--name", "Review it", "--depends-on", "build,lint");
  await product.run(
    "step",
    "add",
    "publish",
    "--model",
    "shell",
    "--command",
    '["false"]',
    "--depends-on",
    "review",
  );
  ui = await product.openUi();
  context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  keepTrace = await record(context, "workbench");
  page = await listen(await context.newPage());
}, setUpMs);

afterAll(async () => {
  await keepTrace?.();
  await browser?.close();
  await product?.remove();
}, setUpMs);

async function listen(target: Page): Promise<Page> {
  target.on("console", (message) => {
    if (["error", "warning"].includes(message.type()))
      complaints.push(`${message.text()} ${message.location().url}`);
  });
  target.on("pageerror", (error) => complaints.push(String(error)));
  return target;
}

const card = (id: string, on = page) => on.locator(`.react-flow__node[data-id="${id}"]`);
const says = (id: string, word: string, on = page) =>
  card(id, on).getByText(word, { exact: true }).waitFor({ state: "attached" });
const inspector = (on = page) => on.getByRole("complementary", { name: "Inspector" });
const notice = () => page.getByRole("main").getByRole("alert");
const log = () => page.getByRole("region", { name: "Dock" });

describe("the page behind the printed link", () => {
  test("shows the graph, and the token leaves the address", async () => {
    await page.goto(ui.url);
    await card("build").waitFor();
    expect(await page.locator(".react-flow__node-step").count()).toBe(3);
    expect(await page.locator(".react-flow__node-gate").count()).toBe(1);
    await page.locator(".react-flow__edge .thread-line").nth(2).waitFor({ state: "attached" });
    expect(page.url()).toBe(`http://127.0.0.1:${ui.port}/`);
    await page.getByText("Live", { exact: true }).waitFor();
    await says("build", "Ready");
    await says("publish", "Blocked");
    await inspector().getByText("Nothing has run yet").waitFor();
    // What would be lost by a reload.
    await page.evaluate("window.sameDocument = true");
  });

  test("follows a run from the shell without being loaded again", async () => {
    const run = product.start("run", "--yes");
    await says("build", "Running");
    await page.waitForFunction("document.title.startsWith('▶ 0/3')");
    await product.release("build");
    await says("build", "Done");
    await says("lint", "Running");
    await product.release("lint");
    await says("review", "Waits for you");
    // Only a human wait remains.
    expect(await run.exited).toBe(3);
    await page.waitForFunction("document.title.startsWith('◆ 2/3')");
    expect(await page.evaluate("window.sameDocument")).toBe(true);
  });

  test("shows a clicked step's definition and log", async () => {
    await card("build").click();
    await inspector().getByRole("heading", { name: "Build the thing" }).waitFor();
    await inspector().getByText("'build' is done.").waitFor();
    const definition = inspector().getByRole("region", { name: "Definition" });
    await definition.getByText("Build the thing").waitFor();
    expect(await definition.textContent()).toContain("id: build\n");
    await log().getByText("begin build").waitFor();
    expect(await log().getByRole("log").textContent()).toBe("begin build\nend build\n");
    await log().getByRole("button", { name: "stderr" }).click();
    await log().getByText("Nothing on stderr; 2 lines on stdout.").waitFor();
    expect(new URL(page.url()).search).toBe("?step=build");
  });

  test("leads by keyboard from node to node, and to a gate's decision", async () => {
    await card("build").focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await inspector().getByRole("heading", { name: "Review it" }).waitFor();
    const decision = inspector().getByRole("region", { name: "Decision" });
    await decision.getByText("A yes holds for exactly this").waitFor();
    await decision.getByRole("button", { name: "Approve this" }).waitFor();
    await page.keyboard.press("Escape");
    await inspector().getByRole("navigation", { name: "Outline" }).waitFor();
    expect(new URL(page.url()).search).toBe("");
  });

  test("shows an approval, and a failure with its exit code", async () => {
    await product.run("gate", "approve", "review", "--yes");
    await says("review", "Approved");
    await says("publish", "Failed");
    await page.waitForFunction("document.title.startsWith('✕ 2/3')");
    await inspector().getByRole("button", { name: "publish" }).click();
    await inspector().getByText("its command exited with 1").waitFor();
    await log()
      .getByText(/It printed nothing/)
      .waitFor();
  });

  test("draws a step that is added from the shell", async () => {
    await product.run(
      "step",
      "add",
      "later",
      "--model",
      "shell",
      "--command",
      '["true"]',
      "--depends-on",
      "publish",
    );
    await card("later").waitFor();
  });

  test("says what is wrong while the file can't be read, and keeps the last picture", async () => {
    const file = join(product.root, ".threados", "sequence.yaml");
    const good = await readFile(file, "utf8");
    const before = complaints.length;
    await writeFile(file, good.replace("model:", "modell:"));
    await notice()
      .getByText(/modell/)
      .waitFor();
    expect(await card("build").isVisible()).toBe(true);
    // What was last valid is still told.
    const definition = inspector().getByRole("region", { name: "Definition" });
    await card("lint").click();
    await definition.getByText("id: lint").waitFor();
    await writeFile(file, good);
    await notice().waitFor({ state: "detached" });
    // The browser itself reports each refusal; whatever else was reported meanwhile still counts.
    complaints.push(...complaints.splice(before).filter((text) => !/status of 400 /.test(text)));
  });

  test("opens a deep link after a reload", async () => {
    await page.goto(`http://127.0.0.1:${ui.port}/?step=lint`);
    await inspector().getByRole("heading", { name: "lint" }).waitFor();
    await log().getByText("end lint").waitFor();
  });

  test("hands its token on to another tab", async () => {
    const other = await listen(await context.newPage());
    await other.goto(`http://127.0.0.1:${ui.port}/`);
    await says("build", "Done", other);
    await other.close();
  });
});

/** Panels that lie outside of the window or over another, and what scrolls to the side; asked in the page. */
function faultsOfLayout(): string[] {
  const panels = ["header", "main", "aside", "footer"].map((name) => ({
    name,
    box: (document.querySelector(name) as Element).getBoundingClientRect(),
  }));
  const outside = panels.filter(
    ({ box }) => box.left < 0 || box.top < 0 || box.right > innerWidth || box.bottom > innerHeight,
  );
  const over = panels.flatMap((a, i) =>
    panels
      .slice(i + 1)
      .filter(
        (b) =>
          a.box.left < b.box.right &&
          b.box.left < a.box.right &&
          a.box.top < b.box.bottom &&
          b.box.top < a.box.bottom,
      )
      .map((b) => `${a.name} lies over ${b.name}`),
  );
  const { scrollWidth, scrollHeight } = document.documentElement;
  const wide = [...document.querySelectorAll("header, footer, aside, main section")].filter(
    (element) => element.scrollWidth > element.clientWidth,
  );
  return [
    ...outside.map(({ name }) => `${name} lies outside of the window`),
    ...over,
    ...(scrollWidth > innerWidth || scrollHeight > innerHeight ? ["the page scrolls"] : []),
    ...wide.map((element) => `${element.tagName} ${element.getAttribute("aria-label")} is cut off`),
  ];
}

describe("the layout", () => {
  test.each([
    [1440, 900],
    [1024, 700],
  ])("at %i×%i nothing overlaps, is cut off, or scrolls the page", async (width, height) => {
    await page.setViewportSize({ width, height });
    await expectSoon(() => page.evaluate(faultsOfLayout), []);
    // Every node can be seen.
    const canvas = await page.locator(".react-flow").boundingBox();
    await page.waitForFunction(
      ({ x, y, width, height }) =>
        [...document.querySelectorAll(".react-flow__node")].every((node) => {
          const box = node.getBoundingClientRect();
          return box.left >= x && box.top >= y && box.right <= x + width && box.bottom <= y + height;
        }),
      canvas ?? { x: 0, y: 0, width: 0, height: 0 },
    );
  });
});

describe("without its token", () => {
  test("the page says how to get the link, and the API refuses", async () => {
    const stranger = await browser.newContext();
    const other = await listen(await stranger.newPage());
    await other.goto(`http://127.0.0.1:${ui.port}/`);
    await other.getByRole("heading", { name: "This page needs its link" }).waitFor();
    await other.getByText("seqctl ui").waitFor();
    for (const path of ["status", "status/stream", "step?id=build", "logs?id=build"]) {
      expect((await fetch(`http://127.0.0.1:${ui.port}/api/${path}`)).status).toBe(401);
    }
    await stranger.close();
  });
});

test("no page had an error or a warning to report", () => expect(complaints).toEqual([]));

describe("when the server goes away", () => {
  test("the page says so and keeps the picture; with a new server it asks for the new link, and takes it", async () => {
    await ui.stop();
    await notice()
      .getByText(/line to the server broke/)
      .waitFor();
    await page.getByText("Reconnecting", { exact: true }).waitFor();
    expect(await card("build").isVisible()).toBe(true);
    ui = await product.openUi("--port", String(ui.port));
    await page.getByRole("heading", { name: "This link is no longer valid" }).waitFor();
    await page.goto(ui.url);
    await says("build", "Done");
  });
});
