"use client";

import { useInternalNode, useStore } from "@xyflow/react";
import { Ban, Check, Undo2 } from "lucide-react";
import { useMemo } from "react";
import { useDoing } from "../state/doing";
import { usePast } from "../state/look";
import { rejectAt, useView } from "../state/view";
import { freeBeside, type Side } from "./beside";
import { useIsFar } from "./far";
import { useDirection, useGesture } from "./picture";
import { useReach } from "./stop";

/** What the stylesheet makes of it, in px: with all words, and with signs for what is not Approve. */
const bars = { full: { width: 226, height: 25 }, brief: { width: 144, height: 25 } };
/** How far it stands from the arrow that leads down from the middle of the gate. */
const besideArrow = 10;

/** How much it says, and where. */
interface Form {
  words: keyof typeof bars;
  side: Side;
  align: "middle" | "start" | "end" | "arrow";
}
const whileNear: Form = { words: "brief", side: "below", align: "middle" };

/** The two answers at a gate that waits for a person. */
export function Decide({ id, name }: { id: string; name: string }) {
  const past = usePast();
  const form = useForm(id);
  return past || form === undefined ? null : <Answers id={id} name={name} form={form} />;
}

/**
 * As large as ever from however far away: with all words where that covers no other node, else shortened; and where that, too,
 * would lie over another, only while the pointer or the focus is on the gate, or it is selected.
 */
function useForm(id: string): Form | undefined {
  const down = useDirection() === "down";
  const boxes = useGesture((gesture) => gesture.boxes);
  const far = useIsFar(boxes.size);
  const near = useGesture((gesture) => gesture.near === id);
  const chosen = useView((view) => view.selected === id && view.marked.length === 0);
  const zoom = useStore((state) => state.transform[2]);
  const from = useStore(({ transform: [left, , zoom] }) => -left / zoom);
  const to = useStore(({ transform: [left, , zoom], width }) => (width - left) / zoom);
  const node = useInternalNode(id);
  const { x = 0, y = 0 } = node?.internals.positionAbsolute ?? {};
  const { width = 0, height = 0 } = node ?? {};
  const free = useMemo(() => {
    const others = [...boxes].flatMap(([other, box]) => (other === id ? [] : [box]));
    const scale = scaleAt(zoom);
    const isSeen = (left: number, right: number) => left >= from && right <= to;
    const isCut = !isSeen(x, x + width);
    // Where arrows lead down, one ends above it.
    const sides: Side[] = down ? ["below"] : ["below", "above"];
    const aligns: Form["align"][] = down ? ["arrow"] : ["middle", "start", "end"];
    for (const words of ["full", "brief"] as const) {
      const bar = { width: bars[words].width * scale, height: bars[words].height * scale };
      const begins = {
        middle: x + (width - bar.width) / 2,
        start: x,
        end: x + width - bar.width,
        arrow: x + width / 2 + besideArrow,
      };
      for (const align of aligns) {
        const side = freeBeside(sides, { x, y, width, height }, begins[align], bar, others);
        if (side !== undefined && (isCut || isSeen(begins[align], begins[align] + bar.width)))
          return { words, side, align };
      }
    }
    return undefined;
  }, [id, boxes, zoom, from, to, down, x, y, width, height]);
  // What is only passed over in the drawing of a large graph leaves the page with the pointer.
  if (far && !chosen) return undefined;
  return free ?? (near || chosen ? whileNear : undefined);
}

const scaleAt = (zoom: number) => Math.max(1, 1 / zoom);

function Answers({ id, name, form }: { id: string; name: string; form: Form }) {
  const { act } = useDoing();
  const reach = useReach();
  const scale = useStore((state) => scaleAt(state.transform[2]));
  const isBrief = form.words === "brief";
  return (
    <div
      className="gate-decide nodrag nopan"
      data-at={form.side}
      data-align={form.align}
      data-brief={isBrief}
      style={{ scale }}
    >
      <button
        type="button"
        tabIndex={reach}
        aria-label={`Approve ${name}`}
        onClick={() => void act({ action: "gate.approve", input: { id } })}
      >
        <Check size={13} aria-hidden="true" /> Approve
      </button>
      <button
        type="button"
        tabIndex={reach}
        aria-label={`Reject… ${name}`}
        title={isBrief ? "Reject…" : undefined}
        onClick={() => rejectAt(id)}
      >
        <Undo2 size={13} aria-hidden="true" /> {!isBrief && "Reject…"}
      </button>
      <button
        type="button"
        tabIndex={reach}
        aria-label={`Block ${name}`}
        title={isBrief ? "Block" : undefined}
        onClick={() => void act({ action: "gate.block", input: { id } })}
      >
        <Ban size={13} aria-hidden="true" /> {!isBrief && "Block"}
      </button>
    </div>
  );
}
