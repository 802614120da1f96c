import { Graph, layout } from "@dagrejs/dagre";
import { type Box, gaps, gather, type Placer, type PlanNode, type Point, sizeOf } from "./plan";

/** Places a graph with dagre: the better picture, but its time explodes with size. */
export const placeWithDagre: Placer = (nodes, edges, turned) => {
  const graph = new Graph({ compound: true });
  graph.setGraph({ rankdir: "LR", nodesep: gaps.row, ranksep: gaps.column, edgesep: 16 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const node of nodes) graph.setNode(node.id, sizeOf(node, turned));
  for (const node of nodes) {
    if (node.group === null) continue;
    // Ids hold no space, so a group's name can't meet a node's.
    const name = `group ${node.group}`;
    if (!graph.hasNode(name)) graph.setNode(name, {});
    graph.setParent(node.id, name);
  }
  for (const edge of edges) graph.setEdge(edge.source, edge.target, {});
  layout(graph);
  const boxes = new Map<string, Box>();
  for (const { id } of nodes) {
    const { x = 0, y = 0, width = 0, height = 0 } = graph.node(id);
    boxes.set(id, { x: x - width / 2, y: y - height / 2, width, height });
  }
  const mirrored = standsOnItsHead(nodes, boxes);
  const height = Math.max(...[...boxes.values()].map((box) => box.y + box.height));
  if (mirrored) for (const box of boxes.values()) box.y = height - box.y - box.height;
  const routes = new Map<string, Point[]>();
  const columns = [...boxes.values()];
  for (const edge of edges) {
    const drawn: Point[] = graph.edge(edge.source, edge.target).points ?? [];
    const points = mirrored ? drawn.map(({ x, y }) => ({ x, y: height - y })) : drawn;
    const route = points.slice(1, -1).flatMap((point) => across(point, columns));
    if (route.length > 0) routes.set(edge.id, route);
  }
  return { boxes, routes };
};

/** A point that lies within a column is passed straight, from the column's left to its right; one between columns is dropped. */
function across(point: Point, boxes: Box[]): Point[] {
  const column = boxes.filter((box) => box.x < point.x && point.x < box.x + box.width);
  if (column.length === 0) return [];
  const left = Math.min(...column.map((box) => box.x));
  const right = Math.max(...column.map((box) => box.x + box.width));
  return [
    { x: left, y: point.y },
    { x: right, y: point.y },
  ];
}

/** Whether most neighbours of a column stand in the opposite order of the file; mirrored, the picture is as good and reads better. */
function standsOnItsHead(nodes: PlanNode[], boxes: Map<string, Box>): boolean {
  const columns = gather(nodes, (node) => {
    const box = boxes.get(node.id);
    return box ? box.x + box.width / 2 : 0;
  });
  let balance = 0;
  for (const column of columns.values()) {
    for (let i = 1; i < column.length; i++) {
      balance += Math.sign(
        (boxes.get(column[i]?.id ?? "")?.y ?? 0) - (boxes.get(column[i - 1]?.id ?? "")?.y ?? 0),
      );
    }
  }
  return balance < 0;
}
