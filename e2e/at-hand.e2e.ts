import { afterAll, beforeAll, expect, test } from "bun:test";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright";
import { auditPage } from "./audit";
import { Editor, expectSoon } from "./editor";

let at: Editor;
let page: Page;

const setUpMs = 120_000;

const text = `version: 1
name: at-hand
steps:
  - id: plan
    name: Plan the release
    command: [echo, planned]
  - id: lint
    command: ["false"]
    depends_on: [plan]
    type: p
    group_id: checks
  - id: unit
    command: [echo, unit]
    depends_on: [plan]
    type: p
    group_id: checks
  - id: ship
    command: [echo, shipped]
    depends_on: [sure]
  - id: left
    command: [echo, left]
    type: p
    group_id: ways
  - id: right
    command: [echo, right]
    type: p
    group_id: ways
  - id: best
    name: Merge the drafts of both ways
    command: [echo, best]
    depends_on: [left, right]
    type: f
    fusion_synth: true
    fusion_candidates: [left, right]
gates:
  - id: sure
    name: Sure?
    depends_on: [plan]
`;

beforeAll(async () => {
  at = await Editor.open("at-hand");
  page = at.page;
  await writeFile(join(at.product.root, ".threados", "sequence.yaml"), text);
  // One of its steps fails, as it should.
  await at.product.run("run", "--yes").catch(() => undefined);
  await writeFile(
    join(at.product.root, ".threados", "sequence.yaml"),
    text.replace("[echo, best]", "[echo, better]"),
  );
  await page.goto(at.url);
  await at.card("sure").getByText("Waits for you").waitFor();
}, setUpMs);

afterAll(() => at?.close(), setUpMs);

const palette = () => page.getByRole("combobox", { name: "Command palette" });
const option = (name: string | RegExp) => page.getByRole("option", { name });
const look = async (search: string) => {
  await page.keyboard.press("Control+k");
  await palette().fill(search);
};
const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
const canvas = () => page.locator(".react-flow").evaluate((graph) => getComputedStyle(graph).backgroundColor);

test("the colours are chosen in the palette, held after a reload, and given back to the system", async () => {
  const light = [await ground(), await canvas()];
  await look("dark");
  await option(/Dark colours/).click();
  await expectSoon(canvas, "rgb(12, 14, 18)");
  expect(await auditPage(page)).toEqual([]);
  await page.reload();
  await at.card("sure").waitFor();
  expect(await canvas()).toBe("rgb(12, 14, 18)");
  await page.emulateMedia({ colorScheme: "dark" });
  await look("theme");
  await option(/Light colours/).click();
  await expectSoon(canvas, light[1] ?? "");
  await look("theme");
  await option(/The system's colours/).click();
  await expectSoon(canvas, "rgb(12, 14, 18)");
  await page.emulateMedia({ colorScheme: "light" });
  await expectSoon(async () => [await ground(), await canvas()], light);
});

test("a setting is found in the palette, and leads to its field", async () => {
  await at.card("plan").click();
  await look("timeout");
  await option(/^Set the timeout of plan/).click();
  const field = page.getByRole("form", { name: "Edit plan" }).getByLabel("Timeout (ms)", { exact: true });
  await expectSoon(() => field.evaluate((element) => element === document.activeElement), true);
  await page.keyboard.press("Escape");
  await expectSoon(() => field.evaluate((element) => element === document.activeElement), false);
  await page.keyboard.press("Escape");
  await page.getByRole("tab", { name: "Outline" }).waitFor();
  await look("timeout defaults");
  await option(/^Set the default timeout…/).click();
  const form = page.getByRole("form", { name: "Edit the sequence" });
  await expectSoon(() => form.evaluate((element) => element.contains(document.activeElement)), true);
  await page.getByRole("tab", { name: "Outline" }).click();
});

test("what waits for a decision opens on it, whatever page was looked at last; the others keep that page", async () => {
  const tab = (name: string) => page.getByRole("tab", { name, selected: true });
  await at.card("plan").click();
  await page.getByRole("tab", { name: "Edit" }).click();
  await at.card("sure").click();
  await tab("Overview").waitFor();
  await at.inspector().getByRole("region", { name: "Decision" }).waitFor();
  await at.card("plan").click();
  await tab("Edit").waitFor();
  // Whoever asks for another of its pages gets that.
  await at.card("sure").click();
  await page.keyboard.press("e");
  await tab("Edit").waitFor();
  await page.getByRole("tab", { name: "Overview" }).click();
  await page.keyboard.press("Escape");
});

test("a failed step opens on why it failed, whatever page was looked at last", async () => {
  await at.card("plan").click();
  await page.getByRole("tab", { name: "Edit" }).click();
  await at.card("lint").click();
  await page.getByRole("tab", { name: "Overview", selected: true }).waitFor();
  await page.getByRole("tab", { name: "Overview" }).click();
  await page.keyboard.press("Escape");
});

test("Back and Forward lead through what was looked at, a run that was looked at, too", async () => {
  const heading = (name: string) => at.inspector().getByRole("heading", { name, level: 2 }).waitFor();
  await page.goto(`${at.url.split("#")[0]}?step=plan&tab=runs`);
  await page.getByRole("tab", { name: "Runs", selected: true }).waitFor();
  await at.card("unit").click();
  await heading("unit");
  expect(new URL(page.url()).search).toBe("?step=unit");
  await at.card("ship").click();
  await heading("ship");
  await page.goBack();
  await heading("unit");
  await page.goBack();
  await heading("Plan the release");
  await page.getByRole("tab", { name: "Runs", selected: true }).waitFor();
  await page.goForward();
  await heading("unit");
  await look("#");
  await option(/^Run /).first().click();
  const banner = page.getByRole("button", { name: /Back to now/ });
  await banner.waitFor();
  await page.goBack();
  await expectSoon(() => banner.count(), 0);
  await heading("unit");
  await page.goto(at.url);
  await at.card("sure").waitFor();
});

test("in the list keys act on a row as on its node, and o goes on from the same one", async () => {
  const row = (id: string) => page.locator(`[data-row="${id}"]:focus`);
  await at.card("plan").focus();
  await page.keyboard.press("o");
  await row("plan").waitFor();
  await page.keyboard.press("ArrowDown");
  await expectSoon(() => row("plan").count(), 0);
  await page.keyboard.press("ArrowUp");
  await row("plan").waitFor();
  await page.keyboard.press("Shift+F10");
  // It is done: its key runs it once more, as its menu does.
  await page.getByRole("menuitem", { name: "Re-run it" }).waitFor();
  await page.keyboard.press("Escape");
  await row("plan").waitFor();
  await page.keyboard.press("r");
  await page.getByRole("dialog").getByText("plan", { exact: false }).first().waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
  await row("plan").waitFor();
  await page.keyboard.press("o");
  await page.locator('.react-flow__node[data-id="plan"]:focus').waitFor();
  await page.keyboard.press("Escape");
});

test("approve leads to the gate that waits", async () => {
  await look("approve");
  await expectSoon(
    () => page.getByRole("option").first().textContent(),
    "Approve Sure?seqctl gate approve sure",
  );
  await page.keyboard.press("Escape");
});

/** What of the progress is to be seen and lies below the search. */
const coveredParts = () =>
  page.locator(".progress > *").evaluateAll((parts) => {
    const from = document.querySelector(".search")?.getBoundingClientRect().left ?? 0;
    return parts
      .filter((part) => getComputedStyle(part).visibility === "visible")
      .filter((part) => part.getBoundingClientRect().right > from)
      .map((part) => part.textContent);
  });

test("what is searched for leaves nothing half covered, and dims a group that has none of it", async () => {
  const search = page.getByRole("searchbox", { name: "Search among steps and gates" });
  for (const width of [1440, 1280, 1200, 1024]) {
    await page.setViewportSize({ width, height: 800 });
    await search.focus();
    await search.fill("release");
    await page.locator(".group-box[data-dim=true]").first().waitFor();
    await expectSoon(coveredParts, []);
    await search.fill("unit");
    await page.locator(".group-box[data-dim=false]").first().waitFor();
    await search.fill("");
  }
  await page.setViewportSize({ width: 1440, height: 900 });
});

test("what a fusion says stays within its triangle, whichever way arrows lead", async () => {
  const merge = at.card("best");
  const outside = () =>
    merge.evaluate((node) => {
      const shape = node.querySelector("polygon");
      const matrix = shape?.getScreenCTM()?.inverse();
      if (!shape || !matrix) return ["no triangle"];
      const isIn = (x: number, y: number) => shape.isPointInFill(new DOMPoint(x, y).matrixTransform(matrix));
      const range = document.createRange();
      return [...node.querySelectorAll(".fusion-count, .card-name, .gate-status > *")].flatMap((part) => {
        range.selectNodeContents(part);
        const { left, right, top, bottom } = range.getBoundingClientRect();
        // What is cut with dots ends with its element.
        const box = part.getBoundingClientRect();
        const [end, low] = [Math.min(right, box.right), Math.min(bottom, box.bottom)];
        // Of a line, as high as its letters are.
        const corners = [top + 3, low - 4].flatMap((y) => [left, end].map((x) => isIn(x, y)));
        return corners.every(Boolean) ? [] : [part.textContent ?? ""];
      });
    });
  await merge.getByText("stale").first().waitFor();
  expect(await outside()).toEqual([]);
  await at.button("Lead arrows down").click();
  await at.button("Lead arrows to the right").waitFor();
  await expectSoon(outside, []);
  await at.button("Lead arrows to the right").click();
  await at.button("Lead arrows down").waitFor();
});

test("the map tells done, failed and waiting apart", async () => {
  await page.keyboard.press("Escape");
  await page.locator(".react-flow").focus();
  await page.keyboard.press("m");
  const fills = page.locator(".react-flow__minimap-node");
  await fills.first().waitFor();
  const colours = await fills.evaluateAll((boxes) => boxes.map((box) => getComputedStyle(box).fill));
  const tokens = await page.evaluate(() => {
    const probe = document.createElement("i");
    document.body.append(probe);
    const read = (name: string) => {
      probe.style.color = `var(--${name})`;
      return getComputedStyle(probe).color;
    };
    const found = ["done", "failed", "human"].map(read);
    probe.remove();
    return found;
  });
  for (const token of tokens) expect(colours).toContain(token);
  await page.keyboard.press("m");
});

test("a time in the list stands in one line", async () => {
  await page.setViewportSize({ width: 1024, height: 700 });
  await page.keyboard.press("o");
  const took = page
    .getByRole("row", { name: /^Plan the release/ })
    .getByRole("cell")
    .nth(2);
  await took.waitFor();
  const lines = await took.evaluate((cell) => {
    cell.textContent = "59 m 59 s";
    const range = document.createRange();
    range.selectNodeContents(cell);
    return range.getClientRects().length;
  });
  expect(lines).toBe(1);
  await page.reload();
  await at.card("sure").waitFor();
  await page.setViewportSize({ width: 1440, height: 900 });
});

test("an earlier run says at 1024×700 in full that nothing can be changed, and messages stay above the graph", async () => {
  await page.setViewportSize({ width: 1024, height: 700 });
  const { runs } = JSON.parse(await at.product.run("runs", "list", "--json"));
  const url = new URL(at.url);
  url.searchParams.set("run", runs[0].id);
  url.searchParams.set("t", "1");
  await page.goto(url.href);
  const banner = page.locator(".replay-banner p");
  await banner.getByText("Nothing can be changed here.").waitFor();
  expect(await banner.evaluate((line) => line.scrollWidth - line.clientWidth)).toBeLessThanOrEqual(0);
  // What can't be done there is told by a message.
  await page.keyboard.press("n");
  const message = page.getByRole("region", { name: "Messages" }).locator(".toast").first();
  await message.waitFor();
  const [box, graph] = [await message.boundingBox(), await page.locator(".react-flow").boundingBox()];
  if (!box || !graph) throw new Error("one of them can't be seen");
  expect(box.x).toBeGreaterThanOrEqual(graph.x);
  expect(box.x + box.width).toBeLessThanOrEqual(graph.x + graph.width);
  expect(box.y + box.height).toBeLessThanOrEqual(graph.y + graph.height);
  const tools = await page.locator(".react-flow__panel.bottom.left").boundingBox();
  expect(box.x).toBeGreaterThanOrEqual((tools?.x ?? 0) + (tools?.width ?? Number.POSITIVE_INFINITY));
  await page.keyboard.press("x");
  await message.waitFor({ state: "detached" });
  await page.keyboard.press("Escape");
  await page.setViewportSize({ width: 1440, height: 900 });
});

test("the inspector that is drawn shut leaves the keyboard at its opener, and opens as wide as it was", async () => {
  await at.card("plan").click();
  const width = () => at.inspector().evaluate((panel) => panel.clientWidth);
  const before = await width();
  const border = await page.getByRole("separator", { name: "Width of the inspector" }).boundingBox();
  await page.mouse.move((border?.x ?? 0) + 1, 300);
  await page.mouse.down();
  await page.mouse.move(1436, 300, { steps: 12 });
  await page.mouse.up();
  await page.locator('[aria-label="Open the inspector"]:focus').waitFor();
  await page.keyboard.press("Enter");
  await expectSoon(width, before);
  await page.keyboard.press("Escape");
});

test("at 200 % a link to a page of a step opens it, and what sends a form is in sight", async () => {
  await page.setViewportSize({ width: 720, height: 450 });
  await page.goto(`${at.url.split("#")[0]}?step=plan&tab=edit`);
  await page.getByRole("tab", { name: "Edit", selected: true }).waitFor();
  await page.locator(".react-flow").focus();
  await page.keyboard.press("n");
  const send = page.getByRole("dialog").getByRole("button", { name: "Add step" });
  const box = await send.boundingBox();
  expect((box?.y ?? 450) + (box?.height ?? 0)).toBeLessThan(450);
  // Sent with a fault it leads to the field.
  await page.getByRole("dialog").getByLabel("Id", { exact: true }).fill("no such id!");
  await send.click();
  await expectSoon(() => page.evaluate(() => document.activeElement?.getAttribute("aria-invalid")), "true");
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto(at.url);
  await at.card("sure").waitFor();
});

test("no page had an error or a warning to report", () => expect(at.complaints).toEqual([]));
