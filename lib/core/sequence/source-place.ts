import type { Place } from "../failure";

const MAX_EXCERPT = 240;
// What could steer a terminal or turn the direction of text around is shown as one replacement character.
const unprintable = /[^\P{Cc}\t]|[\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** The place of a range of the text, with its line for printing; underlines to the end of the line at most. */
export function placeAt(text: string, file: string, from: number, to: number = from + 1): Place {
  const start = Math.min(from, text.length);
  let line = 1;
  let lineStart = 0;
  for (let at = text.indexOf("\n"); at !== -1 && at < start; at = text.indexOf("\n", at + 1)) {
    line++;
    lineStart = at + 1;
  }
  if (lineStart === 0 && text.startsWith("\ufeff")) lineStart = Math.min(1, start);
  const excerpt = lineFrom(text, lineStart);
  const column = start - lineStart + 1;
  const place: Place = { file, line, column };
  // A caret must stand below what it points at, so a line that would be cut before it is not shown.
  if (column > MAX_EXCERPT) return place;
  const length = Math.max(1, Math.min(to - start, excerpt.length - column + 1));
  return { ...place, excerpt, length };
}

function lineFrom(text: string, lineStart: number): string {
  const end = text.indexOf("\n", lineStart);
  const line = text.slice(lineStart, end === -1 ? text.length : end);
  return line.slice(0, MAX_EXCERPT).trimEnd().replace(unprintable, "\ufffd");
}
