"use client";

import { ChevronsDownUp, ChevronsUpDown } from "lucide-react";
import { useEffect, useRef } from "react";
import { useDoing } from "../state/doing";
import { useGesture } from "./picture";
import { useReach } from "./stop";

/** Collapses a group into one box, or expands it again; the focus stays with the group. */
export function FoldButton({ group, collapsed = false }: { group: string; collapsed?: boolean }) {
  const { place } = useDoing();
  const reach = useReach();
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (useGesture.getState().folding !== group) return;
    useGesture.setState({ folding: null });
    button.current?.focus({ preventScroll: true });
  }, [group]);
  const label = `${collapsed ? "Expand" : "Collapse"} group ${group}`;
  return (
    <button
      ref={button}
      type="button"
      tabIndex={reach}
      className={`${collapsed ? "card-open" : "group-fold"} nodrag nopan nokey`}
      aria-expanded={!collapsed}
      aria-label={label}
      title={label}
      onClick={(event) => {
        event.stopPropagation();
        useGesture.setState({ folding: group });
        place({ collapsed: { [group]: !collapsed } });
      }}
      onDoubleClick={(event) => event.stopPropagation()}
    >
      {collapsed ? (
        <ChevronsUpDown size={14} aria-hidden="true" />
      ) : (
        <ChevronsDownUp size={14} aria-hidden="true" />
      )}
    </button>
  );
}
