/** Levenshtein distance between two short words. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** The known words most like the given one, as far as any is near enough to be what was meant. */
export function allNearest(word: string, known: Iterable<string>): string[] {
  const wanted = word.slice(0, 64).toLowerCase();
  let best: string[] = [];
  let bestDistance = Math.max(1, Math.floor(wanted.length / 3));
  for (const candidate of known) {
    const d = distance(wanted, candidate.slice(0, 64).toLowerCase());
    if (d > bestDistance) continue;
    best = d < bestDistance ? [candidate] : [...best, candidate];
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
