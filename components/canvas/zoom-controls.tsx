"use client";

import { useReactFlow, useStore } from "@xyflow/react";
import { FitIcon, MinusIcon, PlusIcon } from "../parts/icons";
import { ToolButton } from "../parts/tool-button";
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
      <ToolButton label="Zoom out" icon={MinusIcon} onPress={zoom(flow.zoomOut)} />
      <span aria-hidden="true">{percent}%</span>
      <ToolButton label="Zoom in" icon={PlusIcon} onPress={zoom(flow.zoomIn)} />
      <ToolButton label="Show everything" icon={FitIcon} onPress={onFit} />
    </div>
  );
}
