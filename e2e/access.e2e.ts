import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Page } from "playwright";
import { auditPage } from "./audit";
import { Editor } from "./editor";

let at: Editor;
let page: Page;

const setUpMs = 120_000;
const manyViewsMs = 240_000;

beforeAll(async () => {
  at = await Editor.open("for-everybody");
  page = at.page;
  const { product } = at;
  await product.run("step", "add", "plan", "--command", '["echo","plan"]');
  await product.run("step", "add", "build", "--command", '["false"]', "--depends-on", "plan", "--type", "p");
  await product.run("gate", "insert", "review-it", "--name", "Review it", "--depends-on", "plan");
  await product.run("step", "add", "publish", "--command", '["echo","x"]', "--depends-on", "review-it");
  // A gate that waits, a step that failed, a proposal: there is something of everything.
  await product.start("run", "--yes").exited;
  await product.start("step", "rm", "publish").exited;
  await page.goto(at.url);
  await at.card("plan").waitFor();
}, setUpMs);

afterAll(() => at?.close(), setUpMs);

const dialog = () => page.getByRole("dialog");
const key = (keys: string, there: () => Promise<unknown>) => async () => {
  await page.keyboard.press(keys);
  await there();
};
const tab = (id: string, name: string, there: () => Promise<unknown> = async () => {}) => {
  return async () => {
    await at.card(id).click();
    await page.getByRole("tab", { name }).click();
    await there();
  };
};

/** Every view, and how one comes to it. */
const views: [string, () => Promise<unknown>][] = [
  ["the canvas", async () => {}],
  ["the overview of a step", tab("build", "Overview")],
  ["the form of a step", tab("build", "Edit", () => at.inspector().getByLabel("Name").waitFor())],
  ["the file", tab("build", "YAML", () => at.inspector().getByRole("textbox").first().waitFor())],
  ["the runs of a step", tab("build", "Runs", () => at.inspector().getByRole("table").waitFor())],
  ["the overview of a gate", tab("review-it", "Overview")],
  ["the form of a gate", tab("review-it", "Edit", () => at.inspector().getByLabel("Name").waitFor())],
  ["the palette", key("Control+k", () => page.getByRole("combobox", { name: "Command palette" }).waitFor())],
  ["the keys", key("?", () => dialog().waitFor())],
  ["the inbox", key("i", () => dialog().getByText("Proposed by user, ").waitFor())],
  ["the form for a new step", key("n", () => dialog().waitFor())],
  ["the form for a new gate", key("g", () => dialog().waitFor())],
  ["the menu of a step", () => at.card("build").click({ button: "right" })],
  ["the menu of the run", () => at.button("More ways to run").click()],
  ["a question", () => at.button("Run").click()],
  ["the list", key("o", () => page.getByRole("table", { name: "Steps and gates" }).waitFor())],
  ["the map", key("o", () => page.keyboard.press("m"))],
];

describe.each([
  [1440, 900],
  [1024, 700],
] as const)("at %i×%i", (width, height) => {
  test.each(["light", "dark"] as const)(
    "every view can be read, named and reached in the %s scheme, and nothing is cut off",
    async (colorScheme) => {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      for (const [name, open] of views) {
        await open();
        expect({ name, found: await auditPage(page) }).toEqual({ name, found: [] });
        // Twice: what is in front goes first, then the selection.
        await page.keyboard.press("Escape");
        await page.keyboard.press("Escape");
      }
      await page.keyboard.press("m");
    },
    manyViewsMs,
  );
});

test.each(["light", "dark"] as const)(
  "the page without a key can be read in the %s scheme",
  async (colorScheme) => {
    const context = await page.context().browser()?.newContext({ colorScheme });
    if (!context) throw new Error("no browser");
    const stranger = await context.newPage();
    await stranger.goto(at.url.replace(/#.*/, ""));
    await stranger.getByRole("heading", { name: "This page needs its link" }).waitFor();
    expect(await auditPage(stranger)).toEqual([]);
    await context.close();
  },
);

test("who asked for less motion sees nothing move by itself", async () => {
  await at.product.addHeldStep("slow");
  const run = at.product.start("run", "step", "slow", "--yes");
  await at.card("slow").getByText("Running").waitFor();
  await page.emulateMedia({ reducedMotion: "reduce" });
  const moving = () =>
    page.evaluate(() => document.getAnimations().filter((one) => one.playState === "running").length);
  expect(await moving()).toBe(0);
  await page.emulateMedia({ reducedMotion: "no-preference" });
  await page.waitForFunction(() => document.getAnimations().some((one) => one.playState === "running"));
  await page.emulateMedia({ reducedMotion: "reduce" });
  await at.product.release("slow");
  await run.exited;
});

describe("best practices", () => {
  test("the document says what it is, and what it may load", async () => {
    const context = page.context();
    const fresh = await context.newPage();
    const answer = await fresh.goto(at.url);
    const headers = (await answer?.allHeaders()) ?? {};
    expect(headers["content-type"]).toMatch(/^text\/html; *charset=utf-8$/i);
    expect(headers["content-security-policy"]).toContain("default-src 'self'");
    expect(headers["content-security-policy"]).not.toContain("unsafe-eval");
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(
      await fresh.evaluate(() => [document.doctype?.name, document.compatMode, document.characterSet]),
    ).toEqual(["html", "CSS1Compat", "UTF-8"]);
    const meta = (name: string) =>
      fresh.locator(`meta[name="${name}"], meta[property="${name}"]`).getAttribute("content");
    expect(await meta("viewport")).toContain("width=device-width");
    expect(await meta("viewport")).not.toMatch(/user-scalable=no|maximum-scale/);
    expect(await meta("description")).not.toBe("");
    expect(await meta("og:title")).toBe("ThreadOS");
    expect(await meta("og:type")).toBe("website");
    expect(await meta("og:site_name")).toBe("ThreadOS");
    expect(await meta("og:description")).toContain("coding agents");
    expect(await fresh.locator("html").getAttribute("lang")).toBe("en");
    await fresh.close();
  });

  test("it uses nothing that browsers give up, has no issue to report, and every request is answered", async () => {
    const fresh = await page.context().newPage();
    const issues: string[] = [];
    const session = await page.context().newCDPSession(fresh);
    session.on("Audits.issueAdded", ({ issue }) => issues.push(JSON.stringify(issue)));
    await session.send("Audits.enable");
    fresh.on("requestfailed", (request) => {
      // The stream ends with its page.
      if (!request.url().endsWith("/stream")) issues.push(`${request.url()} failed`);
    });
    fresh.on("response", (response) => {
      if (response.status() >= 400) issues.push(`${response.url()}: ${response.status()}`);
      if (!response.url().startsWith(new URL(at.url).origin))
        issues.push(`${response.url()} is somebody else's`);
    });
    await fresh.goto(at.url);
    await fresh.locator('.react-flow__node[data-id="build"]').click();
    await fresh.getByRole("tab", { name: "Edit" }).click();
    await fresh.getByRole("complementary", { name: "Inspector" }).getByLabel("Name").waitFor();
    await fresh.getByRole("tab", { name: "YAML" }).click();
    await fresh.getByRole("complementary", { name: "Inspector" }).getByRole("textbox").first().waitFor();
    expect(issues).toEqual([]);
    await fresh.close();
  });

  test("pasting into a field is left to the person, and every picture has its size", async () => {
    await page.keyboard.press("n");
    const name = dialog().getByLabel("Name");
    await name.focus();
    const pasted = await name.evaluate((field) =>
      field.dispatchEvent(new ClipboardEvent("paste", { cancelable: true, bubbles: true })),
    );
    expect(pasted).toBe(true);
    await page.keyboard.press("Escape");
    expect(await page.locator("img:not([width])").count()).toBe(0);
  });
});

test("no page had an error or a warning to report", () => expect(at.complaints).toEqual([]));
