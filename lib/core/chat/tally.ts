import type { Clause } from "./clause";
import { literalOf } from "./phrase";

/** A clause whose words are accounted for one by one, in whatever order they stand. */
export interface Tally {
  /** What is not accounted for yet; nodes are taken out. */
  left: string;
  /** Ids of the nodes that are named letter by letter, each once, in their order. */
  refs: string[];
}

const token = /«\d+»|[\p{L}\p{N}_][\p{L}\p{N}_.-]*[\p{L}\p{N}_]|[\p{L}\p{N}_]/gu;

/** Takes the nodes that a clause names by their ids out of it. */
export function tally({ text, phrase, world: { sequence } }: Clause): Tally {
  const ids = new Set([...(sequence.steps ?? []), ...(sequence.gates ?? [])].map(({ id }) => id));
  const refs = new Set<string>();
  const left = text.replace(token, (word) => {
    const said = literalOf(phrase, word) ?? word;
    if (!ids.has(said)) return word;
    refs.add(said);
    return "§";
  });
  return { left: left.replace(/§(?:'s|')?/g, "§"), refs: [...refs] };
}

/**
 * What is left where the nodes that are named stand in a row and nowhere else, the row as one: `retry a when b fails` is about
 * two things.
 */
export function rowOf(left: string, refs: readonly string[]): string | undefined {
  if (refs.length < 2) return refs.length === 1 ? left : undefined;
  const row = left.replace(/§(?:(?:,| and|, and) §)+/, "§");
  return row.split("§").length === 2 ? row : undefined;
}

/** Words that may stand anywhere, for `saysOnly`: pieces of a pattern, the more particular ones last. */
export function vocabulary(...words: readonly string[]): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}_])(?:${words.toReversed().join("|")})(?![\\p{L}\\p{N}_])`, "giu");
}

/** Whether nothing is left that was not understood. */
export function saysOnly(left: string, known: RegExp): boolean {
  return (
    left
      .replaceAll("§", " ")
      .replace(/(?<=\w)'s?(?!\w)/g, " ")
      .replace(known, " ")
      .replace(/[\s,.:;!?()=–—-]+/g, "") === ""
  );
}

/** What holds a sentence together and says nothing by itself. A word that turns its meaning round is not among them. */
export const joints =
  "the|a|an|of|for|to|in|on|at|by|with|as|and|it|its|this|that|is|are|be|been|should|must|shall|will|would|can|may|has to|have|has|had|so|so that|i|we|you|me|us|my|our|now|please|step|steps|task|tasks|job|node|gate|from now on|instead";

const question =
  /^(?:should|shall|is|are|was|were|does|do|did|has|have|had|may|might|must|what|which|who|why|how|where|when)(?= )/i;

/** Whether a clause asks rather than tells. */
export const asksFirst = (text: string): boolean =>
  question.test(text) && !/^(?:which|what) .+ (?:should|must|shall) be /i.test(text);
