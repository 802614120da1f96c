import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { auditPage } from "./audit";
import { Editor } from "./editor";

setDefaultTimeout(60_000);

const setUpMs = 180_000;
let at: Editor;

beforeAll(async () => {
  at = await Editor.open("record");
  for (const id of ["build", "check"]) await at.product.addScript(id, "true");
  await at.page.goto(at.url);
  await at.card("build").waitFor();
}, setUpMs);

afterAll(async () => {
  await at?.close();
}, setUpMs);

const file = () => join(at.product.root, ".threados", "audit.log");
const foot = () => at.page.getByRole("contentinfo");
const alert = () => at.dock().getByRole("alert");

test("a record in which an entry was changed is told at once: at the foot, by its line, and at the entry, until a person has accepted it", async () => {
  await foot()
    .getByRole("button", { name: /^record [0-9a-f]{8}$/ })
    .waitFor();
  await at.dock().getByRole("tab", { name: "Audit" }).click();
  await at
    .dock()
    .getByRole("button", { name: /^3 verified/ })
    .waitFor();
  expect(await alert().count()).toBe(0);

  const good = await readFile(file(), "utf8");
  await writeFile(file(), good.replace('"target":"build"', '"target":"guild"'));
  // Nobody has pressed anything.
  await foot().getByRole("button", { name: "record broken" }).waitFor();
  const chip = at.dock().getByRole("button", { name: "chain broken at line 2" });
  await chip.waitFor();
  expect(await chip.getAttribute("title")).toContain("audit.log, line 2: its text does not match its hash");
  await alert().getByText("seqctl audit accept").waitFor();
  expect(await alert().textContent()).toContain("line 2");
  const broken = at.dock().locator(".audit-row", { hasText: "not as recorded" });
  await broken.waitFor();
  expect(await broken.count()).toBe(1);
  await broken.getByText("guild").waitFor();
  expect(await auditPage(at.page)).toEqual([]);

  // What is known stays known while it is verified again.
  await chip.click();
  await foot().getByRole("button", { name: "record broken" }).click();
  await at.page.getByRole("region", { name: "Messages" }).getByText("seqctl audit verify").waitFor();
  await chip.waitFor();

  expect(await at.product.start("step", "add", "late").exited).toBe(6);
  expect(await at.product.start("audit", "accept", "--yes").exited).toBe(0);
  await foot()
    .getByRole("button", { name: /^record [0-9a-f]{8}$/ })
    .waitFor();
  await at
    .dock()
    .getByRole("button", { name: /^4 verified/ })
    .waitFor();
  expect(await alert().count()).toBe(0);
  expect(at.complaints).toEqual([]);
});
