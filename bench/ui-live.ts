import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright";
import { Product } from "../e2e/product";
import { planOf, sequenceOf } from "./ui-graph";
import { browserCpu, openPage } from "./ui-page";

const samples = 100;
const idleMs = 10_000;

/** How soon something stands in the page after it happened; ms. */
export interface Latency {
  p50: number;
  p99: number;
}

/** From a fact's request (a gate is blocked) and from a change of the file to the words in the page, for 100 and 1,000 steps. */
export async function measureLatency(
  browser: Browser,
): Promise<Record<string, { fact: Latency; edit: Latency }>> {
  const found: Record<string, { fact: Latency; edit: Latency }> = {};
  for (const count of [100, 1000]) {
    const product = await Product.create("bench-latency");
    try {
      const file = join(product.root, ".threados", "sequence.yaml");
      const gate = "gates:\n  - id: g\n    name: Gate\n";
      const text = sequenceOf("bench", planOf(count)) + gate;
      writeFileSync(file, text);
      const { url } = await product.openUi();
      const origin = new URL(url).origin;
      const token = new URLSearchParams(new URL(url).hash.slice(1)).get("token");
      const { page } = await openPage(browser, `${url.replace("#", "?step=g#")}`);
      await page
        .getByRole("complementary", { name: "Inspector" })
        .getByRole("heading", { level: 2 })
        .waitFor();
      await page.evaluate(() => {
        const seen: { text: string; at: number }[] = [];
        Object.assign(window, { seen });
        new MutationObserver(() => {
          const now = document.querySelector("aside h2")?.parentElement?.textContent ?? "";
          if (seen.at(-1)?.text !== now) seen.push({ text: now, at: Date.now() });
        }).observe(document.body, { subtree: true, childList: true, characterData: true });
      });
      const shownAt = (word: string) =>
        page
          .waitForFunction(
            (said) =>
              (window as unknown as { seen: { text: string; at: number }[] }).seen.findLast(({ text }) =>
                text.includes(said),
              )?.at,
            word,
          )
          .then(async (handle) => {
            const when = await handle.jsonValue();
            await page.evaluate(() => (window as unknown as { seen: unknown[] }).seen.splice(0));
            return when ?? Number.NaN;
          });
      const post = async (body: object) => {
        const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
        const answer = await fetch(`${origin}/api/gate`, {
          method: "POST",
          headers,
          body: JSON.stringify({ id: "g", ...body }),
        });
        const said = (await answer.json()) as { error?: { confirm?: string; message: string } };
        if (!answer.ok && !said.error?.confirm) throw new Error(said.error?.message);
        return said.error?.confirm;
      };
      const facts: number[] = [];
      for (let at = 0; at < samples; at++) {
        const [action, word] = at % 2 === 0 ? ["block", "Blocked"] : ["approve", "Approved"];
        const confirm = action === "approve" ? await post({ action }) : undefined;
        const start = Date.now();
        await post({ action, ...(confirm === undefined ? {} : { confirm }) });
        facts.push((await shownAt(word ?? "")) - start);
      }
      const edits: number[] = [];
      for (let at = 0; at < samples; at++) {
        const name = `Renamed ${at}.`;
        writeFileSync(`${file}.new`, text.replace("name: Gate\n", `name: ${name}\n`));
        const start = Date.now();
        renameSync(`${file}.new`, file);
        edits.push((await shownAt(name)) - start);
      }
      found[count] = { fact: latencyOf(facts), edit: latencyOf(edits) };
      await page.context().close();
    } finally {
      await product.remove();
    }
  }
  return found;
}

function latencyOf(times: number[]): Latency {
  const sorted = times.toSorted((a, b) => a - b);
  return {
    p50: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN,
    p99: sorted[Math.ceil(sorted.length * 0.99) - 1] ?? Number.NaN,
  };
}

/** How long it takes from the click on a step until the end of its log of 1,000,000 lines can be read; ms. */
export async function measureLog(browser: Browser): Promise<{ openMs: number; scrollFps: number }> {
  const product = await Product.create("bench-log");
  try {
    await product.run("step", "add", "quiet", "--command", '["true"]');
    await product.run("step", "add", "loud", "--command", '["seq","1000000"]', "--depends-on", "quiet");
    await product.run("run", "--yes");
    const { url } = await product.openUi();
    const { page } = await openPage(browser, url.replace("#", "?step=quiet#"));
    await page.waitForTimeout(1000);
    const openMs = await page.evaluate(async () => {
      const start = performance.now();
      const card = document.querySelector('.react-flow__node[data-id="loud"]') as HTMLElement;
      card.click();
      await new Promise<void>((resolve) => {
        const look = () =>
          document.querySelector("main")?.textContent?.includes("1000000")
            ? requestAnimationFrame(() => resolve())
            : requestAnimationFrame(look);
        look();
      });
      return performance.now() - start;
    });
    const scrollFps = await page.evaluate(async () => {
      const log = document.querySelector("[role=log]") as HTMLElement;
      return new Promise<number>((resolve) => {
        let frames = 0;
        let from = 0;
        const step = (now: number) => {
          frames += 1;
          log.scrollTop -= 400;
          if (log.scrollTop <= 0) log.scrollTop = log.scrollHeight;
          if (frames === 8) from = now;
          if (frames > 8 && now - from > 2000) resolve(((frames - 8) * 1000) / (now - from));
          else requestAnimationFrame(step);
        };
        requestAnimationFrame(step);
      });
    });
    await page.context().close();
    return { openMs, scrollFps };
  } finally {
    await product.remove();
  }
}

/** Share of one core that an open page and its server use while nothing happens; percent. */
export async function measureIdle(browser: Browser): Promise<{ page: number; server: number }> {
  const product = await Product.create("bench-idle");
  try {
    writeFileSync(join(product.root, ".threados", "sequence.yaml"), sequenceOf("bench", planOf(100)));
    const { url, pid } = await product.openUi();
    const { page } = await openPage(browser, url);
    await page.waitForTimeout(3000);
    const before = { page: await browserCpu(browser), server: cpuOf(pid) };
    await page.waitForTimeout(idleMs);
    const after = { page: await browserCpu(browser), server: cpuOf(pid) };
    await page.context().close();
    const percent = (seconds: number) => Math.round((seconds / (idleMs / 1000)) * 1000) / 10;
    return { page: percent(after.page - before.page), server: percent(after.server - before.server) };
  } finally {
    await product.remove();
  }
}

/** CPU seconds of a process so far, where /proc tells (Linux). */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
