"use client";

import { useReactFlow, useStore } from "@xyflow/react";
import { FitIcon, MinusIcon, PlusIcon } from "../parts/icons";
import { moveMs } from "./motion";

/** Zoom out, how large it is, zoom in, everything. */
export function ZoomControls({ onFit, onZoom }: { onFit: () => void; onZoom: () => void }) {
  const flow = useReactFlow();
  const percent = useStore(({ transform: [, , zoom] }) => (zoom < 0.01 ? "<1" : Math.round(zoom * 100)));
  const zoom = (change: typeof flow.zoomIn) => () => {
    onZoom();
    void change({ duration: moveMs() });
  };
  return (
    <div role="toolbar" aria-label="Zoom" className="zoom">
      <button type="button" aria-label="Zoom out" title="Zoom out" onClick={zoom(flow.zoomOut)}>
        <MinusIcon />
      </button>
      <span aria-hidden="true">{percent}%</span>
      <button type="button" aria-label="Zoom in" title="Zoom in" onClick={zoom(flow.zoomIn)}>
        <PlusIcon />
      </button>
      <button type="button" aria-label="Show everything" title="Show everything" onClick={onFit}>
        <FitIcon />
      </button>
    </div>
  );
}
