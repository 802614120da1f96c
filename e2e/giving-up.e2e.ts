import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { until } from "../test/rig/deadline";
import { agree } from "./agreeing";
import { Editor } from "./editor";

const setUpMs = 120_000;
const someRunsMs = 60_000;

let at: Editor;

beforeAll(async () => {
  at = await Editor.open("giving-up");
  const { page, product } = at;
  await product.run("step", "add", "patch", "--command", '["true"]');
  await product.run("gate", "insert", "review", "--name", "Review", "--depends-on", "patch");
  await product.run("step", "add", "ship", "--command", '["true"]', "--depends-on", "review");
  await product.addHeldStep("hold");
  product.start("run", "--yes", "--detach");
  await page.goto(at.url);
  await at.card("ship").waitFor();
  await says("hold", "Running");
  await says("review", "Waits for you");
}, setUpMs);

afterAll(() => at?.close(), setUpMs);

const dialog = () => at.page.getByRole("dialog");
const says = (id: string, word: string) => at.card(id).getByText(word, { exact: true }).waitFor();
const stateOf = async (id: string) => {
  const { steps } = JSON.parse(await at.product.run("status", "--json"));
  return steps.find((step: { id: string }) => step.id === id).status;
};
const giveUp = async () => {
  await at.button("More ways to run").click();
  await at.page.getByRole("menuitem", { name: "Give the run up…" }).click();
};

describe("giving the run up", () => {
  test(
    "asks first, naming what is ended, and says what was",
    async () => {
      await giveUp();
      const ended = dialog().getByRole("list", { name: "What is ended" });
      await ended.getByText("1 step at work is ended: hold.").waitFor();
      await ended.getByText("Nobody is asked any more at Review.").waitFor();
      await dialog().getByRole("button", { name: "Cancel" }).click();
      expect(await stateOf("hold")).toBe("RUNNING");
      await giveUp();
      await agree(dialog());
      await at.page.getByText("The run was given up; hold is being ended").waitFor();
      await until("hold has ended", async () => (await stateOf("hold")) === "FAILED" || undefined);
    },
    someRunsMs,
  );

  test("leaves a gate that asks nobody", async () => {
    await says("review", "Canceled");
    expect(await at.page.getByRole("button", { name: "Approve Review" }).count()).toBe(0);
    await at.card("review").click();
    await at.inspector().getByText("The run was given up, so nobody is asked here any more.").waitFor();
    expect(await at.inspector().getByRole("button", { name: "Approve this" }).count()).toBe(0);
    await at.page.keyboard.press("Escape");
  });

  test("counts nothing as failed", async () => {
    await says("hold", "Stopped");
    await at.button("Inbox, empty").waitFor();
    expect(await at.page.locator(".progress").textContent()).not.toContain("failed");
  });
});

test("no page had an error or a warning to report", () => expect(at.complaints).toEqual([]));
