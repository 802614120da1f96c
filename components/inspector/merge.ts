import { applyPatch, structuredPatch } from "diff";

/** What somebody typed, put on top of what the text became meanwhile; undefined where both changed the same lines. */
export function mergeTexts(base: string, mine: string, theirs: string): string | undefined {
  if (mine === base || mine === theirs) return theirs;
  if (theirs === base) return mine;
  const patch = structuredPatch("", "", base, mine, "", "", { context: 1 });
  const merged = applyPatch(theirs, patch);
  return merged === false ? undefined : merged;
}
