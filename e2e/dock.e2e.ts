import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { until } from "../test/rig/deadline";
import { auditPage } from "./audit";
import { Editor, expectSoon } from "./editor";

setDefaultTimeout(60_000);

const setUpMs = 180_000;
const lines = 1_200_000;
let at: Editor;
let firstRun = "";

const add = (id: string, script: string, ...more: string[]) =>
  at.product.run(
    "step",
    "add",
    id,
    "--model",
    "shell",
    "--command",
    JSON.stringify(["sh", "-c", script]),
    ...more,
  );

beforeAll(async () => {
  at = await Editor.open("release");
  await add(
    "build",
    `printf '\\033[31mred\\033[0m \\033]8;;http://x\\007<b>Apple</b>\\033]8;;\\007\\n'; seq 1 300; echo oops >&2`,
  );
  await add("long", `seq -f 'line %.0f of the log' 1 ${lines}`);
  await at.product.addHeldStep("held");
  await add("after", "echo after", "--depends-on", "build");
  await at.product.run("gate", "insert", "review", "--name", "Review it", "--depends-on", "after");
  await add("ship", "echo shipped", "--depends-on", "review");
  await at.product.release("held");
  // Only the gate's wait remains, which exits with 3.
  expect(await at.product.start("run", "--yes").exited).toBe(3);
  await at.product.run("gate", "approve", "review", "--yes");
  await until("the run is over", async () => {
    const status = JSON.parse(await at.product.run("status", "--json"));
    firstRun = status.run;
    return status.open ? undefined : true;
  });
  await at.page.goto(at.url);
  await at.card("build").waitFor();
}, setUpMs);

afterAll(async () => {
  await at?.close();
}, setUpMs);

const log = () => at.dock().getByRole("log");
const openTab = (name: string) => at.dock().getByRole("tab", { name }).click();
const row = (number: number) => log().locator(`.log-row[data-line="${number}"]`);
const slider = () => at.dock().getByRole("slider", { name: "Moment of the run" });
const banner = () => at.page.getByRole("status").filter({ hasText: "Nothing can be changed here" });
const query = () => new URL(at.page.url()).searchParams;
const says = (id: string, word: string) =>
  at.card(id).getByText(word, { exact: true }).waitFor({ state: "attached" });

describe("the log", () => {
  test("follows to the end, shows colours, and lets nothing in it be more than text", async () => {
    await at.card("build").click();
    await row(301).waitFor();
    await log().evaluate((box) => box.scrollTo(0, 0));
    await row(1).getByText("Apple").waitFor();
    expect(await row(1).textContent()).toBe("red <b>Apple</b>\n");
    expect(await row(1).locator("span").first().getAttribute("style")).toContain("--ansi-1");
    await at.dock().getByRole("button", { name: "To the end" }).click();
    await row(301).waitFor();
    await at.dock().getByText("301 lines").waitFor();
  });

  test("shows the other stream, and says when nothing was printed there", async () => {
    await at.dock().getByRole("button", { name: "stderr" }).click();
    await log().getByText("oops").waitFor();
    await at.card("after").click();
    // What was looked at elsewhere is empty here: the other one is shown.
    await log().getByText("after").waitFor();
    await at.dock().getByRole("button", { name: "stderr" }).click();
    await at.dock().getByText("Nothing on stderr; 1 line on stdout.").waitFor();
    await at.dock().getByRole("button", { name: "Look at stdout" }).click();
    await log().getByText("after").waitFor();
  });

  test("is searched by text and by pattern, forwards and backwards, over all of it", async () => {
    await at.card("build").click();
    await row(301).waitFor();
    await at.page.keyboard.press("f");
    const field = at.dock().getByRole("textbox", { name: "Look for in the log" });
    await field.fill("99");
    await at.dock().getByText("3 found").waitFor();
    // The end is what one reads.
    await field.press("Enter");
    await at.dock().getByText("3 of 3", { exact: true }).waitFor();
    await row(300).locator("mark[data-current=true]").waitFor();
    await field.press("Enter");
    await at.dock().getByText("1 of 3, from the beginning again").waitFor();
    await row(100).locator("mark[data-current=true]").waitFor();
    await field.press("Shift+Enter");
    await at.dock().getByText("3 of 3, from the end again").waitFor();
    // Whoever scrolls away reads elsewhere.
    await log().evaluate((box) => box.scrollTo(0, 150 * 17));
    await row(155).waitFor();
    await field.press("Enter");
    await at.dock().getByText("2 of 3", { exact: true }).waitFor();
    await row(200).locator("mark[data-current=true]").waitFor();
    await at.dock().getByRole("button", { name: "The text is a pattern (RE2)" }).click();
    await field.fill("^red .*apple");
    await at.dock().getByText("1 found").waitFor();
    await at.dock().getByRole("button", { name: "Match case" }).click();
    await at.dock().getByText("nothing found").waitFor();
    await field.fill("(");
    await at
      .dock()
      .getByText(/is no pattern of RE2/)
      .waitFor();
    await at.dock().getByRole("button", { name: "Match case" }).click();
    await at.dock().getByRole("button", { name: "The text is a pattern (RE2)" }).click();
    await field.fill(":7");
    await field.press("Enter");
    await row(7).waitFor();
    expect(query().get("line")).toBe("7");
    await field.press("Escape");
    await field.waitFor({ state: "detached" });
  });

  test("stands still while somebody reads on, and says how much has come meanwhile", async () => {
    await add(
      "chatty",
      `seq -f 'first %.0f' 1 200; until [ -e go-on ] || [ ! -d "$PWD" ]; do sleep 0.02; done; seq -f 'more %.0f' 1 50; until [ -e go-end ] || [ ! -d "$PWD" ]; do sleep 0.02; done`,
    );
    const run = at.product.start("run", "step", "chatty", "--yes");
    await at.card("chatty").click();
    await log().getByText("first 200", { exact: true }).waitFor();
    await log().evaluate((box) => box.scrollTo(0, 0));
    await log().getByText("first 1", { exact: true }).waitFor();
    await writeFile(join(at.product.root, "go-on"), "");
    await at.dock().getByRole("button", { name: "To the end, 50 new" }).click();
    await log().getByText("more 50", { exact: true }).waitFor();
    await writeFile(join(at.product.root, "go-end"), "");
    expect(await run.exited).toBe(0);
    await at.product.run("step", "rm", "chatty", "--yes");
    await at.card("chatty").waitFor({ state: "detached" });
  });

  test("gives a link to a line that works after a reload", async () => {
    await at.card("build").click();
    await log().evaluate((box) => box.scrollTo(0, 0));
    await log().getByRole("button", { name: "Link to line 5", exact: true }).click();
    await at.page.waitForFunction("location.search.includes('line=5')");
    const { origin } = new URL(at.page.url());
    await at.page.goto(`${origin}/?run=${firstRun}&step=build&line=150&attempt=1`);
    await log().locator(`.log-row[data-target=true][data-line="150"]`).waitFor();
    await at.inspector().getByRole("heading", { name: "build" }).waitFor();
  });

  test("of more than a million lines opens, jumps anywhere and is searched, with a few rows in the page", async () => {
    await at.page.goto(`${new URL(at.page.url()).origin}/?step=long`);
    await log().getByText(`line ${lines} of the log`, { exact: true }).waitFor();
    await at.dock().getByText("1,200,000 lines").waitFor();
    await at.page.keyboard.press("f");
    const field = at.dock().getByRole("textbox", { name: "Look for in the log" });
    await field.fill(":500000");
    await field.press("Enter");
    await log().getByText("line 500000 of the log", { exact: true }).waitFor();
    await field.fill("line 777777 of");
    await at.dock().getByText("1 found").waitFor({ timeout: 30_000 });
    await field.press("Enter");
    await row(777_777).locator("mark").waitFor();
    await field.fill("LOG");
    await at.dock().getByText("1,200,000 found").waitFor({ timeout: 60_000 });
    await field.press("Enter");
    await at.dock().getByText("777,777 of 1,200,000").waitFor();
    expect(await log().locator(".log-row").count()).toBeLessThan(200);
    await field.press("Escape");
    await log().evaluate((box) => box.scrollTo(0, 0));
    await log().getByText("line 200001 of the log", { exact: true }).waitFor();
    // Reading on upwards leaves out no line.
    await log().getByRole("button", { name: "Earlier lines" }).click();
    await log().getByText("line 199999 of the log", { exact: true }).waitFor();
    await log().evaluate((box) => box.scrollTo(0, 0));
    await log().getByText("line 1 of the log", { exact: true }).waitFor();
    // The keys lead to the ends of the log, not of what is laid out.
    await log().press("Control+End");
    await row(lines).waitFor();
    await log().press("Home");
    await row(1).waitFor();
    await log().press("End");
    await row(lines).waitFor();
    const tops = await log()
      .locator(".log-row")
      .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().top));
    expect(new Set(tops.slice(1).map((top, at) => top - (tops[at] ?? 0)))).toEqual(new Set([17]));
  });

  test("is wrapped, and saved as a file", async () => {
    await at.card("build").click();
    await at.dock().getByRole("button", { name: "Wrap long lines" }).click();
    await at.page.locator(".log-rows[data-wrap=true]").waitFor();
    await row(301).waitFor();
    await log().press("Home");
    await row(1).waitFor();
    await at.dock().getByRole("button", { name: "Wrap long lines" }).click();
    const saved = at.page.waitForEvent("download");
    await at.dock().getByRole("button", { name: "Download the log" }).click();
    const text = await readFile((await (await saved).path()) as string, "utf8");
    expect(text.split("\n").slice(1)).toEqual([...Array.from({ length: 300 }, (_, i) => String(i + 1)), ""]);
  });
});

describe("a replay", () => {
  test("shows on the graph how things stood, and says that it is one", async () => {
    await openTab("Timeline");
    await at.dock().getByRole("list", { name: "Lanes" }).getByRole("button", { name: "Review it" }).waitFor();
    await slider().focus();
    await at.page.keyboard.press("Home");
    await at.page.keyboard.press(".");
    await banner().waitFor();
    await says("ship", "Blocked");
    await says("review", "Pending");
    await until("its address", async () => query().get("t") ?? undefined);
    expect(query().get("run")).toBe(firstRun);
  });

  test("is led by keys from moment to moment, and changes nothing", async () => {
    const moment = () => banner().getAttribute("data-at");
    const waits = async () => (await at.card("review").getByText("Waits for you").count()) > 0;
    const move = async (key: string) => {
      const before = await moment();
      await at.page.keyboard.press(key);
      await until("another moment", async () => ((await moment()) === before ? undefined : true));
    };
    while (!(await waits())) await move(".");
    await says("after", "Done");
    expect(await at.card("review").getByRole("button", { name: "Approve Review it" }).count()).toBe(0);
    await at.card("review").click();
    const decision = at.inspector().getByRole("region", { name: "Decision" });
    await decision.getByText("What was shown").waitFor();
    expect(await decision.getByText(/APPROVED by/).count()).toBe(0);
    await slider().focus();
    expect(await at.button("Run").isDisabled()).toBe(true);
    await at.page.keyboard.press("Control+Enter");
    await at.page.getByText("nothing can be changed in it").waitFor();
    while (await waits()) await move(",");
    await says("review", "Pending");
  });

  test("is found again by its address after a reload, and Escape leads back to now", async () => {
    await until("its address", async () =>
      query().get("t") === (await banner().getAttribute("data-t")) ? true : undefined,
    );
    await at.page.goto(at.page.url());
    await banner().waitFor();
    await says("review", "Pending");
    expect(query().get("t")).not.toBeNull();
    await slider().waitFor();
    await at.page.keyboard.press("Escape");
    await banner().waitFor({ state: "detached" });
    await says("review", "Approved");
    await until("the address of now", async () => (query().has("t") ? undefined : true));
  });

  test("says of a log and of files what of them is known of that moment", async () => {
    const journal = await readFile(
      join(at.product.root, ".threados", "runs", firstRun, "events.jsonl"),
      "utf8",
    );
    const facts = journal
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    // So short an attempt may have been seen to start and to end at once.
    const begun = facts.find(({ type, step }) => type === "attempt.intended" && step === "build");
    const t = Date.parse(begun.ts) - Date.parse(facts[0].ts);
    await at.page.goto(`${new URL(at.page.url()).origin}/?run=${firstRun}&t=${t}&step=build`);
    await banner().waitFor();
    await says("build", "Running");
    await openTab("Log");
    const note = at.dock().getByRole("note").getByText("when each line came is not known");
    await note.waitFor();
    await row(301).waitFor();
    await at.inspector().getByRole("tab", { name: "Results" }).click();
    await at.inspector().getByText("Attempt 1 was under way at this moment.").waitFor();
    const files = at.inspector().getByRole("list", { name: "Files it left" });
    expect(await files.count()).toBe(0);
    await at.card("after").click();
    await at.dock().getByText("Not started at this moment: after.").waitFor();
    await at.inspector().getByText("Not started at this moment: there is nothing to look at.").waitFor();
    await at.card("build").click();
    await note.waitFor();
    await at.page.keyboard.press("Escape");
    await banner().waitFor({ state: "detached" });
    await files.waitFor();
    await note.waitFor({ state: "detached" });
    await at.inspector().getByRole("tab", { name: "Overview" }).click();
    await openTab("Timeline");
  });

  test("plays to the end by itself", async () => {
    await at.dock().getByRole("combobox", { name: "Speed" }).selectOption("64");
    await at.dock().getByRole("button", { name: "Play the run" }).click();
    await banner().waitFor();
    await at.dock().getByRole("button", { name: "Play the run" }).waitFor();
    await says("ship", "Done");
    await banner().getByRole("button", { name: "Back to now" }).click();
  });

  test("an older run is chosen above: its graph, its log, its times", async () => {
    await at.product.run("step", "rm", "ship", "--yes");
    await at.card("ship").waitFor({ state: "detached" });
    expect(await at.product.start("run", "--new", "--yes").exited).toBe(3);
    await says("review", "Waits for you");
    await at.page.getByRole("button", { name: /choose a run/ }).click();
    await at.page.getByRole("menuitemradio", { name: new RegExp(firstRun.slice(-6)) }).click();
    await banner().waitFor();
    await says("review", "Approved");
    await at.card("after").click();
    await openTab("Log");
    await log().getByText("after").waitFor();
    await at.page.getByRole("button", { name: "Back to now" }).click();
    await says("review", "Waits for you");
  });
});

test("a timeline is told as the run goes on", async () => {
  await at.product.addHeldStep("slow");
  await at.card("slow").waitFor();
  await openTab("Timeline");
  const lane = at
    .dock()
    .getByRole("list", { name: "Lanes" })
    .getByRole("listitem")
    .filter({ hasText: "slow" });
  const run = at.product.start("run", "step", "slow", "--yes");
  await lane.locator("[data-tone=running]").waitFor();
  await at.product.release("slow");
  await lane.locator("[data-tone=done]").waitFor();
  expect(await run.exited).toBe(0);
});

describe("the audit log", () => {
  test("is shown newest first with its chain verified, is filtered, and tells each entry in full", async () => {
    await openTab("Audit");
    await at
      .dock()
      .getByText(/\d verified/)
      .waitFor();
    const entries = at.dock().getByRole("region", { name: "Entries of the audit log" }).getByRole("listitem");
    await entries.first().waitFor();
    await at.dock().getByRole("textbox", { name: "Only this action" }).fill("gate.app");
    await until("one entry", async () => ((await entries.count()) === 1 ? true : undefined));
    await entries.getByRole("button", { name: /gate.approve/ }).click();
    await entries.getByText("follows").waitFor();
    await at.dock().getByRole("button", { name: "Go to review" }).click();
    await at.inspector().getByRole("heading", { name: "Review it" }).waitFor();
    await at.dock().getByRole("textbox", { name: "Only this action" }).fill("");
    await at.dock().getByRole("checkbox", { name: "refused" }).check();
    await at.dock().getByText("No entry fits.").waitFor();
    await at.dock().getByRole("checkbox", { name: "refused" }).uncheck();
  });
});

describe("the problems", () => {
  test("name the place of a fault and lead to it; once it is mended there are none", async () => {
    const file = join(at.product.root, ".threados", "sequence.yaml");
    const good = await readFile(file, "utf8");
    await writeFile(file, good.replace("  - id: after\n", "  - id: after\n    modell: shell\n"));
    await at.page.keyboard.press("4");
    const list = at.dock().getByRole("list", { name: "Problems" });
    await list
      .getByText(/modell/)
      .first()
      .waitFor();
    expect(
      await at
        .dock()
        .getByRole("tab", { name: /Problems/ })
        .textContent(),
    ).toContain("1");
    await list.getByRole("button", { name: /sequence.yaml:\d+/ }).waitFor();
    await list.getByRole("button", { name: "Go to after" }).click();
    await at.inspector().getByRole("heading", { name: "after" }).waitFor();
    await writeFile(file, good);
    await at
      .dock()
      .getByText(/Nothing is wrong/)
      .waitFor();
  });

  test("are counted anew when a prompt is written, which changes nothing in the sequence", async () => {
    const tab = at.dock().getByRole("tab", { name: /^Problems/ });
    await at.product.run("step", "add", "think", "--model", "claude-code");
    await tab.getByText("1 to mend").waitFor();
    await at.product.run("prompt", "edit", "think", "--text", "Think.");
    await tab.getByText("1 to mend").waitFor({ state: "detached" });
    await at.product.run("step", "rm", "think", "--yes");
  });
});

describe("a terminal", () => {
  test("is seen and typed to", async () => {
    const sequence = await at.sequence();
    const talk =
      '  - id: talk\n    command: [sh, -c, \'printf "your name? "; read -r name; echo "hello $name"\']\n    tty: true\n';
    await writeFile(
      join(at.product.root, ".threados", "sequence.yaml"),
      sequence.replace("steps:\n", `steps:\n${talk}`),
    );
    await at.card("talk").click();
    await at.page.keyboard.press("5");
    await at
      .dock()
      .getByText(/Its terminal is there while it runs/)
      .waitFor();
    const other = await at.page.context().newPage();
    const run = at.product.start("run", "step", "talk", "--yes");
    await says("talk", "Running");
    const screen = at.dock().locator(".xterm");
    await screen.getByText("your name?").first().waitFor();
    // Another page sits down at the same terminal, and both see what either types.
    await other.goto(at.page.url());
    await other.locator(".xterm").getByText("your name?").first().waitFor();
    await at.dock().getByText("you and 1 other sit here").waitFor();
    await screen.click();
    await at.page.keyboard.type("Ad");
    await other.locator(".xterm").getByText("your name? Ad").first().waitFor();
    // What does not arrive is told at once, and gone as soon as something arrives again.
    const alert = at
      .dock()
      .getByRole("alert")
      .getByText(/What you typed last was not sent/);
    await at.page.route("**/api/terminal", (route) => route.abort());
    await at.page.keyboard.type("x");
    await alert.getByText("the server can't be reached").or(alert).first().waitFor();
    expect(await auditPage(at.page)).toEqual([]);
    await at.page.unroute("**/api/terminal");
    await at.page.keyboard.type("a");
    await alert.waitFor({ state: "detached" });
    await other.locator(".xterm").getByText("your name? Ada").first().waitFor();
    await other.locator(".xterm").click();
    await other.keyboard.type("!\n");
    await says("talk", "Done");
    // What it said last stays, for whoever sat there and for whoever comes later.
    await at.dock().getByText("Exit code 0.").waitFor();
    await screen.getByText("hello Ada!").first().waitFor();
    await other.reload();
    await other.locator(".xterm").getByText("hello Ada!").first().waitFor();
    await other.close();
    await run.exited;
    await at.dock().getByRole("button", { name: "All of it in the log" }).click();
    await log().getByText("hello Ada!").waitFor();
  });
});

describe.each(["light", "dark"] as const)("in the %s scheme", (colorScheme) => {
  test.each(["Log", "Timeline", "Audit", "Problems", "Terminal"])(
    "the page %s can be read and named",
    async (name) => {
      await at.page.emulateMedia({ colorScheme });
      await openTab(name);
      await at.dock().getByRole("tab", { name, selected: true }).waitFor();
      expect(await auditPage(at.page)).toEqual([]);
    },
  );

  test.each([
    [1440, 900],
    [1024, 700],
  ])("nothing is cut off or scrolls the page at %i×%i", async (width, height) => {
    await at.page.setViewportSize({ width, height });
    for (const name of ["Log", "Timeline", "Audit", "Problems", "Terminal"]) {
      await openTab(name);
      await at.dock().getByRole("tab", { name, selected: true }).waitFor();
      const wide = () =>
        at
          .dock()
          .evaluate((section) => [
            document.documentElement.scrollWidth - document.documentElement.clientWidth,
            section.scrollWidth - section.clientWidth,
            (section.firstElementChild?.scrollWidth ?? 0) - (section.firstElementChild?.clientWidth ?? 0),
          ]);
      await expectSoon(async () => ({ name, wide: await wide() }), { name, wide: [0, 0, 0] });
    }
  });
});

test("the page had nothing to complain about, but for the keys that were kept from the server", () =>
  expect(at.complaints.filter((text) => !text.endsWith("/api/terminal"))).toEqual([]));
