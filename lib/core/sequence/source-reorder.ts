import type { Json } from "../json";
import { extentEnd, leadStart, startsLine } from "./source-lines";
import { idsOf, isMap } from "./source-match";
import type { Splice } from "./source-splice";
import type { Branch, Slot, Tree } from "./source-tree";

/**
 * Puts the items of block lists with ids into the order wanted, each with its comments; blank lines and other
 * comments between them stay where they are. Only the outermost lists that differ are treated.
 */
export function reorderSplices(text: string, tree: Tree, next: Json): Splice[] {
  if (tree.kind === "map" && isMap(next)) {
    return tree.slots.flatMap((slot) => reorderSplices(text, slot.node, next[slot.key ?? ""] ?? null));
  }
  if (tree.kind !== "list" || !Array.isArray(next)) return [];
  const own = reorderList(text, tree, next);
  if (own.length > 0) return own;
  const wanted = byId(next);
  return tree.slots.flatMap((slot) =>
    reorderSplices(text, slot.node, wanted.get(idOf(slot.node.value)) ?? null),
  );
}

function reorderList(text: string, list: Branch, next: Json[]): Splice[] {
  const ids = idsOf(list.slots.map((slot) => slot.node.value));
  const nextIds = idsOf(next);
  if (list.flow || !ids || !nextIds || !list.slots.every((slot) => startsLine(text, slot.from))) return [];
  const present = new Set(ids);
  const order = nextIds.filter((id) => present.has(id));
  const places = list.slots.filter((slot) => order.includes(idOf(slot.node.value)));
  const slotOf = new Map(list.slots.map((slot) => [idOf(slot.node.value), slot]));
  return places.flatMap((place, index) => {
    const item = slotOf.get(order[index] ?? "");
    return item && item !== place ? [{ ...chunk(text, place), insert: textOf(text, item) }] : [];
  });
}

function chunk(text: string, slot: Slot): { from: number; to: number } {
  return { from: leadStart(text, slot), to: extentEnd(text, slot) };
}

function textOf(text: string, slot: Slot): string {
  const { from, to } = chunk(text, slot);
  return text.slice(from, to);
}

function byId(values: Json[]): Map<string, Json> {
  return new Map(values.map((value) => [idOf(value), value]));
}

function idOf(value: Json): string {
  return isMap(value) && typeof value.id === "string" ? value.id : "";
}
