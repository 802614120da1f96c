import { diffArrays } from "diff";

/** Lines of the base, from `start` to before `end`, that one side replaced. */
interface Change {
  start: number;
  end: number;
  lines: string[];
}

/** What somebody typed, put on top of what the text became meanwhile; undefined where both changed the same lines, or neighbours. */
export function mergeTexts(base: string, mine: string, theirs: string): string | undefined {
  if (mine === base || mine === theirs) return theirs;
  if (theirs === base) return mine;
  const lines = base.split("\n");
  const ours = changesOf(lines, mine.split("\n"));
  const others = changesOf(lines, theirs.split("\n"));
  if (ours.some((a) => others.some((b) => a.start <= b.end && b.start <= a.end))) return undefined;
  // From the end to the beginning, so that what is still to be replaced stands where it stood.
  for (const { start, end, lines: fresh } of [...ours, ...others].sort((a, b) => b.start - a.start))
    lines.splice(start, end - start, ...fresh);
  return lines.join("\n");
}

function changesOf(base: string[], text: string[]): Change[] {
  const changes: Change[] = [];
  let at = 0;
  let open: Change | undefined;
  for (const { value, added, removed } of diffArrays(base, text)) {
    if (!added && !removed) {
      at += value.length;
      open = undefined;
      continue;
    }
    if (!open) {
      open = { start: at, end: at, lines: [] };
      changes.push(open);
    }
    if (added) open.lines.push(...value);
    else {
      at += value.length;
      open.end = at;
    }
  }
  return changes;
}
