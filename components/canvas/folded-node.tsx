"use client";

import { Handle, type NodeProps, Position } from "@xyflow/react";
import { Group } from "lucide-react";
import { useCallback } from "react";
import { StatusWord } from "../parts/status-word";
import { useStatus } from "../state/queries";
import { findNode } from "../state/status-index";
import { useView } from "../state/view";
import type { StatusDocument } from "../state/wire";
import { isGate } from "../state/wire";
import { isDimFolded } from "./dim";
import { standingId, type TaskNode } from "./elements";
import { FoldButton } from "./fold-button";
import { foldedGroup, standingOfGroup } from "./folding";
import { useDirection } from "./picture";

/** A group that is collapsed: one box with a dashed border, which says how far its members are and takes their arrows. */
export function FoldedNode({ id }: NodeProps<TaskNode>) {
  const group = foldedGroup(id) ?? "";
  const down = useDirection() === "down";
  const stand = useStatus(useCallback((status: StatusDocument) => standingOfGroup(status, group), [group]));
  const selected = useView((view) => view.selected);
  const chosen = useView((view) => view.group === group);
  const holdsSelected = useStatus(
    useCallback(
      (status: StatusDocument) => {
        const node = selected === null ? undefined : findNode(status, selected);
        return node !== undefined && !isGate(node) && node.group_id === group;
      },
      [selected, group],
    ),
  );
  const search = useView((view) => view.search);
  const dim =
    useStatus(useCallback((status: StatusDocument) => isDimFolded(status, search, group), [search, group])) ??
    false;
  if (!stand) return null;
  const { tone, word, done, failed, total } = stand;
  return (
    <>
      <Handle
        className="end-still"
        type="target"
        position={down ? Position.Top : Position.Left}
        isConnectable={false}
      />
      <Handle
        className="end-still"
        type="source"
        position={down ? Position.Bottom : Position.Right}
        isConnectable={false}
      />
      <div className="card folded" data-tone={tone} data-selected={holdsSelected || chosen} data-dim={dim}>
        <span className="card-kind">
          <Group size={16} aria-hidden="true" />
        </span>
        <div className="card-names">
          <span className="card-name" title={group}>
            {group}
          </span>
          <span className="card-id">{total === 1 ? "1 step" : `${total} steps`}</span>
        </div>
        <FoldButton group={group} collapsed />
        <div className="card-foot" id={standingId(id)}>
          <StatusWord tone={tone} word={word} />
          <span className="card-time">
            {done}/{total} done
          </span>
        </div>
        <Share done={done} failed={failed} total={total} />
      </div>
    </>
  );
}

/** How many of many are done, and how many failed, as a bar. */
export function Share({ done, failed, total }: { done: number; failed: number; total: number }) {
  const part = (count: number) => ({ width: `${total === 0 ? 0 : (100 * count) / total}%` });
  return (
    <span className="group-share" aria-hidden="true">
      <span style={part(done)} />
      <span data-tone="failed" style={part(failed)} />
    </span>
  );
}
