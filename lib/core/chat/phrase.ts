import { spelledOut } from "./reworded";

/** A request made ready for reading: quoted texts stand aside as `«0»`, `«1»`, … */
export interface Phrase {
  text: string;
  literals: string[];
}

const jsonList = /\[\s*"(?:[^"\\]|\\.)*"(?:\s*,\s*"(?:[^"\\]|\\.)*")*\s*\]/g;
// An apostrophe within a word quotes nothing.
const quoted = /"([^"\n]*)"|“([^”\n]*)”|`([^`\n]+)`|‘([^’\n]*)’|(?<![\p{L}\d])'([^'\n]+)'(?![\p{L}\d])/gu;
const mark = /^«(\d+)»$/;

const contractions: readonly (readonly [RegExp, string])[] = [
  [/\b(?:can't|cannot|cant)\b/gi, "can not"],
  [/\bwon't\b/gi, "will not"],
  [/\b(do|does|did|is|are|was|were|has|have|had|should|would|could)n't\b/gi, "$1 not"],
  [/\b(do|does|is)nt\b/gi, "$1 not"],
  [/\b(what|whatever|everything|anything|something|who|where|how|why|that|there|it|here)'s\b/gi, "$1 is"],
  [/\bwhats\b/gi, "what is"],
  [/\b(i|we|you|they)'d\b/gi, "$1 would"],
  [/\b(i|we|you|they)'ll\b/gi, "$1 will"],
  [/\b(i|we|you|they)'ve\b/gi, "$1 have"],
  [/\b(we|you|they)'re\b/gi, "$1 are"],
  [/\bi'm\b/gi, "i am"],
  [/\blet's\b/gi, "let us"],
];

/** Takes quoted texts and lists in JSON out of a message, and spells contractions out. */
export function toPhrase(message: string): Phrase {
  const literals: string[] = [];
  const aside = (text: string) => `«${literals.push(text) - 1}»`;
  let text = message
    .replace(/[«»]/g, '"')
    .replace(jsonList, aside)
    .replace(quoted, (whole, ...groups: (string | undefined)[]) => {
      const inner = groups.slice(0, 5).find((group) => group !== undefined);
      return inner === undefined || inner.trim() === "" ? whole : aside(inner);
    })
    .replace(/[’‘]/g, "'")
    .replace(/[()]/g, " ")
    .replace(/\b(steps?|tasks?|gate|command|prompt):(?= )/gi, "$1");
  for (const [found, spelled] of contractions) text = text.replace(found, spelled);
  text = spelledOut(text.replace(/[ \t]+/g, " "));
  return { text: text.replace(/[ \t]+/g, " ").trim(), literals };
}

/** The quoted text a mark stands for, or the words themselves. */
export function literalOf(phrase: Phrase, words: string): string | undefined {
  const found = mark.exec(words.trim());
  return found ? phrase.literals[Number(found[1])] : undefined;
}

/** The words with quoted texts put back, as a person typed them. */
export function plainText(phrase: Phrase, words: string): string {
  return words.replace(/«(\d+)»/g, (whole, at: string) => phrase.literals[Number(at)] ?? whole);
}

/** The words with quoted texts put back in quotes, so that they can be said again. */
export function quotedAgain(phrase: Phrase, words: string): string {
  return words.replace(/«(\d+)»/g, (whole, at: string) => {
    const text = phrase.literals[Number(at)] ?? whole;
    const isList = text.startsWith("[");
    return isList ? text : text.includes('"') ? `\`${text}\`` : `"${text}"`;
  });
}

const before = new RegExp(
  `^(?:${[
    "hey|hi|hello|whoa|woah|oops|whoops|oh|hm|hmm|sorry|wait|ah|no wait|right|sure|fine|perfect|nice|looks good|lgtm|ok|okay|so|well|alright|great|cool|yes|please|pls|kindly|then|also|and|but|next|afterwards?|after that|finally|first|firstly|second|secondly|just|maybe|simply|quickly|actually|additionally|threados|seqctl|never mind|instead",
    "(?:can|could|would|will|shall|might) (?:you|we|i)(?: (?:please|pls|kindly|just|also|maybe))?(?! see| tell| know)",
    "(?:(?:can|could|would|will) (?:you|we) )?(?:please )?(?:tell|show|explain to) (?:me|us)(?: please)?(?= (?:what|which|why|who|how|when|where) )|(?:i|we) would (?:rather|prefer to)",
    "(?:i|we) (?:want|need|wish|would like|would love|have|am going|plan|wanna)(?: (?:you|us))?(?: also| now)? to",
    "i wanna|i would appreciate it if you(?: could| would)?|it would be (?:nice|great|good)(?: if (?:you|we) (?:could|would))?(?: to)?|(?:do|would) you mind",
    "(?:we|you|i) (?:should|must|could|can|might)(?: also| now)?",
    "let us|let me|go ahead and|help me(?: to)?|help us(?: to)?|try to|make sure(?: that| to)?|ensure(?: that)?|be so kind(?: as)? to|i think(?: that)?",
  ].join("|")})(?:[,:!] ?| |$)`,
  "i",
);
const behind =
  /[,]? (?:please|pls|thanks|thank you|thx|for me|for us|now|right now|right away|immediately|at once|if you can|if possible|asap|too|as well|though|okay|ok|will you|would you|from now on|instead|already|after all|whenever you can|when you can|if you would|in future|in the future|from here on|henceforth|would be (?:nice|great|good)|quickly|straight away)$/i;

/** One clause without what politeness puts around it. */
export function bare(clause: string): string {
  let text = clause.trim().replace(/[\s.!?;:,]+$/, "");
  for (let last = ""; last !== text; ) {
    last = text;
    text = text.replace(before, "").replace(behind, "").trim();
    if (text === "") return last;
  }
  return text
    .replace(/ (?:also|please|simply|just|really|actually|always|instead(?! of))(?= )/gi, "")
    .replace(
      /^(?:i|we) (?:want|need|would like|would prefer|prefer) (?!an? |another |to )(.+?) to (?=be |run|come|wait|depend|start|go|happen|finish|follow)/i,
      "$1 should ",
    )
    .replace(/^have (?=an? |another )/i, "add ")
    .replace(
      /^(?:i|we|you) (?:also )?(?:want|need|would like|would love|require)(?: to have)? (?=an? |another |something |«|\d|two |three |four |five )/i,
      "add ",
    )
    .replace(/^add something (?=before |after |between |in between |behind |that |which )/i, "add a step ")
    .replace(/^there (?:should|must|needs to|has to) be (?=an? |another )/i, "add ");
}

const comment =
  /(?:,| [-–—]+)? (?:because|since(?! (?:yesterday|today|this|last|the last|monday|tuesday|wednesday|thursday|friday|saturday|sunday|noon|midnight|\d))) (?!.*[,;]).+$|(?:,| [-–—]+) (?:it|that|this|he|she|something)(?: (?:one|step))? (?:hangs|is|takes|does|seems|has|looks|was|keeps|should|got|makes|runs|just|never|fails|failed|can|will|did|would) (?!.*,).+$|(?:,| [-–—]+) (?:it|that) (?:hangs|fails|failed|loops|broke)(?: .*)?$/i;

/** A request without the reason that is given for it, where the reason names nothing. */
export const unexplained = (text: string): string =>
  text.replace(comment, (reason) =>
    /\b(?:if|unless|when|until|except|but|after|before|while|only|or)\b/i.test(reason) ? reason : "",
  );

/** Where one request ends and another begins for certain. */
export function sentences(text: string): string[] {
  return text
    .split(
      /\n+|(?<=[\w»)])[.!?](?=\s|$)|;|(?:,\s*|\s+)(?:and )?(?:then|afterwards|after that|finally)(?=[ ,])/i,
    )
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

/** Places where a clause may be cut in two: at commas from left to right, then at each `and` from the last to the first. */
export function cuts(text: string): [string, string][] {
  const at = (found: RegExp): [string, string][] =>
    [...text.matchAll(found)].map(({ index, 0: cut }) => [
      text.slice(0, index),
      text.slice(index + cut.length),
    ]);
  return [
    ...at(/, ?(?:(?:and|but|plus) )?(?:also |then )?/gi),
    ...at(/ (?:and|but|plus) (?:also |then )?/gi).reverse(),
  ];
}

/**
 * A pattern over a whole clause: `<name>` takes one word or more, `(a |b )?` are as in a regular expression.
 */
export function pattern(source: string): RegExp {
  return new RegExp(`^(?:${source.replace(/(?<!\(\?|\\k)<(\w+)>/g, "(?<$1>\\S(?:.*?\\S)?)")})$`, "i");
}

const further =
  /^«\d+»[,;\s]+(?:(?:and|but|plus|then|also) )+(?:add|insert|create|put|place|rename|call|remove|delete|drop|make|let|set|give|tag|retry|run|rerun|start|stop|group|duplicate|copy|connect|move|apply|change|block|undo) \S/i;

/** Whether a next request stands behind a quoted text: it ends where its mark does. */
export const runsOn = (taken: string): boolean => further.test(taken);

/** The first pattern that fits, with what it took. */
export function match(patterns: readonly RegExp[], text: string): Record<string, string> | undefined {
  for (const one of patterns) {
    const found = one.exec(text);
    if (!found || Object.values(found.groups ?? {}).some((taken) => runsOn(taken ?? ""))) continue;
    return Object.fromEntries(Object.entries(found.groups ?? {}).filter(([, taken]) => taken !== undefined));
  }
  return undefined;
}
