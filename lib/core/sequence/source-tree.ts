import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
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

/** The text's nodes, from a document parsed with its source tokens; nothing if its root is no map. */
export function treeOf(doc: Document.Parsed, text: string): Branch | undefined {
  const root = build(doc.contents, text);
  return root.kind === "map" ? root : undefined;
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

function build(node: Node | null, text: string): Tree {
  if (isScalar(node)) return leaf(node, text);
  const written = node?.srcToken?.type;
  if (isMap<Node, Node | null>(node) && written !== undefined) return mapTree(node, text) ?? opaque(node);
  if (isSeq<Node | null>(node) && written !== undefined) return listTree(node, text) ?? opaque(node);
  return opaque(node);
}

function leaf(node: Scalar, text: string): Leaf {
  const [from, end] = rangeOf(node);
  const style: Style = from === end ? "EMPTY" : (node.type ?? "PLAIN");
  const tree: Leaf = { kind: "scalar", from, to: end, style, value: node.value as Json };
  if (isBlockScalar(tree)) tree.to = endOfBlockScalar(text, from, end);
  return tree;
}

/** Without the last line break, and without blank lines unless the scalar keeps them (`|+`). */
function endOfBlockScalar(text: string, from: number, end: number): number {
  const source = text.slice(from, end);
  const keeps = /^[|>]\d?\+/.test(source);
  let last = source.length;
  while (last > 0 && " \t\r\n".includes(source.charAt(last - 1))) last--;
  return from + (keeps ? source.replace(/\r?\n$/, "").length : last);
}

function opaque(node: Node | null): Leaf {
  const [from, to] = rangeOf(node);
  return { kind: "opaque", from, to, style: "PLAIN", value: (node?.toJSON() ?? null) as Json };
}

function rangeOf(node: Node | null): [number, number] {
  const range = node?.range ?? [0, 0, 0];
  return [range[0], range[1]];
}

function mapTree(node: YAMLMap<Node, Node | null>, text: string): Branch | undefined {
  const inFlow = node.flow === true;
  const slots: Slot[] = [];
  const value: { [key: string]: Json } = {};
  for (const pair of node.items) {
    const slot = entry(pair, inFlow, text);
    if (!slot?.key) return undefined;
    slots.push(slot);
    value[slot.key] = slot.node.value;
  }
  return branch("map", node, slots, value);
}

function entry(pair: Pair<Node, Node | null>, inFlow: boolean, text: string): Slot | undefined {
  const colon = pair.srcToken?.sep?.find((token) => token.type === "map-value-ind");
  if (!colon || !isScalar(pair.key) || typeof pair.key.value !== "string") return undefined;
  const [from] = rangeOf(pair.key);
  return { key: pair.key.value, inFlow, from, head: colon.offset + 1, node: build(pair.value, text) };
}

function listTree(node: YAMLSeq<Node | null>, text: string): Branch | undefined {
  const slots = node.flow ? flowItems(node, text) : blockItems(node, text);
  return (
    slots &&
    branch(
      "list",
      node,
      slots,
      slots.map((slot) => slot.node.value),
    )
  );
}

function flowItems(node: YAMLSeq<Node | null>, text: string): Slot[] {
  return node.items.map((item) => {
    const tree = build(item, text);
    return { key: undefined, inFlow: true, from: tree.from, head: tree.from, node: tree };
  });
}

function blockItems(node: YAMLSeq<Node | null>, text: string): Slot[] | undefined {
  if (node.srcToken?.type !== "block-seq") return undefined;
  const dashes = node.srcToken.items.flatMap(({ start }) =>
    start.filter((token) => token.type === "seq-item-ind"),
  );
  if (dashes.length !== node.items.length) return undefined;
  return dashes.map(({ offset }, index) => {
    const tree = build(node.items[index] ?? null, text);
    return { key: undefined, inFlow: false, from: offset, head: offset + 1, node: tree };
  });
}

function branch(
  kind: Branch["kind"],
  node: YAMLMap<Node, Node | null> | YAMLSeq<Node | null>,
  slots: Slot[],
  value: Json,
): Branch {
  const [from, end] = rangeOf(node);
  const last = slots.at(-1);
  const flow = node.flow === true;
  return { kind, flow, from, to: flow || !last ? end : endOf(last), slots, value };
}
