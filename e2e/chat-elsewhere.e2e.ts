import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright";
import { until } from "../test/rig/deadline";
import { Editor } from "./editor";

let at: Editor;
let other: Page;
let config: string;
const before = process.env.XDG_CONFIG_HOME;
const setUpMs = 120_000;

const chat = (page: Page) => page.getByRole("region", { name: "Chat", exact: true });
const card = (page: Page) =>
  chat(page)
    .getByRole("region", { name: /^Proposal of/ })
    .last();
const field = (page: Page) => chat(page).getByRole("textbox", { name: "Message" });
const say = async (page: Page, text: string) => {
  await field(page).fill(text);
  await field(page).press("Enter");
};

beforeAll(async () => {
  config = await mkdtemp(join(tmpdir(), "threados-e2e-config-"));
  process.env.XDG_CONFIG_HOME = config;
  at = await Editor.open("elsewhere");
  for (const [id, ...more] of [
    ["build"],
    ["pack", "--depends-on", "build"],
    ["ship", "--depends-on", "pack"],
  ])
    await at.product.run("step", "add", id as string, "--command", '["true"]', ...more);
  await at.page.goto(at.url);
  await at.card("ship").waitFor();
  await at.page.keyboard.press("c");
  await say(at.page, "status");
  await chat(at.page).getByText("status", { exact: true }).waitFor();
  await chat(at.page).getByRole("button", { name: "Send" }).waitFor();
  other = await at.page.context().newPage();
  await other.goto(at.url);
  await chat(other).getByText("status", { exact: true }).waitFor();
}, setUpMs);

afterAll(async () => {
  await at?.close();
  await rm(config, { recursive: true, force: true });
  if (before === undefined) delete process.env.XDG_CONFIG_HOME;
  else process.env.XDG_CONFIG_HOME = before;
}, setUpMs);

describe("a conversation that is open in two tabs", () => {
  test("shows in both what is said in one, and what is rejected in a terminal", async () => {
    await say(at.page, "rename build to Make");
    await card(other).getByRole("button", { name: "Apply", exact: true }).waitFor();
    await other.locator(".ghost-changed").first().waitFor();
    const inbox = await at.product.run("inbox", "--json");
    const { proposals } = JSON.parse(inbox) as { proposals: { id: string }[] };
    await at.product.run("reject", proposals[0]?.id as string);
    for (const page of [at.page, other]) {
      await card(page).getByText("Discarded").waitFor();
      await page.locator(".ghost-changed").waitFor({ state: "detached" });
      expect(await card(page).getByRole("button", { name: "Apply", exact: true }).count()).toBe(0);
    }
    expect(await chat(other).locator(".chat-turn").count()).toBe(2);
  });

  test("what is applied to another text goes on showing what was applied, in both and after a reload", async () => {
    await say(at.page, "set the timeout of build to 5 minutes");
    await card(at.page).getByRole("button", { name: "Apply", exact: true }).waitFor();
    await at.product.run("step", "edit", "build", "--timeout-ms", "60000");
    await card(at.page).getByRole("button", { name: "Apply to what stands now" }).click();
    await card(at.page).getByText("Applied, in the form that was chosen").waitFor();
    await card(other).getByText("Applied, in the form that was chosen").waitFor();
    await other.reload();
    for (const page of [at.page, other])
      await until("what was applied", async () => {
        const said = await card(page)
          .textContent({ timeout: 1000 })
          .catch(() => "");
        return /1 minute/.test(said ?? "") || undefined;
      });
  });

  test("without the removal what frees others of it is left out as well", async () => {
    await say(at.page, "remove pack");
    const box = card(at.page).getByRole("checkbox", { name: /remove step pack/ });
    await box.waitFor();
    await box.uncheck();
    expect(
      await card(at.page)
        .getByRole("checkbox", { name: /no longer wait for pack/ })
        .isChecked(),
    ).toBe(false);
    await card(at.page).getByText("Tick at least one action.").waitFor();
  });
});

describe("the chat's field and page", () => {
  test("a message that is too long says so, and is not sent", async () => {
    await field(at.page).fill("x".repeat(20_001));
    await chat(at.page).getByText("20,001 of 20,000 characters: too long to be sent").waitFor();
    expect(await chat(at.page).getByRole("button", { name: "Send" }).isDisabled()).toBe(true);
    await field(at.page).press("Enter");
    expect(await field(at.page).inputValue()).toHaveLength(20_001);
    await field(at.page).fill("x".repeat(12_345));
    await chat(at.page).getByText("12,345 of 20,000 characters", { exact: true }).waitFor();
    await field(at.page).fill("");
  });

  test("what is hidden in a conversation makes the page no longer", async () => {
    const heights = () => at.page.evaluate(() => [document.documentElement.scrollHeight, innerHeight]);
    const [page, window] = await heights();
    expect(page).toBe(window as number);
  });
});
