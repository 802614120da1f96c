import type { Box, Point } from "./plan";

/**
 * Room that is made for a box that was opened up: whatever began right of it as it was closed is shown farther right,
 * whatever began below it farther down. Boxes that did not meet before don't meet afterwards, and nothing is written.
 */
export interface Stretch {
  right: number;
  bottom: number;
  by: Point;
}

/** Opens boxes up one after the other, in place; gives the room that was made for each. */
export function stretchFor(
  boxes: Map<string, Box>,
  sizes: ReadonlyMap<string, { width: number; height: number }>,
): Stretch[] {
  const made: Stretch[] = [];
  for (const [id, size] of sizes) {
    const opened = boxes.get(id);
    if (!opened) continue;
    const stretch = {
      right: opened.x + opened.width,
      bottom: opened.y + opened.height,
      by: {
        x: Math.max(0, size.width - opened.width),
        y: Math.max(0, size.height - opened.height),
      },
    };
    for (const [other, box] of boxes) boxes.set(other, { ...box, ...shown(box, [stretch]) });
    boxes.set(id, { ...opened, ...size });
    made.push(stretch);
  }
  return made;
}

/** Where a place is shown while boxes are opened up. */
export function shown({ x, y }: Point, stretches: readonly Stretch[]): Point {
  return stretches.reduce(
    (at, { right, bottom, by }) => ({
      x: at.x >= right ? at.x + by.x : at.x,
      y: at.y >= bottom ? at.y + by.y : at.y,
    }),
    { x, y },
  );
}

/** The place that is shown at a point: what somebody puts there while boxes are opened up has it once they are closed. */
export function meant({ x, y }: Point, stretches: readonly Stretch[]): Point {
  return stretches.reduceRight(
    (at, { right, bottom, by }) => ({ x: back(at.x, right, by.x), y: back(at.y, bottom, by.y) }),
    { x, y },
  );
}

/** Within the room that was made no place is shown: there the nearer end of it is meant. */
function back(shown: number, edge: number, by: number): number {
  if (shown < edge) return shown;
  if (shown >= edge + by) return shown - by;
  return shown - edge < by / 2 ? edge - 1 : edge;
}
