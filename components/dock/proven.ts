import { sayWhole } from "../state/amount";

/** How much of the record was verified; what came since is not. */
export function sayProven(entries: number, newest: number): string {
  const [proven, all] = [entries, newest].map(sayWhole);
  return newest > entries ? `${proven} of ${all} verified` : `${proven} verified`;
}

/** That the record does not hold, and where. */
export const sayBroken = ({ line }: { line?: number }): string =>
  line ? `chain broken at line ${line}` : "record broken";
