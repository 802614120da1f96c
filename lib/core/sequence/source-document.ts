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
import { parseSource } from "./source-full";
import { readPlainTree } from "./source-plain";
import {
  type Branch,
  endOf,
  isBlockScalar,
  type Leaf,
  type Slot,
  type Style,
  type Tree,
} from "./source-tree";

/** The nodes of a text; nothing if it can't be parsed or holds nothing. */
export function treeOf(text: string): Tree | undefined {
  const plain = readPlainTree(text);
  if (plain) return plain;
  const parsed = parseSource(text, "");
  return parsed.ok ? documentTree(parsed.value, text) : undefined;
}

/** The nodes of a document that was parsed with its source tokens. */
export function documentTree(doc: Document.Parsed, text: string): Tree | undefined {
  return doc.contents ? build(doc.contents, text) : undefined;
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
    if (slot?.key === undefined) return undefined;
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
