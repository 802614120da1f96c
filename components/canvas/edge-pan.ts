import type { Point, Size } from "./plan";

/** So near to an edge of the graph, or beyond it, the graph begins to move. */
const zonePx = 14;
/** Who only passes, or lets go just there, moves nothing. */
const patienceMs = 400;
/** A page that stands still for a moment does not count as patience. */
const longestFrameMs = 34;
const fastestPx = 8;
/** So deep in the zone it moves fastest. */
const deepPx = 60;

/** How far the graph moves within a frame while the pointer is at a point of the window that it fills; nothing in its midst. In px. */
export function pullAt({ x, y }: Point, { width, height }: Size): Point {
  return { x: along(x, width), y: along(y, height) };
}

function along(at: number, length: number): number {
  const before = zonePx - at;
  const behind = at - (length - zonePx);
  if (before <= 0 && behind <= 0) return 0;
  const speed = (depth: number) => (fastestPx * Math.min(depth, deepPx)) / deepPx;
  return before > 0 ? speed(before) : -speed(behind);
}

/**
 * Moves the graph while an arrow is drawn to one of its edges and held there. React Flow's own way begins at once, so that a short
 * pull moves everything, and forgets what the pointer has come to meanwhile. Gives what ends it.
 */
export function panAtEdges(frame: HTMLElement, panBy: (by: Point) => unknown): () => void {
  let at: Point | undefined;
  let last: number | undefined;
  let heldMs = 0;
  let moved = false;
  const follow = (event: MouseEvent) => {
    if (event.isTrusted) at = { x: event.clientX, y: event.clientY };
  };
  const step = (now: number) => {
    request = requestAnimationFrame(step);
    if (at === undefined) return;
    // What is under the pointer now, which has not moved, is what the arrow ends in.
    if (moved) document.dispatchEvent(new MouseEvent("mousemove", { clientX: at.x, clientY: at.y }));
    const { left, top, width, height } = frame.getBoundingClientRect();
    const by = pullAt({ x: at.x - left, y: at.y - top }, { width, height });
    heldMs = by.x === 0 && by.y === 0 ? 0 : heldMs + Math.min(longestFrameMs, now - (last ?? now));
    last = now;
    moved = heldMs >= patienceMs;
    if (moved) panBy(by);
  };
  let request = requestAnimationFrame(step);
  document.addEventListener("mousemove", follow);
  return () => {
    cancelAnimationFrame(request);
    document.removeEventListener("mousemove", follow);
  };
}
