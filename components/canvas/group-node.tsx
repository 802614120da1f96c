"use client";

import type { NodeProps } from "@xyflow/react";
import { useCallback } from "react";
import { useStatus } from "../state/queries";
import { findNode } from "../state/status-index";
import { useView } from "../state/view";
import type { StatusDocument } from "../state/wire";
import type { GroupNode as GroupNodeType } from "./elements";
import { FoldButton } from "./fold-button";
import { Share } from "./folded-node";
import { useGesture } from "./picture";

/** The dashed boundary around a group, with how many of its members are done; it can be collapsed into one box. */
export function GroupNode({ data }: NodeProps<GroupNodeType>) {
  const { group, members } = data;
  const done = useStatus(
    useCallback(
      (status: StatusDocument) => members.filter((id) => findNode(status, id)?.status === "DONE").length,
      [members],
    ),
  );
  const chosen = useView((view) => view.group === group);
  const drop = useGesture(({ regrouping }) => {
    if (regrouping?.group === group) return regrouping.reason === undefined ? "into" : "barred";
    return regrouping?.from === group && regrouping.group === null ? "out" : undefined;
  });
  return (
    <div className="group-box" data-drop={drop} data-selected={chosen}>
      <span className="group-name" title={`Choose group ${group}`}>
        {group}
      </span>
      <span className="group-count">
        <Share done={done ?? 0} total={members.length} />
        {done ?? 0}/{members.length}
        <FoldButton group={group} />
      </span>
    </div>
  );
}
