import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { Editor, expectSoon } from "./editor";

setDefaultTimeout(60_000);

const setUpMs = 180_000;
let at: Editor;

const add = (...step: Parameters<Editor["product"]["addScript"]>) => at.product.addScript(...step);
const reject = (reason: string, ...more: string[]) =>
  at.product.run("gate", "reject", "review", "--yes", "--reason", reason, ...more);
const run = (...more: string[]) => at.product.start("run", "--yes", ...more).exited;

const anHourMs = 3_600_000;
const hourly = { limit: 1, backoff_ms: anHourMs, max_ms: anHourMs };

beforeAll(async () => {
  at = await Editor.open("decided");
  await add("write", 'echo written; echo careful >&2; echo note > "$THREADOS_OUTPUT_DIR/note.md"');
  await at.product.run("gate", "insert", "review", "--name", "Review it", "--depends-on", "write");
  await add("ship", "echo shipped", "--depends-on", "review");
  await add("broken", "seq 1 20 >&2; exit 3");
  await add("loud", "echo began; echo assertion >&2; exit 3");
  await run();
  await reject("too short", "--back-to", "write");
  await run();
  await reject("still too short");
  await run("--new");
  await reject("numbers are wrong", "--back-to", "write");
  await run();
  await add("flaky", "echo went wrong >&2; exit 4", "--retry", JSON.stringify(hourly));
  at.product.start("run", "step", "flaky", "--yes");
  await at.page.goto(at.url);
  await at.card("review").click();
}, setUpMs);

afterAll(async () => {
  await at?.close();
}, setUpMs);

const decisions = () => at.inspector().getByRole("region", { name: "What was decided" });
const tab = (name: string) => at.inspector().getByRole("tab", { name }).click();

test("a gate tells who turned it down, when and why, in this run and in those before", async () => {
  const newest = decisions().getByRole("listitem").first();
  await newest.getByText("numbers are wrong").waitFor();
  expect(await newest.textContent()).toContain("Rejected by user");
  expect(await newest.locator("time").count()).toBe(1);
  await newest.getByText("The work went back to").waitFor();
  expect(await decisions().getByText("still too short").isVisible()).toBe(false);
  await decisions().getByText("In earlier runs (2)").click();
  await decisions().getByText("still too short").waitFor();
});

test("so do its runs and its lane of the timeline", async () => {
  await tab("Runs");
  const table = at.inspector().getByRole("table", { name: "Runs of Review it" });
  for (const reason of ["numbers are wrong", "still too short", "too short"])
    await table.getByText(reason, { exact: true }).waitFor();
  await at.dock().getByRole("tab", { name: "Timeline" }).click();
  const mark = at.dock().getByTitle(/^Rejected by user, .*, the work went back to write: numbers are wrong$/);
  await mark.waitFor();
  await tab("Overview");
});

test("a replay tells a decision only from when it was made", async () => {
  const { run: newest } = JSON.parse(await at.product.run("status", "--json"));
  const link = new URL(at.page.url());
  link.searchParams.set("run", newest);
  link.searchParams.set("t", "0");
  await at.page.goto(link.href);
  await decisions().getByText("In earlier runs (2)").waitFor();
  expect(await decisions().getByText("numbers are wrong").count()).toBe(0);
  await at.page.getByRole("status").filter({ hasText: "Nothing can be changed here" }).waitFor();
  await at.page.keyboard.press("Escape");
  await decisions().getByText("numbers are wrong").waitFor();
});

test("each file that it shows leads to its contents, and standard error says that no yes is bound to it", async () => {
  const decision = at.inspector().getByRole("region", { name: "Decision", exact: true });
  await decision.getByText("not bound", { exact: true }).waitFor();
  await decision.getByRole("button", { name: "Open stderr.log of write in the log" }).click();
  await at.dock().getByRole("log").getByText("careful").waitFor();
  await decision.getByRole("button", { name: "Open stdout.log of write in the log" }).click();
  await at.dock().getByRole("log").getByText("written").waitFor();
  await decision.getByRole("button", { name: "Open note.md of write", exact: true }).click();
  await at.inspector().getByRole("region", { name: "note.md" }).getByText("note", { exact: true }).waitFor();
  await at.inspector().getByRole("button", { name: "Back to the gate review" }).click();
  await decisions().waitFor();
});

test("what an approval starts stands above it, in the inbox and in the question, and what it shows stands apart", async () => {
  await at.card("review").click();
  const decision = at.inspector().getByRole("region", { name: "Decision", exact: true });
  const then = decision.getByRole("list", { name: "What an approval starts" });
  await then.getByText("echo shipped").waitFor();
  await then.getByText("arbitrary code").waitFor();
  await at.page.getByRole("button", { name: /^Inbox/ }).click();
  const item = at.page.getByRole("region", { name: "Gate: Review it" });
  await item.getByRole("list", { name: "What an approval starts" }).getByText("echo shipped").waitFor();
  await item.getByRole("button", { name: "Approve Review it" }).click();
  const asked = at.page.getByRole("dialog", { name: /^Approve gate review/ });
  const starts = asked.getByRole("list", { name: "What would be started", exact: true });
  await starts.getByText("echo shipped").waitFor();
  await asked
    .getByRole("list", { name: "What it shows" })
    .getByText(/^write: attempt \d+, done; it left/)
    .waitFor();
  expect(await asked.getByText("What else comes of it").count()).toBe(0);
  await asked.getByRole("button", { name: "Cancel" }).click();
  await at.page.keyboard.press("Escape");
});

test("a stale result is told where it is decided, and on the graph from every distance", async () => {
  await at.product.run("step", "edit", "write", "--description", "It writes");
  await at.card("review").click();
  const decision = at.inspector().getByRole("region", { name: "Decision", exact: true });
  await decision.getByRole("list", { name: "What an approval starts" }).waitFor();
  expect(await decision.getByText(/^Stale/).count()).toBe(0);
  await at.product.run("step", "edit", "write", "--command", "echo rewritten");
  await decision.getByText("Stale: its definition changed since.").waitFor();
  await at.page.getByRole("button", { name: /^Inbox/ }).click();
  const item = at.page.getByRole("region", { name: "Gate: Review it" });
  await item.getByText("Stale: write, its definition changed since.").waitFor();
  await at.page.keyboard.press("Escape");
  for (const detail of ["name", "far"]) {
    const seen = at.page.locator(`[data-detail="${detail}"]`);
    for (let turn = 0; turn < 12 && (await seen.count()) === 0; turn++) await at.button("Zoom out").click();
    await seen.waitFor();
    expect(await at.page.locator(".stale-flag:visible").count()).toBe(1);
  }
  await at.button("Show everything").click();
  // And wherever it is listed.
  await at
    .inspector()
    .getByRole("button", { name: /^write.*stale$/ })
    .first()
    .waitFor();
  await at.card("review").focus();
  await at.page.keyboard.press("Escape");
  await at.inspector().locator('[data-entry="write"]').getByText("stale", { exact: true }).waitFor();
  await at.page.keyboard.press("o");
  await expectSoon(() => at.page.locator(".as-list").getByText("stale", { exact: true }).count(), 2);
  await at.page.keyboard.press("o");
  await at.card("review").waitFor();
});

test("a failed step says its last words, and its log opens on the output that has any", async () => {
  await at.card("broken").click();
  const words = at.inspector().getByRole("region", { name: "Last words" });
  await words.getByText("20", { exact: true }).waitFor();
  await at.dock().getByRole("tab", { name: "Audit" }).click();
  await words.getByRole("button", { name: "All of it in the log" }).click();
  await at.dock().getByRole("log").getByText("20", { exact: true }).waitFor();
  await at.card("ship").click();
  await at.card("broken").click();
  await at.dock().getByRole("button", { name: "stdout", exact: true }).click();
  await at.dock().getByText("Nothing on stdout; 20 lines on stderr.").waitFor();
  await at.dock().getByRole("button", { name: "Look at stderr" }).click();
  await at.dock().getByRole("log").getByText("20", { exact: true }).waitFor();
});

test("the log of a failed step is the one that its last words end, until somebody chooses", async () => {
  await at.card("loud").click();
  await at
    .inspector()
    .getByRole("region", { name: "Last words" })
    .getByText("assertion", { exact: true })
    .waitFor();
  await at.dock().getByRole("log").getByText("assertion", { exact: true }).waitFor();
  await at.dock().getByRole("button", { name: "stdout", exact: true }).click();
  await at.dock().getByRole("log").getByText("began", { exact: true }).waitFor();
});

test("so does one that waits to be tried again", async () => {
  await at.card("flaky").click();
  await at.card("flaky").getByText("Retrying").waitFor();
  const words = at.inspector().getByRole("region", { name: "Last words" });
  await words.getByText("went wrong", { exact: true }).waitFor();
  await at.dock().getByRole("log").getByText("went wrong", { exact: true }).waitFor();
});

describe("what was typed and not sent", () => {
  /** Whether the browser asks before the page is left; it is not left. */
  const asks = async () => {
    const asked = at.page.waitForEvent("dialog");
    await at.page.close({ runBeforeUnload: true });
    const dialog = await asked;
    const type = dialog.type();
    await dialog.dismiss();
    return type;
  };

  test("at a gate is there again after a look elsewhere, and the page is not left without a question", async () => {
    const question = JSON.stringify([{ id: "why", type: "text", ask: "Why is it good?" }]);
    await at.product.run("gate", "edit", "review", "--questions", question);
    await at.card("review").click();
    await at.inspector().getByLabel("Why is it good?").fill("It is sh");
    await at.inspector().getByRole("button", { name: "Reject…" }).click();
    await at.inspector().getByLabel("What is not right").fill("The tit");
    await at.card("ship").click();
    await at.card("review").click();
    expect(await at.inspector().getByLabel("Why is it good?").inputValue()).toBe("It is sh");
    expect(await at.inspector().getByLabel("What is not right").inputValue()).toBe("The tit");
    expect(await asks()).toBe("beforeunload");
    await at.inspector().getByRole("button", { name: "Cancel" }).click();
    await at.inspector().getByLabel("Why is it good?").fill("");
  });

  test("in the form of a new step is asked about as well", async () => {
    await at.page.getByRole("button", { name: "Step", exact: true }).click();
    const form = at.page.getByRole("dialog", { name: "Add a step" });
    await form.getByLabel("Name").fill("Half");
    expect(await asks()).toBe("beforeunload");
    await form.getByRole("button", { name: "Cancel" }).click();
    await form.waitFor({ state: "detached" });
  });

  test("to the chat is there after a reload, which asks nothing", async () => {
    let asked = 0;
    at.page.on("dialog", (dialog) => {
      asked += 1;
      void dialog.accept();
    });
    await at.page.keyboard.press("c");
    const message = at.page.getByRole("textbox", { name: "Message" });
    await message.fill("put a gate bef");
    await at.page.reload();
    await message.waitFor();
    expect(await message.inputValue()).toBe("put a gate bef");
    expect(asked).toBe(0);
  });
});

test("nothing was complained of", () => {
  expect(at.complaints).toEqual([]);
});
