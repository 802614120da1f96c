/** A match; line and column count from 0. */
export interface Match {
  line: number;
  column: number;
  length: number;
}

/** Where a line begins; `at` counts bytes. */
export interface Place {
  line: number;
  at: number;
}

/** Where a log begins. */
export const start: Place = { line: 0, at: 0 };

/** A stretch of whole lines that was searched. */
export interface Searched {
  from: Place;
  /** The line behind the last one. */
  to: Place;
  /** Line, column and length of each match, ascending; numbers in a row, as there may be a million of them. */
  at: Uint32Array;
}

/** What was found so far. */
export interface Found {
  /** Ascending; what lies between two that do not touch is not searched yet. */
  parts: readonly Searched[];
  /** How many matches there are before each of the parts. */
  before: readonly number[];
  total: number;
  /** Whether the last part ends where the log does. */
  isToEnd: boolean;
  /** Whether all of the log was looked through. */
  isDone: boolean;
  /** More are not listed. */
  isCapped: boolean;
  problem: string | null;
}

/** Where nothing was looked for. */
export const nothing: Found = {
  parts: [],
  before: [],
  total: 0,
  isToEnd: false,
  isDone: false,
  isCapped: false,
  problem: null,
};

/** What parts come to. */
export function foundIn(parts: readonly Searched[], how: Partial<Found>): Found {
  const before: number[] = [];
  let total = 0;
  for (const part of parts) {
    before.push(total);
    total += sizeOf(part);
  }
  return { ...nothing, ...how, parts, before, total };
}

/** A part of a log with the matches that the server told, whose lines count from where the part begins. */
export function searched(
  from: Place,
  to: Place,
  matches: readonly (readonly [number, number, number])[],
): Searched {
  const at = new Uint32Array(matches.length * 3);
  for (const [number, [below, column, length]] of matches.entries())
    at.set([from.line + below, column, length], number * 3);
  return { from, to, at };
}

const sizeOf = (part: Searched) => part.at.length / 3;

function matchAt(part: Searched, number: number): Match {
  const [line = 0, column = 0, length = 0] = part.at.subarray(number * 3, number * 3 + 3);
  return { line, column, length };
}

type Column = Pick<Match, "line" | "column">;

/** How many of a part's matches stand before a place. */
function countBefore(part: Searched, { line, column }: Column): number {
  let [low, high] = [0, sizeOf(part)];
  while (low < high) {
    const middle = (low + high) >> 1;
    const at = part.at[middle * 3] ?? 0;
    if (at < line || (at === line && (part.at[middle * 3 + 1] ?? 0) < column)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The number of the part that holds a line or, if none does, of the first one behind it. */
function partAt({ parts }: Found, line: number): number {
  let [low, high] = [0, parts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((parts[middle]?.to.line ?? 0) <= line) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The matches on a line, each with its number among all that are known. */
export function matchesOn(found: Found, line: number): Match[] {
  const part = found.parts[partAt(found, line)];
  const matches: Match[] = [];
  if (!part) return matches;
  for (let number = countBefore(part, { line, column: 0 }); number < sizeOf(part); number += 1) {
    const match = matchAt(part, number);
    if (match.line !== line) break;
    matches.push(match);
  }
  return matches;
}

/** Which match of all it is, from 1; undefined while not all before it is searched. */
export function ordinalOf(found: Found, match: Column): number | undefined {
  const number = partAt(found, match.line);
  const part = found.parts[number];
  if (!part) return undefined;
  let reached = 0;
  for (const { from, to } of found.parts.slice(0, number + 1)) {
    if (from.at !== reached) return undefined;
    reached = to.at;
  }
  return (found.before[number] ?? 0) + countBefore(part, match) + 1;
}

/** Where looking on has led, and whether it came past an end of the log on its way. */
export interface Step {
  match: Match;
  hasWrapped: boolean;
}

/**
 * The first match at or behind a place (`by` 1), or the last one before it (-1), round the ends of the log if need be.
 * Null if there is none; undefined while it lies in what is not searched yet.
 */
export function stepFrom(found: Found, place: Column, by: 1 | -1): Step | null | undefined {
  const { parts, isToEnd } = found;
  if (parts.length === 0) return isToEnd ? null : undefined;
  const isFromStart = parts[0]?.from.at === 0;
  let number = partAt(found, place.line);
  const here = parts[number];
  // Before what was searched, or in a gap of it.
  if (here ? here.from.line > place.line : !isToEnd) return undefined;
  if (!here && by < 0) number = parts.length - 1;
  const known = parts[number];
  let at = known ? countBefore(known, place) - (by < 0 ? 1 : 0) : 0;
  let hasWrapped = false;
  // Each part once, and the first one again for what lies on its other side.
  for (let passed = 0; passed <= parts.length + 1; passed += 1) {
    const part = parts[number];
    if (part && at >= 0 && at < sizeOf(part)) return { match: matchAt(part, at), hasWrapped };
    const next = parts[number + by];
    if (next === undefined) {
      if (!isToEnd || !isFromStart) return undefined;
      hasWrapped = true;
      number = by > 0 ? 0 : parts.length - 1;
    } else {
      if (part && (by > 0 ? part.to.at !== next.from.at : next.to.at !== part.from.at)) return undefined;
      number += by;
    }
    at = by > 0 ? 0 : sizeOf(parts[number] as Searched) - 1;
  }
  return null;
}
