import { type ChainState, ownHash, parseEntry, startOfChain, verifyLine } from "../core/audit/chain";
import { type Checkpoints, isVouched, readCheckpoints } from "../core/audit/checkpoint";
import type { FailureOf } from "../core/failure";
import { cutOrRewritten, logEnd } from "./log-end";
import type { KeptPart, Ports, RawLine } from "./ports";

/** Recorded where a person goes on with a log that is not the one that was written. */
export const acceptance = "audit.accept";

/** What the digest of a run's journal in the log says. */
export interface Seal {
  events: number;
  sha256: string;
}

/** Lines that a person went on behind, though they are not what was written: so many right before the entry that says so. */
export interface Amid {
  file: string;
  line: number;
  lines: number;
  /** The hash of the entry that stands right before them. */
  prev: string;
  /** Of the bytes of those lines. */
  sha256: string;
  /** The last entry among them. */
  up_to: number;
}

/** An entry by which a person went on with a log that was not the one that was written. */
export interface AcceptedNote {
  seq: number;
  ts: string;
  problem: string | null;
  kept: string[];
  /** The last entry before it, where the fault stood between others. */
  up_to?: number;
}

/** What one pass over the log has found. */
export interface Pass {
  chain: ChainState;
  segments: number;
  file: string;
  number: number;
  /** The newest digest of each run's journal. */
  seals: Map<string, Seal>;
  accepted: AcceptedNote[];
}

/** A fault of the log. */
export interface Fault {
  failure: FailureOf<"audit.corrupt">;
  /** Where it is a line: how many whole ones stand before it, and the hash of the last of those. */
  first?: Before;
}

interface Before {
  from: number;
  prev: string;
}

/** So many lines are checked before others get a turn. */
const linesATurn = 20_000;

/** Where nothing is left of what was recorded, all of it is about an earlier log. */
export function keptCheckpoints(ports: Ports): Checkpoints {
  // Read before the log: whoever records something meanwhile adds an entry before its checkpoint.
  const kept = readCheckpoints(ports.audit.checkpoints());
  if (!logEnd(ports).isGone) return kept;
  return { hashes: new Map(), last: undefined, earlier: kept.last, cut: undefined };
}

/** Looks over the whole log on its bytes, and at its end; stops now and then, so that others get a turn. */
export function* passOver(
  ports: Ports,
  kept: Checkpoints,
): Generator<undefined, { pass: Pass } | { fault: Fault }> {
  const pass: Pass = {
    chain: startOfChain,
    segments: 0,
    file: ports.audit.path,
    number: 0,
    seals: new Map(),
    accepted: [],
  };
  let before = 0;
  let behind: Behind | undefined;
  for (const line of ports.audit.raw()) {
    if (line.number === 1) pass.segments += 1;
    Object.assign(pass, { file: line.file, number: line.number });
    if (behind === undefined) {
      const failure = checkLine(ports, pass, kept, line);
      if (failure) {
        const first = { from: before, prev: pass.chain.head };
        const found = acceptedBehind(ports, kept, failure, first);
        if ("failure" in found) return { fault: { failure: found.failure, first } };
        behind = found;
      }
    }
    if (behind === undefined || ownHash(line.bytes, ports.sha256) !== undefined) note(pass, line.bytes);
    if (before === behind?.at) {
      pass.chain = behind.chain;
      behind = undefined;
    }
    before += 1;
    if (before % linesATurn === 0) yield;
  }
  const failure = checkEnd(pass, kept);
  return failure ? { fault: { failure } } : { pass };
}

/** The same without a turn for others. */
export function passAtOnce(ports: Ports, kept: Checkpoints): { pass: Pass } | { fault: Fault } {
  const passing = passOver(ports, kept);
  for (;;) {
    const { done, value } = passing.next();
    if (done) return value;
  }
}

function checkLine(
  ports: Ports,
  pass: Pass,
  kept: Checkpoints,
  line: RawLine,
): FailureOf<"audit.corrupt"> | undefined {
  const next = verifyLine(pass.chain, line.bytes, line, ports.sha256);
  if (!next.ok) return next.failure as FailureOf<"audit.corrupt">;
  const { seq, head } = next.value;
  const vouched = kept.hashes.get(seq);
  if (vouched !== undefined && vouched !== head)
    return rewritten({ ...line, seq }, `entry ${seq} is another one than was recorded`);
  pass.chain = next.value;
  return undefined;
}

/** Where the chain is taken up again: with the entry of an acceptance, behind so many whole lines. */
interface Behind {
  at: number;
  chain: ChainState;
}

/**
 * The last acceptance of all lines from a faulty one on up to its own: they stand as they stood when a person went on
 * behind them, and behind the same entry. Where one was made and they do not, the failure names the line that was changed since.
 */
function acceptedBehind(
  ports: Ports,
  kept: Checkpoints,
  failure: FailureOf<"audit.corrupt">,
  { from, prev }: Before,
): Behind | { failure: FailureOf<"audit.corrupt"> } {
  let behind: Behind | undefined;
  let changed: { seq: number; kept: KeptPart[]; lines: number } | undefined;
  let moved: number | undefined;
  let at = -1;
  for (const line of ports.audit.raw()) {
    at += 1;
    if (at <= from) continue;
    const entry = acceptedIn(line.bytes);
    const amid = entry?.payload.amid;
    const head = amid && ownHash(line.bytes, ports.sha256);
    if (!entry || !amid || head === undefined || !isVouched(kept, { seq: entry.seq, hash: head })) continue;
    const isThis = amid.lines === at - from;
    const isSame = isThis && ports.audit.digestOf(from, at) === amid.sha256;
    // Nothing in those lines tells what stood before them: the first of them may be no entry at all.
    if (isSame && amid.prev !== prev) moved = entry.seq;
    else if (isSame) behind = { at, chain: { entries: entry.seq, head, seq: entry.seq } };
    else if (isThis || amid.line === failure.line)
      changed = { seq: entry.seq, kept: entry.payload.kept ?? [], lines: amid.lines };
  }
  if (behind) return behind;
  if (moved !== undefined) {
    const problem = `entries right before it were removed or changed after a person had gone on with the log as it stood (entry ${moved})`;
    return { failure: { ...failure, problem } };
  }
  const place = changed && ports.audit.firstChanged(from, changed.kept, changed.lines);
  if (!changed || !place) return { failure };
  const problem = `it was changed after a person had gone on with the log as it stood (entry ${changed.seq})`;
  return { failure: { code: "audit.corrupt", ...place, problem } };
}

/** Entries that were cut off leave a chain that is sound; only what is kept elsewhere can tell. */
function checkEnd(
  { chain, file, number }: Pass,
  { last, cut }: Checkpoints,
): FailureOf<"audit.corrupt"> | undefined {
  const end = { file, number, isBehind: true } as const;
  if (cut) {
    // Where it stands, if it is in the open file still.
    const line = number - (chain.entries - cut.to.seq);
    const isThere = cut.to.seq <= chain.entries && line >= 1;
    return rewritten(
      isThere ? { file, number: line } : end,
      `entry ${cut.from.seq} of ${cut.from.ts} was followed by entry ${cut.to.seq} of ${cut.to.ts}`,
    );
  }
  if (last && last.seq > chain.entries)
    return rewritten(
      end,
      `it ends at entry ${chain.entries}, and entry ${last.seq} was recorded at ${last.ts}`,
    );
  return undefined;
}

function rewritten(
  { file, number, seq, isBehind }: Pick<RawLine, "file" | "number"> & { seq?: number; isBehind?: true },
  what: string,
): FailureOf<"audit.corrupt"> {
  const problem = `${what}${cutOrRewritten}`;
  const place = { file, line: number, ...(seq ? { seq } : {}), ...(isBehind ? { isBehind } : {}) };
  return { code: "audit.corrupt", ...place, problem, isLost: true };
}

function note(pass: Pass, bytes: Uint8Array): void {
  noteSeal(pass.seals, bytes);
  const entry = acceptedIn(bytes);
  if (!entry) return;
  const { problem = null, kept = [], amid } = entry.payload;
  pass.accepted.push({
    seq: entry.seq,
    ts: entry.ts,
    problem,
    kept: kept.map((part) => part.kept),
    ...(amid ? { up_to: amid.up_to } : {}),
  });
}

const bytesOf = (text: string) => new TextEncoder().encode(text);
const system = bytesOf('"system"');
const accepting = bytesOf(`"user","surface":"cli","action":"${acceptance}"`);
const beforeActor = '{"seq":,"ts":"2026-01-01T00:00:00.000Z","actor":'.length;

/** Where the actor stands. Most lines are not ThreadOS's own, and are not decoded to find out. */
const actorAt = (bytes: Uint8Array) => bytes.indexOf(44) + beforeActor - '{"seq":,'.length + 1;

function standsAt(bytes: Uint8Array, at: number, wanted: Uint8Array): boolean {
  // One byte tells most of them apart.
  const last = wanted.length - 2;
  return bytes[at + last] === wanted[last] && wanted.every((byte, index) => bytes[at + index] === byte);
}

function noteSeal(seals: Map<string, Seal>, bytes: Uint8Array): void {
  if (!standsAt(bytes, actorAt(bytes), system)) return;
  const entry = parseEntry(new TextDecoder().decode(bytes));
  const seal = entry?.payload as Seal | null | undefined;
  const isSeal = entry?.action === "run.completed" || entry?.action === "run.settled";
  if (entry?.target && isSeal && seal?.sha256) seals.set(entry.target, seal);
}

interface Acceptance {
  seq: number;
  ts: string;
  payload: { problem?: string; kept?: KeptPart[]; amid?: Amid };
}

function acceptedIn(bytes: Uint8Array): Acceptance | undefined {
  if (!standsAt(bytes, actorAt(bytes), accepting)) return undefined;
  const entry = parseEntry(new TextDecoder().decode(bytes));
  if (entry?.result !== "success") return undefined;
  return { seq: entry.seq, ts: entry.ts, payload: (entry.payload ?? {}) as Acceptance["payload"] };
}
