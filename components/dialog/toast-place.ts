/** A part of the window, in px from its upper left corner. */
export interface Part {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Where messages stand: their middle and their lower edge, and how wide they may be, in px. */
export interface Place {
  middle: number;
  bottom: number;
  width: number;
}

const gap = 8;
/** A line of this width still reads well; more than the most is none. */
const [least, most] = [240, 560];
/** As high as a message of two lines. */
const height = 52;

/**
 * A place for messages at the lower edge of `ground` that covers none of what is pressed there: beside it, as low as one that is
 * wide enough begins. What is kept free of the graph's nodes is there.
 */
export function placeIn(ground: Part, taken: readonly Part[]): Place {
  const lows = [ground.bottom, ...taken.map(({ top }) => top).filter((top) => top < ground.bottom)];
  for (const low of lows.toSorted((a, b) => b - a)) {
    const bottom = low - gap;
    const beside = taken.filter((part) => part.top < bottom && part.bottom > bottom - height);
    const wide = widest(ground, beside);
    if (wide.right - wide.left >= least) return placed(wide, bottom);
  }
  return placed({ left: ground.left + gap, right: ground.right - gap }, ground.bottom - gap);
}

/** The widest that is free between what stands beside one another. */
function widest(ground: Part, beside: readonly Part[]): Pick<Part, "left" | "right"> {
  let [best, from] = [{ left: 0, right: 0 }, ground.left];
  const edge = { left: ground.right, right: ground.right };
  for (const { left, right } of [...beside.toSorted((a, b) => a.left - b.left), edge]) {
    const free = { left: from + gap, right: left - gap };
    if (free.right - free.left > best.right - best.left) best = free;
    from = Math.max(from, right);
  }
  return best;
}

const placed = ({ left, right }: Pick<Part, "left" | "right">, bottom: number): Place => ({
  middle: (left + right) / 2,
  bottom,
  width: Math.min(most, right - left),
});
