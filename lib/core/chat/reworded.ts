/** How people write when they are in a hurry. */
const shorthand: readonly (readonly [RegExp, string])[] = [
  [/\b(can|could|would|will) u\b/gi, "$1 you"],
  [/\bbtwn\b/gi, "between"],
  [/\binbetween\b/gi, "in between"],
  [/\bwich\b/gi, "which"],
  [/\bad (?=an? |step )/gi, "add "],
  [/\bclean-?up (?=(?:the |all |old |my )*\w+)/gi, "clean up "],
  [/\b(step|task|gate), (\S+), (?=(?:just |simply )?(?:which|that|to|with|running|doing)\b)/gi, "$1 $2 "],
  [/\b(step|task) (?=«\d+»$)/gi, "$1 with command "],
];

/** The words that are meant, written out. */
export const spelledOut = (text: string): string =>
  shorthand.reduce((said, [found, written]) => said.replace(found, written), text);

const modal = (rest: string) =>
  rest
    .replace(/ (?:is|are|gets?) (?=\w+(?:ed|n)\b)/i, " should be ")
    .replace(
      / (run|wait|come|start|depend|go|execute|finish|follow)(?:e?s)? (?=\S)/i,
      (_, verb) => ` should ${String(verb).toLowerCase()} `,
    );

// Sentences turned into the shape that is read: what is wished for, complained of, or written like a formula.
const turns: readonly (readonly [RegExp, (groups: Record<string, string>) => string])[] = [
  [
    /^(?:an?|another) (?:new )?(?<what>step \S+) (?:should )?(?:comes?|goes|go|runs?|stands?|is|be) (?<side>before|after|between|behind|in front of) (?<rest>.+)$/i,
    ({ what, side, rest }) => `add a ${what} ${side} ${rest}`,
  ],
  [
    /^(?:i|we) (?:want|wish|would like|would love|need|prefer|expect) (?:it )?that (?<rest>.+)$/i,
    ({ rest = "" }) => modal(rest),
  ],
  [
    /^the (?<key>[\w ]+?) (?:of|for) (?<ref>\S+) (?:is|looks) (?:wrong|bad|off|outdated|not right|a mistake|incorrect),? (?:so |please )*(?:make|set|change|it (?:must|should|has to) (?:be|read|say)|should be)(?: (?:it|that))?(?: to)? (?<value>.+)$/i,
    ({ key, ref, value }) => `set the ${key} of ${ref} to ${value}`,
  ],
  [
    /^(?<ref>\S+) has (?:the|an?) (?:wrong|bad|outdated|incorrect) (?<key>[\w ]+?),? (?:so |please )*(?:it (?:must|should|has to) (?:be|read|say)|make it|set it to|change it to|should be) (?<value>.+)$/i,
    ({ key, ref, value }) => `set the ${key} of ${ref} to ${value}`,
  ],
  [
    /^(?:edit|change|update) (?<ref>\S+?):? (?<value>«\d+»)$/i,
    ({ ref, value }) => `set the command of ${ref} to ${value}`,
  ],
  [
    /^(?<refs>\S+(?: ?\|\|? ?\S+)+)$/,
    ({ refs = "" }) => `run ${refs.replace(/ ?\|\|? ?/g, ", ")} in parallel`,
  ],
  [/^(?:cp|copy) (?<ref>\S+) (?<fresh>[\w-]+)$/i, ({ ref, fresh }) => `duplicate ${ref} as ${fresh}`],
  [
    /^(?:the )?order (?:of (?:the )?steps )?(?:should|must|shall|has to|ought to) be:? (?<refs>.+)$/i,
    ({ refs }) => `put ${refs} in this order`,
  ],
  [
    /^(?:an? )?(?:new )?(?<what>gate|approval|checkpoint|sign-?off) (?<side>before|after|between|in between|in front of|behind) (?<rest>.+)$/i,
    ({ what, side, rest }) => `add a ${what} ${side} ${rest}`,
  ],
  [
    /^(?:once more|one more time|once again|another time) (?<ref>\S+)$|^(?<other>\S+) (?:once more|one more time|once again)$/i,
    ({ ref, other }) => `rerun ${ref ?? other}`,
  ],
  [
    /^best (?:of|out of) (?<n>\S+) (?:for|of|at|on) (?<ref>\S+)$/i,
    ({ n, ref }) => `${n} candidates for ${ref}, then fuse`,
  ],
  [
    /^(?:fusion|fan) (?<ref>\S+) (?:x ?(?<n>\d+)|(?<m>\d+) ?x)$/i,
    ({ ref, n, m }) => `${n ?? m} candidates for ${ref}, then fuse`,
  ],
  [/^.+? i (?:mean|meant)(?: to say)?,? (?<rest>\S+ \S.*)$/i, ({ rest = "" }) => rest],
];

/** A clause in another shape that says the same; itself where none fits. */
export function reworded(text: string): string {
  for (const [found, turn] of turns) {
    const groups = found.exec(text)?.groups;
    if (groups) return turn(groups);
  }
  return text;
}

// Words that requests are made of. None that only differs from another request by one letter.
const common = new Set(
  "remove delete rename insert create start restart retry rerun everything workflow pipeline sequence between before after parallel approve reject duplicate command timeout retries template candidate candidates worktrees definition status audit depend depends dependency undo switch validate cancel dissolve ungroup group".split(
    " ",
  ),
);
const inflected = /(?:s|d|ed|r|er|ing|es|al|ion)$/;

/** The word that was meant: two letters that changed places, one too many or one too few. Never another letter: that is another word. */
function meant(word: string): string | undefined {
  if (word.length < 4 || common.has(word)) return undefined;
  const near = [...common].filter((known) => known[0] === word[0] && isSlip(word, known));
  return near.length === 1 ? near[0] : undefined;
}

function isSlip(word: string, known: string): boolean {
  if (word.length === known.length) {
    const at = [...word].findIndex((letter, index) => letter !== known[index]);
    const swapped = `${word.slice(0, at)}${word[at + 1] ?? ""}${word[at]}${word.slice(at + 2)}`;
    return at >= 0 && swapped === known;
  }
  const [short, long] = word.length < known.length ? [word, known] : [known, word];
  if (long.length - short.length !== 1 || short.length < 5) return false;
  if (inflected.test(long) && long.slice(0, -1) === short) return false;
  return [...long].some((_, index) => long.slice(0, index) + long.slice(index + 1) === short);
}

/** A text with slips of the finger mended, and which they were; names of steps and gates stay as they are. */
export function mended(text: string, names: ReadonlySet<string>): { text: string; slips: string[] } {
  const slips: string[] = [];
  const said = text.replace(/(?<![\w«-])[a-z]{4,}(?![\w»-])/gi, (word) => {
    const wanted = names.has(word) ? undefined : meant(word.toLowerCase());
    if (wanted === undefined) return word;
    slips.push(`'${word}' as '${wanted}'`);
    return wanted;
  });
  return { text: said, slips };
}
