import { type Clause, textOf } from "./clause";
import { literalOf, match, pattern, runsOn } from "./phrase";
import { numberWords, readCommand, readDuration, readNumber } from "./values";

/** What a sentence says about something new besides what it is. */
export interface Details {
  after?: string;
  before?: string;
  between?: string;
  command?: string[] | string;
  called?: string;
  agent?: string;
  prompt?: string;
  timeoutMs?: number;
  retries?: number;
  description?: string;
  /** At the very end or start of the sequence. */
  edge?: "end" | "start";
  /** `parallel` or `chain`. */
  shape?: "parallel" | "chain";
}

const comes =
  "(?:(?:that |which |and |to |should |must |it |them |have it |have them |let it )*(?:be )?(?:runs?|running|comes?|coming|goes|going|happens?|starts?|starting|placed|put) )?(?:right |directly |immediately |just |straight |only )?";
/** What people call the agents, and the models that one of them offers. */
export const agentWords =
  "(?:claude[- ](?:code[: ]?)?)?(?:opus|sonnet|haiku)|claude-code|claude code|claude|codex|gemini|opencode";
const agents = agentWords;
const keys: readonly (readonly [keyof Details | "row" | "end" | "start", string])[] = [
  [
    "shape",
    ", side by side| in parallel(?: with each other)?| side by side| concurrently| simultaneously| at the same time",
  ],
  [
    "row",
    " one after (?:the other|another)| in a row| in (?:that|this) order| in a chain| in series| sequentially| one by one",
  ],
  [
    "end",
    ` ${comes}(?:at|to|on) the (?:very )?(?:end|back|bottom)(?: of (?:it all|everything|(?:the |my )?(?:sequence|pipeline|workflow|flow|graph)))?(?=$| (?:with|that|which|called|named|running) )`,
  ],
  [
    "start",
    ` ${comes}(?:at|to|on) the (?:very )?(?:start|beginning|front|top)(?: of (?:it all|everything|(?:the |my )?(?:sequence|pipeline|workflow|flow|graph)))?(?=$| (?:with|that|which|called|named|running) )`,
  ],
  ["between", ` ${comes}(?:in )?between (?:the )?(?:${"steps |nodes |tasks "})?`],
  [
    "after",
    ` (?:${comes}(?:after|behind|following|downstream of|once|as soon as|past|on top of|onto)|(?:that |which |and )?(?:depends?|depending|dependent) (?:up)?on|(?:that |which |and )?(?:waits?|waiting) for|(?:that |which )?(?:needs|requires)) `,
  ],
  ["before", ` ${comes}(?:before|ahead of|in front of|upstream of|prior to|preceding) `],
  [
    "command",
    ":? (?:(?:and |, )?(?:with|using|having|use|has) (?:the |a |as )?(?:command|cmd|shell command|script|line)(?: line)?:?|(?:that|which|it|to) (?:should |will |must |just |simply )*(?:runs?|executes?|calls?|invokes?|does)|and (?:runs|executes|calls|invokes)|(?:and )?(?:running|executing|calling|invoking)|whose command is|(?:its |the )?(?:command|cmd|script)(?: line)?(?: is|:| =)?|[-–—=]+>?|it (?:should|must|has to|shall) (?:run|execute|do)) |(?:[:,]| with| doing| by| via| to do| for| which does| that does)+ (?=«)",
  ],
  [
    "called",
    ",? (?:and )?(?:(?:(?:that|which) (?:is|should be|must be|shall be|will be) |to be |being )?(?:please )?(?:let us )?call(?:ed)?(?: (?:it|that|this|the step|the new step))?|(?:as|in)(?= (?:the |a |an? new |its own )?(?:step|job|task) )|whose (?:name|id) is|as(?= [\\w-]+(?:$| (?:once|after|before|between|when|right|directly|behind|in between) ))|name(?:d)?(?: it)?|(?:en)?titled|labell?ed|with (?:the |an? )?(?:id|name|title)(?: of)?|by the name of|under the name) ",
  ],
  [
    "prompt",
    " (?:(?:and )?with (?:the |a )?prompt:?|prompted (?:with|to)|(?:and )?(?:tell it to|told to|asked to|saying)) ",
  ],
  ["timeoutMs", " (?:and )?(?:with|having) (?:a |an )?(?:time ?-?out|time limit|limit|deadline) of "],
  ["description", " (?:and )?(?:with (?:the |a )?description|described as) "],
];
const retries = new RegExp(
  ` (?:and )?(?:with|having) (?<first>${numberWords}) retr(?:y|ies)| (?:and )?(?:that )?(?:retries|retry|retried) (?<second>${numberWords})(?: times)?`,
  "i",
);
const agent = new RegExp(
  ` (?:(?:and )?(?:with|using|by|run by|done by|handled by|for|on|via|use) (?:the agent |an? |agent )?(?<name>${agents})(?: agent)?|as an? (?<other>${agents}) (?:step|agent|task))(?= |$)`,
  "i",
);
const agentKind = new RegExp(` an? (?:new )?(${agents})(?:-| )(?=step|task|agent|job)`, "i");
const pronoun = /^(?:it|them|this|that|both|again)$/i;
const finder = keys.map(([key, source]) => ({ key, found: new RegExp(source, "gi") }));
const ended =
  / (?:(?:(?:is|are|has|have|was|were|gets?) (?:been )?(?:all |successfully )?(?:done|finished|completed?|through|over|succeeded|passed|ready|green|ended|approved|run|started|executed)|finish(?:es)?|complet(?:es|ed)|succeeds?|ends?|pass(?:es)?|runs?|starts?|begins?|kicks? off|(?:can|may|will|is allowed to) (?:be )?(?:run|start|started|executed|begin))(?: successfully)?)$/i;
const fronted =
  /^((?:right |directly |immediately |straight )?(?:after|before|between|in between|once|behind|following|when|in front of|ahead of|prior to|as soon as) .+?)(?:, ?(?:then )?| )((?:(?:please|i want|i would like|we want|we need|i need)(?: to)?(?: have)? )?(?:add|create|insert|put|place|append|include|introduce|make|attach|set up|have|run|execute|there (?:should|must|has to) be|(?:an? )?(?:new )?step|«\d+») ?.*)$/i;
/** A quoted command that is run somewhere is a step to be; one that is run just so is none. */
const bareCommand = [
  pattern(
    "(?:run|execute|call|invoke|do|perform|launch|start|have|put|add|insert|place|squeeze in) (?<line>«\\d+»)(?<rest> .+)",
  ),
  pattern(
    "(?:(?:please|i want|i would like|we want|we need|i need|have|let) )?(?<line>«\\d+»)(?: (?:should|must|has to|needs to|to|shall))?(?: (?:be )?(?:run|executed?|happen|come|go|started?|runs|comes|goes|happens))?(?<rest> .+)",
  ),
];

/** The name an adapter has for what people call an agent. */
export function agentName(said: string): string {
  const model = /(?:opus|sonnet|haiku)$/i.exec(said)?.[0].toLowerCase();
  if (model !== undefined) return `claude-code:${model}`;
  return /^claude/i.test(said) ? "claude-code" : said.toLowerCase();
}

/** Takes what is said about place, command and so on out of a clause; what is left names the thing. */
export function takeDetails(clause: Clause): { head: string; details: Details } | undefined {
  const details: Details = {};
  const turned = fronted.exec(clause.text);
  const said = (turned ? `${turned[2]} ${turned[1]?.replace(/^when /i, "once ")}` : clause.text).replace(
    /^(?:please|i want|i would like|we want|we need|i need)(?: to)?(?: have)? (?=add|run|execute|an? |step |new )/i,
    "",
  );
  const line = match(bareCommand, said);
  let text = (line ? `add a step with command ${line.line}${line.rest}` : said).replace(
    /^(?=(?:an? |the )?(?:new )?step )/i,
    "add ",
  );
  const tries = retries.exec(text);
  if (tries) {
    const number = readNumber(tries.groups?.first ?? tries.groups?.second ?? "");
    if (number === undefined) return undefined;
    details.retries = number;
    text = text.replace(tries[0], "");
  }
  const kind = agentKind.exec(text);
  if (kind) {
    details.agent = agentName(kind[1] ?? "");
    text = text.replace(kind[0], " a ");
  }
  const worker = agent.exec(text);
  if (worker) {
    details.agent = agentName(worker.groups?.name ?? worker.groups?.other ?? "");
    text = text.replace(worker[0], "");
  }
  const marks = marksIn(text);
  const head = text.slice(0, marks[0]?.from ?? text.length).trim();
  for (const [index, { key, to }] of marks.entries()) {
    const value = text
      .slice(to, marks[index + 1]?.from ?? text.length)
      .replace(/[,:]?(?: and| but| yet)?(?:(?<= and) (?:let|have|make)(?: it)?)?\s*$/, "")
      .trim();
    if (!put(clause, details, key, value)) return undefined;
  }
  return { head, details };
}

interface Mark {
  key: keyof Details | "row" | "end" | "start";
  from: number;
  to: number;
}

/** Where details begin, from left to right; of two that overlap, the one that begins first. */
function marksIn(text: string): Mark[] {
  const all = finder
    .flatMap(({ key, found }) =>
      [...text.matchAll(found)].map(
        ({ index, 0: whole }): Mark => ({ key, from: index, to: index + whole.length }),
      ),
    )
    .sort((a, b) => a.from - b.from || b.to - a.to);
  const kept: Mark[] = [];
  for (const mark of all) if (mark.from >= (kept.at(-1)?.to ?? 0) - 1) kept.push(mark);
  return kept;
}

function put(clause: Clause, details: Details, key: Mark["key"], value: string): boolean {
  if (key === "shape" || key === "row") {
    details.shape = key === "row" ? "chain" : "parallel";
    return value === "";
  }
  if (key === "end" || key === "start") {
    details.edge = key;
    return value === "";
  }
  if (value === "" || key in details || pronoun.test(value) || runsOn(value)) return false;
  // `to run the linter` says what it is for, not what is typed.
  if (key === "command" && /^(?:the|an?|my|our|some|all|of|for|to|in|is|as) /i.test(value)) return false;
  // `runs only if deploy fails` is a condition, whatever stands behind it.
  if (
    key === "command" &&
    /^(?:(?:only|just) )*(?:if|when|whenever|unless|until|while|once|in case|on (?:failure|success|error))\b/i.test(
      value,
    )
  )
    return false;
  // What goes on behind the quotes was not understood.
  if (key === "command" && /^«\d+»./.test(value)) return false;
  if (key === "command") details.command = readCommand(textOf(clause, value));
  else if (key === "timeoutMs") {
    const ms = readDuration(value);
    if (ms === undefined) return false;
    details.timeoutMs = ms;
  } else if (key === "prompt" || key === "description") details[key] = textOf(clause, value);
  else if (key === "called") details.called = value.replace(/,? (?:please|pls|thanks|thank you|thx)$/i, "");
  else if (key === "after" || key === "before" || key === "between")
    details[key] =
      literalOf(clause.phrase, value) === undefined ? value.replace(/^when /i, "").replace(ended, "") : value;
  return true;
}
