import { type Layout, layoutGraph, type Placed, type Told } from "./layout";
import type { PlanNode } from "./plan";

/** One graph to be laid out, and its number among the questions. */
export interface LayoutQuestion {
  turn: number;
  plan: PlanNode[];
  places: Placed;
  told: Told | undefined;
}

/** Where everything stands, for the question of that number. */
export interface LayoutAnswer {
  turn: number;
  layout: Layout;
}

/** As much of a worker's own scope as is needed here. */
interface Scope {
  onmessage: ((event: { data: LayoutQuestion }) => void) | null;
  postMessage(answer: LayoutAnswer): void;
}

const scope = globalThis as unknown as Scope;

scope.onmessage = ({ data: { turn, plan, places, told } }) =>
  scope.postMessage({ turn, layout: layoutGraph(plan, places, told) });
