import { err, ok, type Result } from "../result";
import { type AuditEntry, genesis, splitLine } from "./entry";

/** How far a verification has come; start with `startOfChain`. */
export interface ChainState {
  entries: number;
  head: string;
  seq: number;
}

/** The state before the first line. */
export const startOfChain: ChainState = { entries: 0, head: genesis, seq: 0 };

const prevKey = '"prev":"';

/** Checks one line against its predecessor on its literal bytes; nothing is re-serialised. */
export function verifyLine(
  state: ChainState,
  line: string,
  place: { file: string; number: number },
  sha256: (text: string) => string,
): Result<ChainState> {
  const corrupt = (problem: string) =>
    err({ code: "audit.corrupt", line: place.number, file: place.file, problem });
  const parts = splitLine(line);
  if (!parts) return corrupt("is not an entry of the audit log");
  if (sha256(parts.hashed) !== parts.hash) return corrupt("its text does not match its hash: it was changed");
  const at = parts.hashed.lastIndexOf(prevKey);
  if (parts.hashed.slice(at + prevKey.length, -1) !== state.head) {
    return corrupt("does not follow the entry before it: entries were removed, added or swapped");
  }
  const seq = Number(/^\{"seq":(\d+),/.exec(parts.hashed)?.[1] ?? Number.NaN);
  if (seq !== state.seq + 1) return corrupt(`has number ${seq}, expected ${state.seq + 1}`);
  return ok({ entries: state.entries + 1, head: parts.hash, seq });
}

/** Reads a line that is known to be whole. */
export function parseEntry(line: string): AuditEntry | undefined {
  try {
    return JSON.parse(line) as AuditEntry;
  } catch {
    return undefined;
  }
}
