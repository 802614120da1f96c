import { placeWithDagre } from "./dagre";
import { boxGroups, type GroupBox } from "./groups";
import { placeLayered } from "./layered";
import { splitImplied } from "./order";
import { type Box, edgesOf, type PlanEdge, type PlanNode, type Point } from "./plan";

/** A drawn arrow; an implied one follows from others and shows only when one of its ends is selected. */
export interface LaidEdge extends PlanEdge {
  route: Point[];
  implied: boolean;
}

/** The whole picture, in canvas coordinates. */
export interface Layout {
  boxes: Map<string, Box>;
  edges: LaidEdge[];
  groups: GroupBox[];
}

/** Up to here dagre is quick enough to run between two frames or nearly so; beyond, its time explodes. */
const dagreLimit = 150;

/** Places the graph: the better picture for what a person draws, a linear one for what a program makes. */
export function layoutGraph(nodes: PlanNode[]): Layout {
  const { needed, implied } = splitImplied(nodes, edgesOf(nodes));
  const place = nodes.length <= dagreLimit ? placeWithDagre : placeLayered;
  const { boxes, routes } = place(nodes, needed);
  return {
    boxes,
    groups: boxGroups(nodes, boxes),
    edges: [
      ...needed.map((edge) => ({ ...edge, route: routes.get(edge.id) ?? [], implied: false })),
      ...implied.map((edge) => ({ ...edge, route: [], implied: true })),
    ],
  };
}
