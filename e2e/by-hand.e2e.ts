import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright";
import { until } from "../test/rig/deadline";
import { agree } from "./agreeing";
import { auditPage } from "./audit";
import { Editor, expectSoon } from "./editor";

let at: Editor;
let page: Page;

const setUpMs = 120_000;

const text = `version: 1
name: by hand
steps:
  - id: plan
    command: [echo, planned]
  - id: way-a
    command: [sh, -c, "echo a >> result.txt"]
    depends_on: [plan]
  - id: way-b
    command: [sh, -c, "printf 'b\\\\nb\\\\n' >> result.txt"]
    depends_on: [plan]
  - id: last
    command: [echo, last]
`;

beforeAll(async () => {
  at = await Editor.open("by-hand");
  page = at.page;
  await writeFile(join(at.product.root, ".threados", "sequence.yaml"), text);
  await writeFile(join(at.product.root, "result.txt"), "begin\n");
  git("init", "--quiet");
  git("add", "result.txt");
  git("-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "--quiet", "-m", "begin");
  await page.goto(at.url);
  await at.card("plan").waitFor();
}, setUpMs);

afterAll(() => at?.close(), setUpMs);

function git(...args: string[]): void {
  const { status, stderr } = spawnSync("git", args, { cwd: at.product.root, encoding: "utf8" });
  if (status !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`);
}

const inspector = () => at.inspector();
const dialog = () => page.getByRole("dialog");
const choose = async (...ids: string[]) => {
  const [first = "", ...others] = ids;
  await at.card(first).click();
  for (const id of others) await at.card(id).click({ modifiers: ["ControlOrMeta"] });
};
/** What has the focus: a node by its id, a control by its name, else its tag. */
const focused = () =>
  page.evaluate(() => {
    const element = document.activeElement;
    return (
      element?.getAttribute("data-id") ??
      element?.getAttribute("aria-label") ??
      element?.textContent?.slice(0, 30) ??
      element?.tagName
    );
  });
const hasFocus = (name: string) => expectSoon(focused, name);

describe("several chosen nodes", () => {
  test("are what the inspector speaks of: what is common, and no form of a single one", async () => {
    await choose("way-a", "way-b", "last");
    await inspector().getByRole("heading", { name: "3 chosen" }).waitFor();
    expect(await inspector().getByRole("tab").count()).toBe(0);
    const tools = inspector().getByRole("toolbar", { name: "What can be done with all of them" });
    for (const name of [/side by side/, /^Fuse/, "Duplicate", "Delete…", "Run the one that can be"])
      await tools.getByRole("button", { name }).waitFor();
    await inspector().getByRole("toolbar", { name: "Align" }).waitFor();
    expect(await auditPage(page)).toEqual([]);
  });

  test("are fewer when one is left out, and one is shown in full again", async () => {
    await inspector().getByRole("button", { name: "leave out way-b" }).click();
    await inspector().getByRole("heading", { name: "2 chosen" }).waitFor();
    await inspector().getByRole("button", { name: "leave out last" }).click();
    await inspector().getByRole("heading", { name: "way-a" }).waitFor();
    expect(await inspector().getByRole("tab").count()).toBeGreaterThan(3);
  });

  test("are run one after the other, as far as they can be", async () => {
    await choose("plan", "last");
    await inspector().getByRole("button", { name: "Run these 2", exact: true }).click();
    for (const id of ["plan", "last"]) {
      await dialog().getByText(new RegExp(id)).first().waitFor();
      await agree(dialog());
    }
    for (const id of ["plan", "last"]) await at.card(id).getByText("Done", { exact: true }).waitFor();
    await inspector().getByRole("button", { name: "Restart these 2" }).waitFor();
  });
});

describe("undo and redo", () => {
  test("are greyed out where there is nothing to undo or redo, and else say what it would be", async () => {
    // The file was written by hand: that is what is undone first.
    await expectSoon(() => at.button("Redo").isEnabled(), false);
    expect(await at.button("Redo").getAttribute("title")).toMatch(/^Nothing to redo \(/);
    // Of several chosen nodes a click chooses the one.
    await choose("last");
    await inspector().getByRole("heading", { name: "last" }).waitFor();
    await page.keyboard.press("Control+d");
    await at.card("last-copy").waitFor();
    await expectSoon(
      async () => (await at.button("Undo").getAttribute("title"))?.split(" (")[0],
      "Undo: copy step last as last-copy",
    );
    await at.button("Undo").click();
    await at.card("last-copy").waitFor({ state: "detached" });
    await expectSoon(
      async () => (await at.button("Redo").getAttribute("title"))?.split(" (")[0],
      "Redo: copy step last as last-copy",
    );
    expect(await at.button("Redo").isEnabled()).toBe(true);
  });
});

describe("the focus", () => {
  test("stays with a node when Escape ends the selection, and the arrow keys go on from there", async () => {
    await at.card("plan").focus();
    await page.keyboard.press("Enter");
    await inspector().getByRole("heading", { name: "plan" }).waitFor();
    await page.keyboard.press("Escape");
    await inspector().getByRole("heading", { name: "Outline" }).waitFor();
    await hasFocus("plan");
    await page.keyboard.press("Escape");
    await hasFocus("plan");
    expect(await page.locator(".react-flow__node.selected").count()).toBe(0);
    await page.keyboard.press("ArrowRight");
    await expectSoon(async () => /^way-/.test((await focused()) ?? ""), true);
  });

  test("goes to the node when the inspector's selection is ended there", async () => {
    await choose("way-a");
    await at.button("End the selection").click();
    await hasFocus("way-a");
  });

  test("goes to what was added, and back to where it was if nothing was", async () => {
    await page.keyboard.press("n");
    await dialog().waitFor();
    await page.keyboard.press("Escape");
    await hasFocus("way-a");
    await at.button("Step").click();
    await page.keyboard.press("Escape");
    await expectSoon(async () => (await focused())?.trim(), "Step");
    await page.keyboard.press("n");
    await at.fillIn("Extra", "echo extra");
    await hasFocus("extra");
  });

  test("comes back from a menu, the palette and a question", async () => {
    await page.keyboard.press("Shift+F10");
    await page.getByRole("menuitem", { name: "Duplicate" }).waitFor();
    await page.keyboard.press("Escape");
    await hasFocus("extra");
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox").waitFor();
    await page.keyboard.press("Escape");
    await hasFocus("extra");
    await page.keyboard.press("Delete");
    await dialog().getByRole("button", { name: "Cancel" }).click();
    await hasFocus("extra");
  });

  test("goes to the canvas when its node goes away, and the arrow keys lead on", async () => {
    await page.keyboard.press("Delete");
    await agree(dialog(), 2);
    await at.card("extra").waitFor({ state: "detached" });
    await hasFocus("Graph of the sequence");
    await page.keyboard.press("ArrowRight");
    await expectSoon(async () => ["plan", "last"].includes((await focused()) ?? ""), true);
  });

  test("leaves the search for the graph", async () => {
    await page.keyboard.press("/");
    await page.keyboard.type("way");
    await page.keyboard.press("Escape");
    await hasFocus("Graph of the sequence");
  });
});

describe("a fusion", () => {
  test("is made by mouse of the chosen steps, as one change", async () => {
    const before = await at.sequence();
    await choose("way-a", "way-b");
    await at.card("way-b").click({ button: "right" });
    await page.getByRole("menuitem", { name: /^Fuse/ }).click();
    await dialog().getByRole("heading", { name: "Fuse 2 steps" }).waitFor();
    expect(await auditPage(page)).toEqual([]);
    await dialog().getByRole("button", { name: "Fuse", exact: true }).click();
    await dialog().getByText("Say what it runs.").waitFor();
    await dialog().getByLabel("Name").fill("Merge ways");
    await dialog().getByLabel("Command").fill("echo merged");
    await dialog().getByLabel("Give each candidate a worktree of its own").check();
    await dialog().getByRole("button", { name: "Fuse", exact: true }).click();
    await hasFocus("merge-ways");
    const made = await at.fileHas("the fusion", (text) => text.includes("fusion_synth: true"));
    expect(made).toContain("fusion_candidates: [way-a, way-b]");
    expect(made.match(/isolation: worktree/g)?.length).toBe(2);
    await page.keyboard.press("Control+z");
    await at.fileHas("the file before", (text) => text === before);
    await page.keyboard.press("Control+Shift+z");
    await at.card("merge-ways").getByText("2 candidates").waitFor();
  });

  test("sets its candidates side by side, from its menu", async () => {
    await at.product.run("run", "--yes");
    await at.card("merge-ways").getByText("Done", { exact: true }).waitFor();
    await at.card("merge-ways").click({ button: "right" });
    await page.getByRole("menuitem", { name: "Compare the candidates…" }).click();
    const table = dialog().getByRole("table");
    await table.getByRole("columnheader", { name: "way-a" }).waitFor();
    const row = (name: string) => table.getByRole("row", { name }).getByRole("cell").allInnerTexts();
    expect(await row("Changes")).toEqual(["1 file +1 −0", "1 file +2 −0"]);
    expect((await row("Time")).every((time) => /\d/.test(time))).toBe(true);
    expect(await row("Status")).toEqual(["Done", "Done"]);
    expect(await auditPage(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await hasFocus("merge-ways");
  });

  test("brings the changes of the picked one into the workspace, once the person has agreed", async () => {
    const result = () => readFile(join(at.product.root, "result.txt"), "utf8");
    await at.card("merge-ways").click({ button: "right" });
    await page.getByRole("menuitem", { name: "Pick a candidate…" }).click();
    await hasFocus("Pick it: way-a");
    await dialog().getByRole("button", { name: "Pick it: way-b" }).click();
    const question = page.getByRole("dialog", { name: /Bring the changes of way-b/ });
    await question.getByRole("button", { name: "Cancel" }).click();
    expect(await result()).toBe("begin\n");
    await dialog().getByRole("button", { name: "Pick it: way-b" }).click();
    await agree(question);
    await until("the changes", async () => (await result()) === "begin\nb\nb\n");
    await dialog().getByText("The changes of way-b were taken over.").waitFor();
    await page.keyboard.press("Escape");
  });

  test("asks about the pick in POWER, too", async () => {
    await at.product.run("policy", "mode", "POWER", "--yes");
    await page
      .getByRole("button", { name: /^(SAFE|POWER) mode/ })
      .or(page.getByText("POWER"))
      .first()
      .waitFor();
    await at.card("way-a").click({ button: "right" });
    await page.getByRole("menuitem", { name: /^Pick it/ }).click();
    await page
      .getByRole("dialog", { name: /Bring the changes of way-a/ })
      .getByRole("button", { name: "Cancel" })
      .click();
    await at.product.run("policy", "mode", "SAFE");
  });
});

describe("in a small window", () => {
  const zoomed = async () =>
    Number.parseInt((await page.getByRole("toolbar", { name: "Zoom" }).textContent()) || "", 10);

  test("all of the dock's tools can be reached, those of a second attempt, too", async () => {
    await page.setViewportSize({ width: 1024, height: 700 });
    await at.product.run("restart", "last", "--yes");
    await choose("last");
    const dock = at.dock();
    await dock.getByLabel("Attempt").waitFor();
    await dock.getByText(/· 1 line$/).waitFor({ state: "attached" });
    const frame = await dock.boundingBox();
    const tool = await dock.getByRole("button", { name: "Download the log" }).boundingBox();
    expect((tool?.x ?? 0) + (tool?.width ?? 0)).toBeLessThanOrEqual((frame?.x ?? 0) + (frame?.width ?? 0));
  });

  test("a gate's answers stay large enough to be read and hit, when it is seen from afar", async () => {
    await at.product.run("gate", "insert", "sure", "--name", "Sure?", "--depends-on", "plan");
    const approve = at.button("Approve Sure?");
    await approve.first().waitFor();
    for (let turn = 0; turn < 12 && (await zoomed()) > 40; turn++) await at.button("Zoom out").click();
    const box = await approve.first().boundingBox();
    expect(box?.height).toBeGreaterThan(20);
    await page.setViewportSize({ width: 1440, height: 900 });
  });
});

describe("a graph that is larger than any window", () => {
  const count = 400;
  const chain = Array.from(
    { length: count },
    (_, index) =>
      `  - id: s${index}\n    command: ["true"]\n${index === 0 ? "" : `    depends_on: [s${index - 1}]\n`}`,
  ).join("");

  test("is shown whole all the same", async () => {
    await writeFile(
      join(at.product.root, ".threados", "sequence.yaml"),
      `version: 1\nname: long\nsteps:\n${chain}`,
    );
    await at.card("s0").waitFor();
    await at.button("Show everything").click();
    await page.getByRole("img", { name: /The graph from far away/ }).waitFor();
    const canvas = await page.locator(".react-flow").boundingBox();
    if (!canvas) throw new Error("there is no canvas");
    const seen: number[] = [];
    for (const id of ["s0", `s${count - 1}`]) {
      await page.keyboard.press("Control+k");
      await page.keyboard.type(`@${id}`);
      await page.getByRole("option", { name: id, exact: false }).first().waitFor();
      await page.keyboard.press("Enter");
      await inspector().getByRole("heading", { name: id, exact: true }).waitFor();
      const box = await at.card(id).boundingBox();
      seen.push(((box?.x ?? -1) - canvas.x) / canvas.width);
    }
    const [first = 1, last = 0] = seen;
    expect(first).toBeLessThan(0.1);
    expect(last).toBeGreaterThan(0.9);
    expect(last).toBeLessThan(1);
  });
});

describe("a chain that somebody placed close together", () => {
  const spots = { s0: { x: 0, y: 0 }, s1: { x: 280, y: 0 }, s2: { x: 560, y: 0 }, s3: { x: 560, y: 200 } };
  const keep = (name: string, text: string) => writeFile(join(at.product.root, ".threados", name), text);
  const places = async () => JSON.parse(await at.read("layout.json")).positions;
  const step = (id: string, need: string) =>
    `  - id: ${id}\n    command: ["true"]\n${need === "" ? "" : `    depends_on: [${need}]\n`}`;

  beforeAll(async () => {
    await keep("layout.json", JSON.stringify({ version: 1, positions: spots }));
    const steps = step("s0", "") + step("s1", "s0") + step("s2", "s1") + step("s3", "");
    await keep("sequence.yaml", `version: 1\nname: tight\nsteps:\n${steps}`);
    await page.goto(at.url);
    await page.reload();
    await at.card("s399").waitFor({ state: "detached" });
    await at.arrow("s1", "s2").waitFor({ state: "attached" });
  });

  test("makes room for the gate that is put into one of its arrows, and for nothing else", async () => {
    const { x, y } = await at.halfway("s0", "s1");
    await page.mouse.click(x, y, { button: "right" });
    await page.getByRole("menuitem", { name: "Put a gate into it…" }).click();
    await at.fillIn("Look at it");
    await at.arrow("look-at-it", "s1").waitFor({ state: "attached" });
    await until("room", async () => (await places()).s1.x > spots.s1.x);
    const { s0, s1, s2, s3 } = await places();
    expect([s0, s3]).toEqual([spots.s0, spots.s3]);
    expect([s1.y, s2]).toEqual([0, { x: s1.x + 280, y: 0 }]);
    await expectSoon(async () => {
      const [from, gate, to] = await Promise.all(["s0", "look-at-it", "s1"].map((id) => at.middle(id)));
      return Math.abs((from?.y ?? 0) - (gate?.y ?? 1)) < 2 && (gate?.x ?? 0) < (to?.x ?? 0);
    }, true);
  });
});

test("no page had an error or a warning to report", () => {
  expect(at.complaints.filter((text) => !/status of 4\d\d/.test(text))).toEqual([]);
});
