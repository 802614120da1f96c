import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { AxeResults, RunOptions } from "axe-core";
import type { Page } from "playwright";

const axeFile = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
let axe: Promise<string> | undefined;

/** Every rule of axe's but the experimental ones: WCAG 2.0 to 2.2, levels A and AA, and its best practices. */
const options: RunOptions = {
  runOnly: {
    type: "tag",
    values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  },
  resultTypes: ["violations"],
  rules: { region: { enabled: false } },
};

/**
 * That all content lies in a landmark is asked of what is always there: an open menu has the focus while it lives and
 * stands in the body, and a border between two landmarks lies in neither.
 */
const regions: RunOptions = { runOnly: { type: "rule", values: ["region"] }, resultTypes: ["violations"] };
const betweenRegions = ["[role=menu]", "[role=separator]"];

/**
 * What keeps somebody from using the page with a screen reader or the keyboard, as far as a program can tell; empty if
 * nothing is found. Axe judges the document, the browser's own tree tells which controls have no name.
 */
export async function auditPage(page: Page): Promise<string[]> {
  return [...(await auditWithAxe(page)), ...(await auditNames(page)), ...(await auditFit(page))];
}

async function auditWithAxe(page: Page): Promise<string[]> {
  axe ??= readFile(axeFile, "utf8");
  // Evaluated by the debugger: the page's content policy lets nothing in, an auditor neither.
  if (!(await page.evaluate("typeof axe === 'object'"))) await page.evaluate(await axe);
  const violations = await page.evaluate(
    async ([wanted, landmarks, exclude]) => {
      const { axe } = window as unknown as { axe: typeof import("axe-core") };
      const rules: AxeResults = await axe.run(document, wanted);
      const outside: AxeResults = await axe.run({ exclude }, landmarks);
      return [...rules.violations, ...outside.violations];
    },
    [options, regions, betweenRegions] as const,
  );
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id} (${help}): ${node.html.slice(0, 160)} ${node.failureSummary ?? ""}`),
  );
}

const needName = new Set([
  "button",
  "link",
  "textbox",
  "searchbox",
  "combobox",
  "checkbox",
  "switch",
  "tab",
  "menuitem",
  "option",
  "dialog",
  "toolbar",
  "table",
  "slider",
  "separator",
  "region",
  "complementary",
  "navigation",
]);

interface AxNode {
  ignored: boolean;
  role?: { value: string };
  name?: { value: string };
}

/** Controls without a name, in the browser's own accessibility tree. */
async function auditNames(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  const { nodes } = (await session.send("Accessibility.getFullAXTree")) as unknown as { nodes: AxNode[] };
  await session.detach();
  return nodes
    .filter((node) => !node.ignored && needName.has(node.role?.value ?? "") && !node.name?.value?.trim())
    .map((node) => `a ${node.role?.value} has no name`);
}

/** What is cut off, lies over something else or makes the page scroll. */
function auditFit(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const { scrollWidth, scrollHeight } = document.documentElement;
    if (scrollWidth > innerWidth) found.push(`the page scrolls to the side: ${scrollWidth} px`);
    if (scrollHeight > innerHeight) found.push(`the page scrolls down: ${scrollHeight} px`);
    const say = (element: Element, problem: string) =>
      found.push(
        `${element.tagName.toLowerCase()}.${element.getAttribute("class") ?? ""} “${(element.textContent ?? "").slice(0, 40)}”: ${problem}`,
      );
    const bars = [...document.querySelectorAll("header, footer, .zoom, [role=tablist], [role=toolbar]")];
    for (const bar of bars) {
      if (bar.scrollWidth > bar.clientWidth + 1) say(bar, "is cut off");
      const parts = [...bar.children].filter((part) => part.checkVisibility());
      const boxes = parts.map((part) => part.getBoundingClientRect());
      for (const [at, box] of boxes.entries()) {
        const part = parts[at] as Element;
        if (box.left < -1 || box.right > innerWidth + 1 || box.top < -1 || box.bottom > innerHeight + 1)
          say(part, "lies outside of the window");
        const over = boxes.findIndex(
          (other, index) =>
            index > at &&
            box.left < other.right - 1 &&
            other.left < box.right - 1 &&
            box.top < other.bottom - 1 &&
            other.top < box.bottom - 1,
        );
        if (over >= 0) say(part, `lies over “${(parts[over]?.textContent ?? "").slice(0, 40)}”`);
      }
    }
    for (const front of document.querySelectorAll("[role=dialog], [role=menu]")) {
      const { left, right, top, bottom } = front.getBoundingClientRect();
      if (left < 0 || right > innerWidth || top < 0 || bottom > innerHeight) say(front, "does not fit");
      if (front.scrollWidth > front.clientWidth + 1) say(front, "scrolls to the side");
    }
    return found;
  });
}
