import { columnAt } from "./source-lines";
import type { Branch, Slot, Tree } from "./source-tree";

/** How the author of a text writes, so that what is added looks the same. */
export interface Habits {
  eol: "\n" | "\r\n";
  /** Columns a map stands deeper than its key. */
  indent: number;
  /** Whether a list stands deeper than its key. */
  indentLists: boolean;
  singleQuote: boolean;
}

/** The habits of a text that holds nothing yet. */
export function defaultHabits(text: string): Habits {
  return { eol: text.includes("\r\n") ? "\r\n" : "\n", indent: 2, indentLists: true, singleQuote: false };
}

/** Looks the habits of a text up in its first nested map, its first block list and the quotes it uses most. */
export function habitsOf(text: string, root: Branch): Habits {
  const steps: number[] = [];
  const listSteps: number[] = [];
  const quotes = { single: 0, double: 0 };
  walk(root, (slot) => {
    const { node } = slot;
    if (node.kind === "scalar") {
      if (node.style === "QUOTE_SINGLE") quotes.single++;
      if (node.style === "QUOTE_DOUBLE") quotes.double++;
    }
    const first = node.kind === "map" || node.kind === "list" ? node.slots[0] : undefined;
    if (!first || first.inFlow || slot.key === undefined) return;
    const step = columnAt(text, first.from) - columnAt(text, slot.from);
    (node.kind === "map" ? steps : listSteps).push(step);
  });
  return {
    ...defaultHabits(text),
    indent: steps[0] ?? (listSteps.find((step) => step > 0) || 2),
    indentLists: (listSteps[0] ?? 2) > 0,
    singleQuote: quotes.single > quotes.double,
  };
}

function walk(node: Tree, visit: (slot: Slot) => void): void {
  if (node.kind !== "map" && node.kind !== "list") return;
  for (const slot of node.slots) {
    visit(slot);
    walk(slot.node, visit);
  }
}
