import { afterAll, beforeAll, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Locator, Page } from "playwright";
import { auditPage } from "./audit";
import { Editor, expectSoon } from "./editor";

let at: Editor;
let page: Page;

const setUpMs = 120_000;

const good = `version: 1
name: broken
steps:
  - id: plan
    command: ["true"] # first of all
  - id: build
    command: ["true"]
    depends_on: [plan]
`;
const broken = good.replace("depends_on:", "depends_on");
const digestOf = (text: string) => createHash("sha256").update(text).digest("hex");
const write = (text: string) => writeFile(join(at.product.root, ".threados", "sequence.yaml"), text);
const editor = () => page.getByRole("textbox", { name: "sequence.yaml" });
/** What says above the graph that it can't be read. */
const notice = () => page.getByRole("main").getByRole("alert");
/** Puts a text in the place of what stands in the editor. */
const retype = async (text: string) => {
  await editor().focus();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(text);
};
const textIn = async (box: Locator) =>
  (await box.locator(".cm-line").allInnerTexts()).map((line) => line.trimEnd());
const entries = async () =>
  (await at.read("audit.log"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

beforeAll(async () => {
  at = await Editor.open("broken");
  page = at.page;
  await write(good);
  await at.product.run("status");
  // Whoever looks on has been told of the good text.
  await at.product.run("step", "edit", "plan", "--name", "Plan");
  await at.product.run("undo");
  await page.goto(at.url);
  await at.card("build").waitFor();
}, setUpMs);

afterAll(() => at?.close(), setUpMs);

test("after a reload a broken file is shown with its fault at its line, and no skeleton", async () => {
  await write(broken);
  await page.getByRole("region", { name: "The file can't be read" }).waitFor();
  await page.reload();
  await editor().waitFor();
  await expectSoon(() => textIn(editor()), broken.split("\n"));
  await at.inspector().getByText(".threados/sequence.yaml:8:").waitFor();
  await at
    .inspector()
    .getByText(/^Line 8: /)
    .waitFor();
  // The mark in the margin, and the wave below the words.
  await at.inspector().locator(".cm-lint-marker-error").waitFor();
  expect(await page.locator(".skeleton, [aria-busy=true]").count()).toBe(0);
  expect(await auditPage(page)).toEqual([]);
});

test("what says so leads to the fault, and can be put away", async () => {
  await page.keyboard.press("p");
  await editor().waitFor({ state: "detached" });
  await notice().getByText(".threados/sequence.yaml:8 can't be read:").waitFor();
  await page.getByRole("contentinfo").getByText("sequence.yaml can't be read", { exact: true }).waitFor();
  await notice().getByRole("button", { name: "Mend line 8" }).click();
  await expectSoon(
    () =>
      page.evaluate(() => {
        const inside = document.querySelector(".code-editor")?.shadowRoot as
          | (ShadowRoot & { getSelection(): Selection | null })
          | null;
        if (!inside?.activeElement) return undefined;
        const node = inside.getSelection()?.anchorNode;
        const element = node instanceof Element ? node : node?.parentElement;
        return element?.closest(".cm-line")?.textContent?.trim();
      }),
    "depends_on [plan]",
  );
  await notice().getByRole("button", { name: "Hide this message" }).click();
  await notice().waitFor({ state: "detached" });
});

test("a text that is as broken can't be saved; a mended one can, based on the broken one", async () => {
  await retype(`${broken}# more\n`);
  await at.inspector().getByText("not saved").waitFor();
  expect(await at.button("Save").isDisabled()).toBe(true);
  await page.keyboard.press("Control+s");
  await at
    .inspector()
    .getByText(/^Not saved: line \d+: /)
    .waitFor();
  const mended = good.replace("first of all", "mended by hand");
  await retype(mended);
  await at
    .inspector()
    .getByText(/^Line 8: /)
    .waitFor({ state: "detached" });
  await page.keyboard.press("Control+s");
  await at.card("build").waitFor();
  await at.fileHas("the mended text", (text) => text === mended);
  expect((await entries()).at(-1)).toMatchObject({
    actor: "user",
    action: "sequence.write",
    before: digestOf(broken),
    after: digestOf(mended),
  });
});

test("undo brings the broken text back, and redo the mended one", async () => {
  await at.button("Undo").click();
  await at.fileHas("the broken text", (text) => text === broken);
  await editor().waitFor();
  await at.button("Redo").click();
  await at.fileHas("the mended text", (text) => text.includes("mended by hand"));
  await at.card("build").waitFor();
  await editor().waitFor({ state: "detached" });
});

test("the YAML tab shows the whole file as it stands, and mends it as well", async () => {
  await at.card("plan").click();
  await page.getByRole("tab", { name: "YAML" }).click();
  await write(broken);
  await expectSoon(() => textIn(editor()), broken.split("\n"));
  expect(await at.button("The whole file").getAttribute("aria-pressed")).toBe("true");
  // What says so stands above the graph and covers nothing of it.
  const [bar, graph] = [
    await notice().boundingBox(),
    await page.getByLabel("Graph of the sequence").boundingBox(),
  ];
  expect((bar?.y ?? Number.NaN) + (bar?.height ?? 0)).toBeLessThanOrEqual((graph?.y ?? 0) + 1);
  // Somebody goes on in an editor of their own meanwhile: theirs is shown, or there is a choice.
  const other = broken.replace("name: broken", "name: theirs");
  await write(other);
  await expectSoon(() => textIn(editor()), other.split("\n"));
  await retype(good);
  await at.button("Save").click();
  await at.fileHas("the good text", (text) => text === good);
  expect((await entries()).at(-1)).toMatchObject({ before: digestOf(other), after: digestOf(good) });
  await page.getByRole("region", { name: "The file can't be read" }).waitFor({ state: "detached" });
});

test("what broke it is taken back from above the graph", async () => {
  await write(broken);
  await notice().getByRole("button", { name: "Take back what broke it…" }).click();
  // It was broken in an editor, not here.
  await page.getByRole("dialog").getByRole("button", { name: "Undo it" }).click();
  await at.fileHas("the last good text", (text) => text === good);
  await notice().waitFor({ state: "detached" });
});

test("what takes a step away on the way asks first", async () => {
  await write(broken);
  await expectSoon(() => textIn(editor()), broken.split("\n"));
  await retype(good.split("\n").slice(0, 5).join("\n"));
  await at.button("Save").click();
  await page
    .getByRole("dialog")
    .getByText(/replace the whole text of the sequence/i)
    .first()
    .waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
  expect(await at.sequence()).toBe(broken);
});

test("no page had an error or a warning to report", () => {
  expect(at.complaints.filter((text) => !/status of 4\d\d/.test(text))).toEqual([]);
});
