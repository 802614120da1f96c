import { gaps } from "./plan";

/** What takes room in a column of the picture: a box, or the point where a long arrow passes. */
export interface Place {
  group: string | null;
  height: number;
  /** Height of the centre. */
  y: number;
}

/**
 * Gathers the members of each group in a column that was laid out without regard to groups, with room for the border
 * around them. Whoever is in no group keeps the height that it has, unless a border needs it.
 */
export function gatherGroups(column: Place[]): void {
  const sums = new Map<string, { sum: number; count: number }>();
  for (const { group, y } of column) {
    if (group === null) continue;
    const { sum, count } = sums.get(group) ?? { sum: 0, count: 0 };
    sums.set(group, { sum: sum + y, count: count + 1 });
  }
  if (sums.size === 0) return;
  const level = ({ group, y }: Place) => {
    const all = group === null ? undefined : sums.get(group);
    return all ? all.sum / all.count : y;
  };
  const before = new Map(column.map((place) => [place, place.y]));
  column.sort((a, b) => level(a) - level(b) || (a.group ?? "").localeCompare(b.group ?? "") || a.y - b.y);
  spaceOut(
    column,
    ({ y }) => y,
    (upper, lower) => {
      const least = between(upper, lower);
      if (upper.group === null && lower.group === null) {
        const apart = (before.get(lower) ?? 0) - (before.get(upper) ?? 0);
        // What stood nearer already may stay so.
        return apart > 0 ? Math.min(apart, least) : least;
      }
      if (upper.group === lower.group) return least;
      return least + (upper.group === null ? 0 : gaps.group) + (lower.group === null ? 0 : gaps.groupTop);
    },
  );
}

/** How far the centres of two neighbours of a column stand apart at least. */
const between = (upper: Place, lower: Place) => (upper.height + lower.height) / 2 + gaps.row;

/**
 * Gives each place of a column the height nearest to its wish that keeps order and distance: the least squares
 * solution, found by pooling neighbours that want to pass each other.
 */
export function spaceOut<P extends Place>(
  places: readonly P[],
  wish: (place: P) => number,
  distance: (upper: P, lower: P) => number = between,
): void {
  const pools: { sum: number; count: number }[] = [];
  const offsets: number[] = [];
  let offset = 0;
  places.forEach((place, i) => {
    const previous = places[i - 1];
    if (previous) offset += distance(previous, place);
    offsets.push(offset);
    let pool = { sum: wish(place) - offset, count: 1 };
    for (
      let last = pools.at(-1);
      last && last.sum / last.count > pool.sum / pool.count;
      last = pools.at(-1)
    ) {
      pool = { sum: pool.sum + last.sum, count: pool.count + last.count };
      pools.pop();
    }
    pools.push(pool);
  });
  let i = 0;
  for (const pool of pools) {
    for (let n = 0; n < pool.count; n++, i++) {
      const place = places[i];
      if (place) place.y = pool.sum / pool.count + (offsets[i] ?? 0);
    }
  }
}
