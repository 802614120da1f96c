import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright";
import { until } from "../test/rig/deadline";
import { Editor } from "./editor";

setDefaultTimeout(60_000);

const setUpMs = 180_000;
let at: Editor;
let page: Page;

const add = (...step: Parameters<Editor["product"]["addScript"]>) => at.product.addScript(...step);
const dialog = () => page.getByRole("dialog");

beforeAll(async () => {
  at = await Editor.open("steady");
  page = at.page;
  await add("plan", "echo planned");
  await add("build", "echo built", "--depends-on", "plan");
  await at.product.run("gate", "insert", "review", "--name", "Review it", "--depends-on", "build");
  await add("ship", "echo shipped", "--depends-on", "review");
  await at.product.start("run", "--yes").exited;
  await page.goto(at.url);
  await at.card("review").waitFor();
}, setUpMs);

afterAll(() => at?.close(), setUpMs);

test.each([
  [1440, 900],
  [1024, 700],
])("at %i×%i the search grows over what stands before it, and moves nothing", async (width, height) => {
  await page.setViewportSize({ width, height });
  const places = async () => [
    await page.locator(".progress").boundingBox(),
    await page.getByRole("heading", { level: 1 }).boundingBox(),
    await at.button("Open the command palette").boundingBox(),
  ];
  const before = await places();
  await page.locator(".search").click();
  await page.keyboard.type("plan");
  await page.getByRole("banner").getByRole("status").getByText("1").waitFor();
  expect(await places()).toEqual(before);
  // What does not fit is dimmed, and so are the arrows that end in it.
  expect(await page.locator('.thread[data-dim="true"]').count()).toBe(3);
  await page.keyboard.press("Escape");
  expect(await page.locator('.thread[data-dim="true"]').count()).toBe(0);
  await page.setViewportSize({ width: 1440, height: 900 });
});

test("a tab that is clicked after a key has no ring; one that a key leads to has", async () => {
  const isRinged = () =>
    page.evaluate(() => getComputedStyle(document.activeElement as Element).outlineStyle !== "none");
  await at.card("plan").click();
  await page.keyboard.press("Escape");
  await at.inspector().getByRole("tab", { name: "Sequence" }).click();
  expect(await isRinged()).toBe(false);
  await page.keyboard.press("ArrowLeft");
  expect(await isRinged()).toBe(true);
  await at.inspector().getByRole("tab", { name: "Outline", selected: true }).waitFor();
});

test("a gate offers the same three answers in the same order wherever it is decided", async () => {
  const answers = ["Approve", "Reject…", "Block"];
  const said = async (within: ReturnType<Page["locator"]>) =>
    (await within.getByRole("button").allInnerTexts())
      .map((text) => text.trim())
      .filter((text) => answers.includes(text));
  const beside = at.inspector().getByRole("region", { name: "For you" });
  expect(await said(at.card("review"))).toEqual(answers);
  expect(await said(beside)).toEqual(answers);
  await page.getByRole("button", { name: /^Inbox/ }).click();
  expect(await said(dialog())).toEqual(answers);
  await page.keyboard.press("Escape");
  await beside.getByRole("button", { name: "Reject… Review it" }).click();
  await until("the focus in the form", () =>
    page.evaluate(() => document.activeElement?.closest("form")?.ariaLabel === "Reject at review"),
  );
  expect(await said(at.inspector().getByRole("region", { name: "Decision" }))).toEqual(answers);
  // What takes the gate away stands below the decision.
  const [decide, remove] = [
    await at.button("Approve this").boundingBox(),
    await at.inspector().getByRole("button", { name: "Delete…" }).boundingBox(),
  ];
  expect(remove?.y ?? 0).toBeGreaterThan(decide?.y ?? 0);
  await at.inspector().getByRole("button", { name: "Cancel" }).click();
  await at.button("End the selection").click();
  await at.inspector().getByRole("tab", { name: "Outline" }).waitFor();
});

test("the palette offers each thing once, and nothing that there is not to be done", async () => {
  await page.keyboard.press("Control+k");
  const options = () => dialog().getByRole("option");
  await page.keyboard.type("add a gate");
  await options().filter({ hasText: "Add a gate…" }).first().waitFor();
  expect(await options().filter({ hasText: "Add a gate…" }).count()).toBe(1);
  await page.keyboard.press("Control+a");
  await page.keyboard.type("undo the last change");
  await options().filter({ hasText: "seqctl undo" }).first().waitFor();
  expect(await options().filter({ hasText: "seqctl undo" }).count()).toBe(1);
  await page.keyboard.press("Control+a");
  await page.keyboard.type("fit");
  await options().filter({ hasText: "Show everything" }).waitFor();
  await page.keyboard.press("Control+a");
  await page.keyboard.type("delete a step");
  await options().filter({ hasText: "Remove a step…" }).waitFor();
  await page.keyboard.press("Control+a");
  await page.keyboard.type("redo what was");
  await options().filter({ hasText: "Redo what was undone" }).waitFor({ state: "detached" });
  await page.keyboard.press("Escape");
});

test("a start that finds nothing to do is not marked as done", async () => {
  await page.keyboard.press("Control+Enter");
  const messages = page.getByRole("region", { name: "Messages" });
  await messages.locator('[data-tone="skipped"]').getByText("Nothing is ready to run").waitFor();
});

test("a broken file is told in full once, where it is mended, and its heading is in sight", async () => {
  const file = join(at.product.root, ".threados", "sequence.yaml");
  const whole = await at.sequence();
  // The inspector tells it where nothing is selected.
  await page.goto(at.url);
  await at.card("review").waitFor();
  await writeFile(file, "# a line\n".repeat(80) + whole.replace("version: 1", "version: 1\nbad: ["));
  const panel = page.getByRole("region", { name: "The file can't be read" });
  await panel.getByText("This [ is never closed", { exact: true }).waitFor();
  await panel.getByRole("textbox", { name: "sequence.yaml" }).waitFor();
  const notice = page.getByRole("alert").filter({ hasText: "you see how things stood before" });
  expect(await notice.textContent()).toContain(
    ".threados/sequence.yaml can't be read; the inspector tells where.",
  );
  expect(await notice.textContent()).not.toContain("is never closed");
  const heading = await panel.getByRole("heading", { name: "The file can't be read" }).boundingBox();
  const frame = await at.inspector().boundingBox();
  expect(heading?.y ?? 0).toBeGreaterThanOrEqual(frame?.y ?? Number.POSITIVE_INFINITY);
  await writeFile(file, whole);
  await panel.waitFor({ state: "detached" });
});

test("no page had an error or a warning to report", () => {
  expect(at.complaints.filter((line) => !line.includes("/api/"))).toEqual([]);
});
