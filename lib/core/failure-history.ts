import type { FailureOf } from "./failure";
import { absent, bad, corrupt, type Rendering, stale } from "./failure-rendering";

type Codes =
  | "undo.nothing"
  | "undo.other_actor"
  | "undo.pick"
  | "revision.stale"
  | "revision.missing"
  | "revision.broken"
  | "revision.unknown"
  | "diff.nothing";

/** Refusals about changes and revisions of the definition. */
export const historyRows: { [C in Codes]: Rendering<FailureOf<C>> } = {
  "undo.nothing": { ...bad, message: (f) => `there is nothing to ${f.direction}` },
  "undo.other_actor": {
    ...stale,
    message: (f) => `the next change to ${f.direction} was made by ${f.actor}: ${f.summary}`,
    hint: (f) => `take it along with \`seqctl ${f.direction} --any\``,
  },
  "undo.pick": {
    ...stale,
    message: (f) =>
      `the last change brought the changes of '${f.candidate}' into your files, and that is not undone here`,
    hint: (f) =>
      `\`git diff\` shows them, and \`git restore <file>\` takes one back; \`seqctl undo --any\` undoes the change of the sequence before it: ${f.before}`,
  },
  "revision.stale": {
    ...stale,
    message: (f) => `${f.what ?? "the sequence"} changed meanwhile`,
    hint: () => "load it again and repeat the change",
  },
  "revision.missing": {
    ...corrupt,
    message: (f) => `revision ${f.digest.slice(0, 12)} is missing below .threados/revisions`,
    hint: () => "restore the file from a backup",
  },
  "revision.broken": {
    ...bad,
    message: (f) => `revision ${f.digest.slice(0, 12)} was no sequence that can be compared: ${f.problem}`,
    hint: (f) =>
      `\`seqctl diff A B\` compares revisions that were whole${f.whole === undefined ? "" : `; the last one before it was ${f.whole.slice(0, 12)}`}`,
  },
  "revision.unknown": {
    ...absent,
    message: (f) =>
      f.matches.length > 1
        ? `'${f.wanted}' is the beginning of several revisions: ${f.matches.map((m) => m.slice(0, 16)).join(", ")}`
        : `there is no revision '${f.wanted}'`,
    hint: () =>
      "give four or more of its first characters; `seqctl audit tail --json` tells of changes with their `after`",
  },
  "diff.nothing": {
    ...bad,
    message: () => "nothing has been changed yet",
    hint: () => "`seqctl step add …` changes something; `seqctl diff <rev>` compares with a revision",
  },
};
