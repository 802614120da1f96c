import { nearest } from "../nearest";
import { literalOf, type Phrase, plainText, quotedAgain } from "./phrase";
import { type Reading, unsure, type World } from "./reading";

/** What kinds of node a place in a sentence takes. */
export type Kind = "step" | "gate" | "node";

/** A node that was meant, or why none could be told. */
export type Found =
  | { ok: true; id: string; kind: "step" | "gate" }
  /** `none` says that nothing is like it at all. */
  | { ok: false; reading: Reading; none: boolean };

interface Candidate {
  id: string;
  name: string;
  kind: "step" | "gate";
}

const determiner =
  /^(?:(?:the |a )?(?:single|individual|one)|the|a|an|my|our|this|that|of|both|each|every|existing|current) /i;
const noun =
  "steps?|tasks?|nodes?|jobs?|stages?|gates?|approval gates?|approvals?|checkpoints?|threads?|phases?|fusions?";
const leading = new RegExp(`^(?:${noun})(?: (?:called|named|with (?:the )?id))? (?=\\S)`, "i");
const trailing = new RegExp(` (?:${noun}|one)$`, "i");

/** The words without what only says that they name a node; all forms worth a look, the barest last. */
export function namesIn(words: string): string[] {
  const forms = [words.trim()];
  for (const strip of [determiner, leading, trailing]) {
    const shorter = (forms.at(-1) ?? "").replace(strip, "").trim();
    if (shorter !== "" && shorter !== forms.at(-1)) forms.push(shorter);
  }
  return forms;
}

const wordsOf = (text: string) =>
  text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
const squeezed = (text: string) => wordsOf(text).join("");
const akin = (a: string, b: string) =>
  a === b || (Math.min(a.length, b.length) >= 4 && (a.startsWith(b) || b.startsWith(a)));

/** Every node of the sequence. */
function candidates({ sequence }: World, kind: Kind): Candidate[] {
  const steps = (sequence.steps ?? []).map(({ id, name }) => ({
    id,
    name: name ?? id,
    kind: "step" as const,
  }));
  const gates = (sequence.gates ?? []).map(({ id, name }) => ({ id, name, kind: "gate" as const }));
  return kind === "step" ? steps : kind === "gate" ? gates : [...steps, ...gates];
}

/** The nodes that words could mean, by the strictest measure that finds any. */
function look(all: readonly Candidate[], forms: readonly string[]): Candidate[] {
  const measures: ((form: string, one: Candidate) => boolean)[] = [
    (form, { id }) => id === form,
    (form, { id }) => id.toLowerCase() === form.toLowerCase(),
    (form, { name }) => name.toLowerCase() === form.toLowerCase(),
    (form, { id, name }) =>
      squeezed(form) !== "" && [id, name].some((text) => squeezed(text) === squeezed(form)),
    (form, { id, name }) => contains(wordsOf(form), wordsOf(id)) || contains(wordsOf(form), wordsOf(name)),
    (form, { id, name }) => [id, name].some((text) => isJumbled(form, text)),
  ];
  for (const fits of measures) {
    for (const form of forms) {
      const found = all.filter((one) => fits(form, one));
      if (found.length > 0) return found;
    }
  }
  const known = new Map(all.flatMap((one) => [[one.name, one] as const, [one.id, one] as const]));
  for (const form of forms) {
    const near = nearest(form, known.keys());
    const best = near === undefined ? undefined : known.get(near);
    if (best) return [best];
  }
  return [];
}

/** The same letters in another order, as fast fingers leave them. */
function isJumbled(a: string, b: string): boolean {
  const letters = (text: string) => [...squeezed(text)].sort().join("");
  return a.length > 3 && a[0]?.toLowerCase() === b[0]?.toLowerCase() && letters(a) === letters(b);
}

function contains(wanted: string[], present: string[]): boolean {
  return wanted.length > 0 && wanted.every((word) => present.some((other) => akin(word, other)));
}

/** The node that words mean: by id, by name, by words of either, else the nearest. */
export function findNode(world: World, phrase: Phrase, words: string, kind: Kind): Found {
  const forms =
    literalOf(phrase, words) === undefined ? namesIn(words) : [literalOf(phrase, words) as string];
  const found = look(candidates(world, kind), forms);
  const [only] = found;
  if (only && found.length === 1) return { ok: true, id: only.id, kind: only.kind };
  const shown = plainText(phrase, forms.at(-1) ?? words);
  if (found.length > 1) {
    const ids = found.slice(0, 6).map(({ id }) => id);
    const more = found.length > 6 ? ` and ${found.length - 6} more` : "";
    return miss(
      false,
      [`Which one do you mean by '${shown}': ${ids.join(", ")}${more}?`],
      said(phrase, words, ids),
    );
  }
  const other = kind === "node" ? [] : look(candidates(world, kind === "step" ? "gate" : "step"), forms);
  if (other[0])
    return miss(
      false,
      [`'${other[0].id}' is a ${other[0].kind}, and this takes a ${kind}.`],
      [`show ${other[0].id}`, `what ${kind}s are there`],
    );
  if (/^(?:all|everything|every|each)(?: |$)/i.test(shown))
    return miss(
      true,
      ["I change steps by their names, one or several, not all at once.", ...knownIds(world, kind)],
      ["what steps are there"],
    );
  return miss(
    true,
    [`There is no ${kind === "node" ? "step or gate" : kind} '${shown}'.`, ...knownIds(world, kind)],
    kind === "gate"
      ? ["what gates are there", "put a gate before <step>"]
      : ["what steps are there", "why is <step> waiting"],
  );
}

function miss(none: boolean, says: string[], tries: string[]): Found {
  return { ok: false, none, reading: unsure(says.join(" "), ...tries) };
}

/** The request with each of those in the place of the words that could mean them. */
function said(phrase: Phrase, words: string, ids: readonly string[]): string[] {
  if (!phrase.text.includes(words)) return ["what steps are there"];
  return ids.slice(0, 3).map((id) =>
    quotedAgain(
      phrase,
      phrase.text.replaceAll(words, () => id),
    ).replaceAll("\n", ". "),
  );
}

function knownIds(world: World, kind: Kind): string[] {
  const ids = candidates(world, kind).map(({ id }) => id);
  if (ids.length === 0) return [kind === "gate" ? "There are no gates yet." : "There are no steps yet."];
  const more = ids.length > 8 ? ` and ${ids.length - 8} more` : "";
  return [`There are ${ids.slice(0, 8).join(", ")}${more}.`];
}

/** The parts of `a, b and c`; words that are all ids need no comma. */
export function listOf(world: World, words: string): string[] {
  const parts = words
    .split(/\s*(?:,|&|(?<=\s)\+(?=\s)|(?<![\w-])(?:and|plus|as well as)(?![\w-]))\s*/i)
    .map((part) => part.trim())
    .filter((part) => part !== "");
  const ids = new Set(candidates(world, "node").map(({ id }) => id));
  return parts.flatMap((part) => {
    const tokens = namesIn(part).at(-1)?.split(" ") ?? [];
    return tokens.length > 1 && tokens.every((token) => ids.has(token)) ? tokens : [part];
  });
}

/** All the nodes of a list, or the first that could not be told. */
export function findNodes(
  world: World,
  phrase: Phrase,
  words: string,
  kind: Kind,
): { ok: true; ids: string[] } | { ok: false; reading: Reading } {
  const ids: string[] = [];
  const whole = findExact(world, phrase, words, kind);
  if (whole !== undefined) return { ok: true, ids: [whole] };
  for (const part of listOf(world, words)) {
    const found = findNode(world, phrase, part, kind);
    if (!found.ok) return found;
    if (!ids.includes(found.id)) ids.push(found.id);
  }
  return { ok: true, ids };
}

/** The id that words are letter by letter, determiners aside. */
export function findExact(world: World, phrase: Phrase, words: string, kind: Kind): string | undefined {
  const forms =
    literalOf(phrase, words) === undefined ? namesIn(words) : [literalOf(phrase, words) as string];
  return candidates(world, kind).find(({ id }) => forms.includes(id))?.id;
}
