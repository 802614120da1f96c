"use client";

import type { NodeProps } from "@xyflow/react";
import { useCallback } from "react";
import { FailedCount } from "../parts/failed-count";
import { useStatus } from "../state/queries";
import { findNode } from "../state/status-index";
import { useView } from "../state/view";
import { standing } from "../state/vocabulary";
import type { StatusDocument } from "../state/wire";
import { isDimGroup } from "./dim";
import type { GroupNode as GroupNodeType } from "./elements";
import { FoldButton } from "./fold-button";
import { Share } from "./folded-node";
import { useGesture } from "./picture";

const none = { done: 0, failed: 0, dim: false };

function countsOf(status: StatusDocument, group: string, members: string[], search: string) {
  const nodes = members.flatMap((id) => findNode(status, id) ?? []);
  return {
    done: nodes.filter((node) => node.status === "DONE").length,
    failed: nodes.filter((node) => standing(node).tone === "failed").length,
    dim: isDimGroup(search, group, nodes),
  };
}

/** The dashed boundary around a group, with how many of its members are done; it can be collapsed into one box. */
export function GroupNode({ data }: NodeProps<GroupNodeType>) {
  const { group, members } = data;
  const search = useView((view) => view.search);
  const { done, failed, dim } =
    useStatus(
      useCallback(
        (status: StatusDocument) => countsOf(status, group, members, search),
        [group, members, search],
      ),
    ) ?? none;
  const chosen = useView((view) => view.group === group);
  const drop = useGesture(({ regrouping }) => {
    if (regrouping?.group === group) return regrouping.reason === undefined ? "into" : "barred";
    return regrouping?.from === group && regrouping.group === null ? "out" : undefined;
  });
  return (
    <div
      className="group-box"
      data-drop={drop}
      data-dim={dim}
      data-selected={chosen}
      {...(failed > 0 ? { "data-tone": "failed" } : {})}
    >
      <span className="group-name" title={`Choose group ${group}`}>
        {group}
      </span>
      <span className="group-count">
        <Share done={done} failed={failed} total={members.length} />
        <span>
          <FailedCount failed={failed} />
          {done}/{members.length}
        </span>
        <FoldButton group={group} />
      </span>
    </div>
  );
}
