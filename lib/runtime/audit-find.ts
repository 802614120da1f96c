import { parseEntry } from "../core/audit/chain";
import type { AuditEntry } from "../core/audit/entry";
import { ok, type Result } from "../core/result";
import type { Ports } from "./ports";

/** Which entries are wanted: those that fit everything that is given. */
export interface Wanted {
  /** Part of the action's name; the same of the actor's. */
  action?: string;
  actor?: string;
  target?: string;
  /** Only what was refused or failed. */
  refused?: boolean;
  /** Only entries with a lower number. */
  before?: number;
  limit?: number;
}

/** So many entries are looked at for one answer, that others get their turn. */
const mostLooked = 50_000;
const seqIn = /^\{"seq":(\d{1,16}),/;

/** Entries newest first. `next` is where to go on, for `before`; null once the first entry was looked at. */
export function findEntries(
  ports: Ports,
  wanted: Wanted,
): Result<{ entries: AuditEntry[]; next: number | null }> {
  const entries: AuditEntry[] = [];
  let looked = 0;
  for (const line of ports.audit.backwards()) {
    // Passing over what was shown already takes no reading of it.
    const seq = Number(seqIn.exec(line)?.[1]);
    if (wanted.before !== undefined && !(seq < wanted.before)) continue;
    if (entries.length >= (wanted.limit ?? 100) || looked >= mostLooked)
      return ok({ entries, next: seq + 1 });
    looked += 1;
    const entry = parseEntry(line);
    if (entry && fits(entry, wanted)) entries.push(entry);
  }
  return ok({ entries, next: null });
}

function fits(entry: AuditEntry, { action, actor, target, refused }: Wanted): boolean {
  const holds = (text: string, part: string | undefined) =>
    part === undefined || text.toLowerCase().includes(part.toLowerCase());
  if (!holds(entry.action, action) || !holds(entry.actor, actor)) return false;
  if (target !== undefined && entry.target !== target) return false;
  return !refused || entry.result === "denied" || entry.result === "error";
}
