"use client";

import { ArrowDownUp, ArrowRightLeft, Diamond, List, Map as MapIcon, Plus, Wand2 } from "lucide-react";
import { useDoing } from "../state/doing";
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
          disabled={past}
          onClick={() => startAdding()}
          title="Add a step (n)"
        >
          <Plus size={15} aria-hidden="true" /> Step
        </button>
        <button
          type="button"
          className="wide"
          disabled={past}
          onClick={() => startAdding({ kind: "gate" })}
          title="Add a gate (g)"
        >
          <Diamond size={13} aria-hidden="true" /> Gate
        </button>
      </div>
      <div role="toolbar" aria-label="Layout" className="zoom">
        <button
          type="button"
          aria-label="Tidy: lay everything out anew"
          title="Tidy: lay everything out anew (t)"
          disabled={past}
          onClick={tidy}
        >
          <Wand2 size={15} aria-hidden="true" />
        </button>
        <button
          type="button"
          aria-label={down ? "Lead arrows to the right" : "Lead arrows down"}
          title={down ? "Lead arrows to the right" : "Lead arrows down"}
          disabled={past}
          onClick={() => place({ direction: down ? "right" : "down", reset: true })}
        >
          {down ? (
            <ArrowRightLeft size={15} aria-hidden="true" />
          ) : (
            <ArrowDownUp size={15} aria-hidden="true" />
          )}
        </button>
        <button
          type="button"
          aria-label="Show as a list"
          title="Show as a list (o)"
          onClick={() => useView.setState({ asList: true })}
        >
          <List size={15} aria-hidden="true" />
        </button>
        <button
          type="button"
          aria-label="Map"
          aria-pressed={minimap}
          title="Map of the whole graph (m)"
          onClick={() => useView.setState({ minimap: !minimap })}
        >
          <MapIcon size={15} aria-hidden="true" />
        </button>
      </div>
    </>
  );
}
