"use client";

import { Diamond, Plus } from "lucide-react";
import { isPast } from "../state/doing";
import { usePast } from "../state/look";
import { startAdding } from "../state/view";

const kinds = [
  { kind: "step", name: "Step", icon: Plus, tip: "Add a step (n)" },
  { kind: "gate", name: "Gate", icon: Diamond, tip: "Add a gate (g)" },
] as const;

/** What can be added to the sequence. */
export function AddButtons({ className, iconPx }: { className: string; iconPx: number }) {
  const past = usePast();
  return kinds.map(({ kind, name, icon: Icon, tip }) => (
    <button
      key={kind}
      type="button"
      className={className}
      aria-disabled={past}
      onClick={() => !isPast() && startAdding({ kind })}
      title={tip}
    >
      <Icon size={iconPx} aria-hidden="true" /> {name}
    </button>
  ));
}
