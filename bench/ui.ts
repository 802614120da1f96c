// Measures the workbench in Chromium beside a bare React Flow page with the same graph. `bun run bench:ui [--sizes 100,1000,5000] [--json]`
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { chromium } from "playwright";
import { layoutGraph } from "../components/canvas/layout";
import { Product } from "../e2e/product";
import { serveBare } from "./ui-bare";
import { type Frames, measureFrames } from "./ui-frames";
import { planOf, sequenceOf } from "./ui-graph";
import { measureIdle, measureLatency, measureLog } from "./ui-live";
import { type Load, openPage } from "./ui-page";

const { values } = parseArgs({
  options: {
    sizes: { type: "string", default: "100,1000,5000" },
    only: { type: "string", default: "graph,latency,log,idle" },
    json: { type: "boolean", default: false },
  },
});
const wanted = new Set(values.only.split(","));
const say = (line: string) => console.error(line);
const browser = await chromium.launch({
  executablePath: process.env.THREADOS_BROWSER ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
const report: Record<string, unknown> = {};

type Row = Load & Frames;

async function measureBare(count: number): Promise<Row> {
  const served = await serveBare(planOf(count));
  const { page, load } = await openPage(browser, served.url);
  const frames = await measureFrames(page);
  await page.context().close();
  served.stop();
  return { ...load, ...frames };
}

async function measureOurs(count: number): Promise<Row> {
  const product = await Product.create(`bench-${count}`);
  try {
    writeFileSync(join(product.root, ".threados", "sequence.yaml"), sequenceOf("bench", planOf(count)));
    const { url } = await product.openUi();
    // The server's own first answer is not the page's; a person has opened it before.
    const warm = await openPage(browser, url);
    await warm.page.context().close();
    const { page, load } = await openPage(browser, url);
    await page.getByRole("button", { name: "Show everything" }).click();
    await page.waitForTimeout(1500);
    const frames = await measureFrames(page);
    await page.context().close();
    return { ...load, ...frames };
  } finally {
    await product.remove();
  }
}

function layoutMs(count: number): number {
  const plan = planOf(count);
  layoutGraph(plan);
  const start = performance.now();
  layoutGraph(plan);
  return performance.now() - start;
}

const columns = ["cold", "dom", "heap", "pan", "zoom", "drag"] as const;
const line = (name: string, row: Row) =>
  `${name.padEnd(16)}${columns.map((key) => row[key].toFixed(key === "dom" || key === "cold" ? 0 : 1).padStart(9)).join("")}`;

for (const count of wanted.has("graph") ? values.sizes.split(",").map(Number) : []) {
  const bare = await measureBare(count);
  const ours = await measureOurs(count);
  const layout = layoutMs(count);
  report[count] = { bare, ours, layout };
  say(`\n${count} steps${" ".repeat(6)}${columns.map((key) => key.padStart(9)).join("")}`);
  say(line("bare React Flow", bare));
  say(line("workbench", ours));
  say(
    `frames, times the bare page's: pan ${(ours.pan / bare.pan).toFixed(2)}, zoom ${(ours.zoom / bare.zoom).toFixed(2)}, drag ${(ours.drag / bare.drag).toFixed(2)}; layout ${layout.toFixed(0)} ms`,
  );
}
if (wanted.has("latency")) {
  report.latency = await measureLatency(browser);
  say(`\nevent → DOM: ${JSON.stringify(report.latency)}`);
}
if (wanted.has("log")) {
  report.log = await measureLog(browser);
  say(`log of 1,000,000 lines: ${JSON.stringify(report.log)}`);
}
if (wanted.has("idle")) {
  report.idle = await measureIdle(browser);
  say(`idle: ${JSON.stringify(report.idle)}`);
}
await browser.close();
if (values.json) console.log(JSON.stringify(report, null, 2));
