/** Something that an answer names as where it has it from. */
export type Citation =
  | { kind: "line"; line: number }
  | { kind: "step"; id: string }
  | { kind: "log"; id: string; at: number }
  | { kind: "audit"; seq: number };

const id = "[A-Za-z0-9][A-Za-z0-9_-]*";
const forms: [RegExp, (...parts: string[]) => Citation][] = [
  [/^(?:\.threados\/)?sequence\.yaml:(\d{1,7})$/, (line) => ({ kind: "line", line: Number(line) })],
  [new RegExp(`^(?:step|gate) (${id})$`), (step = "") => ({ kind: "step", id: step })],
  [new RegExp(`^log (${id}) @(\\d{1,15})$`), (step = "", at) => ({ kind: "log", id: step, at: Number(at) })],
  [/^audit #(\d{1,15})$/, (seq) => ({ kind: "audit", seq: Number(seq) })],
];

/** What a piece of code in an answer cites, if it does. */
export function citationOf(text: string): Citation | undefined {
  for (const [form, make] of forms) {
    const found = form.exec(text.trim());
    if (found) return make(...found.slice(1));
  }
  return undefined;
}

// `step build` in a sentence is only words; the others can't be anything else.
const inWords = new RegExp(
  `(?:\\.threados/)?sequence\\.yaml:\\d{1,7}|\\blog ${id} @\\d{1,15}|\\baudit #\\d{1,15}`,
  "g",
);

/** A node of the tree that an answer's Markdown becomes. */
export interface Hast {
  type: string;
  tagName?: string;
  value?: string;
  children?: Hast[];
  properties?: Record<string, unknown>;
}

const verbatim = new Set(["code", "pre", "a"]);

/** Makes code of citations that an answer names in the middle of a sentence, so that they can be opened too. */
export function citeWords() {
  return function walk(node: Hast): void {
    if (!node.children || verbatim.has(node.tagName ?? "")) return;
    node.children = node.children.flatMap((child) => (child.type === "text" ? cut(child) : [child]));
    for (const child of node.children) walk(child);
  };
}

function cut(node: Hast): Hast[] {
  const text = node.value ?? "";
  const parts: Hast[] = [];
  let from = 0;
  for (const { 0: found, index } of text.matchAll(inWords)) {
    if (index > from) parts.push({ type: "text", value: text.slice(from, index) });
    parts.push({
      type: "element",
      tagName: "code",
      properties: {},
      children: [{ type: "text", value: found }],
    });
    from = index + found.length;
  }
  return from === 0 ? [node] : [...parts, { type: "text", value: text.slice(from) }];
}
