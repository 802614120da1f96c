import { addSteps } from "./add";
import { type Clause, type Reader, textOf } from "./clause";
import { goesFurther } from "./further";
import { agentWords, takeDetails } from "./place";
import { call, propose, type Reading } from "./reading";
import { toId } from "./values";

const adding =
  "(?:add(?: in)?|create|insert(?: in)?|put(?: in)?|place|append|include|introduce|attach|set up|define|squeeze in|make|have|there (?:should|must|has to) be)";
const ofKind = `(?:an? |another |one more |the |some )?(?:new |extra |additional |separate |shell |little |small )*(?:(?<agent>${agentWords})[- ])?`;
// What these say is where a step stands or how it is made, and no work of its own.
const noWork =
  "(?:is|are|was|has|have|(?:runs?|executes?)(?! (?:the|an?|my|our|some|all|its) )|calls?|invokes?|starts?|waits?|needs?|depends?|requires?|comes?|goes?|go|happens?|follows?|stands?|sits?|uses?|works?|does|do|be|should|must|shall|will|would|can|may|might|only|also|just|not|never|fails?|retries|times|takes?|lets?|asks?|blocks?|stops?|it|them|the|an?|this|that|which|looks? like)";
const who =
  "(?:that|which)(?: (?:should|must|shall|will|would|can|may|has to|is to|is meant to|is supposed to|just|simply|then))*";
const work = `(?:${who} (?<does>(?!${noWork}(?:[ ,:]|$))[a-z]+(?: \\S.*?)?)|(?:in order )?to (?<todo>(?!run |execute |${noWork}(?: |$))[a-z]+(?: \\S.*?)?)|(?:for )?(?<doing>(?!running |executing |calling |doing |being |going |having |using |depending |following |during |something |anything |nothing |starting |waiting |coming |containing |according |including |regarding |preceding )[a-z]{2,}ing(?: \\S.*?)?))`;
const side =
  "(?:right |directly |immediately |straight |just )?(?:after|before|behind|in front of|ahead of|following|prior to|(?:in )?between|once|as soon as)";
const place = `(?:,? (?:and )?(?:(?:to )?be )?(?:run |placed |put )?(?<place>${side} .+?|(?:at|to) the (?:very )?(?:end|start|beginning)(?: of .+?)?))`;
const named =
  "(?:,? (?:called|named|titled|entitled|labelled|with the (?:id|name|title)) (?<name>«\\d+»|[\\w-]+))";
const nameOnly =
  "(?: (?!that |which |to |for |in |after |before |between |behind |at |with |called |named |titled )(?<id>[\\w-]+)(?= (?:that|which|to) ))";
const late =
  "(?:,? (?:and )?(?:call it|name it|called|named|titled|entitled|labelled|with the (?:id|name|title)) (?<late>«\\d+»|[\\w-]+(?: [\\w-]+){0,3}?))";
const line =
  "(?:,? (?:and )?(?:with|using|by)(?: the)? (?:command|line|script):? (?<line>«\\d+»)|: ?(?<typed>«\\d+»))";
const head = `${adding}(?: me| us)? ${ofKind}(?:step|task|job|stage)`;
const forms = [
  `${head}${nameOnly}? ${work}${late}?${place}?${line}?`,
  `${head}${named}?,? ${work}${place}?${late}?${line}?`,
  `${head}${named}?${place},? ${work}${late}?${line}?`,
  `(?<place>${side} .+?|at the (?:very )?(?:end|start|beginning)(?: of .+?)?),? ${head}${named}?,? ${work}${late}?${line}?`,
].map((form) => new RegExp(`^${form}$`, "i"));

/** `add a step that zips merged.txt after publish`: a step whose work is said in words; its command is still to be given. */
export const readWordedAdd: Reader = (clause) => {
  let miss: Reading | undefined;
  for (const form of forms) {
    for (const found of readings(form, clause.text)) {
      const read = addWorded(clause, found);
      if (read?.kind === "calls") return read;
      miss ??= read;
    }
  }
  return miss;
};

type Groups = Record<string, string | undefined>;

/** A form as it fits, with the place as early and as late as there is one: the work may hold its words too. */
function readings(form: RegExp, text: string): Groups[] {
  const first = form.exec(text)?.groups;
  if (!first) return [];
  const last = new RegExp(form.source.replaceAll("\\S.*?", "\\S.*").replaceAll("\\S.*?)?", "\\S.*)?"), "i");
  const other = last.exec(text)?.groups;
  return other?.place === first.place ? [first] : [first, ...(other ? [other] : [])];
}

function addWorded(clause: Clause, found: Groups): Reading | undefined {
  const all = found.does ?? found.todo ?? found.doing;
  if (all === undefined) return undefined;
  const by = byAgent.exec(all)?.groups?.agent;
  const said = all.replace(byAgent, "");
  if (isMore(clause, said) || (found.place === undefined && placed.test(said))) return undefined;
  const words = textOf(clause, found.does === undefined ? said : imperative(said)).trim();
  const line = found.line ?? found.typed;
  const agent = found.agent ?? by;
  const rest = [found.place, line && `with command ${line}`, agent && `with ${agent}`].filter(Boolean);
  const details = takeDetails({ ...clause, text: ["add a step", ...rest].join(" ") })?.details;
  if (!details) return undefined;
  const { called, ...others } = details;
  const own = found.name ?? found.id ?? found.late ?? called;
  const id = own === undefined ? idOf(words) : toId(textOf(clause, own));
  if (id === "") return undefined;
  const made = addSteps(
    clause,
    id,
    agent === undefined ? others : { ...others, prompt: `${capital(words)}.` },
  );
  const first = made?.kind === "calls" ? made.calls[0] : undefined;
  if (made?.kind !== "calls" || first === undefined) return made;
  const name = capital(own === undefined ? words : textOf(clause, own)).slice(0, 200);
  const input = {
    ...first.input,
    ...(name.toLowerCase() === id.toLowerCase() ? {} : { name }),
    ...(own === undefined ? {} : { description: capital(words) }),
  };
  const says =
    line === undefined && agent === undefined
      ? [
          `What is to be typed for it does not follow from the words; say: set the command of ${first.input.id} to "…".`,
        ]
      : made.says;
  return propose([call(first.action, input), ...made.calls.slice(1)], ...says);
}

const byAgent = new RegExp(` (?:with|using|by) (?<agent>${agentWords})$`, "i");
const placed = / (?:after|before|behind|between|once|ahead of|in front of|prior to|following) /i;

/** Whether the words hold more than one piece of work: a condition, a next request, another thing said of the step. */
const isMore = (clause: Clause, said: string): boolean =>
  /\b(?:if|when|whenever|unless|until|while|except|but|then|only|instead|in parallel|by claude|gates?|approvals?|prompt|command)\b|[;:?!]/i.test(
    said,
  ) ||
  /^(?:claude|codex|gemini|opencode)\b/i.test(said) ||
  said.split(" ").length > 16 ||
  goesFurther(clause, said);

/** `zips merged.txt` as `zip merged.txt`. */
function imperative(said: string): string {
  return said.replace(/^\S+|(?<= and )[a-z]+s(?= (?:it|them|the|its|that)\b)/gi, (verb) => {
    if (/[^s]s$/i.test(verb) && !/(?:sses|shes|ches|xes|zzes|oes|ies)$/i.test(verb)) return verb.slice(0, -1);
    if (/ies$/i.test(verb) && verb.length > 4) return `${verb.slice(0, -3)}y`;
    return /(?:sses|shes|ches|xes|zzes|oes)$/i.test(verb) ? verb.slice(0, -2) : verb;
  });
}

const small = new Set(
  "a an the all of our my its their your this that these those into to from for in on at by with and some new as".split(
    " ",
  ),
);

/** The first words that say something, as an id. */
function idOf(words: string): string {
  const telling = words
    .replace(/(?<=\S \S.*) and .*$/i, "")
    .split(/\s+/)
    .filter((word) => !small.has(word.toLowerCase().replace(/[^a-z]/g, "")));
  let id = "";
  for (const word of telling.slice(0, 4)) {
    const next = toId(`${id === "" ? "" : `${id} `}${word}`.toLowerCase());
    if (next.length > 40 && id !== "") break;
    id = next;
  }
  return id.slice(0, 40);
}

const capital = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);
