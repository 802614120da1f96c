import { afterAll, beforeAll, expect, test } from "bun:test";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright";
import { auditPage } from "./audit";
import { Editor } from "./editor";

let at: Editor;
let page: Page;

const setUpMs = 120_000;

const text = `version: 1
name: patch
steps:
  - id: mend
    command: [sh, -c, 'sed -i s/two/zwei/ words.txt; echo new >new.txt; rm old.txt; echo done']
    isolation: worktree
  - id: idle
    command: ["true"]
    isolation: worktree
gates:
  - id: look
    name: Look at it
    depends_on: [mend]
    shows: [mend]
`;

beforeAll(async () => {
  at = await Editor.open("patch");
  page = at.page;
  const { root } = at.product;
  await writeFile(join(root, ".threados", "sequence.yaml"), text);
  await writeFile(join(root, "words.txt"), "one\ntwo\nthree\n");
  await writeFile(join(root, "old.txt"), "gone soon\n");
  const git = (...args: string[]) => execFileSync("git", args, { cwd: root, stdio: "pipe" });
  git("init", "-q");
  git("add", "-A");
  git("-c", "user.name=A Person", "-c", "user.email=person@example.org", "commit", "-qm", "base");
  expect(await at.product.start("run", "--yes").exited).toBe(3);
  await page.goto(at.url);
  await at.card("mend").waitFor();
}, setUpMs);

afterAll(() => at?.close(), setUpMs);

const file = (within: ReturnType<Editor["inspector"]>, name: string) =>
  within.locator(".patch-file", { has: page.locator("summary", { hasText: name }) });

test("what a step changed in its worktree is shown file by file, line by line", async () => {
  await at.card("mend").getByRole("img", { name: "In a worktree of its own" }).waitFor();
  await at.card("mend").click();
  await page.getByRole("tab", { name: "Results" }).click();
  const patch = at.inspector().getByRole("region", { name: "diff.patch" });
  await patch.locator(".patch-file").first().waitFor();
  expect(await patch.locator(".patch-file").count()).toBe(3);
  const words = file(patch, "words.txt");
  expect(await words.locator('[data-sign="-"]:not(.patch-count)').allTextContents()).toEqual(["-two"]);
  expect(await words.locator('[data-sign="+"]:not(.patch-count)').allTextContents()).toEqual(["+zwei"]);
  expect(await file(patch, "new.txt").locator(".patch-count").allTextContents()).toEqual(["+1", "−0"]);
  expect(await file(patch, "old.txt").locator(".patch-count").allTextContents()).toEqual(["+0", "−1"]);
  expect(await auditPage(page)).toEqual([]);
});

test("a file of it is folded away and back by its name", async () => {
  const words = file(at.inspector().getByRole("region", { name: "diff.patch" }), "words.txt");
  await words.locator("summary").press("Enter");
  await words.locator(".patch-hunk").waitFor({ state: "hidden" });
  await words.locator("summary").press("Enter");
  await words.locator(".patch-hunk").waitFor();
});

test("nothing changed is said in words", async () => {
  await at.card("idle").click();
  await page.getByRole("tab", { name: "Results" }).click();
  await at
    .inspector()
    .getByRole("button", { name: /diff\.patch/ })
    .click();
  await at.inspector().getByText("It changes nothing.").waitFor();
});

test("a gate that shows the step shows its patch, and the yes is bound to it", async () => {
  await at.card("look").click();
  await page.getByRole("tab", { name: "Overview" }).click();
  const decision = at.inspector().getByRole("region", { name: "Decision" });
  await file(decision, "words.txt").getByText("+zwei").waitFor();
  await decision.getByRole("button", { name: "Approve this" }).click();
  await at.card("look").getByText("Approved").waitFor();
  const { run } = JSON.parse(await at.product.run("status", "--json"));
  const facts = (await at.read(`runs/${run}/events.jsonl`)).trim().split("\n");
  const approved = facts.map((line) => JSON.parse(line)).find(({ type }) => type === "gate.approved");
  const digest = createHash("sha256").update(await at.read(`runs/${run}/mend/attempts/1/diff.patch`));
  expect(JSON.stringify(approved.shown)).toContain(digest.digest("hex"));
});

test("no page had an error or a warning to report", () => expect(at.complaints).toEqual([]));
