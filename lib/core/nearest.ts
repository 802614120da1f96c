/** Levenshtein distance between two short words; anything greater than `most` once it is known to be. */
function distance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  // One row, written over: `corner` is what stood left of and above the present field.
  const row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    let corner = i - 1;
    let left = i;
    let least = i;
    row[0] = i;
    for (let j = 1; j <= b.length; j++) {
      const above = row[j] ?? 0;
      const swap = corner + (a.charCodeAt(i - 1) === b.charCodeAt(j - 1) ? 0 : 1);
      left = Math.min(swap, above + 1, left + 1);
      row[j] = left;
      corner = above;
      if (left < least) least = left;
    }
    if (least > most) return most + 1;
  }
  return row[b.length] ?? 0;
}

/** The known words most like the given one, as far as any is near enough to be what was meant. */
export function allNearest(word: string, known: Iterable<string>): string[] {
  const wanted = word.slice(0, 64).toLowerCase();
  const best: string[] = [];
  let bestDistance = Math.max(1, Math.floor(wanted.length / 3));
  for (const candidate of known) {
    const d = distance(wanted, candidate.slice(0, 64).toLowerCase(), bestDistance);
    if (d > bestDistance) continue;
    if (d < bestDistance) best.length = 0;
    best.push(candidate);
    bestDistance = d;
  }
  return best;
}

/** The first of the known words most like the given one. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  return allNearest(word, known)[0];
}

/** What helps with an unknown name: the one that may have been meant, else all that there are. */
export function nearestOrAll(word: string, known: readonly string[], it: string, none: string): string {
  const near = nearest(word, known);
  if (near !== undefined) return `did you mean '${near}'?`;
  return `${it} ${known.length > 0 ? known.join(", ") : none}`;
}
