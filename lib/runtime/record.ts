import { parseEntry } from "../core/audit/chain";
import type { Checkpoint } from "../core/audit/checkpoint";
import { type AuditEntry, type AuditFacts, chainEntry, genesis } from "../core/audit/entry";
import { scrubJson, scrubText } from "../core/audit/scrub";
import type { Fact } from "../core/engine/fact";
import { emptyRun } from "../core/engine/run";
import type { FailureOf } from "../core/failure";
import { renderFailure } from "../core/failure-table";
import type { Json } from "../core/json";
import { builtIn } from "../core/policy/policy";
import { err, ok, type Result } from "../core/result";
import { lastEntry, logEnd, recordedBefore, refuseAtEnd, refuseSpoilt } from "./log-end";
import { faultInside } from "./log-seen";
import type { LinePlace, Ports } from "./ports";
import { appendFacts, foldInto } from "./state";
import type { StuckFile } from "./worktree-ports";

/** Chains one entry onto the audit log and waits for the disk; a torn last line is repaired first, and that recorded. */
export function recordAudit(ports: Ports, facts: AuditFacts): Result<AuditEntry> {
  const repaired = repairAudit(ports, facts.policy_mode);
  return repaired.ok ? chain(ports, facts) : repaired;
}

/**
 * Chains the entry by which a person goes on with the log as it stands to the last one that there is; with `first` in the
 * place of the lines from there on, which are no entries. `begins` says that no earlier checkpoint counts. Whoever calls has
 * kept what is at stake. Needs the lock.
 */
export function recordAcceptance(
  ports: Ports,
  facts: AuditFacts,
  { begins, first }: { begins: boolean; first: LinePlace | undefined },
): AuditEntry {
  const { last } = lastEntry(ports);
  if (!first) return append(ports, last, facts, begins);
  return append(ports, last, facts, begins, (line, checkpoint) =>
    ports.audit.replaceFrom(first, line, checkpoint),
  );
}

/** Cuts off a last line that was never finished, keeping its bytes beside the log; the number of bytes. Needs the lock. */
export function repairAudit(ports: Ports, mode: string): Result<number> {
  const { torn } = ports.audit.tail();
  if (torn === 0) return ok(0);
  ports.audit.cutTorn();
  const entry = chain(ports, systemFact("audit.repaired", null, { bytes: torn }, mode));
  return entry.ok ? ok(torn) : entry;
}

function chain(ports: Ports, facts: AuditFacts): Result<AuditEntry> {
  const end = logEnd(ports);
  if (end.spoilt > 0) return err(refuseSpoilt(ports, end.spoilt));
  const { last, problem, isGone } = end;
  const isFirst = last === undefined && facts.action === "workspace.init";
  // Written on, it would be a log that never was, and nobody would be told before somebody asks.
  if (problem !== undefined && !isFirst) return err(refuseAtEnd(ports, problem));
  const fault = faultInside(ports, end);
  if (fault) return err(fault);
  if (!isGone || isFirst) return ok(append(ports, last, facts, isFirst || problem !== undefined));
  const begun = systemFact("audit.begun_anew", null, { recorded: recordedBefore(end) }, facts.policy_mode);
  return ok(append(ports, append(ports, undefined, begun, true), facts, false));
}

/** Secrets are replaced before hashing: what is chained can't be removed later. `begins` says that no earlier checkpoint counts. */
function append(
  ports: Ports,
  prev: { seq: number; hash: string } = { seq: 0, hash: genesis },
  facts: AuditFacts,
  begins: boolean,
  write: (line: string, checkpoint: Checkpoint) => void = ports.audit.append,
): AuditEntry {
  const known = ports.knownSecrets();
  const error = facts.error && { code: facts.error.code, message: scrubText(facts.error.message, known) };
  const clean = {
    ...facts,
    // A call of what does not exist may be named anything.
    action: scrubText(facts.action, known),
    target: facts.target && scrubText(facts.target, known),
    payload: scrubJson(facts.payload, known),
    ...(error ? { error } : {}),
  };
  const at = { seq: prev.seq + 1, ts: new Date(ports.now()).toISOString(), prev: prev.hash };
  const { line, hash } = chainEntry(clean, at, ports.sha256);
  write(line, { seq: at.seq, hash, ts: at.ts, ...(begins ? { began: true as const } : {}) });
  return { ...clean, ...at, hash };
}

/** An entry about something ThreadOS itself noticed or did. */
export function systemFact(action: string, target: string | null, payload: Json, mode: string): AuditFacts {
  return {
    actor: "system",
    surface: "engine",
    action,
    target,
    payload,
    policy_mode: mode,
    result: "success",
  };
}

/** The digest of the definition that the audit log knows of last. */
export function knownDigest(ports: Ports): string | undefined {
  for (const line of ports.audit.backwards()) {
    if (!line.includes('"after":"')) continue;
    const entry = parseEntry(line);
    if (entry?.result === "success" && entry.after) return entry.after;
  }
  return undefined;
}

/** Facts that an entry promised to the journal of a run. */
interface Promised {
  run: string;
  from: number;
  facts: Fact[];
}

/** A file that an entry says was replaced: digests before (null where there was none) and after. */
export interface FileNote {
  path: string;
  before: string | null;
  after: string;
}

/** Packs facts into an audit payload, so that a crash between the two files can be mended. */
export function promise(run: string, from: number, facts: readonly Fact[]): { promised: Json } {
  return { promised: { run, from, facts: facts as unknown as Json } };
}

/**
 * Runs `work` under the workspace lock once what a crash interrupted is finished. Whoever chains an entry takes the lock
 * this way: only the last entry tells what is left to do, and another one behind it would bury that.
 */
export function lockSettled<T>(ports: Ports, waitMs: number, work: () => Result<T>): Promise<Result<T>> {
  return ports.withLock(waitMs, () => {
    finishInterrupted(ports);
    return work();
  });
}

/** Finishes what a crash interrupted between the audit log and what its last entry is about: the definition, other files, a run. Needs the lock. */
export function finishInterrupted(ports: Ports): void {
  const entry = lastEntry(ports).last;
  const pending = ports.definition.pending();
  if (pending !== undefined) {
    const present = ports.definition.loadText();
    // Whoever edited the file by hand since then keeps what they wrote; it is noticed as an edit from outside.
    const untouched = !present.ok || entry?.before === undefined || present.value.digest === entry.before;
    if (entry?.after === pending && entry.result === "success" && untouched)
      ports.definition.publish(pending);
    else ports.definition.discard(pending);
  }
  const promises = entry?.result === "success" ? (entry.payload as Promises | null) : undefined;
  const torn = ports.successors.pending().length > 0 ? finishFiles(ports, promises?.files ?? []) : [];
  const patch = ports.worktrees.staged();
  let stuck: StuckFile[] = [];
  if (patch !== undefined) {
    const facts = promises?.promised?.facts ?? [];
    const isPicked = facts.some((fact) => fact.type === "fusion.picked" && fact.patch === patch);
    if (isPicked) stuck = ports.worktrees.publish(patch);
    else ports.worktrees.discard();
  }
  if (promises?.promised) keepPromise(ports, promises.promised);
  // Last of all: another entry behind the one that tells what is left would bury it.
  for (const note of torn) tellTorn(ports, note, entry?.policy_mode ?? builtIn.mode);
  if (stuck.length > 0 && entry) tellStuck(ports, entry, stuck);
}

/** What could not be done must not be in the way of every later change: it is recorded, and then left. */
function tellStuck(ports: Ports, { target, policy_mode }: AuditEntry, stuck: StuckFile[]): void {
  const failure = stuckFailure(stuck);
  const told = recordAudit(ports, {
    ...systemFact("fusion.files_left", target, { files: stuck as unknown as Json }, policy_mode),
    result: "error",
    error: { code: failure.code, message: renderFailure(failure).message },
  });
  if (told.ok) ports.worktrees.discard();
}

/** Files of a patch that could not be put in place although the choice of it is recorded, as a refusal. */
export function stuckFailure(stuck: StuckFile[]): FailureOf<"io.failed"> {
  const said = stuck.slice(0, 10).map(({ path, problem }) => `${path} (${problem})`);
  const more = stuck.length > said.length ? ` and ${stuck.length - said.length} more` : "";
  return {
    code: "io.failed",
    path: stuck[0]?.path ?? "",
    problem: `the choice is recorded, but could not be put in place: ${said.join(", ")}${more}`,
    hint: "mend what stands in the way, then take those files from the candidate's diff.patch: `git apply --include=<file>`",
  };
}

interface Promises {
  promised?: Promised;
  files?: FileNote[];
}

/** Here too what somebody wrote by hand since then stays. */
function finishFiles(ports: Ports, notes: FileNote[]): FileNote[] {
  const waiting = notes.filter(({ path, before }) => (ports.successors.present(path) ?? null) === before);
  const torn = waiting.filter(({ path, before, after }) => {
    const isThere = ports.successors.publish(after, path);
    return !isThere && before !== after;
  });
  for (const name of ports.successors.pending()) ports.successors.discard(name);
  return torn;
}

function tellTorn(ports: Ports, note: FileNote, mode: string): void {
  const failure = tornFailure(note);
  recordAudit(ports, {
    ...systemFact("file.not_replaced", note.path, { after: note.after }, mode),
    result: "error",
    error: { code: failure.code, message: renderFailure(failure).message },
  });
}

/** A text that is recorded as a file's, and of which only a part was on the disk. */
export function tornFailure({ path }: FileNote): FailureOf<"io.failed"> {
  return {
    code: "io.failed",
    path: `.threados/${path}`,
    problem: "the change is recorded, but its text was not whole on the disk; the old one stands",
    hint: "look at the disk, then make the change again",
  };
}

/** What of it stands in the journal already is not added again: a crash may have come amid the writing. */
function keepPromise(ports: Ports, { run: id, from, facts }: Promised): void {
  const opened = ports.runs.open(id);
  const journal = opened.ok ? opened.value : ports.runs.create(id);
  const run = emptyRun(id);
  const news = journal.news();
  if (news.ok && foldInto(run, news.value, id).ok) {
    const behind = news.value.slice(from - facts.length);
    const kept = behind.filter(({ type }) => type !== "journal.repaired").length;
    if (kept < facts.length) appendFacts(ports, journal, run, facts.slice(kept), true);
  }
  journal.close();
}

/** Notices a definition that was changed behind ThreadOS's back, keeps it as a revision and records it. Needs the lock. */
export function noticeOutsideEdit(ports: Ports, mode: string): Result<boolean> {
  const found = ports.definition.loadText();
  if (!found.ok) return ok(false);
  const before = knownDigest(ports);
  if (before === found.value.digest) return ok(false);
  ports.definition.keep(found.value.text);
  const facts = systemFact("sequence.edited_outside", null, null, mode);
  const entry = recordAudit(ports, { ...facts, ...(before ? { before } : {}), after: found.value.digest });
  return entry.ok ? ok(true) : entry;
}
