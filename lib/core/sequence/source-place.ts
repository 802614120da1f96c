import type { Place } from "../failure";

const MAX_EXCERPT = 240;
// What could steer a terminal or turn the direction of text around is shown as one replacement character.
const unprintable = /[^\P{Cc}\t]|[\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** The place of a range of the text, with its line for printing; underlines to the end of the line at most. */
export function placeAt(text: string, file: string, from: number, to: number = from + 1): Place {
  const start = Math.min(from, text.length);
  const starts = lineStartsOf(text);
  const line = lineAt(starts, start);
  let lineStart = starts[line - 1] ?? 0;
  if (lineStart === 0 && text.startsWith("\ufeff")) lineStart = Math.min(1, start);
  const excerpt = lineFrom(text, lineStart);
  const column = start - lineStart + 1;
  const place: Place = { file, line, column };
  // A caret must stand below what it points at, so a line that would be cut before it is not shown.
  if (column > MAX_EXCERPT) return place;
  const length = Math.max(1, Math.min(to - start, excerpt.length - column + 1));
  return { ...place, excerpt, length };
}

/** Of the text that was asked about last: a text with many faults is asked about for each of them. */
let known: { text: string; starts: number[] } = { text: "", starts: [0] };

function lineStartsOf(text: string): readonly number[] {
  if (known.text !== text) {
    const starts = [0];
    for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
    known = { text, starts };
  }
  return known.starts;
}

/** The number, from 1, of the line that holds a character. */
function lineAt(starts: readonly number[], at: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] as number) <= at) low = middle;
    else high = middle - 1;
  }
  return low + 1;
}

function lineFrom(text: string, lineStart: number): string {
  const end = text.indexOf("\n", lineStart);
  const line = text.slice(lineStart, end === -1 ? text.length : end);
  return line.slice(0, MAX_EXCERPT).trimEnd().replace(unprintable, "\ufffd");
}
