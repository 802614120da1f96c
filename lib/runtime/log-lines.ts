import { ok, type Result } from "../core/result";
import type { Ports } from "./ports";
import { type AttemptInput, type Picked, pickAttempt } from "./reading";

/** What of a step's output is meant. */
export type LogInput = AttemptInput & { id: string; stream?: "stdout" | "stderr"; from?: number };

/** A part of a log that was looked at. All positions count bytes of the file. */
export interface LogPart {
  run: string;
  step: string;
  attempt: number;
  stream: string;
  /** Of the whole file. */
  size: number;
  from: number;
  /** How many were looked at. */
  bytes: number;
  /** Ends of lines among them. */
  lines: number;
}

/** Where lines begin in a part of a log. */
export interface LogLines extends LogPart {
  /** Whether the last of them ends a line. */
  ended: boolean;
  /** Beginnings of lines, as `[how many lines end before it, its place]`. */
  marks: [number, number][];
}

const pieceBytes = 1_048_576;
/** So much is looked at for one answer, that others get their turn. */
const partBytes = 32 * pieceBytes;
const markEveryLines = 256;
const markEveryBytes = 524_288;
const newline = 10;

/** Counts the lines of a log from a place on, at most 32 MiB of it, and marks where some of them begin. */
export function countLines(
  ports: Ports,
  { id, stream = "stdout", from = 0, ...input }: LogInput,
): Result<LogLines> {
  const picked = pickAttempt(ports, id, input);
  if (!picked.ok) return picked;
  const { run, attempt } = picked.value;
  const counted = count(ports, picked.value, id, `${stream}.log`, from);
  return ok({ run, step: id, attempt, stream, ...counted });
}

function count(ports: Ports, { run, attempt }: Picked, step: string, name: string, start: number) {
  const marks: [number, number][] = [];
  let [lines, at, size, markedLines, markedAt] = [0, start, 0, 0, start];
  let ended = false;
  while (at < start + partBytes) {
    const read = ports.artifacts.read(run, step, attempt, name, at, pieceBytes);
    // An attempt that could not be started printed nothing.
    if (!read.ok) break;
    const { bytes } = read.value;
    size = read.value.size;
    if (bytes.length === 0) break;
    for (let place = 0; place < bytes.length; ) {
      const room = markedAt + markEveryBytes - at;
      const [to, most] =
        place < room
          ? [Math.min(room, bytes.length), markedLines + markEveryLines - lines]
          : [bytes.length, 1];
      const found = passEnds(bytes, place, to, most);
      lines += found.ends;
      place = found.place;
      if (found.ends < most) continue;
      [markedLines, markedAt] = [lines, at + place];
      marks.push([lines, at + place]);
    }
    at += bytes.length;
    ended = bytes[bytes.length - 1] === newline;
  }
  return { size, from: start, bytes: at - start, lines, ended, marks };
}

/** Goes over bytes until so many lines have ended; where it stands then. */
function passEnds(bytes: Uint8Array, from: number, to: number, most: number) {
  let ends = 0;
  let place = from;
  // Lines are short, so to look at each byte is quicker than to search for each end; alone in a function, it is compiled at once.
  for (; place < to && ends < most; place += 1) if (bytes[place] === newline) ends += 1;
  return { ends, place };
}
