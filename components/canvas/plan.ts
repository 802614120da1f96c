/** A box of the graph, before it has a place. */
export interface PlanNode {
  id: string;
  kind: "step" | "gate";
  name: string;
  group: string | null;
  needs: string[];
  /** The kind of thread, of a step. */
  type?: string;
  /** Drawn otherwise than its kind: as what joins candidates, with what it runs inside, or as a whole group. */
  look?: "fusion" | "nest" | "folded";
  /** The room it takes, where no other of its look takes the same. */
  size?: Size;
}

/** Width and height on the canvas. */
export interface Size {
  width: number;
  height: number;
}

/** An arrow from what is needed to who needs it. */
export interface PlanEdge {
  id: string;
  source: string;
  target: string;
}

/** A place on the canvas. */
export interface Point {
  x: number;
  y: number;
}

/** A rectangle on the canvas; x and y are its upper left corner. */
export interface Box extends Point {
  width: number;
  height: number;
}

/** Where everything stands. A route lists the points an arrow passes through between its two ends. */
export interface Placement {
  boxes: Map<string, Box>;
  routes: Map<string, Point[]>;
}

/** Finds places for nodes; with `turned`, for a picture that will be turned on its side. */
export type Placer = (nodes: PlanNode[], edges: PlanEdge[], turned?: "turned") => Placement;

/** The sizes of the boxes. Nothing is ever measured: what the stylesheet draws has exactly these sizes. */
export const sizes = {
  step: { width: 232, height: 72 },
  gate: { width: 208, height: 72 },
  fusion: { width: 232, height: 96 },
  nest: { width: 232, height: 72 },
  folded: { width: 232, height: 72 },
} as const;

/** The room a node takes, for a picture as it is or one that will be turned on its side. */
export function sizeOf({ kind, look, size = sizes[look ?? kind] }: PlanNode, turned?: "turned"): Size {
  const { width, height } = size;
  return turned ? { width: height, height: width } : { width, height };
}

/**
 * Room between boxes: between columns, which where arrows lead down have a group's name between them, between neighbours
 * of a column, and what a group's border takes.
 */
export const gaps = { column: 48, columnTurned: 60, row: 22, group: 18, groupTop: 34 } as const;

/** A box of a picture whose arrows lead the other way. */
export const flipBox = ({ x, y, width, height }: Box): Box => ({ x: y, y: x, width: height, height: width });

/** The arrows of the graph, without those that point nowhere. */
export function edgesOf(nodes: PlanNode[]): PlanEdge[] {
  const known = new Set(nodes.map((node) => node.id));
  return nodes.flatMap((node) =>
    [...new Set(node.needs)]
      .filter((need) => known.has(need))
      .map((need) => ({ id: `${need}→${node.id}`, source: need, target: node.id })),
  );
}

/** Items gathered by a key, in the order in which they came. */
export function gather<K, T>(items: Iterable<T>, keyOf: (item: T) => K): Map<K, T[]> {
  const found = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const list = found.get(key);
    if (list) list.push(item);
    else found.set(key, [item]);
  }
  return found;
}
