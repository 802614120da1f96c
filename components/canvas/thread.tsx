"use client";

import type { EdgeProps } from "@xyflow/react";
import { useCallback } from "react";
import { useStatus } from "../state/queries";
import { findNode } from "../state/status-index";
import { useView } from "../state/view";
import { standing, type Tone } from "../state/vocabulary";
import type { StatusDocument } from "../state/wire";
import { bent, curve, curveDown } from "./curves";
import { fits, isDimFolded } from "./dim";
import type { ThreadEdge } from "./elements";
import { foldedGroup, standingOfGroup } from "./folding";
import { useGesture } from "./picture";

/** What goes on along an arrow. */
type Flow = "idle" | "moving" | "passed" | "failed" | "human";

function toneOf(status: StatusDocument, id: string): Tone | undefined {
  const group = foldedGroup(id);
  if (group !== undefined) return standingOfGroup(status, group)?.tone;
  const node = findNode(status, id);
  return node && standing(node).tone;
}

function flowOf(from: Tone | undefined, to: Tone | undefined): Flow {
  if (!from || !to) return "idle";
  if (from === "failed" || from === "rejected") return "failed";
  if (to === "running") return "moving";
  if (from !== "done" && from !== "approved") return from === "human" ? "human" : "idle";
  return to === "human" ? "human" : "passed";
}

/** Whether what an arrow ends in fits what is searched for. */
function isFound(status: StatusDocument, id: string, search: string): boolean {
  const group = foldedGroup(id);
  if (group !== undefined) return !isDimFolded(status, search, group);
  return fits(search, id, findNode(status, id)?.name ?? "");
}

/** An arrow of the graph. One that follows from others is drawn only while one of its ends is selected. */
export function Thread(props: EdgeProps<ThreadEdge>) {
  const { id, source, target, sourceX, sourceY, targetX, targetY, data, selected } = props;
  const flow = useStatus(
    useCallback(
      (status: StatusDocument) => flowOf(toneOf(status, source), toneOf(status, target)),
      [source, target],
    ),
  );
  const touched = useView((view) => view.selected === source || view.selected === target);
  const search = useView((view) => view.search);
  const dim = useStatus(
    useCallback(
      (status: StatusDocument) =>
        search !== "" && ![source, target].every((end) => isFound(status, end, search)),
      [source, target, search],
    ),
  );
  const into = useGesture((gesture) => gesture.into === id);
  if (data?.implied && !touched && !selected) return null;
  const down = data?.down ?? false;
  const before = down ? { x: targetX, y: targetY - 7 } : { x: targetX - 7, y: targetY };
  const points = [{ x: sourceX, y: sourceY }, ...(data?.route ?? []), before];
  const isBack =
    data !== undefined && data.route.length > 0 && (down ? targetY <= sourceY : targetX <= sourceX);
  const path = isBack ? bent(points) : down ? curveDown(points) : curve(points);
  return (
    <g
      className="thread"
      data-flow={flow ?? "idle"}
      data-touched={touched || into}
      data-implied={data?.implied}
      data-selected={selected}
      data-into={into}
      data-dim={dim}
    >
      <path
        className="react-flow__edge-interaction"
        d={path}
        fill="none"
        strokeOpacity="0"
        strokeWidth="18"
      />
      <path className="thread-line" d={path} />
      <path className="thread-head" d={down ? headDown(targetX, targetY) : head(targetX, targetY)} />
    </g>
  );
}

const head = (x: number, y: number) => `M${x - 8} ${y - 4.5}L${x - 1} ${y}L${x - 8} ${y + 4.5}Z`;
const headDown = (x: number, y: number) => `M${x - 4.5} ${y - 8}L${x} ${y - 1}L${x + 4.5} ${y - 8}Z`;
