/** Of a digit in the bars' letters, in px; words are narrower. */
const digitPx = 6;
const paddingPx = 8;
/** A sentence that is cut short says something from here on. */
const leastPx = 64;

/** What a bar says, how long it is and how much is free behind it, in px. */
interface Labelled {
  text: string;
  /** Whether the beginning of it says something by itself: of a duration it does not. */
  canBeCut: boolean;
  barPx: number;
  freePx: number;
}

/** Where the words of a bar can be read: within it, behind it, or nowhere. */
export function placeOfLabel({ text, canBeCut, barPx, freePx }: Labelled): "within" | "behind" | undefined {
  const wanted = text.length * digitPx + paddingPx;
  if (barPx >= (canBeCut ? Math.min(wanted, leastPx) : wanted)) return "within";
  return !canBeCut && freePx >= wanted ? "behind" : undefined;
}
