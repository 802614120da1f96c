/** Two readings further apart than this were interrupted: they say nothing about each other (ms). */
const soonMs = 5;

/** How far the wall clock is ahead of one that nobody can set (ms, from a zero of this process): it changes only when the wall clock is set. */
export function clockAhead(): number {
  let [ahead, leastMs] = [0, Number.POSITIVE_INFINITY];
  for (let tries = 0; tries < 5 && leastMs > soonMs; tries++) {
    const before = performance.now();
    const wall = Date.now();
    const apartMs = performance.now() - before;
    if (apartMs < leastMs) [ahead, leastMs] = [wall - before, apartMs];
  }
  return ahead;
}
