import type { Place } from "../failure";
import { treeOf } from "./source-document";
import { placeAt } from "./source-place";
import { isEmpty, type Slot, type Tree } from "./source-tree";

/**
 * Finds where a path of the value stands in the text, or its nearest ancestor that does. A value that is not
 * written out (`key:`) is pointed at by its key.
 */
export function locate(
  text: string,
  file: string,
  path: readonly (string | number)[],
  what: "key" | "value" = "value",
): Place {
  const root = treeOf(text);
  if (!root) return placeAt(text, file, 0);
  let found: Slot | undefined;
  for (const step of path) {
    const next = child(found?.node ?? root, step);
    if (!next) break;
    found = next;
  }
  const node = found?.node ?? root;
  const asksKey = found?.key !== undefined && (what === "key" || isEmpty(node));
  return found && asksKey
    ? placeAt(text, file, found.from, found.head - 1)
    : placeAt(text, file, node.from, node.to);
}

function child(node: Tree, step: string | number): Slot | undefined {
  if (node.kind === "list") return typeof step === "number" ? node.slots[step] : undefined;
  return node.kind === "map" ? node.slots.find((slot) => slot.key === String(step)) : undefined;
}
