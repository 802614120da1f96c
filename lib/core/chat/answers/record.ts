import type { AuditEntry } from "../../audit/entry";
import { code, count, type Doc, list, moment, parts, rowsOf, table, upper, words } from "./markdown";

const row = (entry: AuditEntry) => [
  code(`audit #${entry.seq}`),
  moment(entry.ts),
  words(entry.actor),
  words(entry.action),
  entry.target === null ? "" : words(entry.target),
  entry.error ? `${entry.result}: ${words(entry.error.code)}` : entry.result,
];

/** Entries of the audit log. */
export function sayEntries({ entries, total, offset }: Doc): string {
  const all = rowsOf<AuditEntry | null>(entries).filter((entry) => entry !== null);
  if (all.length === 0)
    return Number(offset) > 0 ? "The audit log has no entries there." : "The audit log is empty.";
  const of = typeof total === "number" && total > all.length ? ` of ${total}` : "";
  return parts(
    `${upper(count(all.length, "entry"))}${of}:`,
    table(["entry", "when", "who", "did", "about", "result"], all.map(row)),
  );
}

/** Entries that were looked for. */
export function sayFound({ entries, next }: Doc): string {
  const all = rowsOf<AuditEntry>(entries);
  return parts(
    all.length === 0
      ? "No entry of the audit log fits."
      : `${upper(count(all.length, "entry"))} that ${all.length === 1 ? "fits" : "fit"}, newest first:`,
    all.length > 0 && table(["entry", "when", "who", "did", "about", "result"], all.map(row)),
    typeof next === "number" && `Older ones: \`seqctl audit find --before ${next}\`.`,
  );
}

/** Whether the log's chain holds, and what vouches for it. */
export function sayVerified(doc: Doc): string {
  const checkpoint = doc.checkpoint as { seq: number; ts: string } | null;
  const earlier = doc.earlier_log as { entries: number; ts: string } | null;
  const accepted = rowsOf<{ seq: number; ts: string; problem: string | null; kept: string[] }>(doc.accepted);
  const journals = doc.journals as { sealed: number; missing: string[] };
  const kept = journals.sealed - journals.missing.length;
  return `The audit log is intact: ${count(Number(doc.entries), "entry")}, each chained to the one before it.\n${list(
    [
      checkpoint
        ? `It agrees with the checkpoint of ${code(`audit #${checkpoint.seq}`)} that is kept outside the repository.`
        : "No checkpoint is kept outside the repository: a log rewritten as a whole could not be told.",
      earlier
        ? `An earlier log stood here: ${count(earlier.entries, "entry")} until ${moment(earlier.ts)}.`
        : "",
      ...accepted.map(
        ({ seq, ts, problem, kept }) =>
          `By ${code(`audit #${seq}`)} (${moment(ts)}) a person went on though ${words(problem ?? "something was missing")}.${kept.length > 0 ? ` Kept: ${words(kept.join(", "))}.` : ""}`,
      ),
      journals.sealed > 0 ? `Of ${count(journals.sealed, "sealed journal")} ${kept} are as they were.` : "",
      journals.missing.length > 0 ? `Gone: ${words(journals.missing.join(", "))}.` : "",
      Number(doc.repaired_bytes) > 0
        ? `A torn last line of ${count(Number(doc.repaired_bytes), "byte")} was repaired.`
        : "",
    ].filter(Boolean),
  )}`;
}
