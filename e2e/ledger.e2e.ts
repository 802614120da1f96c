import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Locator, Page } from "playwright";
import { until } from "../test/rig/deadline";
import { agree } from "./agreeing";
import { auditPage } from "./audit";
import { Editor, expectSoon } from "./editor";

let at: Editor;
let page: Page;

const setUpMs = 120_000;
const someRunsMs = 60_000;

beforeAll(async () => {
  at = await Editor.open("ledger");
  page = at.page;
  const { product } = at;
  await product.addHeldStep("plan");
  await product.addHeldStep("build", "--depends-on", "plan", "--type", "p");
  await product.run("gate", "insert", "review", "--name", "Review it", "--depends-on", "build");
  await product.run("step", "add", "think", "--model", "claude-code", "--depends-on", "review");
  await product.run("step", "add", "broken", "--command", '["false"]', "--depends-on", "plan");
  await product.run("step", "add", "after", "--command", '["echo","x"]', "--depends-on", "broken");
  await page.goto(at.url);
  await at.card("think").waitFor();
}, setUpMs);

afterAll(() => at?.close(), setUpMs);

const dialog = () => page.getByRole("dialog");
const confirm = () => agree(dialog());
const sureOfIt = () => agree(dialog(), 2);
const says = (id: string, word: string) => at.card(id).getByText(word, { exact: true }).waitFor();
/** Chooses an entry of a node's own menu. */
const choose = async (id: string, name: string) => {
  await at.card(id).click({ button: "right" });
  await page.getByRole("menuitem", { name }).click();
};
/** Presses one of the buttons of the inspector. */
const button = (name: string) =>
  at.inspector().getByRole("toolbar", { name: "Actions" }).getByRole("button", { name });
const press = (name: string) => button(name).click();
const fail = () => {
  throw new Error("it is not to be seen");
};
/** How the newest run says that a step stands, and at which attempt. */
const stepNow = async (id: string) => {
  const { steps } = JSON.parse(await at.product.run("status", "--json"));
  const { status, attempt, reason } = steps.find((step: { id: string }) => step.id === id);
  return { status, attempt, reason };
};
const statusIs = (id: string, status: string) =>
  until(`${id}: ${status}`, async () => (await stepNow(id)).status === status || undefined);

/** How an arrow is drawn: the token of its colour, its dashes, and what moves. */
const drawn = (from: string, to: string) =>
  at
    .arrow(from, to)
    .locator(".thread-line")
    .evaluate((line) => {
      const probe = document.body.appendChild(document.createElement("i"));
      const colours = ["edge", "running", "human", "failed"].map((token) => {
        probe.style.color = `var(--${token})`;
        return [getComputedStyle(probe).color, token] as const;
      });
      probe.remove();
      const { stroke, strokeDasharray, animationName } = getComputedStyle(line);
      return {
        colour: new Map(colours).get(stroke) ?? "another",
        dashed: strokeDasharray !== "none",
        moves: animationName === "flow" && line.getAnimations().some((one) => one.playState === "running"),
      };
    });
const still = (colour: string, dashed = false) => ({ colour, dashed, moves: false });

describe("a node", () => {
  test("says its type, who runs it and how it stands", async () => {
    await at.button("Show everything").click();
    await says("plan", "Ready");
    await says("build", "Blocked");
    await at.card("build").getByTitle("Parallel thread").getByText("P", { exact: true }).waitFor();
    expect(await at.card("plan").locator(".card-type").count()).toBe(0);
    await at.card("think").getByText("claude-code", { exact: true }).waitFor();
    await at.card("plan").getByRole("img", { name: "Runs with shell" }).waitFor();
    await at.card("think").getByRole("img", { name: "Runs with claude-code" }).waitFor();
    await at.card("review").getByText("Pending", { exact: true }).waitFor();
  });

  test(
    "is run, stopped and restarted from its menu",
    async () => {
      expect(await drawn("plan", "build")).toEqual(still("edge"));
      await choose("plan", "Run this step");
      await dialog().getByText("plan", { exact: true }).first().waitFor();
      await confirm();
      await says("plan", "Running");
      await choose("plan", "Stop it");
      await says("plan", "Stopped");
      expect(await stepNow("plan")).toEqual({ status: "FAILED", attempt: 1, reason: "stopped" });
      await choose("plan", "Re-run it");
      await confirm();
      await says("plan", "Running");
      await choose("plan", "Stop it");
      await says("plan", "Stopped");
      expect(await stepNow("plan")).toEqual({ status: "FAILED", attempt: 2, reason: "stopped" });
    },
    someRunsMs,
  );

  test(
    "is run by the button above it",
    async () => {
      await at.card("plan").hover();
      await page
        .getByRole("toolbar", { name: "Actions of plan" })
        .getByRole("button", { name: "Re-run it: plan" })
        .click();
      await confirm();
      await says("plan", "Running");
      await at.product.release("plan");
      await says("plan", "Done");
      expect(await stepNow("plan")).toEqual({ status: "DONE", attempt: 3, reason: null });
    },
    someRunsMs,
  );

  test(
    "is run, stopped and restarted from the page beside it",
    async () => {
      await at.card("build").click();
      await press("Run this step");
      await confirm();
      await says("build", "Running");
      await press("Stop it");
      await says("build", "Stopped");
      // The rest of a double click: another button stands there by now, and is not what was meant.
      const { x, y, width, height } = (await button("Re-run it").boundingBox()) ?? fail();
      await page.mouse.move(x + width / 2, y + height / 2);
      await page.mouse.down({ clickCount: 2 });
      await page.mouse.up({ clickCount: 2 });
      expect(await dialog().count()).toBe(0);
      expect(await stepNow("build")).toEqual({ status: "FAILED", attempt: 1, reason: "stopped" });
      await press("Re-run it");
      await confirm();
      await statusIs("build", "RUNNING");
      await says("build", "Running");
      await page.keyboard.press("Escape");
    },
    someRunsMs,
  );

  test("is edited from its menu, in the form that saves into the file", async () => {
    await choose("think", "Edit…");
    await at.inspector().getByRole("tab", { name: "Edit", selected: true }).waitFor();
    await at.inspector().getByLabel("Name").fill("Think hard");
    await at.inspector().getByRole("button", { name: "Save", exact: true }).click();
    await at.fileHas("the new name", (text) => text.includes("name: Think hard"));
    await at.card("think").getByText("Think hard").waitFor();
    await page.keyboard.press("Escape");
  });

  test("is deleted from its menu, asked twice", async () => {
    await at.product.run("step", "add", "spare", "--command", '["echo","spare"]');
    await at.card("spare").waitFor();
    await choose("spare", "Delete…");
    await sureOfIt();
    await at.card("spare").waitFor({ state: "detached" });
    expect(await at.sequence()).not.toContain("spare");
    await page.keyboard.press("Escape");
  });
});

describe("an arrow", () => {
  test("to what runs has its colour and moves, unless less motion is asked for", async () => {
    await page.mouse.move(0, 0);
    await expectSoon(() => drawn("plan", "build"), still("running", true));
    await page.emulateMedia({ reducedMotion: "no-preference" });
    await expectSoon(() => drawn("plan", "build"), { colour: "running", dashed: true, moves: true });
    expect((await drawn("build", "review")).moves).toBe(false);
    await page.emulateMedia({ reducedMotion: "reduce" });
    await expectSoon(() => drawn("plan", "build"), still("running", true));
  });

  test("says what was passed on, and who is waited for", async () => {
    expect(await drawn("build", "review")).toEqual(still("edge"));
    await at.product.release("build");
    await says("build", "Done");
    await expectSoon(() => drawn("plan", "build"), still("another"));
    const passed = at.arrow("plan", "build").locator('.thread[data-flow="passed"]');
    await passed.waitFor({ state: "attached" });
  });
});

describe("Ctrl+Enter", () => {
  test(
    "runs what is ready, and nothing else; the arrow from what failed says so",
    async () => {
      await page.keyboard.press("Control+Enter");
      await dialog().getByText("false", { exact: true }).waitFor();
      const starts = dialog().getByRole("list", { name: "What would be started" });
      expect(await starts.getByRole("listitem").count()).toBe(1);
      await confirm();
      await says("broken", "Failed");
      expect(await stepNow("broken")).toEqual({ status: "FAILED", attempt: 1, reason: "exit" });
      expect((await stepNow("after")).attempt).toBe(0);
      await expectSoon(() => drawn("broken", "after"), still("failed", true));
      await says("review", "Waits for you");
      await expectSoon(() => drawn("build", "review"), still("human"));
      expect(await at.read("audit.log")).toContain('"scope":"runnable"');
    },
    someRunsMs,
  );
});

describe("the buttons below the graph", () => {
  const zoom = async () =>
    Number.parseInt((await page.getByRole("toolbar", { name: "Zoom" }).textContent()) ?? "", 10);
  const isWhole = () =>
    page.evaluate(() => {
      const pane = document.querySelector(".react-flow")?.getBoundingClientRect();
      return [...document.querySelectorAll(".react-flow__node")].every((node) => {
        const box = node.getBoundingClientRect();
        return (
          pane &&
          box.left >= pane.left &&
          box.right <= pane.right &&
          box.top >= pane.top &&
          box.bottom <= pane.bottom
        );
      });
    });

  test("zoom in, out, and to everything", async () => {
    await at.button("Show everything").click();
    await expectSoon(isWhole, true);
    const whole = await zoom();
    for (let i = 0; i < 3; i++) await at.button("Zoom in").click();
    await until("a larger graph", async () => (await zoom()) > whole);
    const large = await zoom();
    expect(await isWhole()).toBe(false);
    await at.button("Zoom out").click();
    await until("a smaller graph", async () => (await zoom()) < large);
    await at.button("Show everything").click();
    await expectSoon(zoom, whole);
    expect(await isWhole()).toBe(true);
  });

  test("show the map, which has every node and leads through the graph, and hide it", async () => {
    const map = page.getByRole("img", { name: "Map of the whole graph" });
    expect(await map.count()).toBe(0);
    await at.button("Map").click();
    await map.waitFor();
    expect(await map.locator(".react-flow__minimap-node").count()).toBe(
      await page.locator(".react-flow__node").count(),
    );
    const before = await at.middle("plan");
    const box = await map.boundingBox();
    if (!box) throw new Error("the map has no place");
    const from = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    await at.drag(from, { x: from.x + 30, y: from.y });
    await until("another part of the graph", async () => (await at.middle("plan")).x < before.x - 20);
    await at.button("Map").click();
    await map.waitFor({ state: "detached" });
    await at.button("Show everything").click();
  });
});

describe("a message", () => {
  const messages = () => page.getByRole("region", { name: "Messages" });

  test("says above everything else what was done, is read out, and goes away by itself", async () => {
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    expect(await messages().getAttribute("aria-live")).toBe("polite");
    await choose("after", "Copy as YAML");
    const toast = messages().getByText("Copied after as YAML");
    await toast.waitFor();
    const isInFront = await toast.evaluate((words) => {
      const { left, right, top, bottom } = words.getBoundingClientRect();
      return words.contains(document.elementFromPoint((left + right) / 2, (top + bottom) / 2));
    });
    expect(isInFront).toBe(true);
    await toast.waitFor({ state: "detached" });
  });

  test("says what was refused and what helps, until it is dismissed", async () => {
    const before = at.complaints.length;
    await at.card("plan").click();
    await page.keyboard.press("s");
    const toast = messages().locator('[data-tone="failed"]');
    await toast
      .getByText(/'plan'/)
      .first()
      .waitFor();
    expect(await toast.locator("p").count()).toBe(2);
    await toast.getByRole("button", { name: "Dismiss" }).click();
    await toast.waitFor({ state: "detached" });
    await page.keyboard.press("Escape");
    // The browser itself reports a refusal; whatever else was reported still counts.
    at.complaints.push(...at.complaints.splice(before).filter((text) => !/status of 4\d\d /.test(text)));
  });
});

describe("the panels", () => {
  const width = async (panel: Locator) => Math.round((await panel.boundingBox())?.width ?? 0);
  const chat = () => page.getByRole("region", { name: "Chat", exact: true });
  /** Drags the border at the left of a panel to where the panel would be so wide. */
  async function widen(name: string, panel: Locator, toPx: number): Promise<void> {
    const border = await page.getByRole("separator", { name }).boundingBox();
    const box = await panel.boundingBox();
    if (!border || !box) throw new Error(`${name} is not to be seen`);
    const y = border.y + border.height / 3;
    await at.drag({ x: border.x, y }, { x: box.x + box.width - toPx, y });
    await page.mouse.move(0, 0);
  }
  const inspectorTo = (toPx: number) => widen("Width of the inspector", at.inspector(), toPx);

  test("are never wider or narrower than can be used", async () => {
    await inspectorTo(1000);
    await expectSoon(() => width(at.inspector()), 640);
    await inspectorTo(220);
    await expectSoon(() => width(at.inspector()), 280);
    await at.card("plan").click();
    const isCut = () =>
      at
        .inspector()
        .getByRole("tablist")
        .evaluate((tabs) => tabs.scrollWidth > tabs.clientWidth);
    await expectSoon(isCut, false);
    await page.keyboard.press("Escape");
    await page.keyboard.press("c");
    await chat().waitFor();
    await widen("Width of the chat", chat(), 1000);
    await expectSoon(() => width(chat()), 720);
    await widen("Width of the chat", chat(), 100);
    await expectSoon(() => width(chat()), 320);
    expect(await width(page.getByRole("main"))).toBeGreaterThanOrEqual(420);
    await page.getByRole("button", { name: "Close the chat" }).click();
    await chat().waitFor({ state: "detached" });
  });

  test("collapse: the dock to its line, the inspector to its icons, and open again", async () => {
    const dock = at.dock();
    const height = async () => Math.round((await dock.boundingBox())?.height ?? 0);
    const before = await height();
    await at.button("Close the dock").click();
    await until("a line", async () => (await height()) < 40);
    await dock.getByRole("tab", { name: "Log" }).waitFor();
    await dock.getByRole("tab", { name: "Log" }).click();
    await until("the dock again", async () => Math.abs((await height()) - before) < 3);
    const wide = await width(at.inspector());
    await at.button("Close the inspector").focus();
    await page.keyboard.press("Enter");
    await until("icons", async () => (await width(at.inspector())) < 50);
    await at.button("Open the inspector").and(page.locator(":focus")).waitFor();
    await page.reload();
    await at.card("plan").waitFor();
    await at.button("Open the inspector").waitFor();
    expect(await width(at.inspector())).toBeLessThan(50);
    await page.keyboard.press("p");
    await until("the inspector again", async () => Math.abs((await width(at.inspector())) - wide) < 3);
    await inspectorTo(40);
    await until("icons", async () => (await width(at.inspector())) < 50);
    await at.card("plan").click();
    await at.inspector().getByRole("button", { name: "Results" }).waitFor();
    expect(await auditPage(page)).toEqual([]);
    await at.inspector().getByRole("button", { name: "Runs" }).click();
    await at
      .inspector()
      .getByRole("tab", { name: "Runs", selected: true })
      .and(page.locator(":focus"))
      .waitFor();
    expect(await width(at.inspector())).toBeGreaterThanOrEqual(280);
  });

  test("on a small screen the inspector is icons until it is asked for, and nothing is cut off", async () => {
    await page.setViewportSize({ width: 720, height: 700 });
    await at.button("Open the inspector").waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    expect(await width(page.getByRole("main"))).toBeGreaterThan(600);
    await at.button("Open the inspector").click();
    await at.inspector().getByRole("heading", { name: "plan" }).waitFor();
    await page.setViewportSize({ width: 1440, height: 900 });
    await at.inspector().getByRole("heading", { name: "plan" }).waitFor();
  });
});

test("no page had an error or a warning to report", () => expect(at.complaints).toEqual([]));
