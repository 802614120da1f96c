import { expect } from "bun:test";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Browser, chromium, type Locator, type Page } from "playwright";
import { until } from "../test/rig/deadline";
import { Product } from "./product";
import { record } from "./trace";

/** A place in the window, in px. */
export interface Point {
  x: number;
  y: number;
}

const patienceMs = 10_000;

/** A workspace with its workbench open in a browser, and hands to work there. */
export class Editor {
  /** Errors and warnings that the page had to report. */
  readonly complaints: string[] = [];
  readonly product: Product;
  readonly url: string;
  readonly server: { stop(): Promise<void> };
  readonly page: Page;
  readonly #browser: Browser;
  readonly #keepTrace: () => Promise<void>;

  private constructor(
    product: Product,
    server: { url: string; stop(): Promise<void> },
    browser: Browser,
    page: Page,
    keepTrace: () => Promise<void>,
  ) {
    this.product = product;
    this.url = server.url;
    this.server = server;
    this.#browser = browser;
    this.#keepTrace = keepTrace;
    this.page = page;
    page.setDefaultTimeout(patienceMs);
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type()))
        this.complaints.push(`${message.text()} ${message.location().url}`);
    });
    page.on("pageerror", (error) => this.complaints.push(String(error)));
  }

  static async open(name: string): Promise<Editor> {
    const executablePath = process.env.THREADOS_BROWSER ?? "/usr/bin/chromium";
    const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
    const product = await Product.create(name);
    const server = await product.openUi();
    const viewport = { width: 1440, height: 900 };
    const context = await browser.newContext({ viewport, reducedMotion: "reduce" });
    const keepTrace = await record(context, name);
    return new Editor(product, server, browser, await context.newPage(), keepTrace);
  }

  async close(): Promise<void> {
    await this.#keepTrace();
    await this.#browser.close();
    await this.product.remove();
  }

  /** A file of `.threados`; empty if it is not there. */
  read(name: string): Promise<string> {
    return readFile(join(this.product.root, ".threados", name), "utf8").catch(() => "");
  }

  sequence(): Promise<string> {
    return this.read("sequence.yaml");
  }

  /** What stands in the sequence's file once it fits. */
  fileHas(what: string, fits: (text: string) => boolean): Promise<string> {
    return until(what, async () => {
      const text = await this.sequence();
      return fits(text) ? text : undefined;
    });
  }

  card(id: string): Locator {
    return this.page.locator(`.react-flow__node[data-id="${id}"]`);
  }

  arrow(from: string, to: string): Locator {
    return this.page.locator(`.react-flow__edge[data-id="${from}→${to}"]`);
  }

  inspector(): Locator {
    return this.page.getByRole("complementary", { name: "Inspector" });
  }

  dock(): Locator {
    return this.page.getByRole("region", { name: "Dock" });
  }

  button(name: string): Locator {
    return this.page.getByRole("button", { name, exact: true });
  }

  /** The middle of a node. */
  async middle(id: string): Promise<Point> {
    const box = await this.card(id).boundingBox();
    if (!box) throw new Error(`${id} is not to be seen`);
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  }

  /** Where arrows of a node end or begin. */
  async endOf(id: string, end: "source" | "target"): Promise<Point> {
    const box = await this.card(id).locator(`.react-flow__handle.${end}`).boundingBox();
    if (!box) throw new Error(`${id} has no end`);
    return { x: box.x, y: box.y };
  }

  /** The point halfway along an arrow. */
  halfway(from: string, to: string): Promise<Point> {
    return this.arrow(from, to)
      .locator(".thread-line")
      .evaluate((line) => {
        const path = line as unknown as SVGPathElement;
        const at = path
          .getPointAtLength(path.getTotalLength() / 2)
          .matrixTransform(path.getScreenCTM() ?? undefined);
        return { x: at.x, y: at.y };
      });
  }

  /** Drags with the mouse; `before` is done just before letting go. */
  async drag(from: Point, to: Point, before?: () => Promise<void>): Promise<void> {
    const { mouse } = this.page;
    await mouse.move(from.x, from.y);
    await mouse.down();
    await mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2 + 6, { steps: 6 });
    await mouse.move(to.x, to.y, { steps: 6 });
    await before?.();
    await mouse.up();
  }

  /** Fills in the form for a new step or gate. */
  async fillIn(name: string, command?: string): Promise<void> {
    const dialog = this.page.getByRole("dialog");
    await dialog.getByLabel("Name").fill(name);
    if (command !== undefined) await dialog.getByLabel("Command").fill(command);
    await dialog.getByRole("button", { name: /^Add (step|gate)$/ }).click();
    await dialog.waitFor({ state: "detached" });
  }
}

/** Looks until what is found is what is wanted, as a page takes a moment to settle; else it says what it found last. */
export async function expectSoon<T>(look: () => Promise<T>, wanted: T): Promise<void> {
  let found: T | undefined;
  await until("what is wanted", async () => {
    found = await look();
    return Bun.deepEquals(found, wanted) || undefined;
  }).catch(() => undefined);
  expect(found).toEqual(wanted);
}

/** The lines that only one of two texts holds, with a sign for which. */
export function changedLines(before: string, after: string): string[] {
  const [a, b] = [before.split("\n"), after.split("\n")];
  const rest = (from: string[], other: string[]) => {
    const left = [...other];
    return from.filter((line) => {
      const at = left.indexOf(line);
      if (at >= 0) left.splice(at, 1);
      return at < 0;
    });
  };
  return [...rest(a, b).map((line) => `- ${line.trim()}`), ...rest(b, a).map((line) => `+ ${line.trim()}`)];
}
