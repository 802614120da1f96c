import { ownHash, parseEntry } from "../core/audit/chain";
import { isVouched, readCheckpoints } from "../core/audit/checkpoint";
import type { AuditEntry } from "../core/audit/entry";
import type { Json } from "../core/json";
import { err, ok, type Result } from "../core/result";
import { type LogEnd, lastEntry, logEnd, recordedBefore, spoiltFrom } from "./log-end";
import { type Amid, acceptance, type Fault, keptCheckpoints, passAtOnce } from "./log-pass";
import type { KeptPart, LinePlace, Ports } from "./ports";
import { lockSettled, recordAcceptance } from "./record";
import { modeOf } from "./refusal";
import { loadPolicy } from "./state";

const lockWaitMs = 5_000;

/** What speaks against the log as it stands. */
interface Broken {
  end: LogEnd;
  /** From there on nothing is an entry. */
  spoilt: LinePlace | undefined;
  /** What is wrong before that. */
  fault: Fault | undefined;
  /** What was recorded, by number of the entry, as far as it is known. */
  hashes: ReadonlyMap<number, string>;
}

function lookOver(ports: Ports): Broken {
  const end = logEnd(ports);
  const spoilt = end.spoilt > 0 ? spoiltFrom(ports, end.spoilt) : undefined;
  // Where the end is another one, what was kept before goes on to vouch for nothing.
  const known = end.isLost ? readCheckpoints([]) : keptCheckpoints(ports);
  const passed = passAtOnce(ports, known);
  const fault = "fault" in passed ? passed.fault : undefined;
  const isSpoilt = fault?.failure.file === spoilt?.file && fault?.failure.line === spoilt?.line;
  return { end, spoilt, fault: isSpoilt ? undefined : fault, hashes: known.hashes };
}

/** What a person is shown before they go on with a log, and what its files looked like when that was found. */
export interface Standing {
  problem: string;
  /** What a yes takes in behind the first line that is wrong, where that one stands between others. */
  reach: string | undefined;
  print: string | undefined;
}

/** Why the audit log is not the one that was written, and where; undefined if nothing speaks against it. */
export function logStanding(ports: Ports): Standing | undefined {
  // Taken first: what is changed while it is looked over then looks otherwise at the yes.
  const print = ports.audit.stat()?.print;
  const broken = lookOver(ports);
  const problem = problemOf(broken);
  return problem === undefined ? undefined : { problem, reach: reachOf(ports, broken), print };
}

function problemOf({ end, spoilt, fault }: Broken): string | undefined {
  const problems = [
    ...(fault ? [sayFault(fault, fault.failure.file)] : []),
    ...(end.problem === undefined
      ? []
      : [spoilt ? `${spoilt.file}, from line ${spoilt.line} on: ${end.problem}` : end.problem]),
  ];
  return problems.length > 0 ? problems.join("; and ") : undefined;
}

/** How many lines are accepted with the first that is wrong, and how many of them are wrong by themselves. */
function reachOf(ports: Ports, { end, fault, hashes }: Broken): string | undefined {
  if (!fault?.first) return undefined;
  const isRecorded: boolean[] = [];
  let at = 0;
  for (const { bytes } of ports.audit.raw()) {
    at += 1;
    if (at <= fault.first.from) continue;
    const hash = ownHash(bytes, ports.sha256);
    const known = hash && hashes.get(parseEntry(new TextDecoder().decode(bytes))?.seq ?? 0);
    isRecorded.push(hash !== undefined && (known === undefined || known === hash));
  }
  const lines = isRecorded.length - end.spoilt;
  const wrong = isRecorded.slice(0, lines).filter((is) => !is).length;
  const upTo = lastEntry(ports).last?.seq ?? 0;
  const all = lines === 1 ? "that line is" : `all ${lines} lines from there up to entry ${upTo} are`;
  return `${all} accepted as they stand; of themselves ${wrong} of ${lines} are not what was recorded`;
}

const sayFault = ({ failure }: Fault, file: string) => `${file}, line ${failure.line}: ${failure.problem}`;

/** The entry that goes on with a log, and what of the log was set aside for it. */
export interface Accepted {
  entry: AuditEntry;
  kept: KeptPart[];
  /** Whether the fault stood between other entries, which stay where they are. */
  isAmid: boolean;
  /** Whether a checkpoint speaks for the entry; where none does, a fault between others is found anew. */
  isVouched: boolean;
}

/**
 * Records that a person goes on with the log as it stands, and as it was shown (else `confirm.stale`), with what was known of the one that was lost. What is wrong is
 * copied to a file beside the log first. Lines at its end that are no entries then make room for the entry in one step;
 * where a fault stands between others, all lines stay, and the entry holds the digest of those from there on. A crash before
 * the entry leaves the log as it was, and the same is done anew.
 */
export function acceptLog(ports: Ports, shown: Standing | undefined): Promise<Result<Accepted>> {
  return lockSettled(ports, lockWaitMs, () => {
    const stat = ports.audit.stat();
    const broken = lookOver(ports);
    const isShown = shown?.problem === problemOf(broken) && shown?.print === stat?.print;
    if (!isShown) return err({ code: "confirm.stale", action: acceptance });
    const { end, spoilt, fault } = broken;
    const first = fault?.first && fault.failure;
    // What was not finished goes with lines that are no entries; else the entry could not begin at a line of its own.
    const torn = spoilt ? 0 : ports.audit.tail().torn;
    if (torn > 0) ports.audit.cutTorn();
    const wrong = first ?? spoilt;
    const kept = wrong ? ports.audit.keepFrom(wrong) : [];
    const problems = [
      ...(fault ? [sayFault(fault, kept[0]?.file ?? fault.failure.file)] : []),
      ...(end.problem === undefined ? [] : [end.problem]),
    ];
    const payload = {
      problem: problems.length > 0 ? problems.join("; and ") : null,
      recorded: recordedBefore(end),
      ...(kept.length > 0 ? { kept } : {}),
      ...(torn > 0 ? { torn } : {}),
      ...(fault?.first ? { amid: amidOf(ports, fault.first, broken, kept) } : {}),
    };
    const facts = {
      actor: "user",
      surface: "cli",
      action: acceptance,
      target: null,
      payload: payload as unknown as Json,
      policy_mode: modeOf(ports, loadPolicy(ports)),
      result: "success",
    } as const;
    // Where lines only differ from what was kept of them, what was kept of the others goes on to vouch.
    const begins = end.isLost || (fault !== undefined && fault.first === undefined);
    const entry = recordAcceptance(ports, facts, { begins, first: spoilt });
    const vouched = isVouched(readCheckpoints(ports.audit.checkpoints()), entry);
    return ok({ entry, kept, isAmid: first !== undefined, isVouched: vouched });
  });
}

/** What is known of the first line that is wrong. */
interface Found {
  /** The hash of that entry as it was recorded; null where that is not known. */
  recorded: string | null;
  /** SHA-256 of the line as it stands. */
  found: string;
}

function amidOf(
  ports: Ports,
  { from, prev }: NonNullable<Fault["first"]>,
  { end, fault, hashes }: Broken,
  kept: KeptPart[],
): Amid & Found {
  let to = 0;
  let found = "";
  for (const { bytes } of ports.audit.raw()) {
    if (to === from) found = ports.sha256(bytes);
    to += 1;
  }
  to -= end.spoilt;
  return {
    file: kept[0]?.file ?? "",
    line: kept[0]?.line ?? 0,
    lines: to - from,
    prev,
    sha256: ports.audit.digestOf(from, to),
    up_to: lastEntry(ports).last?.seq ?? 0,
    recorded: hashes.get(fault?.failure.seq ?? 0) ?? null,
    found,
  };
}
