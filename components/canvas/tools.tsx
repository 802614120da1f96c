"use client";

import { ArrowDownUp, ArrowRightLeft, List, Map as MapIcon, Wand2 } from "lucide-react";
import { ToolButton } from "../parts/tool-button";
import { useDoing } from "../state/doing";
import { usePast } from "../state/look";
import { useView } from "../state/view";
import { AddButtons } from "./add-buttons";
import type { Direction } from "./layout";

/** What can be added to the canvas, and how it is laid out. */
export function CanvasTools({ direction }: { direction: Direction }) {
  const { place } = useDoing();
  const minimap = useView((view) => view.minimap);
  const past = usePast();
  const down = direction === "down";
  return (
    <>
      <div role="toolbar" aria-label="Add" className="zoom">
        <AddButtons className="wide" iconPx={14} />
      </div>
      <div role="toolbar" aria-label="Layout" className="zoom">
        <ToolButton
          label="Tidy: lay everything out anew"
          icon={Wand2}
          tip="Tidy: lay everything out anew (t)"
          past={past}
          onPress={() => place({ reset: true })}
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
