import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Locator, Page, Route } from "playwright";
import { contextBudgetChars } from "../lib/core/chat/prompt";
import { type ChatServer, type Said, startChatServer } from "../test/rig/chat-server";
import { until } from "../test/rig/deadline";
import { agree } from "./agreeing";
import { auditPage } from "./audit";
import { Editor } from "./editor";

let at: Editor;
let page: Page;
let config: string;
const before = process.env.XDG_CONFIG_HOME;
const servers: ChatServer[] = [];
const setUpMs = 120_000;

beforeAll(async () => {
  config = await mkdtemp(join(tmpdir(), "threados-e2e-config-"));
  process.env.XDG_CONFIG_HOME = config;
  at = await Editor.open("talking");
  page = at.page;
  const add = (id: string, ...more: string[]) =>
    at.product.run("step", "add", id, "--command", `["echo", "${id}"]`, ...more);
  await add("spare");
  await add("plan");
  await add("build", "--depends-on", "plan");
  await add("deploy", "--depends-on", "build");
  await page.goto(at.url);
  await at.card("deploy").waitFor();
}, setUpMs);

afterAll(async () => {
  for (const server of servers) await server.stop();
  await at?.close();
  await rm(config, { recursive: true, force: true });
  if (before === undefined) delete process.env.XDG_CONFIG_HOME;
  else process.env.XDG_CONFIG_HOME = before;
}, setUpMs);

/** Lets a server on loopback answer from now on, by the real Messages API; the rules without a model if there is none. */
async function answerBy(script?: Said[]): Promise<ChatServer | undefined> {
  const file = join(config, "threados", "chat.yaml");
  await rm(file, { force: true });
  if (!script) return undefined;
  const server = await startChatServer(script);
  servers.push(server);
  await mkdir(join(config, "threados"), { recursive: true });
  await writeFile(file, `provider: anthropic\nmodel: claude-test\nbase_url: ${server.url}\n`);
  return server;
}

const chat = (): Locator => page.getByRole("region", { name: "Chat", exact: true });
const card = (): Locator =>
  chat()
    .getByRole("region", { name: /^Proposal of/ })
    .last();
const say = async (text: string) => {
  await chat().getByRole("textbox", { name: "Message" }).fill(text);
  await page.keyboard.press("Enter");
};
const idle = () => chat().getByRole("button", { name: "Send" }).waitFor();
const fresh = async () => {
  await chat().getByTitle("Conversations").click();
  await page.getByRole("menuitem", { name: "New conversation" }).click();
};

describe("without a model", () => {
  test("opens by a key, says who answers, and suggests what makes sense", async () => {
    await page.keyboard.press("c");
    await chat().getByText("offline: fixed rules, no model").waitFor();
    expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toBe("Message");
    await chat().getByRole("button", { name: "put a gate before deploy" }).waitFor();
  });

  test("offers what can be said instead of what it did not understand: one press says it", async () => {
    await say("frobnicate the deploy");
    const instead = chat().getByRole("list", { name: "What can be said instead" });
    await instead.getByRole("button", { name: "what can I say" }).waitFor();
    expect(await instead.getByRole("button").count()).toBeLessThanOrEqual(4);
    await instead.getByRole("button", { name: "what can I say" }).click();
    await chat().getByText("I understand plain requests").waitFor();
  });

  test("shows a request as ghosts, applies the ticked part as one change, and undo leaves no byte behind", async () => {
    const first = await at.sequence();
    await say('add a step lint after build with command "npm run lint" and rename plan to "Think first"');
    await card().waitFor();
    await at.card("lint").getByText("new step").waitFor();
    expect(await at.card("lint").getAttribute("class")).toContain("ghost-added");
    expect(await at.card("plan").getAttribute("class")).toContain("ghost-changed");
    expect(await at.arrow("build", "lint").getAttribute("class")).toContain("ghost-added");
    expect(await at.sequence()).toBe(first);

    const actions = card().getByRole("list", { name: "Actions" });
    await actions.getByRole("checkbox", { name: /step plan/ }).uncheck();
    await page.locator('.react-flow__node[data-id="plan"]:not(.ghost-changed)').waitFor();
    await card().getByRole("tab", { name: "YAML" }).click();
    const diff = card().getByRole("region", { name: "Difference of sequence.yaml" });
    await diff.getByText("- id: lint").waitFor();
    await until(
      "the diff without it",
      async () => !(await diff.textContent())?.includes("Think") || undefined,
    );

    await card().getByRole("button", { name: "Apply", exact: true }).click();
    await card().getByText("Applied, in the form that was chosen").waitFor();
    const text = await at.fileHas("the step", (text) => text.includes("id: lint"));
    expect(text).not.toContain("Think first");
    await page.locator('.react-flow__node-step[data-id="lint"]').waitFor();

    await card().getByRole("button", { name: "Undo this" }).click();
    await at.fileHas("the first state", (text) => text === first);
    await at.card("lint").waitFor({ state: "detached" });
    // The card says so, and offers nothing that would take back another change.
    await card().getByText("Applied, in the form that was chosen, and undone since").waitFor();
    expect(await card().getByRole("button", { name: "Undo this" }).count()).toBe(0);
  });

  test("asks twice before a removal in SAFE, and strikes what would go", async () => {
    const first = await at.sequence();
    await fresh();
    await say("remove build");
    await card().getByText("asks twice").waitFor();
    expect(await at.card("build").getAttribute("class")).toContain("ghost-removed");
    await page.locator('.react-flow__edge.ghost-added[data-id="plan→deploy"]').waitFor({ state: "attached" });
    await card().getByRole("button", { name: "Apply", exact: true }).click();
    const dialog = page.getByRole("dialog");
    await agree(dialog);
    expect(await at.sequence()).toBe(first);
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await dialog.waitFor({ state: "detached" });
    expect(await at.sequence()).toBe(first);
    await card().getByRole("button", { name: "Apply", exact: true }).click();
    await agree(dialog, 2);
    await card().getByText("Applied", { exact: true }).waitFor();
    await at.card("build").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Undo", exact: true }).click();
    await at.fileHas("the first state", (text) => text === first);
  });

  test("says that a proposal has been overtaken, and by what, and applies it to what stands now", async () => {
    await fresh();
    await say("put a gate before deploy");
    await card().waitFor();
    await at.product.run("step", "edit", "plan", "--name", "Theirs");
    await card().getByText("since it was proposed; it would still do the same.").waitFor();
    await card().getByText("step plan changed").waitFor();
    await card().getByRole("button", { name: "Apply to what stands now" }).click();
    await card()
      .getByText(/^Applied/)
      .waitFor();
    const text = await at.sequence();
    expect(text).toContain("Theirs");
    expect(text).toContain("gates:");
  });

  test("runs behind it, once the person has seen what starts; discarding changes nothing", async () => {
    await fresh();
    const first = await at.sequence();
    await say("rename plan to Ours");
    await card().getByRole("button", { name: "Discard" }).click();
    await card().getByText("Discarded").waitFor();
    expect(await at.sequence()).toBe(first);
    await say("add a step bare after plan");
    await card().getByText("It can't be run at once: step 'bare' has nothing to run.").waitFor();
    expect(await card().getByRole("button", { name: "Apply & Run" }).isDisabled()).toBe(true);
    await card().getByRole("button", { name: "Discard" }).click();
    await say("rename plan to Mine");
    await card().getByRole("button", { name: "Apply & Run" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("echo plan").first().waitFor();
    await agree(dialog);
    await card()
      .getByText(/^Applied/)
      .waitFor();
    await at.card("build").getByText("Done", { exact: true }).waitFor();
    expect(await at.sequence()).toContain("Mine");
    await page.reload();
    await card()
      .getByText(/^Applied/)
      .waitFor();
    // What is decided is not looked at anew, neither while it is being applied nor afterwards.
    expect(at.complaints.filter((text) => text.includes("/api/chat/apply"))).toEqual([]);
  });

  test("conversations are renamed, gone back to, and removed", async () => {
    const list = chat().getByTitle("Conversations");
    await list.click();
    await page.getByRole("menuitem", { name: "Rename this one…" }).click();
    await page.getByRole("dialog").getByLabel("Title").fill("About names");
    await page.keyboard.press("Enter");
    await list.getByText("About names").waitFor();
    await list.click();
    await page.getByRole("menuitem", { name: /put a gate before deploy/ }).click();
    await card()
      .getByText(/^Applied/)
      .waitFor();
    await list.click();
    await page.getByRole("menuitem", { name: /About names/ }).click();
    await card()
      .getByText(/^Applied/)
      .waitFor();
    await list.click();
    await page.getByRole("menuitem", { name: "Delete this one…" }).click();
    await agree(page.getByRole("dialog"));
    await list.getByText("New conversation").waitFor();
    await list.click();
    await page.getByRole("menuitem", { name: /put a gate/ }).waitFor();
    expect(await page.getByRole("menuitem", { name: /About names/ }).count()).toBe(0);
    await page.keyboard.press("Escape");
  });

  test("whoever asks it for a yes is led to the gate", async () => {
    await fresh();
    await say("approve deploy-gate");
    await chat().getByText("A gate is a person's decision").waitFor();
    await chat().getByRole("button", { name: "Open the gate deploy-gate" }).click();
    await at
      .inspector()
      .getByRole("heading", { name: /Go on to deploy/ })
      .waitFor();
    await page.keyboard.press("Escape");
  });

  test("what is left undecided is apart in the inbox, is shown on the canvas from there, and discarded at once", async () => {
    await fresh();
    await say("add a step docs after plan");
    await card().waitFor();
    await say("set the timeout of build to 1 hour");
    await card().getByText("change timeout of step build").waitFor();
    await card().getByText("1 hour").waitFor();
    await page.getByRole("button", { name: /^Inbox/ }).click();
    const inbox = page.getByRole("dialog", { name: "Inbox" });
    await inbox.getByRole("heading", { name: "From the chat, not applied (2)" }).waitFor();
    await inbox.getByText("Proposed by the chat, ").nth(1).waitFor();
    await inbox.getByRole("button", { name: /^Show on the canvas: add step docs/ }).click();
    await inbox.waitFor({ state: "detached" });
    expect(await at.card("docs").getAttribute("class")).toContain("ghost-added");
    const shown = page.getByRole("region", { name: "Shown on the canvas" });
    await shown.getByText("add step docs").waitFor();
    await shown.getByRole("button", { name: "Back to the inbox" }).click();
    await at.card("docs").waitFor({ state: "detached" });
    await inbox.getByRole("button", { name: "Discard all" }).click();
    await agree(page.getByRole("dialog", { name: /Discard 2 proposals/ }));
    await inbox.getByRole("heading", { name: /From the chat/ }).waitFor({ state: "detached" });
    await inbox.getByRole("button", { name: "Close the inbox" }).click();
    await inbox.waitFor({ state: "detached" });
    expect(await chat().getByText("Discarded").count()).toBe(2);
  });
});

test("what is decided about a proposal stays in sight however long its card is, and To the end covers nothing", async () => {
  await fresh();
  await say("status");
  await idle();
  await say(
    'put a gate before deploy called Final look, then add a step that zips merged.txt after deploy, then make plan optional and rename build to "Build it" and retry deploy twice',
  );
  await card().getByRole("button", { name: "Apply", exact: true }).waitFor();
  const log = chat().getByRole("log", { name: "Conversation" });
  const box = async (locator: Locator) =>
    (await locator.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  const inSight = async () => {
    const [apply, of] = [
      await box(card().getByRole("button", { name: "Apply", exact: true })),
      await box(log),
    ];
    return apply.y >= of.y && apply.y + apply.height <= of.y + of.height;
  };
  expect(await inSight()).toBe(true);
  // Scrolled up as far as only the head of the card is seen.
  await log.evaluate((element) => {
    const top = element.querySelector(".chat-card:last-of-type")?.getBoundingClientRect().top ?? 0;
    element.scrollTop += top - element.getBoundingClientRect().top - element.clientHeight * 0.4;
  });
  expect(await inSight()).toBe(true);
  await log.evaluate((element) => {
    element.scrollTop = 0;
  });
  const end = chat().getByRole("button", { name: "To the end" });
  await end.waitFor();
  const [button, above] = [await box(end), await box(log)];
  expect(button.y).toBeGreaterThanOrEqual(above.y + above.height);
  await end.click();
  await end.waitFor({ state: "detached" });
  await card().getByRole("button", { name: "Discard" }).click();
  await card().getByText("Discarded").waitFor();
});

describe("with a model", () => {
  test("streams words, cites what can be opened, and keeps a reload in the middle from losing anything", async () => {
    await fresh();
    const { promise, resolve: goOn } = Promise.withResolvers<void>();
    const server = await answerBy([
      {
        text: ["**Two** things ", "are there: `step build`, ", "and audit #1. ", "<b>No HTML.</b> The end."],
        pause: { after: 2, until: promise },
      },
    ]);
    await say("what is there?");
    await chat().locator("strong", { hasText: "Two" }).waitFor();
    await chat().getByText("Answering…").waitFor();
    await chat().getByRole("textbox", { name: "Message" }).fill("half a thou");
    await page.reload();
    await chat().locator("strong", { hasText: "Two" }).waitFor();
    await chat().getByRole("button", { name: "Stop the answer" }).waitFor();
    expect(await chat().getByRole("textbox", { name: "Message" }).inputValue()).toBe("half a thou");
    goOn();
    await chat().getByText("The end.").waitFor();
    await idle();
    expect(await chat().locator(".chat-answer").textContent()).toMatch(
      /^Two things are there: step build, and audit #1\./,
    );
    expect(await chat().locator(".chat-answer b").count()).toBe(0);
    await chat().getByText("anthropic · claude-test,").waitFor();
    expect(server?.seen).toHaveLength(1);

    await chat().getByRole("button", { name: "step build" }).click();
    const dialog = page.getByRole("dialog", { name: "build in sequence.yaml" });
    await dialog.getByRole("textbox", { name: "sequence.yaml" }).waitFor();
    await page.keyboard.press("Escape");
    await chat().getByRole("button", { name: "audit #1" }).click();
    await page.getByRole("dialog").getByText('"seq": 1').waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await chat().getByRole("textbox", { name: "Message" }).fill("");
  });

  test("is stopped by its button", async () => {
    await answerBy([{ text: ["It goes ", "on "], hangs: true }]);
    await say("tell me a story");
    await chat().getByText("It goes on").waitFor();
    await chat().getByRole("button", { name: "Stop the answer" }).click();
    await chat().getByText("The answer was canceled").waitFor();
    await idle();
  });

  test("comes back to an answer when the line breaks", async () => {
    await answerBy([{ text: ["one ", "two ", "three"] }]);
    const cut = async (route: Route) => {
      if (route.request().method() !== "POST") return route.fallback();
      const response = await route.fetch();
      const whole = await response.text();
      // In the middle of the second word's event.
      await route.fulfill({ response, body: whole.slice(0, whole.indexOf("two ") + 2) });
    };
    await page.route("**/api/chat", cut);
    const back = page.waitForRequest(/\/api\/chat\?conversation=.*&after=\d+$/);
    await say("count");
    await back;
    await page.unroute("**/api/chat", cut);
    await chat().getByText("one two three", { exact: true }).waitFor();
  });

  test("says what is missing where a key is, and how it is set up", async () => {
    await answerBy();
    await writeFile(
      join(config, "threados", "chat.yaml"),
      "provider: anthropic\nkey: env:NO_SUCH_KEY_OF_THE_TEST\n",
    );
    await page.reload();
    await chat()
      .getByText(/NO_SUCH_KEY_OF_THE_TEST is not set/)
      .first()
      .waitFor();
    await chat().getByRole("button", { name: "How a model is set up" }).click();
    const dialog = page.getByRole("dialog", { name: "Who answers" });
    await dialog.getByText("key: env:ANTHROPIC_API_KEY").waitFor();
    await page.keyboard.press("Escape");
    await answerBy();
  });

  test("a thousand steps leave the page usable and the request within its budget", async () => {
    const lines = Array.from(
      { length: 1000 },
      (_, i) =>
        `  - id: s${i}\n    command: [echo, "${"x".repeat(40)} ${i}"]\n${i > 0 ? `    depends_on: [s${i - 1}]\n` : ""}`,
    );
    const kept = await at.sequence();
    const file = join(at.product.root, ".threados", "sequence.yaml");
    await writeFile(file, `version: 1\nname: large\nsteps:\n${lines.join("")}`);
    await page.getByRole("heading", { name: "large" }).waitFor();
    await fresh();
    const calls = [{ action: "step.edit", input: { id: "s999", name: "The last" } }];
    const { promise, resolve: goOn } = Promise.withResolvers<void>();
    const server = await answerBy([
      {
        text: ["Here ", "it is."],
        uses: [{ name: "propose", json: [JSON.stringify({ calls })] }],
        pause: { after: 1, until: promise },
      },
    ]);
    await say("rename the last");
    await chat().getByText("Here", { exact: true }).waitFor();
    // While the answer is coming, one can type, and search among the steps.
    await chat().getByRole("textbox", { name: "Message" }).fill("meanwhile");
    await page.getByRole("searchbox").fill("s500");
    await page.locator('.react-flow__node-step [data-dim="true"]').first().waitFor();
    await page.getByRole("searchbox").fill("");
    goOn();
    await card().waitFor();
    const { system, messages } = server?.seen[0]?.body ?? {};
    const told = JSON.stringify(system) + JSON.stringify(messages);
    expect(told).toContain("more nodes are not shown");
    expect(told.length).toBeLessThan(2 * contextBudgetChars);
    await card().getByRole("button", { name: "Discard" }).click();
    await card().getByText("Discarded").waitFor();
    await chat().getByRole("textbox", { name: "Message" }).fill("");
    await answerBy();
    await writeFile(file, kept);
    await at.card("deploy").waitFor();
  }, 60_000);
});

describe("for everybody", () => {
  const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

  test.each(["light", "dark"] as const)("can be read and named in the %s scheme", async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    await fresh();
    await chat().getByRole("list", { name: "Suggestions" }).waitFor();
    expect(await faults()).toEqual([]);
    await say("remove spare and add a step late after deploy");
    await card().getByText("asks twice").waitFor();
    expect(await faults()).toEqual([]);
    await card().getByRole("tab", { name: "YAML" }).click();
    await card().getByRole("region", { name: "Difference of sequence.yaml" }).waitFor();
    expect(await faults()).toEqual([]);
    await card().getByRole("button", { name: "Discard" }).click();
    await card().getByText("Discarded").waitFor();
  });

  async function faults(): Promise<string[]> {
    const own = await auditPage(page);
    // Outside of the page's own world, where its content policy does not hold.
    const found = await page.evaluate(
      `(() => { ${await Bun.file(axe).text()}; return axe.run(document.querySelector(".chat")).then((result) =>
        result.violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => id + " at " + target.join(" ")))); })()`,
    );
    return [...own, ...(found as string[])];
  }

  test("a request is made, narrowed and applied by keyboard alone", async () => {
    await fresh();
    const first = await at.sequence();
    await chat().getByRole("textbox", { name: "Message" }).focus();
    await page.keyboard.type("add a step smoke after deploy with command true");
    await page.keyboard.press("Shift+Enter");
    await page.keyboard.type("rename build to Make");
    await page.keyboard.press("Enter");
    await card().waitFor();
    await card().getByRole("checkbox").last().focus();
    await page.keyboard.press("Space");
    const apply = card().getByRole("button", { name: "Apply", exact: true });
    await until("the part is tried", async () => (await apply.isEnabled()) || undefined);
    await apply.focus();
    await page.keyboard.press("Enter");
    await card()
      .getByText(/^Applied/)
      .waitFor();
    expect(await at.sequence()).toContain("id: smoke");
    await chat().getByRole("textbox", { name: "Message" }).focus();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+z");
    await at.fileHas("the first state", (text) => text === first);
    await page.keyboard.press("c");
    await chat().waitFor({ state: "detached" });
    await page.keyboard.press("c");
    await chat().waitFor();
  });

  test("at 1024×700 it takes the inspector's place, and nothing overlaps", async () => {
    await page.setViewportSize({ width: 1024, height: 700 });
    await at.inspector().waitFor({ state: "detached" });
    const [canvas, panel] = [await page.locator(".react-flow").boundingBox(), await chat().boundingBox()];
    expect((canvas?.x ?? 0) + (canvas?.width ?? 0)).toBeLessThanOrEqual(panel?.x ?? 0);
    expect((panel?.x ?? 0) + (panel?.width ?? 0)).toBeLessThanOrEqual(1024);
    const cut = await page.evaluate(() =>
      [...document.querySelectorAll(".chat-head, .chat-composer, .chat-card, header")]
        .filter((element) => element.scrollWidth > element.clientWidth + 1)
        .map((element) => element.className),
    );
    expect(cut).toEqual([]);
    await chat().getByRole("button", { name: "Close the chat" }).click();
    await at.inspector().waitFor();
    await page.reload();
    await at.card("deploy").waitFor();
    expect(await chat().count()).toBe(0);
    await page.setViewportSize({ width: 1440, height: 900 });
  });
});

test("no page had an error or a warning to report, but for what was asked for", () => {
  const expected = /status of 4\d\d/;
  expect(at.complaints.filter((text) => !expected.test(text))).toEqual([]);
});
