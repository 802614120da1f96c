"use client";

import { useReactFlow, useStore } from "@xyflow/react";
import { ChevronDown, ChevronLeft, ChevronRight, ChevronUp } from "lucide-react";
import { beyond, type Side } from "./beyond";
import type { Layout } from "./layout";
import { moveMs } from "./motion";

/** So much of the window is passed by a press. */
const share = 0.7;

const sides: { side: Side; icon: typeof ChevronUp; where: string; by: [x: number, y: number] }[] = [
  { side: "left", icon: ChevronLeft, where: "to the left", by: [1, 0] },
  { side: "up", icon: ChevronUp, where: "above", by: [0, 1] },
  { side: "down", icon: ChevronDown, where: "below", by: [0, -1] },
  { side: "right", icon: ChevronRight, where: "to the right", by: [-1, 0] },
];

/** Says how much of the graph lies beyond each side of the window, and leads there. */
export function BeyondHints({ layout, onMove }: { layout: Layout; onMove: () => void }) {
  const flow = useReactFlow();
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const told = useStore((state) => {
    if (state.width === 0) return "";
    const found = beyond(layout.boxes.values(), state.transform, state.width, state.height);
    return sides.map(({ side }) => found[side]).join(" ");
  });
  const counts = told.split(" ").map(Number);
  if (!counts.some((count) => count > 0)) return null;
  const go = ([x, y]: [number, number]) => {
    onMove();
    const at = flow.getViewport();
    const to = { ...at, x: at.x + x * share * width, y: at.y + y * share * height };
    void flow.setViewport(to, { duration: moveMs() });
  };
  return (
    <div role="toolbar" aria-label="Out of sight" className="zoom beyond">
      {sides.map(({ side, icon: Icon, where, by }, index) => {
        const count = counts[index] ?? 0;
        const words = `${count} more ${where}`;
        return (
          count > 0 && (
            <button key={side} type="button" aria-label={words} title={words} onClick={() => go(by)}>
              <Icon size={13} aria-hidden="true" />
              {count}
            </button>
          )
        );
      })}
    </div>
  );
}
