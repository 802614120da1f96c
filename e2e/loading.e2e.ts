import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Locator, Page, Route } from "playwright";
import { Editor } from "./editor";

let at: Editor;

const setUpMs = 120_000;

beforeAll(async () => {
  at = await Editor.open("loading");
  await at.product.run("step", "add", "plan", "--command", '["echo","planned"]');
  await at.product.run("run", "--yes");
}, setUpMs);

afterAll(() => at?.close(), setUpMs);

describe("while something is loaded", () => {
  /** A page of a stranger's, whose requests to some addresses wait until they are let go. */
  async function holding(
    work: (fresh: Page, hold: (address: string) => Promise<() => Promise<void>>) => Promise<void>,
  ): Promise<void> {
    const context = await at.page
      .context()
      .browser()
      ?.newContext({
        viewport: { width: 1440, height: 900 },
        reducedMotion: "reduce",
      });
    if (!context) throw new Error("no browser");
    const fresh = await context.newPage();
    await work(fresh, async (address) => {
      const held: Route[] = [];
      let isOpen = false;
      await fresh.route(address, async (route) => {
        if (isOpen) await route.continue();
        else held.push(route);
      });
      return async () => {
        isOpen = true;
        for (const route of held) await route.continue();
      };
    });
    await context.close();
  }
  const bars = (within: Locator) => within.locator(".skeleton").first();
  const seen = (within: Locator) => bars(within).waitFor();
  const gone = (within: Locator) => bars(within).waitFor({ state: "detached" });

  test("the top line, the graph and the outline show where they will be", () =>
    holding(async (fresh, hold) => {
      const release = await hold("**/api/status/stream");
      await fresh.goto(at.url);
      const graph = fresh.getByRole("status", { name: "Loading the graph" });
      const [header, inspector] = [fresh.getByRole("banner"), fresh.getByRole("complementary")];
      await graph.waitFor();
      for (const part of [graph, header, inspector]) await seen(part);
      await release();
      await fresh.locator('.react-flow__node[data-id="plan"]').waitFor();
      for (const part of [graph, header, inspector]) await gone(part);
    }));

  test("so does a step that a link leads to", () =>
    holding(async (fresh, hold) => {
      const release = await hold("**/api/status/stream");
      await fresh.goto(at.url.replace("/#", "/?step=plan#"));
      const inspector = fresh.getByRole("complementary");
      await seen(inspector);
      const definition = await hold("**/api/step?id=plan");
      await release();
      await inspector.getByRole("heading", { name: "plan" }).waitFor();
      await seen(inspector.getByRole("region", { name: "Definition" }));
      await definition();
      await inspector.getByText("id: plan").waitFor();
      await gone(inspector);
    }));

  test("so do the form, the file, the runs and the results of a step", () =>
    holding(async (fresh, hold) => {
      await fresh.goto(at.url);
      await fresh.locator('.react-flow__node[data-id="plan"]').click();
      const inspector = fresh.getByRole("complementary");
      await inspector.getByText("id: plan").waitFor();
      const parts: [string, string, Locator][] = [
        ["Edit", "**/_next/static/**", inspector.getByLabel("Name")],
        ["YAML", "**/api/sequence", inspector.getByRole("textbox").first()],
        ["Runs", "**/api/runs**", inspector.getByRole("table")],
        ["Results", "**/api/runs/**", inspector.getByRole("button", { name: /stdout\.log/ })],
      ];
      for (const [name, address, there] of parts) {
        const release = await hold(address);
        await inspector.getByRole("tab", { name }).click();
        await seen(inspector.getByRole("tabpanel"));
        await release();
        await there.waitFor();
        await gone(inspector.getByRole("tabpanel"));
      }
    }));

  test("so do the chat and the pages of the dock", () =>
    holding(async (fresh, hold) => {
      await fresh.goto(at.url);
      await fresh.locator('.react-flow__node[data-id="plan"]').waitFor();
      const dock = fresh.getByRole("region", { name: "Dock" });
      for (const name of ["Timeline", "Audit", "Problems", "Terminal"]) {
        const release = await hold("**/_next/static/**");
        await dock.getByRole("tab", { name }).click();
        await seen(dock.getByRole("tabpanel"));
        await release();
        await gone(dock.getByRole("tabpanel"));
      }
      const release = await hold("**/_next/static/**");
      await fresh.getByRole("button", { name: "Chat" }).click();
      await seen(fresh.getByRole("status", { name: "Loading the chat" }));
      await release();
      await fresh.getByRole("region", { name: "Chat", exact: true }).waitFor();
    }));
});

describe("code of the page that does not arrive", () => {
  const dock = () => at.page.getByRole("region", { name: "Dock" });
  const cut = async (how: "away" | "gone") => {
    await at.page.route("**/_next/static/**", (route) =>
      how === "away" ? route.abort() : route.fulfill({ status: 404, body: "" }),
    );
    if (how === "away") await at.page.route("**/healthz", (route) => route.abort());
  };
  const mend = () => at.page.unrouteAll();
  const open = async () => {
    await at.page.goto(at.url);
    await at.card("plan").waitFor();
  };
  const lost = (name: string) => at.page.getByText(`The ${name} could not be loaded.`);

  test("is loaded when one tries again, or comes back to it", async () => {
    await open();
    await cut("away");
    await dock().getByRole("tab", { name: "Timeline" }).click();
    await lost("timeline").waitFor();
    await dock().getByText("The server can't be reached.").waitFor();
    await mend();
    await dock().getByRole("button", { name: "Try again" }).click();
    await dock().getByRole("list", { name: "Lanes" }).waitFor();
    await cut("away");
    await dock().getByRole("tab", { name: "Audit" }).click();
    await lost("audit log").waitFor();
    await dock().getByRole("tab", { name: "Timeline" }).click();
    await mend();
    await dock().getByRole("tab", { name: "Audit" }).click();
    await dock()
      .getByText(/\d verified/)
      .waitFor();
  });

  test("takes nothing with it but its own place", async () => {
    await open();
    await at.page.evaluate("window.requestIdleCallback = () => 0");
    await cut("away");
    await at.card("plan").click();
    await at.inspector().getByRole("tab", { name: "Results" }).click();
    await at
      .inspector()
      .getByRole("button", { name: /stdout\.log/ })
      .click();
    await at.inspector().getByText("could not be loaded.").waitFor();
    await at.inspector().getByRole("heading", { name: "plan" }).waitFor();
    await mend();
    await at.inspector().getByRole("button", { name: "Try again" }).click();
    await at.inspector().getByText("planned").waitFor();
  });

  test("and that the server no longer has is there once the page is loaded anew", async () => {
    await open();
    await cut("gone");
    await dock().getByRole("tab", { name: "Terminal" }).click();
    await lost("terminal").waitFor();
    await dock().getByText("ThreadOS was updated since this page was loaded.").waitFor();
    await mend();
    await dock().getByRole("button", { name: "Load the page anew" }).click();
    await lost("terminal").waitFor({ state: "detached" });
    await dock().getByRole("tab", { name: "Terminal", selected: true }).waitFor();
    await dock().locator(".skeleton").first().waitFor({ state: "detached" });
  });
});

const isOfLoss = (text: string) =>
  /Failed to load resource: .*(_next\/static|healthz)|NotLoaded: /.test(text);

test("no page had an error or a warning to report, but for what did not arrive", () =>
  expect(at.complaints.filter((text) => !isOfLoss(text))).toEqual([]));
