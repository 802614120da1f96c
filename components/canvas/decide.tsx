"use client";

import { useStore } from "@xyflow/react";
import { Ban, Check, Undo2 } from "lucide-react";
import { useDoing } from "../state/doing";
import { usePast } from "../state/look";
import { rejectAt } from "../state/view";
import { useDirection } from "./picture";
import { useReach } from "./stop";

/** They grow as the gate shrinks, as far as there is room below it; from near no larger than its own words. */
const largest = (zoom: number) => (zoom >= 0.72 ? 1.15 : 1.5);

/** The two answers at a gate that waits for a person. */
export function Decide({ id, name }: { id: string; name: string }) {
  const { act } = useDoing();
  const past = usePast();
  const reach = useReach();
  const zoom = useStore((state) => state.transform[2]);
  const down = useDirection() === "down";
  if (past) return null;
  return (
    <div
      className="gate-decide nodrag nopan"
      data-down={down}
      style={{ scale: Math.min(largest(zoom), Math.max(1, 1 / zoom)) }}
    >
      <button
        type="button"
        tabIndex={reach}
        aria-label={`Approve ${name}`}
        onClick={() => void act({ action: "gate.approve", input: { id } })}
      >
        <Check size={13} aria-hidden="true" /> Approve
      </button>
      <button type="button" tabIndex={reach} aria-label={`Reject… ${name}`} onClick={() => rejectAt(id)}>
        <Undo2 size={13} aria-hidden="true" /> Reject…
      </button>
      <button
        type="button"
        tabIndex={reach}
        aria-label={`Block ${name}`}
        onClick={() => void act({ action: "gate.block", input: { id } })}
      >
        <Ban size={13} aria-hidden="true" /> Block
      </button>
    </div>
  );
}
