import { err, ok, type Result } from "../result";
import { type AuditEntry, genesis } from "./entry";

/** How far a verification has come; start with `startOfChain`. */
export interface ChainState {
  entries: number;
  head: string;
  seq: number;
}

/** The state before the first line. */
export const startOfChain: ChainState = { entries: 0, head: genesis, seq: 0 };

const prevKey = '"prev":"';
const hashKey = ',"hash":"';
const digest = 64;
const hashTail = hashKey.length + digest + 2;
const tail = prevKey.length + digest + 1 + hashTail;
const seqKey = '{"seq":';

/** Checks one line against its predecessor on its literal bytes; nothing is decoded and nothing re-serialised. */
export function verifyLine(
  state: ChainState,
  line: Uint8Array,
  place: { file: string; number: number },
  sha256: (bytes: Uint8Array) => string,
): Result<ChainState> {
  const seq = seqOf(line);
  const corrupt = (problem: string): Result<never> => {
    const named = Number.isSafeInteger(seq) ? { seq } : {};
    return err({ code: "audit.corrupt", line: place.number, ...named, file: place.file, problem });
  };
  const end = endOf(line);
  const hash = saidHash(end);
  if (hash === undefined) return corrupt("is not an entry of the audit log");
  if (sha256(line.subarray(0, line.length - hashTail)) !== hash)
    return corrupt("its text does not match its hash: it was changed");
  if (end.slice(0, end.length - hashTail) !== `${prevKey}${state.head}"`)
    return corrupt("does not follow the entry before it: entries were removed, added or swapped");
  if (seq !== state.seq + 1) return corrupt(`has number ${seq}, expected ${state.seq + 1}`);
  return ok({ entries: state.entries + 1, head: hash, seq });
}

/** The hash of a line whose text is what it was taken of; undefined for any other. What stands before it is not looked at. */
export function ownHash(line: Uint8Array, sha256: (bytes: Uint8Array) => string): string | undefined {
  const hash = saidHash(endOf(line));
  return hash !== undefined && sha256(line.subarray(0, line.length - hashTail)) === hash ? hash : undefined;
}

/** The number of the entry in a line; NaN where it has none. */
const seqOf = (line: Uint8Array) => numberAfter(letters(line.subarray(0, seqKey.length + 17)), seqKey);

const endOf = (line: Uint8Array) => letters(line.subarray(Math.max(0, line.length - tail)));

function saidHash(end: string): string | undefined {
  const at = end.length - hashTail;
  if (at < 0 || !end.startsWith(hashKey, at) || !end.endsWith('"}')) return undefined;
  return end.slice(at + hashKey.length, -2);
}

/** Bytes as the characters of their numbers: all that is looked at here is ASCII, and no byte passes for another. */
function letters(bytes: Uint8Array): string {
  return String.fromCharCode.apply(null, bytes as unknown as number[]);
}

function numberAfter(text: string, key: string): number {
  const comma = text.indexOf(",");
  return text.startsWith(key) && comma > 0 ? Number(text.slice(key.length, comma)) : Number.NaN;
}

/** Reads a line that is known to be whole; undefined for one that is no entry, whoever wrote it. */
export function parseEntry(line: string): AuditEntry | undefined {
  try {
    const read = JSON.parse(line) as Partial<AuditEntry> | null;
    const isEntry =
      typeof read?.seq === "number" && typeof read.action === "string" && typeof read.actor === "string";
    return isEntry ? (read as AuditEntry) : undefined;
  } catch {
    return undefined;
  }
}
