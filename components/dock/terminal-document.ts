/**
 * The document as xterm.js is given it. The page's content policy lets no script write `<style>` elements; what xterm.js
 * writes into one becomes a style sheet of the document instead, which a script may make.
 */
export function documentWithoutStyles(): { document: Document; release: () => void } {
  const sheets: CSSStyleSheet[] = [];
  const createElement = (name: string, options?: ElementCreationOptions) =>
    name === "style" ? stylesheetElement(sheets) : document.createElement(name, options);
  const own = new Proxy(document, {
    get: (target, key) => {
      if (key === "createElement") return createElement;
      const value = Reflect.get(target, key, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const release = () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => !sheets.includes(sheet));
  };
  return { document: own, release };
}

/** An element that shows nothing, and whose text becomes rules. */
function stylesheetElement(sheets: CSSStyleSheet[]): HTMLElement {
  const element = document.createElement("template");
  const sheet = new CSSStyleSheet();
  sheets.push(sheet);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  Object.defineProperty(element, "textContent", { set: (text: string) => sheet.replaceSync(text) });
  return element;
}
