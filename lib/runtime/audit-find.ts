import { aboutEntry, isBy, isNamed } from "../core/audit/about";
import { parseEntry } from "../core/audit/chain";
import type { AuditEntry } from "../core/audit/entry";
import { ok, type Result } from "../core/result";
import { diffSequences } from "../core/sequence/diff";
import type { Sequence } from "../core/sequence/schema";
import type { Ports } from "./ports";

/** Which entries are wanted: those that fit everything that is given. */
export interface Wanted {
  /** Part of the action's name; the same of who did it, and by what. */
  action?: string;
  actor?: string;
  /** A step, gate, file or run that it is about, or one of the steps that it changed. */
  target?: string;
  /** Only what was refused or failed. */
  refused?: boolean;
  /** Only entries with a lower number. */
  before?: number;
  limit?: number;
}

/** So many entries are looked at for one answer, that others get their turn. */
const mostLooked = 50_000;
/** Of those, so many whose texts have to be read and compared to know what they changed. */
const mostCompared = 200;
const seqIn = /^\{"seq":(\d{1,16}),/;

/** Entries newest first. `next` is where to go on, for `before`; null once the first entry was looked at. */
export function findEntries(
  ports: Ports,
  wanted: Wanted,
): Result<{ entries: AuditEntry[]; next: number | null }> {
  const entries: AuditEntry[] = [];
  const changes = changeReader(ports);
  const fits = sieve(wanted, changes.by);
  let looked = 0;
  for (const line of ports.audit.backwards()) {
    // Passing over what was shown already takes no reading of it.
    const seq = Number(seqIn.exec(line)?.[1]);
    if (wanted.before !== undefined && !(seq < wanted.before)) continue;
    const isEnough = looked >= mostLooked || changes.compared() >= mostCompared;
    if (isEnough || entries.length >= (wanted.limit ?? 100)) return ok({ entries, next: seq + 1 });
    looked += 1;
    const entry = parseEntry(line);
    if (entry && fits(entry)) entries.push(entry);
  }
  return ok({ entries, next: null });
}

/** A page of the entries that fit, oldest first; a line that is no entry any more has its place only where nothing is looked for. */
export function readEntries(
  ports: Ports,
  { limit = 100, offset = 0, ...wanted }: { limit?: number; offset?: number } & Omit<Wanted, "before">,
): Result<{ entries: unknown[]; total: number; offset: number; limit: number }> {
  const entries: unknown[] = [];
  const fits = sieve(wanted, changeReader(ports).by);
  const takesAll = Object.values(wanted).every((value) => value === undefined || value === false);
  let total = 0;
  for (const { line } of ports.audit.forwards()) {
    const isShown = total >= offset && entries.length < limit;
    const entry = isShown || !takesAll ? parseEntry(line) : undefined;
    if (!takesAll && !(entry && fits(entry))) continue;
    if (isShown) entries.push(entry);
    total += 1;
  }
  return ok({ entries, total, offset, limit });
}

/** What tells the entries that are wanted from the others. */
function sieve(
  { action, actor, target, refused }: Wanted,
  changedBy: (entry: AuditEntry) => readonly string[],
): (entry: AuditEntry) => boolean {
  const isAbout = (entry: AuditEntry, wanted: string) => {
    const about = aboutEntry(entry);
    return isNamed(about.ids, wanted) || (about.isWhole && isNamed(changedBy(entry), wanted));
  };
  return (entry) =>
    (!action || entry.action.toLowerCase().includes(action.toLowerCase())) &&
    (!actor || isBy(entry, actor)) &&
    (!target || isAbout(entry, target)) &&
    (!refused || entry.result === "denied" || entry.result === "error");
}

/** Texts that are kept in mind: what follows on each other shares them. */
const mostTexts = 8;

/** What lies between two texts that were compared once, by their digests: that never changes. */
const between = new Map<string, string[]>();
const mostBetween = 2_000;

/** Names what an entry changed by putting one text in place of another; all of one that stands beside a text that can't be read. */
function changeReader(ports: Ports) {
  const known = new Map<string, Sequence | undefined>();
  const sequenceAt = (digest: string | undefined): Sequence | undefined => {
    if (known.has(digest ?? "")) return known.get(digest ?? "");
    const text = digest === undefined ? undefined : ports.definition.revision(digest);
    const checked = text?.ok ? ports.definition.check(text.value) : undefined;
    const sequence = checked?.ok ? checked.value : undefined;
    const [oldest] = known.keys();
    if (oldest !== undefined && known.size >= mostTexts) known.delete(oldest);
    known.set(digest ?? "", sequence);
    return sequence;
  };
  const none = { steps: [], gates: [] } as unknown as Sequence;
  let compared = 0;
  const by = ({ before, after, result }: AuditEntry): readonly string[] => {
    if (result !== "success" || after === undefined || before === after) return [];
    const key = `${before} ${after}`;
    const kept = between.get(key);
    if (kept) return kept;
    compared += 1;
    const [was, is] = [sequenceAt(before), sequenceAt(after)];
    const ids = diffSequences(was ?? none, is ?? none).nodes.map(({ id }) => id);
    // A text that can't be had may come back.
    if (!was || !is) return ids;
    if (between.size >= mostBetween) between.clear();
    between.set(key, ids);
    return ids;
  };
  return { by, compared: () => compared };
}
