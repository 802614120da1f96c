import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright";
import { sayCost, sayCount } from "../components/state/amount";
import { until } from "../test/rig/deadline";
import { fakeClaude } from "../test/rig/fake-agent";
import { agree } from "./agreeing";
import { Editor } from "./editor";

let at: Editor;
let page: Page;

const setUpMs = 120_000;

beforeAll(async () => {
  at = await Editor.open("around");
  page = at.page;
  const { product } = at;
  await product.run("step", "add", "plan", "--command", '["echo","plan"]');
  await product.run("step", "add", "build", "--command", '["false"]', "--depends-on", "plan");
  await product.run(
    "gate",
    "insert",
    "review-it",
    "--name",
    "Review it",
    "--depends-on",
    "plan",
    "--shows",
    "plan",
  );
  await product.run("step", "add", "publish", "--command", '["echo","x"]', "--depends-on", "review-it");
  await page.addInitScript(() => {
    // A stand-in that remembers: no desktop shows notifications here.
    const shown: string[] = [];
    class Notified {
      static permission = "default";
      static requestPermission = async () => {
        Notified.permission = "granted";
        return "granted";
      };
      onclick: (() => void) | null = null;
      constructor(title: string, { body }: { body: string }) {
        shown.push(`${title}: ${body}`);
        Object.assign(window, { lastNotification: this });
      }
      close() {}
    }
    Object.assign(window, { Notification: Notified, shown });
    document.hasFocus = () => !(window as unknown as { away?: boolean }).away;
  });
  await page.goto(at.url);
  await at.card("plan").waitFor();
}, setUpMs);

afterAll(() => at?.close(), setUpMs);

const dialog = () => page.getByRole("dialog").last();
const inbox = () => page.getByRole("dialog", { name: "Inbox" });
const item = (name: string) => inbox().getByRole("region", { name });
const icon = () => page.locator('link[rel="icon"]').getAttribute("href");
const shown = () => page.evaluate(() => (window as unknown as { shown: string[] }).shown);

describe("the inbox", () => {
  test("says that nothing waits, and lets itself be asked for notifications", async () => {
    await page.getByRole("button", { name: "Inbox, empty" }).click();
    await inbox().getByText("Nothing waits for you.").waitFor();
    await inbox().getByRole("checkbox").check();
    await page.keyboard.press("Escape");
    await inbox().waitFor({ state: "detached" });
  });

  test("counts gates and failures as they come, and a person who looks elsewhere is told of each once", async () => {
    expect(await shown()).toEqual([]);
    await page.evaluate(() => Object.assign(window, { away: true }));
    const calm = await icon();
    await at.product.start("run", "--yes").exited;
    await page.getByRole("button", { name: "Inbox, 2 for you" }).waitFor();
    await until("two notifications", async () => (await shown()).length === 2);
    expect((await shown()).sort()).toEqual([
      "around: 'build' failed: its command exited with 1.",
      "around: Review it waits for your decision",
    ]);
    await page.evaluate(() => Object.assign(window, { away: false }));
    expect(await icon()).not.toBe(calm);
    expect(await page.title()).toMatch(/^◆ 1\/3/);
  });

  test("leads from a notification to what it is about", async () => {
    await page.evaluate(() =>
      (window as unknown as { lastNotification: { onclick(): void } }).lastNotification.onclick(),
    );
    await at.inspector().getByRole("heading", { level: 2 }).waitFor();
    await page.keyboard.press("Escape");
  });

  test("shows a proposal with its diff as it is made, and carries it out in place after two questions", async () => {
    // Without a terminal nobody can be asked: it waits.
    expect(await at.product.start("step", "rm", "publish").exited).toBe(3);
    await page.getByRole("button", { name: "Inbox, 3 for you" }).click();
    const proposal = item("Proposal: remove step publish");
    await proposal.getByText("The rules ask twice: it removes something.").waitFor();
    const diff = proposal.getByRole("region", { name: "Difference of sequence.yaml" });
    await diff.getByText("id: publish").waitFor();
    expect(await diff.locator("[data-sign='-']").allInnerTexts()).toContainEqual(
      expect.stringContaining("id: publish"),
    );
    // The calls as a program reads them are there for whoever wants them.
    const json = proposal.getByLabel("The calls as JSON");
    expect([await json.isVisible(), await proposal.getByText('"action"').isVisible()]).toEqual([
      false,
      false,
    ]);
    await proposal.getByText("As JSON").click();
    expect(JSON.parse((await json.textContent()) ?? "")).toEqual([
      { action: "step.rm", input: { id: "publish" } },
    ]);
    await proposal.getByRole("button", { name: /^Approve/ }).click();
    await agree(dialog(), 2);
    await proposal.waitFor({ state: "detached" });
    expect(await at.sequence()).not.toContain("publish");
    expect(await inbox().isVisible()).toBe(true);
  });

  test("turns a proposal down", async () => {
    expect(await at.product.start("step", "rm", "build").exited).toBe(3);
    const proposal = item("Proposal: remove step build");
    await proposal.getByRole("button", { name: /^Turn down/ }).click();
    await proposal.waitFor({ state: "detached" });
    expect(await at.sequence()).toContain("build");
  });

  test("one that is out of date says so, and is asked about as it stands now", async () => {
    await at.product.run("step", "add", "spare", "--command", '["echo","x"]');
    expect(await at.product.start("step", "rm", "spare").exited).toBe(3);
    const proposal = item("Proposal: remove step spare");
    await proposal.getByRole("button", { name: /^Approve/ }).waitFor();
    await at.product.run("step", "edit", "spare", "--command", '["echo","y"]');
    await proposal.getByText(/^Out of date: the sequence changed since/).waitFor();
    expect(await proposal.getByRole("button", { name: /^Approve/ }).count()).toBe(0);
    await proposal.getByRole("button", { name: /^Look at it anew/ }).click();
    await dialog().getByRole("list", { name: "What changed since it was proposed" }).waitFor();
    await agree(dialog(), 2);
    await proposal.waitFor({ state: "detached" });
    expect(await at.sequence()).not.toContain("spare");
  });

  test("approves a gate in place, showing what the yes is bound to", async () => {
    const gate = item("Gate: Review it");
    await gate.getByRole("button", { name: /^plan/ }).waitFor();
    await gate.getByRole("button", { name: "Approve Review it" }).click();
    await dialog().getByRole("button", { name: "Cancel" }).click();
    await gate.waitFor();
    await gate.getByRole("button", { name: "Approve Review it" }).click();
    await agree(dialog());
    await gate.waitFor({ state: "detached" });
    await page.keyboard.press("Escape");
    await at.card("review-it").getByText("Approved").waitFor();
  });

  test("runs a failed step again, and leads to its log", async () => {
    await page.keyboard.press("i");
    await item("Step: build")
      .getByRole("button", { name: /^Re-run/ })
      .click();
    await agree(dialog());
    await until("another attempt", async () =>
      JSON.parse(await at.product.run("status", "--json")).steps.some(
        (step: { id: string; attempt: number; status: string }) =>
          step.id === "build" && step.attempt === 2 && step.status === "FAILED",
      ),
    );
    await item("Step: build")
      .getByRole("button", { name: /^Look at its log/ })
      .click();
    await at.inspector().getByRole("heading", { name: "build" }).waitFor();
    expect(new URL(page.url()).search).toBe("?step=build");
    await page.keyboard.press("Escape");
  });

  test("stands in the palette and in the keymap's overlay", async () => {
    await page.keyboard.press("?");
    await dialog().getByText("Open what waits for you").waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "Command palette" }).fill("waits for you");
    await page.keyboard.press("Enter");
    await inbox().waitFor();
    await page.keyboard.press("Escape");
  });
});

describe("the bottom line", () => {
  const footer = () => page.getByRole("contentinfo");

  test("names engine, load, revision, the end of the record and the line to the server", async () => {
    const { audit, revision } = JSON.parse(await at.product.run("status", "--json"));
    await footer().getByText("No engine").waitFor();
    await footer().getByText("0 running, 0 queued").waitFor();
    await footer().getByText(revision.slice(0, 8)).waitFor();
    await footer().getByText(audit.hash.slice(0, 8)).waitFor();
    await footer().getByText("Live").waitFor();
  });

  test("sums what the agents of the run used", async () => {
    const folder = join(at.product.root, "fake");
    mkdirSync(join(folder, "bin"), { recursive: true });
    symlinkSync(fakeClaude, join(folder, "bin", "claude"));
    Object.assign(at.product.env, {
      PATH: `${join(folder, "bin")}:${process.env.PATH}`,
      ANTHROPIC_API_KEY: "test-key-of-claude",
    });
    await at.product.run(
      "step",
      "add",
      "think",
      "--model",
      "claude-code",
      "--env",
      JSON.stringify({ FAKE_CLAUDE: folder }),
    );
    await at.product.run("prompt", "edit", "think", "--text", "Think.");
    await at.product.run("run", "step", "think", "--yes");
    const { usage } = JSON.parse(await at.product.run("status", "--json"));
    const { tokens_in, tokens_out, cost_usd } = usage;
    expect(cost_usd).toBeGreaterThan(0);
    await footer()
      .getByText(`${sayCount(tokens_in + tokens_out)} tokens, ${sayCost(usage)}`)
      .waitFor();
  });

  test("checks the whole record when it is pressed", async () => {
    await footer()
      .getByRole("button", { name: /^record/ })
      .click();
    const { seq } = JSON.parse(await at.product.run("status", "--json")).audit;
    await page.getByText(`The record is whole: ${seq} entries`).waitFor();
  });
});

describe("a panel that breaks", () => {
  /** A page of its own, whose server answers one address with nonsense. */
  async function withNonsense(address: string, look: (broken: Page) => Promise<void>): Promise<void> {
    const broken = await page.context().newPage();
    await broken.route(`**/api/${address}`, (route) =>
      route.fulfill({ json: { positions: { plan: null }, yaml: 5, proposals: 5, conversations: 5 } }),
    );
    await broken.goto(at.url);
    await look(broken);
    await broken.close();
  }
  const says = (broken: Page, name: string) =>
    broken.getByRole("alert").getByText(`The ${name} broke.`).waitFor();

  test("is the canvas: the inspector still leads through the sequence", () =>
    withNonsense("layout", async (broken) => {
      await says(broken, "canvas");
      await broken.getByRole("navigation", { name: "Outline" }).getByRole("button", { name: "plan" }).click();
      await broken.getByRole("complementary").getByRole("heading", { name: "plan" }).waitFor();
    }));

  test("is the inspector: the canvas still works, and it comes back when it is tried again", () =>
    withNonsense("step?id=plan", async (broken) => {
      await broken.locator('.react-flow__node[data-id="plan"]').click();
      await says(broken, "inspector");
      await broken.unroute("**/api/step?id=plan");
      await broken.locator('.react-flow__node[data-id="build"]').click();
      await broken.getByRole("alert").getByRole("button", { name: "Try again" }).click();
      await broken.getByRole("complementary").getByRole("heading", { name: "build" }).waitFor();
    }));

  test("is the chat: the canvas and the inspector still work, and it can be closed", () =>
    withNonsense("chat", async (broken) => {
      await broken.getByRole("button", { name: "Chat", exact: true }).click();
      await says(broken, "chat");
      await broken.locator('.react-flow__node[data-id="plan"]').click();
      await broken.getByRole("complementary").getByRole("heading", { name: "plan" }).waitFor();
      await broken.getByRole("button", { name: "Zoom in" }).click();
      await broken.locator('.react-flow__node[data-id="build"]').click();
      await broken.getByRole("complementary").getByRole("heading", { name: "build" }).waitFor();
      await broken.getByRole("button", { name: "Chat", exact: true }).click();
      await broken.getByText("The chat broke.").waitFor({ state: "detached" });
    }));

  test("are the notifications: the rest of the page goes on", () =>
    withNonsense("inbox", async (broken) => {
      await says(broken, "notifications");
      await broken.locator('.react-flow__node[data-id="plan"]').click();
      await broken.getByRole("complementary").getByRole("heading", { name: "plan" }).waitFor();
    }));
});

test("no page had an error or a warning to report", () => expect(at.complaints).toEqual([]));

describe("after the server was started anew", () => {
  test("a page that is open goes on as soon as another tab is given the new link", async () => {
    const port = Number(new URL(at.url).port);
    await at.server.stop();
    await page.getByText("Reconnecting", { exact: true }).waitFor();
    const { url } = await at.product.openUi();
    expect(Number(new URL(url).port)).toBe(port);
    await page.getByRole("heading", { name: "This link is no longer valid" }).waitFor();
    const other = await page.context().newPage();
    await other.goto(url);
    await at.card("build").waitFor();
    await page.getByText("Live", { exact: true }).waitFor();
    await at.product.run("step", "edit", "build", "--name", "After the restart");
    await at.card("build").getByText("After the restart").waitFor();
    await other.close();
  });
});
