import { parseEntry } from "../core/audit/chain";
import type { AuditEntry } from "../core/audit/entry";
import { renderFailure } from "../core/failure-table";
import { err, ok, type Result } from "../core/result";
import { diffSequences, type SequenceDiff } from "../core/sequence/diff";
import type { Sequence } from "../core/sequence/schema";
import { shownDiff } from "../core/sequence/shown-source";
import type { Ports } from "./ports";

/** A revision of the definition, and the recorded change that brought it. */
export interface Revision {
  digest: string;
  /** null for a text that nothing is recorded about yet. */
  by: { seq: number; ts: string; actor: string; action: string; target: string | null } | null;
}

/** What `diff` answers. */
export interface DiffDoc extends SequenceDiff {
  from: Revision;
  to: Revision;
  /** Digest of the revision that would have been compared and was no valid sequence; an older one stands in for it. */
  skipped?: string;
}

function revisionOf(entry: AuditEntry, digest: string): Revision {
  const { seq, ts, actor, action, target } = entry;
  return { digest, by: { seq, ts, actor, action, target } };
}

/** Changes of the definition, newest first. */
export function* changes(ports: Pick<Ports, "audit">): Generator<AuditEntry & { after: string }> {
  for (const line of ports.audit.backwards()) {
    if (!line.includes('"after":"')) continue;
    const entry = parseEntry(line);
    if (entry?.result === "success" && entry.after && entry.after !== entry.before)
      yield { ...entry, after: entry.after };
  }
}

function lastChange(ports: Ports) {
  for (const entry of changes(ports)) return entry;
  return undefined;
}

/** The revision whose digest begins so; the newest change that brought it is named. */
function findRevision(ports: Ports, wanted: string): Result<Revision> {
  const found = new Map<string, Revision>();
  for (const entry of changes(ports))
    if (entry.after.startsWith(wanted.toLowerCase()) && !found.has(entry.after))
      found.set(entry.after, revisionOf(entry, entry.after));
  const [only] = found.values();
  if (found.size === 1 && only && wanted.length >= 4) return ok(only);
  return err({ code: "revision.unknown", wanted, matches: [...found.keys()].slice(0, 5) });
}

function present(ports: Ports): Result<Revision> {
  const text = ports.definition.loadText();
  if (!text.ok) return text;
  const { digest } = text.value;
  const last = lastChange(ports);
  return ok(last?.after === digest ? revisionOf(last, digest) : { digest, by: null });
}

/** The two ends of a comparison: both as named, one against the present, or what the last change did. */
function ends(ports: Ports, from?: string, to?: string): Result<[Revision, Revision]> {
  const newest = to === undefined ? present(ports) : findRevision(ports, to);
  if (!newest.ok) return newest;
  if (from !== undefined) {
    const older = findRevision(ports, from);
    return older.ok ? ok([older.value, newest.value]) : older;
  }
  const changed = lastChange(ports);
  if (newest.value.by === null && changed) return ok([revisionOf(changed, changed.after), newest.value]);
  if (!changed?.before) return err({ code: "diff.nothing" });
  const before = findRevision(ports, changed.before);
  return ok([before.ok ? before.value : { digest: changed.before, by: null }, newest.value]);
}

/** A fault of an earlier revision is told with that revision: at its place the file of today holds something else. */
function sequenceAt(ports: Ports, digest: string): Result<Sequence> {
  const now = ports.definition.loadText();
  if (now.ok && now.value.digest === digest) return ports.definition.check(now.value.text);
  const text = ports.definition.revision(digest);
  if (!text.ok) return text;
  const checked = ports.definition.check(text.value);
  if (checked.ok) return checked;
  const { place } = checked.failure;
  const whole = lastWhole(ports, digest)?.revision.digest;
  return err({
    code: "revision.broken",
    digest,
    problem: renderFailure(checked.failure).message,
    ...(whole === undefined ? {} : { whole }),
    ...(place ? { place: { ...place, file: `.threados/revisions/${digest}.yaml` } } : {}),
  });
}

/** The newest valid revision that was recorded before the one of that digest. */
function lastWhole(ports: Ports, digest: string): { revision: Revision; sequence: Sequence } | undefined {
  const tried = new Set([digest]);
  const found = (revision: Revision) => {
    if (tried.has(revision.digest)) return undefined;
    tried.add(revision.digest);
    const text = ports.definition.revision(revision.digest);
    const sequence = text.ok ? ports.definition.check(text.value) : text;
    return sequence.ok ? { revision, sequence: sequence.value } : undefined;
  };
  let isOlder = false;
  let oldest: AuditEntry | undefined;
  for (const entry of changes(ports)) {
    const whole = isOlder ? found(revisionOf(entry, entry.after)) : undefined;
    if (whole) return whole;
    isOlder ||= entry.after === digest || entry.before === digest;
    oldest = entry;
  }
  return oldest?.before ? found({ digest: oldest.before, by: null }) : undefined;
}

/** What changed between two revisions; the last change if none is named. */
export function diffRevisions(ports: Ports, wanted: { from?: string; to?: string }): Result<DiffDoc> {
  const found = ends(ports, wanted.from, wanted.to);
  if (!found.ok) return found;
  const [from, to] = found.value;
  const after = sequenceAt(ports, to.digest);
  if (!after.ok) return after;
  const before = sequenceAt(ports, from.digest);
  const known = ports.knownSecrets();
  if (before.ok) return ok({ from, to, ...shownDiff(diffSequences(before.value, after.value), known) });
  const isBroken = before.failure.code === "revision.broken";
  const whole = isBroken && wanted.from === undefined ? lastWhole(ports, from.digest) : undefined;
  if (!whole) return before;
  const { revision, sequence } = whole;
  const diff = shownDiff(diffSequences(sequence, after.value), known);
  return ok({ from: revision, to, skipped: from.digest, ...diff });
}
