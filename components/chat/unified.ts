import { parsePatch } from "diff";

/** One line of a diff with its number in the old and the new text. */
interface DiffLine {
  sign: " " | "+" | "-";
  text: string;
  before: number | null;
  after: number | null;
}

/** A piece of a diff: what changes, with the lines around it. */
interface DiffHunk {
  key: string;
  lines: DiffLine[];
}

/** A unified diff, taken apart. */
export function hunksOf(unified: string): DiffHunk[] {
  return parsePatch(unified).flatMap(({ hunks }) =>
    hunks.map(({ oldStart, newStart, lines }) => {
      let [before, after] = [oldStart, newStart];
      return {
        key: `${oldStart} ${newStart}`,
        lines: lines
          .filter((line) => !line.startsWith("\\"))
          .map((line): DiffLine => {
            const sign = line.charAt(0) as DiffLine["sign"];
            return {
              sign,
              text: line.slice(1),
              before: sign === "+" ? null : before++,
              after: sign === "-" ? null : after++,
            };
          }),
      };
    }),
  );
}

/** How many lines come and go. */
export function sizeOf(hunks: readonly DiffHunk[]): { added: number; removed: number } {
  const lines = hunks.flatMap((hunk) => hunk.lines);
  return {
    added: lines.filter(({ sign }) => sign === "+").length,
    removed: lines.filter(({ sign }) => sign === "-").length,
  };
}
