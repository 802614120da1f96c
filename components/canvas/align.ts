import type { Spot } from "../../lib/core/layout";
import type { Box } from "./plan";

/** A way to put boxes in line. */
export type Alignment = "left" | "centre" | "right" | "top" | "middle" | "bottom" | "across" | "down";

/** Where boxes stand once they are put in line; those that stand there already are left out. */
export function aligned(
  boxes: ReadonlyMap<string, Box>,
  ids: readonly string[],
  how: Alignment,
): Record<string, Spot> {
  const chosen = ids.flatMap((id): [string, Box][] => {
    const box = boxes.get(id);
    return box ? [[id, box]] : [];
  });
  if (chosen.length < 2) return {};
  const moved = how === "across" || how === "down" ? spread(chosen, how) : inLine(chosen, how);
  return Object.fromEntries(
    moved.flatMap(([id, { x, y }]) => {
      const spot = { x: Math.round(x), y: Math.round(y) };
      const box = boxes.get(id);
      return box && Math.round(box.x) === spot.x && Math.round(box.y) === spot.y ? [] : [[id, spot] as const];
    }),
  );
}

function inLine(boxes: [string, Box][], how: Exclude<Alignment, "across" | "down">): [string, Spot][] {
  const all = boxes.map(([, box]) => box);
  const left = Math.min(...all.map((box) => box.x));
  const right = Math.max(...all.map((box) => box.x + box.width));
  const top = Math.min(...all.map((box) => box.y));
  const bottom = Math.max(...all.map((box) => box.y + box.height));
  const place: Record<typeof how, (box: Box) => Spot> = {
    left: ({ y }) => ({ x: left, y }),
    centre: ({ y, width }) => ({ x: (left + right - width) / 2, y }),
    right: ({ y, width }) => ({ x: right - width, y }),
    top: ({ x }) => ({ x, y: top }),
    middle: ({ x, height }) => ({ x, y: (top + bottom - height) / 2 }),
    bottom: ({ x, height }) => ({ x, y: bottom - height }),
  };
  return boxes.map(([id, box]) => [id, place[how](box)]);
}

/** The same room between all neighbours; the outer two stay, or, where they stand too close, the first one does. */
function spread(boxes: [string, Box][], how: "across" | "down"): [string, Spot][] {
  const across = how === "across";
  const start = (box: Box) => (across ? box.x : box.y);
  const extent = (box: Box) => (across ? box.width : box.height);
  const sorted = [...boxes].sort(([, a], [, b]) => start(a) - start(b));
  const first = sorted[0]?.[1];
  const last = sorted.at(-1)?.[1];
  if (!first || !last) return [];
  const used = sorted.reduce((sum, [, box]) => sum + extent(box), 0);
  const room = start(last) + extent(last) - start(first) - used;
  const gap = Math.max(room / (sorted.length - 1), leastGap);
  let at = start(first);
  return sorted.map(([id, box]) => {
    const spot = across ? { x: at, y: box.y } : { x: box.x, y: at };
    at += extent(box) + gap;
    return [id, spot];
  });
}

const leastGap = 12;
