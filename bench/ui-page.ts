import type { Browser, CDPSession, Page } from "playwright";

/** What one page costs. Times in ms, heap in MB. */
export interface Load {
  cold: number;
  dom: number;
  heap: number;
}

/** Opens a page in a browser context of its own and waits for its first picture of the graph. */
export async function openPage(browser: Browser, url: string): Promise<{ page: Page; load: Load }> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  await page.addInitScript(noteFirstPicture);
  await page.goto(url);
  const cold = await page
    .waitForFunction(() => (window as unknown as { firstPicture?: number }).firstPicture, undefined, {
      polling: 50,
    })
    .then((handle) => handle.jsonValue());
  const session = await context.newCDPSession(page);
  const heap = await heapOf(session);
  const dom = await page.evaluate(() => document.querySelectorAll("*").length);
  return { page, load: { cold: cold ?? Number.NaN, dom, heap } };
}

/** Runs in the page before anything else: when nodes and arrows stood on the screen for the first time. */
function noteFirstPicture(): void {
  const look = () => {
    const drawn =
      document.querySelector(".react-flow__node") &&
      document.querySelector(".react-flow__edge path, canvas[data-drawn]");
    if (!drawn) return requestAnimationFrame(look);
    // The frame after the next one has certainly been painted.
    return requestAnimationFrame(() =>
      requestAnimationFrame(() => Object.assign(window, { firstPicture: performance.now() })),
    );
  };
  requestAnimationFrame(look);
}

async function heapOf(session: CDPSession): Promise<number> {
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  return usedSize / 1024 / 1024;
}

/** CPU time of every process of the browser in seconds since it started. */
export async function browserCpu(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}
