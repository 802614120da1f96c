import type { Place } from "../failure";
import { treeOf } from "./source-document";
import { placeAt } from "./source-place";
import { isEmpty, type Slot, type Tree } from "./source-tree";

type Path = readonly (string | number)[];

/**
 * Finds where a path of the value stands in the text, or its nearest ancestor that does. A value that is not
 * written out (`key:`) is pointed at by its key.
 */
export function locate(text: string, file: string, path: Path, what: "key" | "value" = "value"): Place {
  return find(treeOf(text), text, file, path, what);
}

/** Points at a path of the value in its text. */
export type Locator = (path: Path, what?: "key" | "value") => Place;

/** Finds as `locate` does, for many paths of one text: its nodes are made once, and only when they are asked for. */
export function locatorOf(text: string, file: string, nodes = () => treeOf(text)): Locator {
  let made: { root: Tree | undefined } | undefined;
  return (path, what = "value") => {
    made ??= { root: nodes() };
    return find(made.root, text, file, path, what);
  };
}

function find(root: Tree | undefined, text: string, file: string, path: Path, what: "key" | "value"): Place {
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
