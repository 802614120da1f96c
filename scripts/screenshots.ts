// Takes the pictures of docs/ui-guide.md from a real run of the demo: `bun scripts/screenshots.ts` (a browser, git and a build are needed).
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Page } from "playwright";

const root = join(import.meta.dir, "..");
const seqctl = join(root, "bin", "seqctl");
const pictures = join(root, "docs", "images");
const mostBytes = 150 * 1024;

/** A picture: how the window is, and what is done before it is taken. */
interface Shot {
  name: string;
  size: [width: number, height: number];
  scheme: "light" | "dark";
  prepare(page: Page): Promise<unknown>;
}

const plain = (page: Page) => page.locator('.react-flow__node[data-id="review"]').waitFor();
const gate = async (page: Page) => {
  await page.locator('.react-flow__node[data-id="review"]').focus();
  await page.keyboard.press("Enter");
};
const shots: Shot[] = [
  { name: "workbench-light", size: [1440, 900], scheme: "light", prepare: plain },
  { name: "workbench-dark", size: [1440, 900], scheme: "dark", prepare: gate },
  { name: "small-light", size: [1024, 700], scheme: "light", prepare: gate },
  { name: "small-dark", size: [1024, 700], scheme: "dark", prepare: plain },
  { name: "inbox", size: [1024, 700], scheme: "light", prepare: (page) => page.keyboard.press("i") },
  { name: "palette", size: [1024, 700], scheme: "dark", prepare: (page) => page.keyboard.press("Control+k") },
];

const executablePath = process.env.THREADOS_BROWSER ?? "/usr/bin/chromium";
const folder = mkdtempSync(join(realpathSync(tmpdir()), "threados-demo-"));
const workspace = join(folder, "workspace");

function must(command: string[], wanted = 0): void {
  const [program = "", ...args] = command;
  const { status, stderr } = spawnSync(program, args, { encoding: "utf8" });
  if (status !== wanted) throw new Error(`${command.join(" ")} ended with ${status}: ${stderr}`);
}

must(["git", "clone", "--quiet", root, workspace]);
must([seqctl, "-C", workspace, "init", "--from", join(workspace, "sequence.yaml")]);
// It stops at the gate: exit code 3.
must([seqctl, "-C", workspace, "run", "--yes"], 3);
const server = Bun.spawn([seqctl, "-C", workspace, "ui", "--no-open", "--json"], { stdout: "pipe" });
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
try {
  const { value } = await server.stdout.getReader().read();
  const { url } = JSON.parse(new TextDecoder().decode(value));
  mkdirSync(pictures, { recursive: true });
  for (const { name, size, scheme, prepare } of shots) {
    const [width, height] = size;
    const page = await browser.newPage({
      viewport: { width, height },
      colorScheme: scheme,
      reducedMotion: "reduce",
    });
    await page.goto(url);
    await plain(page);
    await prepare(page);
    await page.waitForLoadState("networkidle", { timeout: 3000 }).catch(() => undefined);
    const path = join(pictures, `${name}.webp`);
    const session = await page.context().newCDPSession(page);
    const { data } = await session.send("Page.captureScreenshot", { format: "webp", quality: 82 });
    const bytes = Buffer.from(data, "base64");
    writeFileSync(path, bytes);
    console.log(`${path.slice(root.length + 1)}  ${Math.round(bytes.length / 1024)} KB`);
    if (bytes.length > mostBytes) throw new Error(`${name} is larger than ${mostBytes / 1024} KB`);
    await page.close();
  }
} finally {
  await browser.close();
  server.kill();
  await server.exited;
  rmSync(folder, { recursive: true, force: true });
}
