"use client";

import type {
  Connection,
  FinalConnectionState,
  HandleType,
  IsValidConnection,
  OnConnectEnd,
  OnConnectStart,
} from "@xyflow/react";
import { useReactFlow } from "@xyflow/react";
import { useMemo, useRef } from "react";
import { useDoing } from "../state/doing";
import { tell } from "../state/news";
import { startAdding } from "../state/view";
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

/** Drawing new arrows and moving old ones. */
export function useConnecting(plan: PlanNode[]) {
  const { edit } = useDoing();
  const flow = useReactFlow();
  const latest = useRef(plan);
  latest.current = plan;
  /** The arrow whose end is being dragged, and whether it found a new place. */
  const dragged = useRef<{ edge: ThreadEdge; settled: boolean } | null>(null);

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
      useGesture.setState({ barred });
    };
    const end = () => useGesture.setState({ barred: null });
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
        else void edit(connect(source, target));
      } else if (onPane(x, y)) {
        const at = flow.screenToFlowPosition({ x, y });
        const spot = { x: Math.round(isSource ? at.x : at.x - sizes.step.width), y: Math.round(at.y - 36) };
        startAdding(isSource ? { needs: [from], spot } : { feeds: [from], spot });
      }
    };
    return {
      isValidConnection: (({ source, target }) =>
        reasonAgainst(judged(), source, target) === undefined) as IsValidConnection<ThreadEdge>,
      onConnect: ({ source, target }: Connection) => void edit(connect(source, target)),
      onConnectStart,
      onConnectEnd,
      onReconnectStart: (_event: unknown, edge: ThreadEdge) => {
        dragged.current = { edge, settled: false };
      },
      onReconnect: (edge: ThreadEdge, to: Connection) => {
        if (dragged.current) dragged.current.settled = true;
        void edit(reconnect(edge, to));
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
  }, [edit, flow]);
}
