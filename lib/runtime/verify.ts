import { type ChainState, parseEntry, startOfChain, verifyLine } from "../core/audit/chain";
import { type Checkpoints, readCheckpoints } from "../core/audit/checkpoint";
import type { Failure } from "../core/failure";
import { builtIn } from "../core/policy/policy";
import { err, ok, type Result } from "../core/result";
import { cutOrRewritten, logEnd, refuseSpoilt } from "./log-end";
import type { KeptPart, Ports, RawLine } from "./ports";
import { acceptance, lockSettled, repairAudit } from "./record";

const lockWaitMs = 5_000;
/** So many lines are checked before others get a turn. */
const linesATurn = 20_000;

interface Seal {
  events: number;
  sha256: string;
}

/** An entry by which a person went on with a log that was not the one that was written. */
interface AcceptedNote {
  seq: number;
  ts: string;
  problem: string | null;
  kept: string[];
}

/** What one pass over the log has found. */
interface Pass {
  chain: ChainState;
  segments: number;
  file: string;
  number: number;
  /** The newest digest of each run's journal. */
  seals: Map<string, Seal>;
  accepted: AcceptedNote[];
}

/**
 * Verifies the whole chain on its bytes, then what was kept of it outside of the repository, then the journals that it
 * sealed. A torn last line is repaired first, and the repair said.
 */
export async function verifyAudit(ports: Ports): Promise<Result<{ entries: number }>> {
  const { torn } = ports.audit.tail();
  if (torn > 0) {
    const repaired = await lockSettled(ports, lockWaitMs, () => repairAudit(ports, builtIn.mode));
    if (!repaired.ok) return repaired;
  }
  // Read first: whoever records something meanwhile adds an entry before its checkpoint.
  const kept = withoutGone(ports, readCheckpoints(ports.audit.checkpoints()));
  const passed = await passOver(ports, kept);
  if (!passed.ok) return atSpoilt(ports, passed.failure);
  const { chain, segments, seals, accepted } = passed.value;
  const complete = checkEnd(passed.value, kept);
  if (!complete.ok) return complete;
  const journals = checkJournals(ports, seals);
  if (!journals.ok) return journals;
  const { last, earlier } = kept;
  return ok({
    ok: true,
    entries: chain.entries,
    head: chain.head,
    segments,
    repaired_bytes: torn,
    checkpoint: last ? { seq: last.seq, ts: last.ts } : null,
    earlier_log: earlier ? { entries: earlier.seq, ts: earlier.ts } : null,
    accepted,
    journals: journals.value,
  });
}

/** Where lines at the very end are no entries, the remedy is another one than for a line amid the others. */
function atSpoilt(ports: Ports, failure: Failure): Result<never> {
  const { spoilt } = logEnd(ports);
  if (failure.code !== "audit.corrupt" || spoilt === 0) return err(failure);
  const end = refuseSpoilt(ports, spoilt);
  return err(end.file === failure.file && end.line === failure.line ? end : failure);
}

/** Where nothing is left of what was recorded, all of it is about an earlier log. */
function withoutGone(ports: Ports, kept: Checkpoints): Checkpoints {
  if (!logEnd(ports).isGone) return kept;
  return { hashes: new Map(), last: undefined, earlier: kept.last, cut: undefined };
}

async function passOver(ports: Ports, kept: Checkpoints): Promise<Result<Pass>> {
  const pass: Pass = {
    chain: startOfChain,
    segments: 0,
    file: ports.audit.path,
    number: 0,
    seals: new Map(),
    accepted: [],
  };
  let sinceTurn = 0;
  for (const line of ports.audit.raw()) {
    const next = verifyLine(pass.chain, line.bytes, line, ports.sha256);
    if (!next.ok) return next;
    if (line.number === 1) pass.segments += 1;
    Object.assign(pass, { chain: next.value, file: line.file, number: line.number });
    const vouched = kept.hashes.get(next.value.seq);
    if (vouched !== undefined && vouched !== next.value.head)
      return rewritten(
        { ...line, seq: next.value.seq },
        `entry ${next.value.seq} is another one than was recorded`,
      );
    noteSeal(pass.seals, next.value.seq, line.bytes);
    noteAcceptance(pass.accepted, next.value.seq, line.bytes);
    sinceTurn += 1;
    if (sinceTurn < linesATurn) continue;
    sinceTurn = 0;
    await new Promise<void>((resume) => setImmediate(resume));
  }
  return ok(pass);
}

/** Entries that were cut off leave a chain that is sound; only what is kept elsewhere can tell. */
function checkEnd({ chain, file, number }: Pass, { last, cut }: Checkpoints): Result<null> {
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
  return ok(null);
}

function rewritten(
  { file, number, seq, isBehind }: Pick<RawLine, "file" | "number"> & { seq?: number; isBehind?: true },
  what: string,
): Result<never> {
  const problem = `${what}${cutOrRewritten}`;
  const place = { file, line: number, ...(seq ? { seq } : {}), ...(isBehind ? { isBehind } : {}) };
  return err({ code: "audit.corrupt", ...place, problem, isLost: true });
}

const system = [...'"system"'].map((letter) => letter.charCodeAt(0));
const beforeActor = '{"seq":,"ts":"2026-01-01T00:00:00.000Z","actor":'.length;

/** Most lines are not ThreadOS's own, and are not decoded to find out. */
function noteSeal(seals: Map<string, Seal>, seq: number, bytes: Uint8Array): void {
  const at = beforeActor + String(seq).length;
  // One byte tells most of them apart.
  if (bytes[at + 1] !== system[1] || !system.every((byte, index) => bytes[at + index] === byte)) return;
  const entry = parseEntry(new TextDecoder().decode(bytes));
  const seal = entry?.payload as Seal | null | undefined;
  const isSeal = entry?.action === "run.completed" || entry?.action === "run.settled";
  if (entry?.target && isSeal && seal?.sha256) seals.set(entry.target, seal);
}

const accepting = `"user","surface":"cli","action":"${acceptance}"`;
const acceptingBytes = new TextEncoder().encode(accepting);

function noteAcceptance(accepted: AcceptedNote[], seq: number, bytes: Uint8Array): void {
  const at = beforeActor + String(seq).length;
  const last = acceptingBytes.length - 2;
  // The last letters of the action tell most of them apart.
  if (bytes[at + last] !== acceptingBytes[last] || bytes[at + last - 1] !== acceptingBytes[last - 1]) return;
  if (!acceptingBytes.every((byte, index) => bytes[at + index] === byte)) return;
  const entry = parseEntry(new TextDecoder().decode(bytes));
  const payload = entry?.payload as { problem?: string; kept?: KeptPart[] } | null | undefined;
  if (entry?.result !== "success") return;
  const { problem = null, kept = [] } = payload ?? {};
  accepted.push({ seq, ts: entry.ts, problem, kept: kept.map((part) => part.kept) });
}

/** A journal may have grown since it was sealed; what was sealed must still be its beginning. */
function checkJournals(
  ports: Ports,
  seals: Map<string, Seal>,
): Result<{ sealed: number; missing: string[] }> {
  const missing: string[] = [];
  for (const [run, { events, sha256 }] of seals) {
    const holds = ports.runs.beginsWith(run, events, sha256);
    if (holds === undefined) missing.push(run);
    if (holds === false) return err({ code: "journal.changed", run, facts: events });
  }
  return ok({ sealed: seals.size, missing });
}
