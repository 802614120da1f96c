/** Where things stand in a conversation, in px from its top. */
interface Places {
  /** The furthest it can be scrolled. */
  end: number;
  /** How much of it is seen. */
  height: number;
  /** The newest question, and the card of its answer. */
  turn: number | undefined;
  card: number | undefined;
}

const marginPx = 8;

/**
 * How far to scroll for the newest answer: to the end, but never past the first actions of a proposal, and with them as much of
 * what was asked for as fits in the upper half.
 */
export function restingPlace({ end, height, turn, card }: Places): number {
  if (turn === undefined || card === undefined) return Math.max(0, end);
  const place = Math.max(turn - marginPx, card - height / 2);
  return Math.max(0, Math.min(end, place));
}
