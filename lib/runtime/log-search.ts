import { ok, type Result } from "../core/result";
import { plainLine } from "../core/terminal-text";
import type { LogInput, LogPart } from "./log-lines";
import type { Ports } from "./ports";
import { type Picked, pickAttempt, readPiece } from "./reading";

/** What is looked for, and where. */
export type SearchInput = LogInput & {
  text: string;
  pattern?: boolean;
  match_case?: boolean;
  limit?: number;
};

/** What was found in a part of a log. */
export interface LogMatches extends LogPart {
  /** As `[line, column, length]`: the line counts from 0 at `from`, columns are of the text as it is shown. */
  matches: [number, number, number][];
  /** Whether it ended before its part did, with a line, as so much was found; whoever asks again from there misses nothing. */
  capped: boolean;
  /** What is wrong with the pattern; one that is still being typed is no failure. */
  problem: string | null;
}

const pieceBytes = 262_144;
/** So much is searched for one answer, that others get their turn: a pattern takes its time. */
const partBytes = { text: 8_388_608, pattern: 1_048_576 };
const mostMatches = 10_000;
/** Of a longer line only its beginning is searched, as only that is shown. */
const longestLine = 10_000;

type Finder = (line: string) => [number, number][];

/** Searches a part of a log as it is shown: without secrets and escapes. Whoever wants all of it asks again from where the answer ends. */
export function searchLog(
  ports: Ports,
  { id, stream = "stdout", from = 0, ...input }: SearchInput,
): Result<LogMatches> {
  const picked = pickAttempt(ports, id, input);
  if (!picked.ok) return picked;
  const { run, attempt } = picked.value;
  const finder = finderOf(ports, input);
  if (!finder.ok) {
    const problem = `'${input.text.slice(0, 80)}' ${finder.problem}`;
    const none = { size: 0, from, bytes: 0, lines: 0, matches: [], capped: false };
    return ok({ run, step: id, attempt, stream, ...none, problem });
  }
  const most = input.pattern ? partBytes.pattern : partBytes.text;
  const to = from + Math.min(most, input.limit ?? most);
  const matches: LogMatches["matches"] = [];
  let [at, size, lines] = [from, 0, 0];
  let rest = "";
  let capped = false;
  while (at < to) {
    const begin = at;
    const piece = readPiece(ports, picked.value, id, `${stream}.log`, {
      from: begin,
      limit: Math.min(pieceBytes, to - begin),
    });
    // An attempt that could not be started printed nothing.
    if (!piece.ok || piece.value.bytes === 0) break;
    size = piece.value.size;
    at = piece.value.from + piece.value.bytes;
    const all = (rest + piece.value.text).split("\n");
    // What the piece has cut through is looked at together with what follows.
    rest = (all.pop() ?? "").slice(0, longestLine);
    const passed = findIn(all, lines, finder.value, matches);
    lines += passed;
    capped = passed < all.length || (matches.length >= mostMatches && (at < to || rest !== ""));
    if (!capped) continue;
    at = endOfLine(ports, picked.value, id, `${stream}.log`, begin, passed);
    rest = "";
    break;
  }
  if (rest !== "") findIn([rest], lines, finder.value, matches);
  return ok({
    run,
    step: id,
    attempt,
    stream,
    size,
    from,
    bytes: at - from,
    lines,
    matches,
    capped,
    problem: null,
  });
}

/** Looks through lines until enough is found; how many it has looked through. */
function findIn(texts: string[], line: number, find: Finder, into: LogMatches["matches"]): number {
  for (const [index, text] of texts.entries()) {
    if (into.length >= mostMatches) return index;
    for (const [start, end] of find(plainLine(text.slice(0, longestLine))))
      into.push([line + index, start, end - start]);
  }
  return texts.length;
}

/** The place behind so many ends of lines, counted in the file: of the text, secrets were taken out. */
function endOfLine(
  ports: Ports,
  { run, attempt }: Picked,
  step: string,
  name: string,
  from: number,
  ends: number,
) {
  const read = ports.artifacts.read(run, step, attempt, name, from, pieceBytes);
  let place = 0;
  if (read.ok)
    for (let left = ends; left > 0; left -= 1) {
      const at = read.value.bytes.indexOf(10, place);
      if (at < 0) break;
      place = at + 1;
    }
  return from + place;
}

/** In small letters, each as long as the one it stands for: a column in it is that column of the text. */
function folded(text: string): string {
  const small = text.toLowerCase();
  if (small.length === text.length) return small;
  return Array.from(text, (letter) => letter.toLowerCase().slice(0, letter.length)).join("");
}

function finderOf(ports: Ports, input: Omit<SearchInput, "id">): ReturnType<Ports["patterns"]["finder"]> {
  const { text, pattern = false, match_case: matchCase = false } = input;
  if (pattern) return ports.patterns.finder(text, matchCase);
  const wanted = matchCase ? text : folded(text);
  const value: Finder = (line) => {
    const found: [number, number][] = [];
    const looked = matchCase ? line : folded(line);
    for (let at = looked.indexOf(wanted); at >= 0; at = looked.indexOf(wanted, at + wanted.length))
      found.push([at, at + wanted.length]);
    return found;
  };
  return { ok: true, value };
}
