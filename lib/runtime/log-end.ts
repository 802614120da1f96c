import { parseEntry } from "../core/audit/chain";
import { type Checkpoint, parseCheckpoint, problemAtEnd } from "../core/audit/checkpoint";
import type { AuditEntry } from "../core/audit/entry";
import type { FailureOf } from "../core/failure";
import type { Ports } from "./ports";

/** Said behind whatever shows that a log is not the one that was written. */
export const cutOrRewritten =
  ": the log was cut, deleted or rewritten as a whole (checkpoint outside the repository)";

/** The end of the audit log, and what was kept of it outside of the repository. */
export interface LogEnd {
  /** The last line that is an entry. */
  last: AuditEntry | undefined;
  checkpoint: Checkpoint | undefined;
  /** How many lines stand behind that one: what is no entry can't be chained to. */
  spoilt: number;
  /** What is kept outside of the repository speaks against the log. */
  isLost: boolean;
  /** Why this is not the log that was written; undefined if nothing speaks against it. */
  problem: string | undefined;
  /** Neither log nor run is left of what was recorded: a fresh clone at an old place, or a folder that was cleaned. */
  isGone: boolean;
}

/** Looks at both ends, and at nothing else of either file. */
export function logEnd(ports: Ports): LogEnd {
  // Read first: whoever records something meanwhile adds an entry before its checkpoint.
  const kept = ports.audit.checkpoint();
  const checkpoint = kept === undefined ? undefined : parseCheckpoint(kept);
  const { last, spoilt } = lastEntry(ports);
  const found = problemAtEnd(checkpoint, last);
  const isGone =
    found !== undefined && last === undefined && spoilt === 0 && ports.runs.newest() === undefined;
  const isLost = found !== undefined && !isGone;
  const problems = [
    ...(spoilt > 0 ? [noEntries(spoilt)] : []),
    ...(isLost ? [`${found}${cutOrRewritten}`] : []),
  ];
  return {
    last,
    checkpoint,
    spoilt,
    isLost,
    problem: problems.length > 0 ? problems.join("; before that, ") : undefined,
    isGone,
  };
}

/** The last line of the log that is an entry, and how many lines that are none stand behind it. */
export function lastEntry({ audit }: Ports): { last: AuditEntry | undefined; spoilt: number } {
  let spoilt = 0;
  for (const line of audit.backwards()) {
    const last = parseEntry(line);
    // Nothing can be chained to what has no hash, whatever else it says.
    if (last && isHash.test(last.hash)) return { last, spoilt };
    spoilt += 1;
  }
  return { last: undefined, spoilt };
}

const isHash = /^[0-9a-f]{64}$/;

const noEntries = (count: number) =>
  count === 1 ? "the last line is no entry" : `the last ${count} lines are no entries`;

/** What was known of the log that is lost, as the entry that goes on without it tells. */
export function recordedBefore({ checkpoint }: LogEnd): {
  seq: number;
  ts: string | null;
  hash: string | null;
} {
  return { seq: checkpoint?.seq ?? 0, ts: checkpoint?.ts ?? null, hash: checkpoint?.hash ?? null };
}

/** The refusal that names what is wrong behind the last line of the log. */
export function refuseAtEnd(ports: Ports, problem: string): FailureOf<"audit.corrupt"> {
  return { code: "audit.corrupt", ...endOf(ports), isBehind: true, problem, isLost: true };
}

/** The refusal where the last line is there and no entry: nothing can be chained to it. */
export function refuseSpoilt(ports: Ports, spoilt: number): FailureOf<"audit.corrupt"> {
  return { code: "audit.corrupt", ...spoiltFrom(ports, spoilt), problem: noEntries(spoilt), isSpoilt: true };
}

/** The first of so many lines at the end of the log. */
export function spoiltFrom({ audit }: Ports, spoilt: number): { file: string; line: number } {
  const behind: { file: string; line: number }[] = [];
  for (const { file, number } of audit.raw()) {
    behind.push({ file, line: number });
    if (behind.length > spoilt) behind.shift();
  }
  return behind[0] ?? endOf({ audit });
}

/** The last line of the log, by its number in its file; only a refusal is worth counting for. */
function endOf({ audit }: Pick<Ports, "audit">): { file: string; line: number } {
  let end = { file: audit.path, line: 0 };
  for (const { file, number } of audit.raw()) end = { file, line: number };
  return end;
}
