import { afterAll, beforeAll, expect, test } from "bun:test";
import type { Page } from "playwright";
import { until } from "../test/rig/deadline";
import { Editor, expectSoon } from "./editor";

let at: Editor;
let mine: Page;
let other: Page;

const setUpMs = 120_000;
const formIn = (page: Page) => page.getByRole("form", { name: "Edit build" });
const nameIn = (page: Page) => formIn(page).getByLabel("Name");
const save = (page: Page) => formIn(page).getByRole("button", { name: "Save" });
const theirs = (page: Page) => formIn(page).getByText(/The file says/);

beforeAll(async () => {
  at = await Editor.open("two-tabs");
  mine = at.page;
  await at.product.run("step", "add", "build", "--command", '["true"]', "--name", "Build");
  other = await mine.context().newPage();
  for (const page of [mine, other]) {
    page.setDefaultTimeout(10_000);
    await page.goto(`${at.url.replace("#", "?step=build&tab=edit#")}`);
    await nameIn(page).waitFor();
  }
}, setUpMs);

afterAll(() => at?.close(), setUpMs);

test("whoever saves second is shown what the first one saved, and has to choose before anything is saved", async () => {
  await nameIn(mine).fill("Mine");
  await nameIn(other).fill("Theirs");
  await save(other).click();
  await theirs(mine).locator("code", { hasText: "Theirs" }).waitFor();
  expect(await save(mine).isDisabled()).toBe(true);
  await nameIn(mine).press("Enter");
  await formIn(mine).getByText("choose first").waitFor();
  expect(await at.sequence()).toContain("name: Theirs");
  await formIn(mine).getByRole("button", { name: "keep mine" }).click();
  await save(mine).click();
  await at.fileHas("what was chosen", (text) => text.includes("name: Mine"));
  await expectSoon(() => nameIn(other).inputValue(), "Mine");
});

/** What the second tab does while it has not heard yet of what the first one saves. */
async function beforeItHears(work: () => Promise<void>, then: () => Promise<void>): Promise<void> {
  let hear: () => void = () => undefined;
  const heard = new Promise<void>((resolve) => {
    hear = resolve;
  });
  await mine.route("**/api/step?id=build", async (route) => {
    await heard;
    await route.continue();
  });
  await work();
  await save(mine).click();
  // Whether it is refused, or has heard of the change by another way, it now asks what stands.
  hear();
  await then();
  await mine.unroute("**/api/step?id=build");
}

test("also where the second tab saves before it heard of the first", async () => {
  await nameIn(mine).fill("Mine again");
  await beforeItHears(
    async () => {
      await nameIn(other).fill("Theirs again");
      await save(other).click();
      await at.fileHas("theirs", (text) => text.includes("name: Theirs again"));
    },
    () => theirs(mine).locator("code", { hasText: "Theirs again" }).waitFor(),
  );
  expect(await at.sequence()).toContain("name: Theirs again");
  await formIn(mine).getByRole("button", { name: "Take theirs" }).click();
  expect(await nameIn(mine).inputValue()).toBe("Theirs again");
});

test("what was changed elsewhere in the same step meanwhile is kept, and nobody is asked", async () => {
  await nameIn(mine).fill("Both");
  await beforeItHears(
    async () => {
      await formIn(other).getByLabel("Timeout (ms)", { exact: true }).fill("5000");
      await save(other).click();
      await at.fileHas("theirs", (text) => text.includes("timeout_ms: 5000"));
    },
    async () => {
      await at.fileHas("mine", (text) => text.includes("name: Both"));
    },
  );
  expect(await at.sequence()).toContain("timeout_ms: 5000");
  expect(await theirs(mine).count()).toBe(0);
});

test("a save over which another one came, where nobody can tell any more what stands, says so and keeps what was typed", async () => {
  await formIn(mine)
    .getByText(/\d changed/)
    .waitFor({ state: "detached" });
  await nameIn(mine).fill("Unheard");
  let cut: () => void = () => undefined;
  const isCut = new Promise<void>((resolve) => {
    cut = resolve;
  });
  await mine.route("**/api/step?id=build", async (route) => {
    await isCut;
    await route.abort();
  });
  await at.product.run("step", "edit", "build", "--timeout-ms", "7000");
  await save(mine).click();
  cut();
  await mine.getByRole("region", { name: "Messages" }).getByText("changed meanwhile").waitFor();
  await mine.unroute("**/api/step?id=build");
  expect(await at.sequence()).not.toContain("Unheard");
  expect(await nameIn(mine).inputValue()).toBe("Unheard");
});

test("a prompt in two tabs: what both wrote in the same line is chosen, never overwritten", async () => {
  await at.product.run("step", "add", "think", "--model", "claude-code");
  await at.product.run("prompt", "edit", "think", "--text", "Think.");
  const promptIn = (page: Page) => page.getByRole("textbox", { name: "Prompt of think" });
  const retype = async (page: Page, text: string) => {
    await promptIn(page).focus();
    await page.keyboard.press("Control+a");
    await page.keyboard.insertText(text);
  };
  for (const page of [mine, other]) {
    await page.goto(`${at.url.replace("#", "?step=think&tab=edit#")}`);
    await promptIn(page).getByText("Think.").waitFor();
  }
  await retype(mine, "Think twice.");
  await retype(other, "Think thrice.");
  await other.keyboard.press("Control+s");
  await mine.getByRole("alert").getByText("The prompt changed in the same lines meanwhile.").waitFor();
  expect(await mine.getByRole("button", { name: "Save prompt" }).isDisabled()).toBe(true);
  await promptIn(mine).focus();
  await mine.keyboard.press("Control+s");
  expect(await at.read("prompts/think.md")).toBe("Think thrice.");
  await mine.getByRole("button", { name: "Keep mine" }).click();
  await mine.getByRole("button", { name: "Save prompt" }).click();
  await promptIn(other).getByText("Think twice.").waitFor();
  expect(await at.read("prompts/think.md")).toBe("Think twice.");
});

const left = (id: string) => mine.getByRole("region", { name: `What you typed into ${id}` });

test("a step that a shell removes while words stand in its form shows them, and is added again with them", async () => {
  await mine.goto(`${at.url.replace("#", "?step=build&tab=edit#")}`);
  await nameIn(mine).fill("Mine all the same");
  await at.product.run("step", "rm", "build", "--yes");
  await left("build").getByText("'build' was removed by user in a shell while you edited it.").waitFor();
  expect(await left("build").getByLabel("Name").inputValue()).toBe("Mine all the same");
  // Whoever typed goes on in what was typed, not in the graph.
  await expectSoon(() => left("build").locator("textarea:focus").count(), 1);
  await mine.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await left("build").getByRole("button", { name: "Copy" }).click();
  await expectSoon(() => mine.evaluate(() => navigator.clipboard.readText()), "Mine all the same");
  await left("build").getByRole("button", { name: "Add it again with your words" }).click();
  const text = await at.fileHas("it again", (text) => text.includes("name: Mine all the same"));
  expect(text).toContain("timeout_ms: 7000");
  await formIn(mine).waitFor();
});

test("what was typed into a prompt and into its lines is led to from elsewhere, and given up only by Discard", async () => {
  const inTab = (name: string) => mine.getByRole("tab", { name }).click();
  await at.card("think").click();
  await inTab("Edit");
  await mine.getByRole("textbox", { name: "Prompt of think" }).focus();
  await mine.keyboard.press("Control+a");
  await mine.keyboard.insertText("Think anew.");
  await inTab("YAML");
  await mine.getByRole("textbox", { name: "YAML of think" }).focus();
  await mine.keyboard.press("Control+End");
  await mine.keyboard.insertText("\nname: Thinker");
  await at.card("build").click();
  await at.product.run("step", "rm", "think", "--yes");
  await mine.getByRole("button", { name: "Go to think" }).click();
  expect(await left("think").getByLabel("Text of the prompt").inputValue()).toBe("Think anew.");
  await mine.getByRole("button", { name: "End the selection" }).click();
  await mine.getByRole("region", { name: "For you" }).getByRole("button", { name: "think" }).click();
  expect(await left("think").getByLabel("YAML").inputValue()).toContain("name: Thinker");
  await left("think").getByRole("button", { name: "Add it again with your words" }).click();
  await at.fileHas("it again", (text) => text.includes("name: Thinker"));
  await until("its prompt", async () => (await at.read("prompts/think.md")) === "Think anew.");
  await inTab("Edit");
  await mine.getByRole("form", { name: "Edit think" }).getByLabel("Name").fill("Dreamer");
  await at.product.run("step", "rm", "think", "--yes");
  await left("think").getByRole("button", { name: "Discard" }).click();
  await mine.getByText("There is no step or gate").waitFor();
});

test("no page had an error or a warning to report", () => {
  expect(at.complaints.filter((text) => !/status of 4\d\d|ERR_FAILED .*step\?id=build/.test(text))).toEqual(
    [],
  );
});
