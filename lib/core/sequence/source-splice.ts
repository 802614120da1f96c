/** One change of a text: what stands from `from` to `to` becomes `insert`. */
export interface Splice {
  from: number;
  to: number;
  insert: string;
}

/**
 * The text with all changes made. Insertions at one place keep their order, one within a removal survives it, and
 * removals may overlap; nothing if other changes do.
 */
export function applySplices(text: string, splices: readonly Splice[]): string | undefined {
  const sorted = [...splices].sort((a, b) => a.from - b.from || a.to - b.to);
  let result = "";
  let at = 0;
  let isRemoval = false;
  for (const { from, to, insert } of sorted) {
    if (from < at && !(isRemoval && (insert === "" || from === to))) return undefined;
    result += text.slice(at, from) + insert;
    if (to < at) continue;
    at = to;
    isRemoval = insert === "";
  }
  return result + text.slice(at);
}
