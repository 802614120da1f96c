"use client";

import type {
  Connection,
  FinalConnectionState,
  HandleType,
  IsValidConnection,
  OnConnectEnd,
  OnConnectStart,
} from "@xyflow/react";
import { useReactFlow, useStoreApi } from "@xyflow/react";
import { useMemo, useRef } from "react";
import { useDoing } from "../state/doing";
import { tell } from "../state/news";
import { startAdding } from "../state/view";
import { panAtEdges } from "./edge-pan";
import { connect, cut, reconnect } from "./edits";
import type { ThreadEdge } from "./elements";
import { afterOf, barredFrom, reasonAgainst } from "./judge";
import { useGesture } from "./picture";
import { type PlanNode, sizes } from "./plan";

/** The node under the pointer, whatever part of it. */
function nodeAt(x: number, y: number): string | undefined {
  const element = document.elementFromPoint(x, y)?.closest<HTMLElement>(".react-flow__node");
  const id = element?.dataset.id;
  return id === undefined || id.startsWith("group ") ? undefined : id;
}

const onPane = (x: number, y: number) =>
  document.elementFromPoint(x, y)?.closest(".react-flow__pane") !== null;

function pointOf(event: MouseEvent | TouchEvent): { x: number; y: number } {
  const at = "changedTouches" in event ? event.changedTouches[0] : event;
  return { x: at?.clientX ?? 0, y: at?.clientY ?? 0 };
}

const toldMs = 5_000;
let told: ReturnType<typeof setTimeout> | undefined;

/** Says what was tied, where it was said what would be. */
function tellTied(source: string, target: string, implied = false): void {
  clearTimeout(told);
  useGesture.setState({ tied: { source, target, implied } });
  told = setTimeout(() => useGesture.setState({ tied: null }), toldMs);
}

/** Drawing new arrows and moving old ones. */
export function useConnecting(plan: PlanNode[]) {
  const { edit } = useDoing();
  const flow = useReactFlow();
  const store = useStoreApi();
  const latest = useRef(plan);
  latest.current = plan;
  /** The arrow whose end is being dragged, and whether it found a new place. */
  const dragged = useRef<{ edge: ThreadEdge; settled: boolean } | null>(null);
  const stopPanning = useRef(() => {});

  return useMemo(() => {
    /** The graph as it is without the arrow that is being moved. */
    const judged = () => {
      const edge = dragged.current?.edge;
      if (!edge) return latest.current;
      return latest.current.map((node) =>
        node.id === edge.target
          ? { ...node, needs: node.needs.filter((need) => need !== edge.source) }
          : node,
      );
    };
    const begin = (id: string, from: HandleType | null) => {
      const plan = judged();
      const barred =
        from === "target"
          ? new Set([id, ...afterOf(plan, id), ...(plan.find((node) => node.id === id)?.needs ?? [])])
          : barredFrom(plan, id);
      useGesture.setState({ barred, tied: null });
      stopPanning.current();
      const { domNode, panBy } = store.getState();
      if (domNode) stopPanning.current = panAtEdges(domNode, panBy);
    };
    const end = () => {
      useGesture.setState({ barred: null });
      stopPanning.current();
    };
    const tie = async (source: string, target: string) => {
      const implied = afterOf(latest.current, source).has(target);
      if (await edit(connect(source, target))) tellTied(source, target, implied);
    };
    const onConnectStart: OnConnectStart = (_event, { nodeId, handleType }) => {
      if (nodeId) begin(nodeId, handleType);
    };
    const onConnectEnd: OnConnectEnd = (event, state) => {
      end();
      if (dragged.current || state.isValid || !state.fromNode) return;
      const { x, y } = pointOf(event);
      const from = state.fromNode.id;
      const isSource = state.fromHandle?.type !== "target";
      const other = nodeAt(x, y);
      if (other !== undefined) {
        // A press that went nowhere is not an attempt to tie a node to itself.
        if (other === from) return;
        const [source, target] = isSource ? [from, other] : [other, from];
        const reason = reasonAgainst(latest.current, source, target);
        if (reason) tell("failed", reason);
        else void tie(source, target);
      } else if (onPane(x, y)) {
        const at = flow.screenToFlowPosition({ x, y });
        const spot = { x: Math.round(isSource ? at.x : at.x - sizes.step.width), y: Math.round(at.y - 36) };
        startAdding(isSource ? { needs: [from], spot } : { feeds: [from], spot });
      }
    };
    return {
      isValidConnection: (({ source, target }) =>
        reasonAgainst(judged(), source, target) === undefined) as IsValidConnection<ThreadEdge>,
      // It has a way of its own.
      autoPanOnConnect: false,
      onConnect: ({ source, target }: Connection) => void tie(source, target),
      onConnectStart,
      onConnectEnd,
      onReconnectStart: (_event: unknown, edge: ThreadEdge) => {
        dragged.current = { edge, settled: false };
      },
      onReconnect: (edge: ThreadEdge, to: Connection) => {
        if (dragged.current) dragged.current.settled = true;
        const calls = reconnect(edge, to);
        void edit(calls).then((isDone) => {
          if (isDone && calls.length > 0) tellTied(to.source, to.target);
        });
      },
      onReconnectEnd: (
        event: MouseEvent | TouchEvent,
        edge: ThreadEdge,
        _type: HandleType,
        _state: FinalConnectionState,
      ) => {
        const settled = dragged.current?.settled ?? false;
        dragged.current = null;
        end();
        const { x, y } = pointOf(event);
        // Dragged away from any node: the arrow is cut.
        if (!settled && nodeAt(x, y) === undefined && onPane(x, y)) void edit(cut(edge.source, edge.target));
      },
    };
  }, [edit, flow, store]);
}
