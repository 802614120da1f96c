import { Graph, layout } from "@dagrejs/dagre";
import { gatherGroups, type Place } from "./bands";
import { boxGroups } from "./groups";
import { type Box, flipBox, gaps, gather, type Placer, type PlanNode, type Point, sizeOf } from "./plan";
import { meets } from "./settle";

/**
 * Places a graph with dagre: the better picture, but its time explodes with size. A group that is made moves nothing but
 * what its border needs the room of; only where a border would not hold together that way, all is laid out around it.
 */
export const placeWithDagre: Placer = (nodes, edges, turned) => {
  const still = draw(nodes, edges, turned, "gathered");
  const boxes = turned ? new Map([...still.boxes].map(([id, box]) => [id, flipBox(box)])) : still.boxes;
  const borders = boxGroups(nodes, boxes);
  const isWhole =
    new Set(borders.map(({ group }) => group)).size === borders.length &&
    !borders.some((one, at) => borders.slice(at + 1).some((other) => meets(one, other)));
  return isWhole ? still : draw(nodes, edges, turned, "laid out");
};

/** Draws it once, with groups that are laid out by dagre, or gathered where their members stand. */
function draw(...[nodes, edges, turned, groups]: [...Parameters<Placer>, "gathered" | "laid out"]) {
  const graph = new Graph({ compound: groups === "laid out" });
  graph.setGraph({
    rankdir: "LR",
    nodesep: gaps.row,
    ranksep: turned ? gaps.columnTurned : gaps.column,
    edgesep: 16,
  });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const node of nodes) graph.setNode(node.id, sizeOf(node, turned));
  for (const node of groups === "laid out" ? nodes : []) {
    if (node.group === null) continue;
    // Ids hold no space, so a group's name can't meet a node's.
    const name = `group ${node.group}`;
    if (!graph.hasNode(name)) graph.setNode(name, {});
    graph.setParent(node.id, name);
  }
  for (const edge of edges) graph.setEdge(edge.source, edge.target, {});
  layout(graph);
  const boxes = new Map<string, Box>();
  // What stands in one column has its middle in common.
  const middles = new Map<string, number>();
  for (const { id } of nodes) {
    const { x = 0, y = 0, width = 0, height = 0 } = graph.node(id);
    boxes.set(id, { x: x - width / 2, y: y - height / 2, width, height });
    middles.set(id, x);
  }
  const mirrored = standsOnItsHead(nodes, boxes);
  const height = Math.max(...[...boxes.values()].map((box) => box.y + box.height));
  if (mirrored) for (const box of boxes.values()) box.y = height - box.y - box.height;
  const moved = groups === "gathered" ? lineUp(nodes, edges, boxes, middles) : new Set();
  const columns = columnsOf(nodes, boxes, middles);
  const passing = edges.map(({ id, source, target }) => {
    const isKnown = !moved.has(source) && !moved.has(target);
    const points: Point[] = isKnown ? (graph.edge(source, target).points ?? []) : [];
    const passes = points.slice(1, -1).flatMap(({ x, y }): Pass[] => {
      const column = columns.find(({ left, right }) => left < x && x < right);
      if (!column) return [];
      const pass = { column, group: null, height: passHeight, y: mirrored ? height - y : y };
      column.places.push(pass);
      return [pass];
    });
    return { id, passes };
  });
  if (groups === "gathered") for (const { places } of columns) gatherGroups(places);
  for (const { places } of columns) for (const { box, y } of places) if (box) box.y = y - box.height / 2;
  const routes = new Map<string, Point[]>();
  for (const { id, passes } of passing) {
    // A column is passed straight, from its left to its right.
    const route = passes.flatMap(({ column: { left, right }, y }) => [
      { x: left, y },
      { x: right, y },
    ]);
    if (route.length > 0) routes.set(id, route);
  }
  return { boxes, routes };
}

/** The room that an arrow takes where it passes a column. */
const passHeight = 8;

/** What stands in a column: boxes, and arrows that pass. */
interface Column {
  left: number;
  right: number;
  places: (Place & { box?: Box })[];
}

interface Pass extends Place {
  column: Column;
}

function columnsOf(nodes: PlanNode[], boxes: Map<string, Box>, middles: Map<string, number>): Column[] {
  const known = nodes.flatMap((node) => {
    const box = boxes.get(node.id);
    return box ? [{ ...node, box }] : [];
  });
  return [...gather(known, ({ id }) => middles.get(id)).values()].map((column) => ({
    left: Math.min(...column.map(({ box }) => box.x)),
    right: Math.max(...column.map(({ box }) => box.x + box.width)),
    places: column.map(({ group, box }) => ({ group, box, height: box.height, y: box.y + box.height / 2 })),
  }));
}

/** Puts the members of a group into one column, where what they wait for and what waits for them allows it; gives those that moved. */
function lineUp(
  nodes: PlanNode[],
  edges: Parameters<Placer>[1],
  boxes: Map<string, Box>,
  middles: Map<string, number>,
): Set<string> {
  const moved = new Set<string>();
  const groups = gather(
    nodes.filter(({ group }) => group !== null),
    ({ group }) => group,
  );
  const at = (id: string) => middles.get(id) ?? 0;
  for (const members of groups.values()) {
    const own = new Set(members.map(({ id }) => id));
    const after = Math.max(...edges.flatMap(({ source, target }) => (own.has(target) ? [at(source)] : [])));
    const before = Math.min(...edges.flatMap(({ source, target }) => (own.has(source) ? [at(target)] : [])));
    const columns = gather([...own].map(at), (x) => x);
    const [fullest] = [...columns.values()]
      .filter(([x = 0]) => after < x && x < before)
      .sort((a, b) => b.length - a.length);
    const to = fullest?.[0];
    for (const id of to === undefined ? [] : own) {
      const box = boxes.get(id);
      if (!box || to === undefined || at(id) === to) continue;
      boxes.set(id, { ...box, x: to - box.width / 2 });
      middles.set(id, to);
      moved.add(id);
    }
  }
  return moved;
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
