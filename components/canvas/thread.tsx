"use client";

import type { EdgeProps } from "@xyflow/react";
import { useCallback } from "react";
import { useStatus } from "../state/queries";
import { findNode } from "../state/status-index";
import { useView } from "../state/view";
import { standing } from "../state/vocabulary";
import type { NodeState, StatusDocument } from "../state/wire";
import type { ThreadEdge } from "./elements";
import type { Point } from "./plan";

/** What goes on along an arrow. */
type Flow = "idle" | "moving" | "passed" | "failed" | "human";

function flowOf(source: NodeState | undefined, target: NodeState | undefined): Flow {
  if (!source || !target) return "idle";
  const from = standing(source).tone;
  const to = standing(target).tone;
  if (from === "failed" || from === "rejected") return "failed";
  if (to === "running") return "moving";
  if (from !== "done" && from !== "approved") return from === "human" ? "human" : "idle";
  return to === "human" ? "human" : "passed";
}

/** An arrow of the graph. One that follows from others is drawn only while one of its ends is selected. */
export function Thread({ source, target, sourceX, sourceY, targetX, targetY, data }: EdgeProps<ThreadEdge>) {
  const flow = useStatus(
    useCallback(
      (status: StatusDocument) => flowOf(findNode(status, source), findNode(status, target)),
      [source, target],
    ),
  );
  const touched = useView((view) => view.selected === source || view.selected === target);
  if (data?.implied && !touched) return null;
  const points = [{ x: sourceX, y: sourceY }, ...(data?.route ?? []), { x: targetX - 7, y: targetY }];
  return (
    <g className="thread" data-flow={flow ?? "idle"} data-touched={touched} data-implied={data?.implied}>
      <path className="thread-line" d={curve(points)} />
      <path
        className="thread-head"
        d={`M${targetX - 8} ${targetY - 4.5}L${targetX - 1} ${targetY}L${targetX - 8} ${targetY + 4.5}Z`}
      />
    </g>
  );
}

/** A line that leaves and enters every point level, and goes straight where two points share a height. */
function curve(points: Point[]): string {
  let path = "";
  let before: Point | undefined;
  for (const point of points) {
    if (!before) path = `M${point.x} ${point.y}`;
    else if (before.y === point.y) path += `H${point.x}`;
    else {
      const middle = (before.x + point.x) / 2;
      path += `C${middle} ${before.y} ${middle} ${point.y} ${point.x} ${point.y}`;
    }
    before = point;
  }
  return path;
}
