import type { Scalar } from "yaml";
import type { Json } from "../json";

/** How a scalar is written; `EMPTY` is a null that has no characters. */
export type Style = Scalar.Type | "EMPTY";

/** A node of the text: what it means and from where to where it is written, comments not included. */
export type Tree = Leaf | Branch;

/** A scalar, or something so rare that it is only ever replaced as a whole. */
export interface Leaf {
  kind: "scalar" | "opaque";
  from: number;
  to: number;
  style: Style;
  value: Json;
}

/** A map or list with its entries. */
export interface Branch {
  kind: "map" | "list";
  flow: boolean;
  from: number;
  to: number;
  slots: Slot[];
  value: Json;
}

/** An entry of a map or an item of a list. */
export interface Slot {
  /** The key, in a map. */
  key: string | undefined;
  inFlow: boolean;
  /** Where the key or the dash begins. */
  from: number;
  /** Right behind the colon or the dash; in a flow list, where the value begins. */
  head: number;
  node: Tree;
}

/** Where an entry ends, a comment behind it not included. */
export function endOf(slot: Slot): number {
  return isEmpty(slot.node) ? slot.head : slot.node.to;
}

/** Says whether a node is a null without characters. */
export function isEmpty(node: Tree): boolean {
  return node.kind === "scalar" && node.style === "EMPTY";
}

/** Says whether a node is a block scalar (`|` or `>`). */
export function isBlockScalar(node: Tree): node is Leaf {
  return node.kind === "scalar" && (node.style === "BLOCK_LITERAL" || node.style === "BLOCK_FOLDED");
}
