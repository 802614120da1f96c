import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Page } from "playwright";
import { until } from "../test/rig/deadline";
import { agree } from "./agreeing";
import { changedLines, Editor } from "./editor";

let at: Editor;
let page: Page;

const setUpMs = 120_000;

beforeAll(async () => {
  at = await Editor.open("by-hand");
  page = at.page;
}, setUpMs);

afterAll(() => at?.close(), setUpMs);

let first = "";

describe("by mouse alone", () => {
  test("the first step is added from the empty canvas", async () => {
    first = await at.sequence();
    await page.goto(at.url);
    await at.button("Add the first step").click();
    await at.fillIn("Plan", "echo plan");
    await at.card("plan").waitFor();
    const text = await at.fileHas("plan", (text) => text.includes("id: plan"));
    expect(changedLines(first, text)).toEqual([
      "- steps: []",
      "+ steps:",
      "+ - id: plan",
      "+ name: Plan",
      "+ model: shell",
      "+ command: [echo, plan]",
    ]);
  });

  test("an arrow dropped into the void adds a step that waits", async () => {
    const from = await at.endOf("plan", "source");
    const before = await at.sequence();
    await at.drag(from, { x: from.x + 180, y: from.y - 120 });
    await at.fillIn("Build", "echo build");
    await at.arrow("plan", "build").waitFor({ state: "attached" });
    const text = await at.fileHas("build", (text) => text.includes("id: build"));
    expect(changedLines(before, text)).toEqual([
      "+ - id: build",
      "+ name: Build",
      "+ model: shell",
      "+ command: [echo, build]",
      "+ depends_on: [plan]",
    ]);
  });

  test("a double click into the void adds a step there, and arrows are drawn from end to end", async () => {
    const pane = await page.locator(".react-flow__pane").boundingBox();
    await page.mouse.dblclick((pane?.x ?? 0) + 300, (pane?.y ?? 0) + 60);
    await at.fillIn("Lint", "echo lint");
    await at.card("lint").waitFor();
    await at.button("Gate").click();
    await at.fillIn("Review it");
    await at.card("review-it").waitFor();
    await at.button("Tidy: lay everything out anew").click();
    await at.button("Show everything").click();
    for (const [from, to] of [
      ["plan", "lint"],
      ["build", "review-it"],
      ["lint", "review-it"],
    ] as const) {
      const before = await at.fileHas("the file", (text) => text.includes("review-it"));
      await at.drag(await at.endOf(from, "source"), await at.endOf(to, "target"));
      await at.arrow(from, to).waitFor({ state: "attached" });
      const text = await until(`${to} waits for ${from}`, async () => {
        const now = await at.sequence();
        return now === before ? undefined : now;
      });
      const lines = changedLines(before, text);
      expect(lines.every((line) => line.includes("depends_on"))).toBe(true);
      await page.getByRole("status").getByText(`'${to}' now waits for '${from}'.`).waitFor();
    }
  });

  test("an arrow that is pulled a little over the edge of the graph moves nothing", async () => {
    const graph = await page.locator(".react-flow").boundingBox();
    if (!graph) throw new Error("there is no graph");
    const place = () => page.locator(".react-flow__viewport").getAttribute("style");
    const frames = () =>
      page.evaluate(
        () => new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(() => next(null)))),
      );
    const before = [await place(), await at.sequence()];
    const from = await at.endOf("review-it", "source");
    await at.drag(from, { x: graph.x + graph.width + 40, y: from.y }, async () => {
      await frames();
      expect(await place()).toBe(before[0] ?? "");
    });
    expect(await at.sequence()).toBe(before[1] ?? "");
  });

  test("an arrow that would make a circle is refused with the reason, and changes nothing", async () => {
    const before = await at.sequence();
    await at.drag(await at.endOf("review-it", "source"), await at.endOf("plan", "target"), async () => {
      await page.getByText(/The dependencies form a circle: /i).waitFor();
      // What can't be its end looks so, for as long as it matters.
      await at.card("plan").locator("[data-barred=true]").waitFor();
    });
    await page.locator("[data-barred=true]").first().waitFor({ state: "detached" });
    expect(await at.sequence()).toBe(before);
  });

  test("a step dropped on an arrow is put into it, as one change", async () => {
    await at.button("Step").click();
    await at.fillIn("Test", "echo test");
    await at.card("test").waitFor();
    await at.button("Show everything").click();
    const before = await at.fileHas("the step", (text) => text.includes("id: test"));
    await at.drag(await at.middle("test"), await at.halfway("build", "review-it"));
    await at.arrow("test", "review-it").waitFor({ state: "attached" });
    const text = await at.fileHas("the arrows", (text) => text.includes("[lint, test]"));
    expect(changedLines(before, text).sort()).toEqual([
      "+ depends_on: [build]",
      "+ depends_on: [lint, test]",
      "- depends_on: [build, lint]",
    ]);
    await at.product.run("undo");
    await at.arrow("build", "review-it").waitFor({ state: "attached" });
    expect(await at.sequence()).toBe(before);
    await at.product.run("redo");
    await at.arrow("test", "review-it").waitFor({ state: "attached" });
  });

  test("a gate and a step from the menu of an arrow and of a node", async () => {
    await at.card("review-it").click({ button: "right" });
    await page.getByRole("menuitem", { name: "Add a step after it…" }).click();
    await at.fillIn("Publish", "echo publish");
    await at.arrow("review-it", "publish").waitFor({ state: "attached" });
    expect((await at.sequence()).match(/- id: /g)?.length).toBe(6);
  });
});

describe("places", () => {
  test("of dragged steps are kept beside the sequence, which is not touched", async () => {
    await at.button("Show everything").click();
    const before = await at.sequence();
    const from = await at.middle("publish");
    await at.drag(from, { x: from.x - 20, y: from.y + 120 });
    const layout = await until("the place", async () => {
      const text = await at.read("layout.json");
      return text.includes('"publish"') ? JSON.parse(text) : undefined;
    });
    expect(Object.keys(layout.positions)).toContain("publish");
    expect(await at.sequence()).toBe(before);
    const there = await at.middle("publish");
    await page.reload();
    await at.card("publish").waitFor();
    await at.button("Show everything").click();
    expect(Math.abs((await at.middle("publish")).y - there.y)).toBeLessThan(60);
  });

  test("are forgotten by Tidy, and arrows can lead down", async () => {
    const before = await at.sequence();
    await at.button("Lead arrows down").click();
    await until(
      "arrows lead down",
      async () => (await at.middle("publish")).y > (await at.middle("plan")).y + 80,
    );
    await at.button("Lead arrows to the right").click();
    await until(
      "arrows lead right",
      async () => (await at.middle("publish")).x > (await at.middle("plan")).x + 80,
    );
    expect(JSON.parse(await at.read("layout.json")).positions).toEqual({});
    expect(await at.sequence()).toBe(before);
  });
});

describe("removing", () => {
  test("an arrow: selected, and Delete", async () => {
    await at.button("Show everything").click();
    const before = await at.sequence();
    const { x, y } = await at.halfway("plan", "lint");
    await page.mouse.click(x, y);
    await page.keyboard.press("Delete");
    await at.arrow("plan", "lint").waitFor({ state: "detached" });
    await page.keyboard.press("Control+z");
    await at.arrow("plan", "lint").waitFor({ state: "attached" });
    await at.fileHas("the file as it was", (text) => text === before);
  });

  test("a step asks twice, and closes the gap it leaves", async () => {
    const before = await at.sequence();
    await at.card("test").click();
    await page.keyboard.press("Delete");
    const dialog = page.getByRole("dialog");
    await dialog
      .getByText(/remove step test/i)
      .first()
      .waitFor();
    await agree(dialog);
    await dialog.getByRole("button", { name: "Cancel" }).click();
    expect(await at.sequence()).toBe(before);
    await page.keyboard.press("Delete");
    await agree(dialog, 2);
    await at.card("test").waitFor({ state: "detached" });
    await at.arrow("build", "review-it").waitFor({ state: "attached" });
    await at.button("Undo").click();
    await at.card("test").waitFor();
    await at.fileHas("the file as it was", (text) => text === before);
  });
});

describe("the inspector", () => {
  test("changes a step by its form; only the lines of what changed change", async () => {
    const before = await at.sequence();
    await at.card("build").click();
    await page.getByRole("tab", { name: "Edit" }).click();
    const form = page.getByRole("form", { name: "Edit build" });
    await form.getByLabel("Name").fill("Build it all");
    await form.getByLabel("Timeout (ms)", { exact: true }).fill("0");
    await form.getByRole("button", { name: "Save" }).click();
    await form.getByText(/must be at least 1/).waitFor();
    await form.getByLabel("Timeout (ms)", { exact: true }).fill("60000");
    await form.getByRole("button", { name: "Save" }).click();
    await form.getByText("2 changed").waitFor({ state: "detached" });
    const text = await at.fileHas("the new name", (text) => text.includes("Build it all"));
    expect(changedLines(before, text)).toEqual([
      "- name: Build",
      "+ name: Build it all",
      "+ timeout_ms: 60000",
    ]);
    await at.card("build").getByText("Build it all").waitFor();
  });

  test("keeps what is being typed when the file changes, and shows both", async () => {
    const form = page.getByRole("form", { name: "Edit build" });
    await form.getByLabel("Name").fill("Mine");
    await at.product.run("step", "edit", "build", "--name", "Theirs", "--timeout-ms", "5000");
    await form.getByText(/The file says/).waitFor();
    expect(await form.getByLabel("Name").inputValue()).toBe("Mine");
    expect(await form.getByLabel("Timeout (ms)", { exact: true }).inputValue()).toBe("5000");
    await form.getByRole("button", { name: "Take theirs" }).click();
    expect(await form.getByLabel("Name").inputValue()).toBe("Theirs");
  });

  test("shows the file, with the step in sight", async () => {
    await page.getByRole("tab", { name: "YAML" }).click();
    await at.button("The whole file").click();
    await at.inspector().getByRole("textbox", { name: "sequence.yaml" }).waitFor();
    await at.inspector().getByText("Theirs").first().waitFor();
    await page.getByRole("tab", { name: "Overview" }).click();
  });
});

describe("a change from a shell", () => {
  test("appears at once, also while something is being dragged", async () => {
    await at.button("Show everything").click();
    const from = await at.middle("plan");
    await at.drag(from, { x: from.x + 10, y: from.y + 90 }, async () => {
      await at.product.run("step", "add", "shell-made", "--command", '["true"]', "--depends-on", "plan");
      await at.card("shell-made").waitFor();
    });
    await until("the place", async () => (await at.read("layout.json")).includes('"plan"'));
    expect(await at.sequence()).toContain("shell-made");
    await at.button("Tidy: lay everything out anew").click();
  });
});

describe("by keyboard alone", () => {
  const palette = async (text: string) => {
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "Command palette" }).waitFor();
    await page.keyboard.type(text);
  };
  const keys = async (...pressed: string[]) => {
    for (const key of pressed) await page.keyboard.press(key);
  };

  test("steps and a gate are added and tied by their forms", async () => {
    await page.mouse.move(0, 0);
    await keys("Escape", "n");
    await page.keyboard.type("Package");
    await keys("Tab", "Tab", "Tab");
    await page.keyboard.type("tar -cf out.tar dist");
    await keys("Tab");
    await page.keyboard.type("publish");
    await keys("Enter", "Enter");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await at.arrow("publish", "package").waitFor({ state: "attached" });
    await page.getByRole("dialog").waitFor({ state: "detached" });
    // The new step is selected: what comes after it is one key away.
    await keys("a");
    await page.keyboard.type("Ship it");
    await keys("Tab", "Tab", "Tab");
    await page.keyboard.type("echo shipped");
    await keys("Enter");
    await at.arrow("package", "ship-it").waitFor({ state: "attached" });
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await keys("g");
    await page.keyboard.type("Really ship");
    await keys("Enter");
    await at.card("really-ship").waitFor();
    await page.getByRole("dialog").waitFor({ state: "detached" });
  });

  test("any action is found in the palette, with its command line, and done by its form", async () => {
    await palette("add a dependency");
    await page.getByText("seqctl dep add <step> <dep>").waitFor();
    await keys("Enter");
    const dialog = page.getByRole("dialog", { name: "Add a dependency" });
    await dialog.waitFor();
    await dialog.getByLabel("Step", { exact: true }).focus();
    await keys("Control+a");
    await page.keyboard.type("really-ship");
    await keys("Tab");
    await page.keyboard.type("package");
    await keys("Enter");
    await at.arrow("package", "really-ship").waitFor({ state: "attached" });
    await dialog.waitFor({ state: "detached" });
  });

  test("the palette leads to a step, and the keys are listed", async () => {
    await palette("@ship");
    await page.getByRole("option", { name: /Ship it/ }).waitFor();
    await keys("Enter");
    await at.inspector().getByRole("heading", { name: "Ship it" }).waitFor();
    await keys("?");
    await page.getByRole("dialog", { name: "Keys" }).getByText("Open the command palette").waitFor();
    await keys("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  });

  test("a focused step is moved with Alt, and its menu opens by the menu key", async () => {
    await at.card("ship-it").focus();
    // The palette has selected it.
    await keys("Alt+ArrowDown");
    await until("the place", async () => (await at.read("layout.json")).includes('"ship-it"'));
    await keys("Shift+F10");
    await page.getByRole("menuitem", { name: "Duplicate" }).waitFor();
    await keys("Escape");
    await keys("Control+d");
    await at.card("ship-it-copy").waitFor();
    await keys("Control+z");
    await at.card("ship-it-copy").waitFor({ state: "detached" });
  });

  test("the search dims what does not fit", async () => {
    await keys("Escape", "/");
    await page.keyboard.type("ship");
    await at.card("plan").locator("[data-dim=true]").waitFor();
    expect(await at.card("ship-it").locator("[data-dim=true]").count()).toBe(0);
    await keys("Escape");
    await at.card("plan").locator("[data-dim=false]").waitFor();
  });
});

describe("undo", () => {
  test("leads back to the first state, byte by byte", async () => {
    const text = await at.sequence();
    // Boxes that were moved are steps back, too.
    const all = async () => (await at.sequence()) + (await at.read("layout.json"));
    let steps = 0;
    for (; (await at.sequence()) !== first && steps < 40; steps++) {
      const before = await all();
      await page.keyboard.press("Control+z");
      await until("something undone", async () => (await all()) !== before);
    }
    expect(await at.sequence()).toBe(first);
    await at.button("Add the first step").waitFor();
    for (let left = steps; left > 0; left--) {
      const before = await all();
      await page.keyboard.press("Control+Shift+z");
      await until("something done again", async () => (await all()) !== before);
    }
    expect(await at.sequence()).toBe(text);
  });

  test("says when there is nothing to be done again", async () => {
    // The copy that was undone before all this is still there to be done again.
    await at.button("Redo").click();
    await at.card("ship-it-copy").waitFor();
    await until("nothing left", () => at.button("Redo").isDisabled());
    expect(await at.button("Redo").getAttribute("title")).toMatch(/^Nothing to redo/);
    await page.keyboard.press("Control+Shift+z");
    await page
      .getByRole("region", { name: "Messages" })
      .getByText(/nothing to redo/i)
      .waitFor();
  });
});

test("no page had an error or a warning to report, but for the one refusal asked for", () => {
  expect(at.complaints.filter((text) => !/status of 4\d\d/.test(text))).toEqual([]);
});
