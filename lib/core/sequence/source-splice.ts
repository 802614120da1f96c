/** One change of a text: what stands from `from` to `to` becomes `insert`. */
export interface Splice {
  from: number;
  to: number;
  insert: string;
}

/** The text with all changes made; nothing if two of them overlap. Insertions at one place keep their order. */
export function applySplices(text: string, splices: readonly Splice[]): string | undefined {
  const sorted = [...splices].sort((a, b) => a.from - b.from || a.to - b.to);
  let result = "";
  let at = 0;
  for (const { from, to, insert } of sorted) {
    if (from < at) return undefined;
    result += text.slice(at, from) + insert;
    at = to;
  }
  return result + text.slice(at);
}
