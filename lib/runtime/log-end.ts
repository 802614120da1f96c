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
  last: AuditEntry | undefined;
  checkpoint: Checkpoint | undefined;
  /** The last line is there and no entry. */
  isBroken: boolean;
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
  const line = ports.audit.tail().last;
  const last = line === undefined ? undefined : parseEntry(line);
  const isBroken = line !== undefined && last === undefined;
  const found = isBroken ? undefined : problemAtEnd(checkpoint, last);
  const isGone = found !== undefined && last === undefined && ports.runs.newest() === undefined;
  const problem = found === undefined || isGone ? undefined : `${found}${cutOrRewritten}`;
  return { last, checkpoint, isBroken, problem, isGone };
}

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
export function refuseBroken(ports: Ports): FailureOf<"audit.corrupt"> {
  return { code: "audit.corrupt", ...endOf(ports), problem: "the last line is no entry" };
}

/** The last line of the log, by its number in its file; only a refusal is worth counting for. */
function endOf({ audit }: Ports): { file: string; line: number } {
  let end = { file: audit.path, line: 0 };
  for (const { file, number } of audit.raw()) end = { file, line: number };
  return end;
}
