import type { FailureOf } from "../failure";

/** What is kept outside of the repository about an entry of its audit log. `ts` is ISO 8601. */
export interface Checkpoint {
  seq: number;
  hash: string;
  ts: string;
  /** Written when the workspace was made: what stands before it is about an earlier log at the same place. */
  began?: true;
  /** What the log's files looked like from outside right behind that entry, where the entries before it were known to hold. */
  stat?: string;
}

/** What a pass over the log has found between its first entry and its last, and what its files looked like then. */
export interface Seen {
  stat: string;
  fault?: FailureOf<"audit.corrupt">;
}

/** The checkpoints of the present log, and what is known of an earlier one. */
export interface Checkpoints {
  /** Hashes by number of the entry. */
  hashes: Map<number, string>;
  last: Checkpoint | undefined;
  /** The last checkpoint of a log that stood here before the workspace was made anew. */
  earlier: Checkpoint | undefined;
  /** Where numbers went back: the log was cut, or replaced, between the two. */
  cut: { from: Checkpoint; to: Checkpoint } | undefined;
}

/** Reads checkpoints in the order in which they were written; lines that are none are passed over. */
export function readCheckpoints(lines: Iterable<string>): Checkpoints {
  const found: Checkpoints = { hashes: new Map(), last: undefined, earlier: undefined, cut: undefined };
  for (const line of lines) {
    const checkpoint = parseCheckpoint(line);
    if (!checkpoint) continue;
    const { last } = found;
    if (checkpoint.began) {
      found.hashes.clear();
      if (last) found.earlier = last;
      found.cut = undefined;
    } else if (last && checkpoint.seq <= last.seq) found.cut ??= { from: last, to: checkpoint };
    found.hashes.set(checkpoint.seq, checkpoint.hash);
    found.last = checkpoint;
  }
  return found;
}

/**
 * What the newest checkpoint says against the end of a log, without reading the log: that it was cut, deleted or rewritten;
 * undefined if it says nothing. A checkpoint may lag behind, and never leads, so it has to be read before the log's end.
 */
export function problemAtEnd(
  checkpoint: Checkpoint | undefined,
  last: { seq: number; hash: string } | undefined,
): string | undefined {
  const seq = last?.seq ?? 0;
  if (!checkpoint || checkpoint.seq < seq) return undefined;
  if (checkpoint.seq > seq)
    return `it ends at entry ${seq}, and entry ${checkpoint.seq} was recorded at ${checkpoint.ts}`;
  return checkpoint.hash === last?.hash ? undefined : `entry ${seq} is another one than was recorded`;
}

/** Reads one checkpoint; undefined for a line that is none. */
export function parseCheckpoint(line: string): Checkpoint | undefined {
  try {
    const value = JSON.parse(line) as Checkpoint;
    return Number.isInteger(value.seq) && typeof value.hash === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Reads what was noted of a pass; undefined for a text that is no such note. */
export function parseSeen(text: string): Seen | undefined {
  try {
    const value = JSON.parse(text) as Seen | null;
    if (typeof value?.stat !== "string") return undefined;
    const { stat, fault } = value;
    if (fault === undefined) return { stat };
    const isFault =
      fault.code === "audit.corrupt" &&
      typeof fault.file === "string" &&
      typeof fault.problem === "string" &&
      Number.isInteger(fault.line);
    return isFault ? { stat, fault } : undefined;
  } catch {
    return undefined;
  }
}

/** Whether an entry is one that checkpoints speak for, as far as they can: they reach back only so far, and there may be none. */
export function isVouched({ hashes }: Checkpoints, { seq, hash }: { seq: number; hash: string }): boolean {
  const known = hashes.get(seq);
  if (known !== undefined) return known === hash;
  const [oldest] = hashes.keys();
  return oldest === undefined || seq < oldest;
}
