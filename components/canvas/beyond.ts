import type { Box } from "./plan";

/** A side of the window. */
export type Side = "left" | "right" | "up" | "down";

/** How the picture lies in its window: its origin in px, and how large a px of it is. */
export type Transform = readonly [x: number, y: number, zoom: number];

/** How many boxes lie beyond each side: those of which more than half is out of sight, each where it is farther away. */
export function beyond(
  boxes: Iterable<Box>,
  [left, top, zoom]: Transform,
  width: number,
  height: number,
): Record<Side, number> {
  const found = { left: 0, right: 0, up: 0, down: 0 };
  for (const box of boxes) {
    const x = left + (box.x + box.width / 2) * zoom;
    const y = top + (box.y + box.height / 2) * zoom;
    const [across, along] = [Math.max(-x, x - width), Math.max(-y, y - height)];
    if (Math.max(across, along) <= 0) continue;
    if (across >= along) found[x < 0 ? "left" : "right"]++;
    else found[y < 0 ? "up" : "down"]++;
  }
  return found;
}
