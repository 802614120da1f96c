import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright";
import { until } from "../test/rig/deadline";
import { agree } from "./agreeing";
import { auditPage } from "./audit";
import { changedLines, Editor } from "./editor";
import { Product } from "./product";

let at: Editor;
let page: Page;
let first = "";

const setUpMs = 180_000;

const text = `# Written by hand: every comment stays.
version: 1
name: canvas
steps:
  - id: plan
    command: [echo, planned]
  - id: one # the first way
    command: [echo, one]
    depends_on: [plan]
    type: p
    group_id: ways
  - id: two
    command: [echo, two]
    depends_on: [plan]
    type: p
    group_id: ways
  - id: best
    command: [echo, best]
    depends_on: [one, two]
    type: f
    fusion_synth: true
    fusion_candidates: [one, two]
  - id: check
    sequence: sequences/check.yaml
    depends_on: [best]
  - id: free
    command: [sh, -c, 'echo made; date +%N >"$THREADOS_OUTPUT_DIR/note.txt"']
    retry: { limit: 2 }
  - id: ship
    command: [echo, shipped]
    depends_on: [ok]
gates:
  - id: ok
    name: Good enough?
    depends_on: [free]
    questions:
      - { id: grade, type: choice, ask: "How good is it?", options: [fine, great], required: true }
`;
const check = `version: 1
name: check
steps:
  - { id: lint, command: [echo, lint] }
  - { id: unit, name: Unit tests, command: [echo, unit], depends_on: [lint] }
`;

beforeAll(async () => {
  at = await Editor.open("canvas");
  page = at.page;
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await mkdir(join(at.product.root, ".threados", "sequences"), { recursive: true });
  await writeFile(join(at.product.root, ".threados", "sequences", "check.yaml"), check);
  await writeFile(join(at.product.root, ".threados", "sequence.yaml"), text);
  first = text;
  await page.goto(at.url);
  await at.card("plan").waitFor();
}, setUpMs);

afterAll(() => at?.close(), setUpMs);

/** What changes in the file while something is done. */
async function changesOf(work: () => Promise<void>): Promise<string[]> {
  const before = await at.sequence();
  await work();
  const after = await until("the file changes", async () => {
    const now = await at.sequence();
    return now === before ? undefined : now;
  });
  return changedLines(before, after);
}

const showAll = () => at.button("Show everything").click();
/** The page has taken in what was made, and shows it. */
const isShown = (id: string) =>
  at.inspector().getByRole("region", { name: "Definition" }).getByText(`id: ${id}`).waitFor();
const undo = async () => {
  const before = await at.sequence();
  await page.keyboard.press("Control+z");
  await until("something undone", async () => (await at.sequence()) !== before);
};

describe("nodes", () => {
  test("a merge is a triangle that says how many candidates it joins, and how it stands", async () => {
    const merge = at.card("best");
    await merge.locator("polygon").waitFor();
    const corners = await merge.locator("polygon").getAttribute("points");
    expect(corners?.split(" ").length).toBe(3);
    await merge.getByText("2 candidates").waitFor();
    await merge.getByText("Blocked").waitFor();
  });

  test("a sub-sequence opens up in its place, read only, and closes again", async () => {
    await at.button("Open up check").click();
    const inside = at.card("check").getByRole("list", { name: "Inside check" });
    await inside.getByText("Unit tests").waitFor();
    await inside.getByText("lint").waitFor();
    const wide = (await at.card("check").boundingBox())?.width ?? 0;
    expect(await inside.getByRole("button").count()).toBe(0);
    await at.button("Close check").click();
    await inside.waitFor({ state: "detached" });
    expect((await at.card("check").boundingBox())?.width ?? 0).toBeLessThan(wide);
    expect(await at.sequence()).toBe(first);
  });

  test("quick actions appear under the pointer, and for the keyboard under the focus", async () => {
    await page.mouse.move(0, 0);
    const actions = page.getByRole("toolbar", { name: "Actions of plan" });
    expect(await actions.count()).toBe(0);
    await at.card("plan").hover();
    await actions.getByRole("button", { name: "Run this step: plan" }).waitFor();
    // Outside of its own box they would take the clicks that a neighbour is meant to get.
    const [card, bar] = [await at.card("plan").boundingBox(), await actions.boundingBox()];
    if (!card || !bar) throw new Error("one of them can't be seen");
    expect(bar.x).toBeGreaterThanOrEqual(card.x);
    expect(bar.y).toBeGreaterThanOrEqual(card.y);
    expect(bar.x + bar.width).toBeLessThanOrEqual(card.x + card.width);
    expect(bar.y + bar.height).toBeLessThanOrEqual(card.y + card.height);
    await page.mouse.move(0, 0);
    await actions.waitFor({ state: "detached" });
    await at.card("plan").focus();
    await actions.waitFor();
    await page.keyboard.press("Escape");
    await at.card("plan").blur();
  });

  test("from farther away quick actions are as large as ever, and the pointer reaches them", async () => {
    const zoom = page.getByRole("toolbar", { name: "Zoom" });
    const zoomed = async () => Number.parseInt((await zoom.textContent()) ?? "", 10);
    for (let turn = 0; turn < 12 && (await zoomed()) > 45; turn++) await at.button("Zoom out").click();
    const actions = page.getByRole("toolbar", { name: "Actions of plan" });
    const sizes = async () => (await actions.getByRole("button").first().boundingBox())?.height;
    await at.card("plan").hover();
    expect(await sizes()).toBeCloseTo(24, 0);
    const last = await actions.getByRole("button").last().boundingBox();
    if (!last) throw new Error("it can't be seen");
    await page.mouse.move(last.x + last.width / 2, last.y + last.height / 2, { steps: 6 });
    expect(await sizes()).toBeCloseTo(24, 0);
    await page.mouse.move(0, 0);
    await actions.waitFor({ state: "detached" });
    await showAll();
  });
});

describe("groups", () => {
  test("a step that is dragged within the border joins, as one change of its own lines", async () => {
    await showAll();
    const there = await at.middle("one");
    const changed = await changesOf(async () => {
      const from = await at.middle("free");
      await at.drag(from, { x: there.x + 10, y: there.y + 12 }, async () => {
        await page.getByText("Let go to take it into group 'ways'.").waitFor();
      });
    });
    expect(changed).toEqual(["+ type: p", "+ group_id: ways"]);
  });

  test("and leaves once it is outside of it", async () => {
    const changed = await changesOf(async () => {
      const from = await at.middle("free");
      await at.drag(from, { x: from.x, y: from.y + 260 }, async () => {
        await page.getByText("Let go to take it out of group 'ways'; with Alt it stays in.").waitFor();
      });
    });
    expect(changed).toEqual(["- type: p", "- group_id: ways"]);
    expect(await at.sequence()).toBe(first);
  });

  test("what waits for a member can't join: the reason is shown, and it goes back", async () => {
    await at.button("Tidy: lay everything out anew").click();
    await showAll();
    const from = await at.middle("best");
    const there = await at.middle("one");
    await at.drag(from, there, async () => {
      await page
        .getByText(/'best'.*waits for|waits for.*'(one|two)'/i)
        .first()
        .waitFor();
    });
    await until("it is back", async () => Math.abs((await at.middle("best")).x - from.x) < 30);
    expect(await at.sequence()).toBe(first);
  });

  test("an edit from a shell during the drag is kept, and so is the drag", async () => {
    const there = await at.middle("one");
    await at.drag(await at.middle("free"), { x: there.x + 10, y: there.y + 12 }, async () => {
      await at.product.run("step", "edit", "plan", "--name", "Planned meanwhile");
      await at.card("plan").getByText("Planned meanwhile").waitFor();
    });
    const now = await at.fileHas("both edits", (now) => now.includes("Planned meanwhile") && now !== first);
    await at.fileHas("the group", (now) => now.split("group_id: ways").length === 4);
    expect(changedLines(first, now).every((line) => /name: Planned|type: p|group_id: ways/.test(line))).toBe(
      true,
    );
    await undo();
    await at.product.run("undo");
    await at.fileHas("the first state", (now) => now === first);
    await at.button("Tidy: lay everything out anew").click();
  });
});

describe("the clipboard", () => {
  test("copied and pasted, steps keep what ties them together; the originals keep every byte", async () => {
    await showAll();
    await at.card("one").click();
    await at.card("best").click({ modifiers: ["Control"] });
    await page.keyboard.press("Control+c");
    await page.getByText("Copied 2 as YAML").waitFor();
    // What is said stands above the dock, not on what it shows.
    const said = await page.getByLabel("Messages").boundingBox();
    const below = await page.getByLabel("Height of the dock").boundingBox();
    expect((said?.y ?? Number.NaN) + (said?.height ?? 0)).toBeLessThanOrEqual(below?.y ?? 0);
    const changed = await changesOf(async () => {
      await page.keyboard.press("Control+v");
      await at.card("best-copy").waitFor();
      await at.inspector().getByRole("heading", { name: "2 chosen" }).waitFor();
    });
    expect(changed.every((line) => line.startsWith("+"))).toBe(true);
    const now = await at.sequence();
    expect(now).toContain("fusion_candidates: [one-copy, two]");
    expect(now.startsWith(first.slice(0, first.indexOf("gates:")))).toBe(true);
    await undo();
    expect(await at.sequence()).toBe(first);
  });

  test("what is copied here can be pasted into another workspace", async () => {
    await at.card("one").click();
    await page.keyboard.press("Control+c");
    await page.getByText("Copied one as YAML").waitFor();
    const other = await Product.create("other");
    try {
      const { url, stop } = await other.openUi();
      const next = await page.context().newPage();
      await next.goto(url);
      await next.getByRole("button", { name: "Add the first step" }).waitFor();
      await next.keyboard.press("Control+v");
      await next.locator('.react-flow__node[data-id="one"]').waitFor();
      await next.getByText("left out what is not here: plan").waitFor();
      await next.close();
      await stop();
    } finally {
      await other.remove();
    }
    await page.bringToFront();
  });

  test("duplicated, a step stands beside itself", async () => {
    await at.card("free").click();
    const changed = await changesOf(async () => {
      await page.keyboard.press("Control+d");
      await isShown("free-copy");
    });
    expect(changed.at(0)).toBe("+ - id: free-copy");
    await undo();
    expect(await at.sequence()).toBe(first);
  });

  test("cut asks, and takes away what it copied", async () => {
    await at.card("check").click();
    await page.keyboard.press("Control+x");
    const dialog = page.getByRole("dialog");
    await agree(dialog, 2);
    await at.card("check").waitFor({ state: "detached" });
    await page.keyboard.press("Control+v");
    await at.card("check").waitFor();
    await isShown("check");
    await undo();
    await undo();
    expect(await at.sequence()).toBe(first);
  });
});

describe("several at once", () => {
  test("are put in line; that is a matter of the layout alone", async () => {
    await showAll();
    await at.card("plan").click();
    await at.card("free").click({ modifiers: ["Control"] });
    await at.card("best").click({ modifiers: ["Control"] });
    const tools = page.getByRole("toolbar", { name: "Selection" });
    await tools
      .getByRole("button", { name: /^(Run|Restart) / })
      .first()
      .waitFor();
    await tools.getByRole("button", { name: "Align their left sides" }).click();
    const placed = await until("the places", async () => {
      const layout = JSON.parse((await at.read("layout.json")) || "{}");
      return Object.keys(layout.positions ?? {}).length > 0 ? layout.positions : undefined;
    });
    await until("they stand in line", async () => {
      const lefts = await Promise.all(
        ["plan", "free", "best"].map(async (id) => (await at.card(id).boundingBox())?.x),
      );
      return lefts.every((x) => Math.abs((x ?? 0) - (lefts[0] ?? 0)) < 2);
    });
    expect(new Set(Object.values<{ x: number }>(placed).map(({ x }) => x)).size).toBe(1);
    expect(await at.sequence()).toBe(first);
    await page.keyboard.press("Escape");
    await at.button("Tidy: lay everything out anew").click();
    await showAll();
  });
});

describe("the YAML of a step", () => {
  const editor = () => at.inspector().getByRole("textbox", { name: "YAML of one" });

  test("has the numbers that its lines have in the file", async () => {
    await at.card("two").click();
    await page.getByRole("tab", { name: "YAML" }).click();
    const lines = (await at.sequence()).split("\n");
    const number = lines.findIndex((line) => line.includes("id: two")) + 1;
    await at
      .inspector()
      .locator(".cm-lineNumbers")
      .getByText(String(number), { exact: true })
      .filter({ visible: true })
      .waitFor();
    expect(await at.inspector().locator(".cm-lineNumbers").getByText("1", { exact: true }).count()).toBe(0);
    await page.getByRole("tab", { name: "Overview" }).click();
  });

  test("is completed by the schema, checked while it is typed, and saved as one change", async () => {
    await at.card("one").click();
    await page.getByRole("tab", { name: "YAML" }).click();
    await editor().click();
    await page.keyboard.press("Control+End");
    await page.keyboard.press("Enter");
    await page.keyboard.type("isol");
    await at
      .inspector()
      .getByRole("option", { name: /isolation/ })
      .click();
    await page.keyboard.type("nothing");
    await at
      .inspector()
      .getByRole("alert")
      .getByText(/isolation/)
      .waitFor();
    expect(await at.button("Save").isDisabled()).toBe(true);
    for (let left = "nothing".length; left > 0; left--) await page.keyboard.press("Backspace");
    await page.keyboard.type("none");
    await page.keyboard.press("Escape");
    const changed = await changesOf(() => at.button("Save").click());
    expect(changed).toEqual(["+ isolation: none"]);
    await at.product.run("undo");
    await at.fileHas("the first state", (now) => now === first);
  });

  test("takes over what a shell changes elsewhere in it, and lets choose where both changed the same", async () => {
    await editor().click();
    await page.keyboard.press("Control+End");
    await page.keyboard.press("Enter");
    await page.keyboard.type("timeout_ms: 1000");
    await at.product.run("step", "edit", "one", "--command", '["echo","uno"]');
    await until("theirs in mine", async () => (await editor().textContent())?.includes("uno"));
    expect(await editor().textContent()).toContain("timeout_ms: 1000");
    await at.product.run("step", "edit", "one", "--timeout-ms", "2000");
    await at.button("Take theirs").waitFor();
    await at.button("Keep mine").click();
    const changed = await changesOf(() => at.button("Save").click());
    expect(changed.toSorted()).toEqual(["+ timeout_ms: 1000", "- timeout_ms: 2000"]);
    for (let left = 3; left > 0; left--) await at.product.run("undo", "--any");
    await at.fileHas("the first state", (now) => now === first);
    await page.getByRole("tab", { name: "Overview" }).click();
  });
});

describe("a gate", () => {
  test("shows exactly what the yes is bound to; what changes meanwhile is marked, and has to be seen first", async () => {
    await at.product.run("run", "step", "free", "--yes", "--attach");
    await at.card("ok").click();
    const decision = at.inspector().getByRole("region", { name: "Decision" });
    await decision.getByText("note.txt").click();
    await decision.getByText(/attempt 1, done/).waitFor();
    await at.product.run("rerun", "free", "--yes", "--attach");
    await decision.getByText("What it shows changed while you looked").waitFor();
    expect(await decision.getByRole("button", { name: "Approve this" }).isDisabled()).toBe(true);
    await decision.getByRole("button", { name: "I have seen it" }).click();
    await decision.getByText(/attempt 2, done/).waitFor();
  });

  test("is rejected with a reason, and the work goes back to a step", async () => {
    const decision = at.inspector().getByRole("region", { name: "Decision" });
    await decision.getByRole("button", { name: "Reject…" }).click();
    const form = page.getByRole("form", { name: "Reject at ok" });
    await form.getByRole("button", { name: "Reject", exact: true }).click();
    await form.getByText("Say why.").waitFor();
    await form.getByLabel("What is not right").fill("The date is wrong.");
    await form.getByLabel("Send the work back to").selectOption("free");
    await form.getByRole("button", { name: "Reject", exact: true }).click();
    const asked = page.getByRole("dialog");
    await asked.getByText("The date is wrong.").first().waitFor();
    expect(await asked.locator("[data-agree]").textContent()).toBe("Reject gate ok, back to free");
    await agree(asked);
    await decision.getByText(/attempt 3, done/).waitFor();
    await at.card("ok").getByText("Waits for you").waitFor();
  });

  test("is approved in place, with typed answers, for the digest that was shown", async () => {
    const decision = at.inspector().getByRole("region", { name: "Decision" });
    // One's own sending back brought it: that is no news that has to be seen first.
    await decision.getByText("Done anew since you sent it back; what is new is marked.").waitFor();
    expect(await decision.getByRole("alert").count()).toBe(0);
    await decision.locator(".exhibit-fold", { hasText: "note.txt" }).getByText("changed").waitFor();
    const confirm = await decision
      .getByText("A yes holds for exactly this")
      .locator("code")
      .getAttribute("title");
    await decision.getByRole("button", { name: "Approve this" }).click();
    await decision.getByText("It has to be answered.").waitFor();
    await decision.getByLabel("How good is it?").selectOption("great");
    await decision.getByRole("button", { name: "Approve this" }).click();
    await decision.getByText("Nothing it showed has changed since.").waitFor();
    await decision.getByText("great").waitFor();
    expect(await page.getByRole("dialog").count()).toBe(0);
    const entries = (await at.read("audit.log"))
      .split("\n")
      .filter((line) => line.includes('"gate.approve"'));
    expect(entries.at(-1)).toContain(`"confirm":"${confirm}"`);
  });
});

describe("what a step left", () => {
  test("is listed, shown, and set beside another attempt", async () => {
    await at.card("free").click();
    await page.getByRole("tab", { name: "Results" }).click();
    const results = at.inspector();
    await results.getByRole("button", { name: /note\.txt/ }).click();
    await results.getByRole("region", { name: "note.txt" }).locator("pre").waitFor();
    await results.getByLabel("Compared with").selectOption({ label: "1" });
    const changes = results.getByRole("region", { name: "note.txt" });
    await changes.locator('[data-sign="-"]').first().waitFor();
    await changes.locator('[data-sign="+"]').first().waitFor();
    await results.getByRole("button", { name: /stdout\.log/ }).click();
    await results.getByText("Both are the same.").waitFor();
  });
});

describe("for everybody", () => {
  test.each(["light", "dark"] as const)(
    "what is new can be read and named in the %s scheme",
    async (colorScheme) => {
      await page.emulateMedia({ colorScheme });
      const views: [string, () => Promise<void>][] = [
        ["the results", async () => {}],
        [
          "a gate",
          async () =>
            at
              .card("ok")
              .click()
              .then(() => page.getByRole("tab", { name: "Overview" }).click()),
        ],
        ["the YAML", () => page.getByRole("tab", { name: "YAML" }).click()],
        ["quick actions", () => at.card("plan").hover()],
        ["several", () => page.keyboard.press("Control+a")],
      ];
      for (const [name, open] of views) {
        await open();
        expect({ name, found: await auditPage(page) }).toEqual({ name, found: [] });
      }
      await page.keyboard.press("Escape");
      await at.card("free").click();
      await page.getByRole("tab", { name: "Results" }).click();
      await page.emulateMedia({ colorScheme: "light" });
    },
  );
});

test("all of it undone, the file is what it was, byte by byte", async () => {
  expect(await at.sequence()).toBe(first);
});

test("no page had an error or a warning to report", () => expect(at.complaints).toEqual([]));
