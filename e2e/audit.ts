import type { Page } from "playwright";

/** What keeps somebody from using the page with a screen reader or the keyboard, as far as a program can tell; empty if nothing is found. */
export async function auditPage(page: Page): Promise<string[]> {
  return [...(await auditNames(page)), ...(await page.evaluate(auditDocument))];
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
  properties?: { name: string; value: { value?: unknown } }[];
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

/** Runs in the page. */
function auditDocument(): string[] {
  const found: string[] = [];
  const say = (element: Element, problem: string) =>
    found.push(`${element.tagName.toLowerCase()}.${element.getAttribute("class") ?? ""}: ${problem}`);
  const all = [...document.querySelectorAll("*")];
  const ids = new Set<string>();
  for (const element of all) {
    if (element.id !== "" && ids.has(element.id)) say(element, `the id ${element.id} stands twice`);
    ids.add(element.id);
  }
  for (const element of all) {
    for (const name of ["aria-labelledby", "aria-describedby", "aria-controls"]) {
      const missing = (element.getAttribute(name) ?? "")
        .split(/\s+/)
        .filter((id) => id !== "" && !ids.has(id));
      // What a closed panel or a tab that was never opened controls is not there yet.
      if (missing.length > 0 && name !== "aria-controls") say(element, `${name} names ${missing.join(" ")}`);
    }
    if ((element as HTMLElement).tabIndex > 0) say(element, "its place in the tab order is forced");
    if (element.matches("button button, a button, button a, label button"))
      say(element, "a control within a control");
    if (
      element.matches("[aria-hidden=true] *") &&
      element.matches("button, a[href], input, select, textarea")
    ) {
      const shut = element.closest("[inert]") ?? document.querySelector("[role=dialog], [role=menu]");
      if (!shut) say(element, "can be reached, but is hidden from readers");
    }
    if (element.matches("img:not([alt]), input:not([type=hidden]):not([id]):not([aria-label])"))
      say(element, "has neither label nor text");
  }
  if (document.querySelectorAll("main").length !== 1) found.push("there must be one main part");
  if (document.documentElement.lang === "") found.push("the page says no language");
  return [...found, ...auditContrast()];

  /** Text that stands out too little from what lies behind it. */
  function auditContrast(): string[] {
    const poor: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      const text = node.textContent?.trim() ?? "";
      if (
        !element ||
        text === "" ||
        !element.checkVisibility({ opacityProperty: true, visibilityProperty: true })
      )
        continue;
      if (element.closest("[aria-hidden=true], :disabled, script, style, noscript") || isFaded(element))
        continue;
      const style = getComputedStyle(element);
      const ground = groundOf(element);
      const ratio = contrast(colour(style.color), ground);
      const large = Number.parseFloat(style.fontSize) >= 18.66;
      if (ratio < (large ? 3 : 4.5))
        poor.push(
          `“${text.slice(0, 30)}” has a contrast of ${ratio.toFixed(2)} (${style.color} on ${ground})`,
        );
    }
    return poor;
  }

  function isFaded(element: Element): boolean {
    for (let at: Element | null = element; at; at = at.parentElement)
      if (Number(getComputedStyle(at).opacity) < 1) return true;
    return false;
  }

  function colour(text: string): number[] {
    const canvas = document.createElement("canvas").getContext("2d");
    if (!canvas) return [0, 0, 0, 1];
    canvas.fillStyle = text;
    canvas.fillRect(0, 0, 1, 1);
    const [r = 0, g = 0, b = 0, a = 0] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  }

  function groundOf(element: Element): number[] {
    const layers: number[][] = [];
    for (let at: Element | null = element; at; at = at.parentElement) {
      const layer = colour(getComputedStyle(at).backgroundColor);
      layers.push(layer);
      if ((layer[3] ?? 0) > 0.99) break;
    }
    return layers
      .reverse()
      .reduce(
        ([r = 0, g = 0, b = 0], [r2 = 0, g2 = 0, b2 = 0, a = 0]) => [
          r * (1 - a) + r2 * a,
          g * (1 - a) + g2 * a,
          b * (1 - a) + b2 * a,
        ],
        [255, 255, 255],
      );
  }

  function light([r = 0, g = 0, b = 0]: number[]): number {
    const part = (value: number) => {
      const share = value / 255;
      return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    };
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  }

  function contrast(a: number[], b: number[]): number {
    const [more, less] = [light(a), light(b)].sort((x, y) => y - x) as [number, number];
    return (more + 0.05) / (less + 0.05);
  }
}
