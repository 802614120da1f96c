/** A number of things in words: 1 step, 2 steps, 2 entries; `shown` is the number as it is to be read. */
export const countOf = (count: number, what: string, shown: string | number = count): string =>
  `${shown} ${count === 1 ? what : severalOf(what)}`;

/** The word for several of a thing: entries, batches, steps. */
export function severalOf(what: string): string {
  if (/[^aeiou]y$/.test(what)) return `${what.slice(0, -1)}ies`;
  return /(?:s|x|ch|sh)$/.test(what) ? `${what}es` : `${what}s`;
}
