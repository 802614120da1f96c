import { checkFree } from "../sequence/ids";
import type { Step } from "../sequence/schema";
import { literalOf, type Phrase, plainText } from "./phrase";
import type { Reading, World } from "./reading";
import { toId } from "./values";

/** One request on its own, ready to be read. */
export interface Clause {
  /** Without what politeness puts around it. */
  text: string;
  phrase: Phrase;
  world: World;
}

/** Reads a clause of one kind; undefined if it is of another. */
export type Reader = (clause: Clause) => Reading | undefined;

/** Words for a step in a sentence. */
export const stepWord = "(?:steps?|tasks?|nodes?|jobs?|stages?)";
/** Words for the whole of it. */
export const wholeWord = "(?:sequence|pipeline|workflow|flow|plan|graph|lot|thing|process|whole thing)";

/** What stands in quotes, or the words as typed. */
export function textOf({ phrase }: Clause, words: string): string {
  return literalOf(phrase, words) ?? plainText(phrase, words);
}

/** A step by its id. */
export function stepOf(world: World, id: string): Step | undefined {
  return world.sequence.steps?.find((step) => step.id === id);
}

/** What a step or gate names in `depends_on`. */
export function needsOfNode({ sequence }: World, id: string): string[] {
  const node = sequence.steps?.find((s) => s.id === id) ?? sequence.gates?.find((g) => g.id === id);
  return node?.depends_on ?? [];
}

/** The steps and gates that name a node in `depends_on`. */
export function namedBy({ sequence }: World, id: string): string[] {
  const nodes = [...(sequence.steps ?? []), ...(sequence.gates ?? [])];
  return nodes.filter((node) => node.id !== id && node.depends_on?.includes(id)).map((node) => node.id);
}

/** An id that is free: the wanted one, else with the first number behind it that is. */
export function freeId({ sequence }: World, wanted: string, taken: readonly string[] = []): string {
  const isFree = (id: string) =>
    checkFree(sequence, id).ok && !taken.some((other) => other.toLowerCase() === id.toLowerCase());
  const stem = wanted.slice(0, 60);
  let id = wanted;
  for (let number = 2; !isFree(id) && number < 10_000; number++) id = `${stem}-${number}`;
  return id;
}

const determiner = /^(?:the|a|an|my|our|this|that|some|another|new|extra|additional|one|more|also) (?=\S)/i;
const noun = /^(?:shell |agent )?(?:steps?|tasks?|nodes?|jobs?|stages?)(?: (?:called|named))?(?: |$)/i;
const behind = / (?:steps?|tasks?|nodes?|jobs?|stages?)$/i;

/**
 * A name for something new: its id, and what people call it where an id can't say that. What was said to be its name
 * (`isGiven`) is kept as it was said, without quotes too.
 */
export function newName(
  clause: Clause,
  words: string,
  isGiven = false,
): { id: string; name?: string } | undefined {
  let said = words.trim();
  for (let last = ""; last !== said; ) {
    last = said;
    said = said.replace(determiner, "").replace(noun, "").replace(behind, "").trim();
  }
  const text = textOf(clause, said);
  const id = toId(text);
  if (id === "" || !/^[A-Za-z0-9]/.test(id)) return undefined;
  const isName = isGiven || literalOf(clause.phrase, said) !== undefined;
  return isName && id !== text ? { id, name: isGiven ? textOf(clause, words.trim()) : text } : { id };
}
