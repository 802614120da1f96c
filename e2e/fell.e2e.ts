// What goes on once a failed step is run again, and an approval that fell, as the page tells of them.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { agree } from "./agreeing";
import { Editor, expectSoon } from "./editor";

setDefaultTimeout(60_000);

const setUpMs = 180_000;
let at: Editor;

beforeAll(async () => {
  at = await Editor.open("fell");
  const add = (...step: Parameters<Editor["product"]["addScript"]>) => at.product.addScript(...step);
  await add("write", "echo written");
  await at.product.run("gate", "insert", "review", "--name", "Review it", "--depends-on", "write");
  await at.product.run("gate", "insert", "word", "--name", "The last word");
  await add("first", "echo first", "--depends-on", "review");
  await add("ship", "echo shipped", "--depends-on", "first,word");
  await add("lint", "exit 3");
  await add("build", "echo built", "--depends-on", "lint");
  await add("publish", "echo published", "--depends-on", "build,word");
  await at.product.start("run", "--yes").exited;
  await at.product.start("gate", "approve", "review", "--yes", "--follow").exited;
  await at.page.goto(at.url);
}, setUpMs);

afterAll(async () => {
  await at?.close();
}, setUpMs);

const decision = () => at.inspector().getByRole("region", { name: "Decision", exact: true });

test("the question at a step that failed names what goes on once it is done, and behind which gate", async () => {
  await at.card("lint").click();
  await at.inspector().getByRole("button", { name: "Re-run it" }).click();
  const asked = at.page.getByRole("dialog", { name: "Run step lint?" });
  const lists = ["What would be started", "What goes on by itself then"].map((name) =>
    asked.getByRole("list", { name, exact: true }).getByRole("listitem"),
  );
  await lists[1]?.first().waitFor();
  expect(await Promise.all(lists.map((list) => list.count()))).toEqual([1, 2]);
  expect(await lists[1]?.nth(0).textContent()).toContain("build");
  expect(await lists[1]?.nth(1).textContent()).toMatch(/^publish.*behind word$/);
  await asked.getByRole("button", { name: "Cancel" }).click();
});

test("an edit that makes an approval void is warned of, and the warning leads to the gate", async () => {
  await at.card("ship").click();
  await at.inspector().getByRole("tab", { name: "Edit" }).click();
  const form = at.page.getByRole("form", { name: "Edit ship" });
  await form.getByLabel("Command").fill("echo other");
  await form.getByRole("button", { name: "Save" }).click();
  const toast = at.page.getByRole("region", { name: "Messages" }).locator(".toast");
  await toast.getByText("the approval of gate 'review' is void by this").waitFor();
  expect(await toast.getAttribute("data-tone")).toBe("retrying");
  await toast.getByRole("button", { name: "Go to Review it" }).click();
  await decision().waitFor();
});

test("the gate says so on the graph, beside it and in the inbox, and marks what starts otherwise", async () => {
  await at.card("review").getByText("its approval is void").waitFor();
  const newest = decision().getByRole("region", { name: "What was decided" }).getByRole("listitem").first();
  await newest.getByText(/^The approval became void/).waitFor();
  await newest.getByText("ship, which starts on it, changed since the approval").waitFor();
  expect(await newest.textContent()).toMatch(/Change command of step ship, by user/);
  const starts = decision().getByRole("list", { name: "What an approval starts" });
  await starts
    .getByRole("listitem")
    .filter({ hasText: "ship" })
    .getByText("changed", { exact: true })
    .waitFor();
  await at.page.getByRole("button", { name: /^Inbox/ }).click();
  const item = at.page.getByRole("region", { name: "Gate: Review it" });
  await item.getByText(/the approval by user became void/).waitFor();
  await item.getByText("changed", { exact: true }).waitFor();
  await at.page.keyboard.press("Escape");
});

test("until it is approved again; what ran on it before is stale no longer then", async () => {
  await at.card("first").getByText("stale", { exact: true }).first().waitFor();
  await decision().getByRole("button", { name: "Approve this" }).click();
  const asked = at.page.getByRole("dialog");
  if (await asked.isVisible()) await agree(asked);
  await at.card("review").getByText("Approved").waitFor();
  await expectSoon(() => at.card("review").getByText("void").count(), 0);
  await expectSoon(() => at.card("first").getByText("stale", { exact: true }).count(), 0);
});

test("nothing was complained of", () => {
  expect(at.complaints).toEqual([]);
});
