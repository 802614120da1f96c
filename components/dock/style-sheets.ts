/**
 * Runs `work`, which adds `<style>` elements to the page. The page's content policy lets no script write such an element;
 * what is written into one becomes a style sheet of the document instead, which a script may make. Returns how to take
 * them away again.
 */
export function withStyleSheets(work: () => void): () => void {
  const sheets: CSSStyleSheet[] = [];
  const create = document.createElement.bind(document);
  document.createElement = ((name: string, options?: ElementCreationOptions) =>
    name === "style" ? sheetElement(create, sheets) : create(name, options)) as typeof document.createElement;
  try {
    work();
  } finally {
    // What stands there from now on is the prototype's own again.
    Reflect.deleteProperty(document, "createElement");
  }
  return () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => !sheets.includes(sheet));
  };
}

/** An element that shows nothing, and whose text becomes rules. */
function sheetElement(create: (name: string) => HTMLElement, sheets: CSSStyleSheet[]): HTMLElement {
  const element = create("template");
  const sheet = new CSSStyleSheet();
  sheets.push(sheet);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  Object.defineProperty(element, "textContent", { set: (text: string) => sheet.replaceSync(text) });
  return element;
}
