"use client";

import { MiniMap } from "@xyflow/react";
import { useCallback } from "react";
import { useStatus } from "../state/queries";
import type { Tone } from "../state/vocabulary";
import type { CanvasNode } from "./elements";
import { looksOf } from "./far-picture";

/** What has not begun, or is left out, keeps quiet. */
const quiet = new Set<Tone>(["blocked", "ready", "queued", "pending", "skipped", "canceled"]);

/** The whole graph in small: where it is done, at work, failed, or waits for a person. */
export function GraphMap() {
  const looks = useStatus(looksOf);
  const colour = useCallback(
    ({ id, type }: CanvasNode) => {
      if (type === "boundary") return "var(--hover)";
      const tone = looks?.[id]?.tone;
      return tone === undefined || quiet.has(tone) ? "var(--line-strong)" : `var(--${tone})`;
    },
    [looks],
  );
  return (
    <MiniMap
      pannable
      ariaLabel="Map of the whole graph"
      nodeColor={colour}
      maskColor="color-mix(in srgb, var(--canvas) 70%, transparent)"
      bgColor="var(--surface)"
    />
  );
}
