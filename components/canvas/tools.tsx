"use client";

import { ArrowDownUp, ArrowRightLeft, Diamond, List, Map as MapIcon, Plus, Wand2 } from "lucide-react";
import { ToolButton } from "../parts/tool-button";
import { isPast, useDoing } from "../state/doing";
import { usePast } from "../state/look";
import { startAdding, useView } from "../state/view";
import type { Direction } from "./layout";

/** What can be added to the canvas, and how it is laid out. */
export function CanvasTools({ direction, onTidy }: { direction: Direction; onTidy: () => void }) {
  const { place } = useDoing();
  const minimap = useView((view) => view.minimap);
  const past = usePast();
  const down = direction === "down";
  const tidy = () => {
    place({ reset: true });
    onTidy();
  };
  return (
    <>
      <div role="toolbar" aria-label="Add" className="zoom">
        <button
          type="button"
          className="wide"
          aria-disabled={past}
          onClick={() => !isPast() && startAdding()}
          title="Add a step (n)"
        >
          <Plus size={15} aria-hidden="true" /> Step
        </button>
        <button
          type="button"
          className="wide"
          aria-disabled={past}
          onClick={() => !isPast() && startAdding({ kind: "gate" })}
          title="Add a gate (g)"
        >
          <Diamond size={13} aria-hidden="true" /> Gate
        </button>
      </div>
      <div role="toolbar" aria-label="Layout" className="zoom">
        <ToolButton
          label="Tidy: lay everything out anew"
          icon={Wand2}
          tip="Tidy: lay everything out anew (t)"
          past={past}
          onPress={tidy}
        />
        <ToolButton
          label={down ? "Lead arrows to the right" : "Lead arrows down"}
          icon={down ? ArrowRightLeft : ArrowDownUp}
          past={past}
          onPress={() => place({ direction: down ? "right" : "down", reset: true })}
        />
        <ToolButton
          label="Show as a list"
          icon={List}
          tip="Show as a list (o)"
          onPress={() => useView.setState({ asList: true })}
        />
        <ToolButton
          label="Map"
          icon={MapIcon}
          tip="Map of the whole graph (m)"
          pressed={minimap}
          onPress={() => useView.setState({ minimap: !minimap })}
        />
      </div>
    </>
  );
}
