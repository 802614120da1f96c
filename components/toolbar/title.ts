"use client";

import { useEffect } from "react";
import { useLiveStatus } from "../state/queries";
import { standing } from "../state/vocabulary";
import type { StatusDocument } from "../state/wire";

/** Keeps the tab's title equal to the state of the run. */
export function useTitle(): void {
  const title = useLiveStatus(titleOf);
  useEffect(() => {
    if (title) document.title = title;
  }, [title]);
}

/** The state of the run in one short line: `▶ 3/9 · name`. */
export function titleOf(status: StatusDocument): string {
  const tones = new Set([...status.steps, ...status.gates].map((node) => standing(node).tone));
  const done = status.steps.filter((step) => step.status === "DONE").length;
  const sign = [
    [tones.has("running") || tones.has("stopping"), "▶"],
    [tones.has("human"), "◆"],
    [tones.has("failed") || tones.has("rejected"), "✕"],
    [done > 0 && done === status.steps.length, "✓"],
  ].find(([holds]) => holds)?.[1];
  const progress = status.run && status.steps.length > 0 ? `${done}/${status.steps.length} · ` : "";
  return `${sign ? `${sign} ` : ""}${progress}${status.name}${sign ? "" : " · ThreadOS"}`;
}
