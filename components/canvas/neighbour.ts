import { groupBox } from "./elements";
import { labelOf } from "./groups";
import type { Layout } from "./layout";
import { type Box, flipBox } from "./plan";

/** Along the arrows of the graph, back along them, or beside them to what stands before or after. */
type Way = "on" | "back" | "before" | "after";

const ways: Record<Layout["direction"], Record<string, Way>> = {
  right: { ArrowRight: "on", ArrowLeft: "back", ArrowUp: "before", ArrowDown: "after" },
  down: { ArrowDown: "on", ArrowUp: "back", ArrowLeft: "before", ArrowRight: "after" },
};

/**
 * The node that a key leads to. An arrow key leads along the arrows of the graph, or to what stands beside; where nothing
 * does, to what is nearest on that side. A group's border comes before its first node. The other keys keep to `order`,
 * that of the work, and so lead to each of them.
 */
export function neighbour(
  layout: Layout,
  order: readonly string[],
  id: string,
  key: string,
): string | undefined {
  const at = order.indexOf(id);
  if (key === "Home") return order[0];
  if (key === "End") return order.at(-1);
  if (key === "PageUp") return order[at - 1];
  if (key === "PageDown") return order[at + 1];
  const way = ways[layout.direction][key];
  if (way === undefined) return undefined;
  // All is judged as if arrows led to the right.
  const turn = layout.direction === "down" ? flipBox : (box: Box) => box;
  const places = new Map([...layout.boxes].map(([id, box]) => [id, turn(box)]));
  const border = layout.groups.find((group) => groupBox(group.key) === id);
  if (border) return way === "before" ? beside(places, turn(labelOf(border)), -1) : border.members[0];
  const from = places.get(id);
  if (!from) return undefined;
  if (way === "on" || way === "back") {
    const [here, there] = way === "on" ? (["source", "target"] as const) : (["target", "source"] as const);
    const tied = layout.edges.flatMap((edge) => (edge[here] === id && !edge.implied ? [edge[there]] : []));
    const sign = way === "on" ? 1 : -1;
    const ahead = [...places].flatMap(([other, { x }]) => ((x - from.x) * sign > 0 ? [other] : []));
    return nearest(places, from, tied, 0) ?? nearest(places, from, ahead, 1);
  }
  const next = beside(places, from, way === "after" ? 1 : -1);
  const around = layout.groups.find(({ members }) => members.includes(id));
  const leaves = way === "before" && around && !around.members.includes(next ?? "");
  return leaves ? groupBox(around.key) : next;
}

/** What stands next in the same column, else in any. */
function beside(places: ReadonlyMap<string, Box>, from: Box, sign: 1 | -1): string | undefined {
  const side = [...places].filter(([, { y }]) => (y - from.y) * sign > 0);
  const column = side.filter(([, { x, width }]) => x < from.x + from.width && from.x < x + width);
  const ids = (found: [string, Box][]) => found.map(([id]) => id);
  return nearest(places, from, ids(column), 0) ?? nearest(places, from, ids(side), 1);
}

/** The nearest of some, in height and, as far as `across` says, in breadth. */
function nearest(
  places: ReadonlyMap<string, Box>,
  from: Box,
  ids: string[],
  across: 0 | 1,
): string | undefined {
  const distance = (id: string) => {
    const { x, y } = places.get(id) ?? from;
    return Math.abs(y - from.y) + across * Math.abs(x - from.x);
  };
  return ids.reduce<string | undefined>(
    (best, id) => (best === undefined || distance(id) < distance(best) ? id : best),
    undefined,
  );
}
