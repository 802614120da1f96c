import { countOf } from "../../core/count";

type Doc = Record<string, unknown>;

interface Checkpoint {
  seq: number;
  ts: string;
}

interface Accepted extends Checkpoint {
  problem: string | null;
  kept: string[];
  up_to?: number;
}

/** What stands behind a log that verifies, and what does not: checkpoints, earlier logs, journals. */
export function vouchers(doc: Doc): string[] {
  const checkpoint = doc.checkpoint as Checkpoint | null;
  const earlier = doc.earlier_log as { entries: number; ts: string } | null;
  const accepted = doc.accepted as Accepted[];
  const { sealed, missing } = doc.journals as { sealed: number; missing: string[] };
  const newer = Number(doc.entries) - (checkpoint?.seq ?? 0);
  return [
    checkpoint
      ? `agrees with the checkpoint of entry ${checkpoint.seq} outside the repository${newer > 0 ? `; ${newer} newer` : ""}`
      : "there is no checkpoint outside the repository: a log rewritten as a whole could not be told",
    ...(earlier
      ? [`an earlier log stood here: ${countOf(earlier.entries, "entry")} until ${earlier.ts}`]
      : []),
    ...accepted.map(({ seq, ts, problem, kept, up_to }) => {
      const as = up_to === undefined ? "went on" : `accepted the entries up to ${up_to} as they stood`;
      const aside = kept.length > 0 ? ` (kept in ${kept.join(", ")})` : "";
      return `entry ${seq} of ${ts}: a person ${as} though ${problem ?? "something was missing"}${aside}`;
    }),
    ...(sealed > 0
      ? [`journals that it sealed: ${sealed - missing.length} of ${sealed} are as they were`]
      : []),
    ...(missing.length > 0 ? [`gone: ${missing.join(", ")}`] : []),
  ];
}
