import { type Reader, stepOf } from "./clause";
import { answer, call, propose, type Reading, type World } from "./reading";
import { asksFirst, joints, rowOf, saysOnly, tally, vocabulary } from "./tally";

const fails =
  "(?:fail(?:s|ed|ing|ures?)?|errors?|breaks|broke|goes wrong|do(?:es)? not (?:succeed|pass|work)|is (?:red|broken))";
const stops =
  "(?:stops?|blocks?|aborts?|halts?|ends?|breaks?|cancels?|kills?|holds? (?:up|back)|bring down|fails? the)";
const goesOn =
  "(?:go(?:es)? (?:on|ahead)|carr(?:y|ies) on|continues?|keeps? (?:going|running)|proceeds?|moves? on|press(?:es)? on|(?:others|rest|else|everything|sequence|pipeline|workflow)(?: steps?)? (?:should |must |can |may |shall |to |still )*runs?)";
const soft =
  "optional|best[- ]effort|nice[- ]to[- ]have|in-?essential|non[- ]?(?:critical|essential|blocking|fatal|mandatory)";
const firm = "required|mandatory|critical|essential|obligatory|necessary|important";
const not = "(?:not|never|no longer)";

/** What says that all goes on though a step fails. */
const tolerant = new RegExp(
  [
    `\\b(?:${soft})\\b`,
    `\\b(?:not|never)(?: be)?(?: (?:an?|that|so))? (?:${firm}|blocking)\\b(?! any ?more)`,
    `§(?: (?:step|task|job))? (?:may|can|could|might|(?:is|are|should be|must be) (?:allowed|free) to) fail\\b`,
    "\\b(?:need|have|has|does|do) not (?:(?:have|need) to )?(?:succeed|pass|be green)\\b",
    `\\b(?:fine|ok|okay|alright|no problem|acceptable|no big deal)\\b.*\\b(?:if|when|for|that)\\b.* (?:to )?${fails}`,
    `\\b(?:matter|care|mind)\\b.*\\b(?:if|when|whether)\\b.*${fails}`,
    `\\b${goesOn}\\b.*\\b(?:if|when|whenever|though|although|where|despite|on|in case|after)\\b.*${fails}`,
    `${fails}.*\\b${goesOn}\\b`,
    `\\b${not}(?: \\w+){0,2} ${stops}\\b.*${fails}`,
    `(?:${fails}.*|§(?: (?:step|task|job))? (?:should|must|shall|may|can|does|will) )\\b${not}(?: be)?(?: \\w+)? ${stops}\\b`,
    `\\b(?:ignor(?:e|ed|ing)|tolerat(?:e|ed|ing)|forgiv(?:e|en)|disregard(?:ed)?|swallow(?:ed)?|put up with|despite)\\b.*${fails}|${fails}.*\\b(?:ignored|tolerated|forgiven|disregarded)\\b`,
    "\\bcontinue[-_ ]on[-_ ](?:error|failure)s?\\b",
  ].join("|"),
  "i",
);

/** What says that nothing goes on behind a step that failed. */
const strict = new RegExp(
  [
    `\\b${not}(?: [\\w§]+){0,3} (?:optional|best[- ]effort|go on|continue|carry on|keep going|proceed|move on)\\b`,
    `\\b(?:no longer|${not}(?: be)?(?: allowed to)?|not any more) fail\\b(?! the)`,
    `(?<!\\b(?:${not}|be|so|that|non)[ -])\\b(?:required|mandatory|critical|essential|obligatory)\\b`,
    "(?<!\\bnot )\\b(?:must|has to|have to|needs to|should|shall) (?:succeed|pass)\\b",
    `^${stops}(?! §)\\b.*\\b(?:if|when|whenever|as soon as|once)\\b.*${fails}`,
    "\\b(?:off|false|remove|unset|no)\\b.*\\bcontinue[-_ ]on|\\bcontinue[-_ ]on.*\\b(?:off|false)\\b",
  ].join("|"),
  "i",
);

const words = vocabulary(
  joints,
  soft,
  firm,
  fails,
  stops,
  goesOn,
  "make|let|mark|treat|declare|consider|set|turn|put|allow|allowed|give|keep|ensure|sure|want|like|count|regard|use|enable|disable|add",
  "if|when|whenever|even|though|although|still|anyway|anyhow|regardless|nevertheless|all the same|just|simply|then|where|despite|because|in case|as soon as|once|no matter",
  "not|never|no longer|no|any more|anymore|need|needs|do|does|may|might|could|free|will|only|whether|that",
  "fine|ok|okay|alright|problem|acceptable|big deal|deal|matters?|care|mind|don't|true|false|on|off|remove|unset|happens?|happen",
  "others?|rest|everything|anything|everyone|nothing|all|else|following|follows|pipeline|workflow|sequence|run|runs|flow|whole|process|dependents|later|what comes|comes|waits|after|behind|afterwards|there|next",
  "ignor(?:e|ed|ing)|tolerat(?:e|ed|ing)|forgiv(?:e|en)|disregard(?:ed)?|swallow(?:ed)?|put up with|succeed|pass|green|continue[-_ ]on[-_ ](?:error|failure)s?|flag|option|setting|step's|stopped|blocked|being|from|up|going|running",
);

/** Steps that may fail: what waits for them starts all the same. */
export function endure(ids: readonly string[]): Reading {
  return propose(
    ids.map((id) => call("step.edit", { id, continue_on_error: true })),
    `${quoted(ids)} still run${ids.length === 1 ? "s" : ""}; what waits for ${ids.length === 1 ? "it" : "them"} starts although ${ids.length === 1 ? "it" : "they"} failed.`,
  );
}

const quoted = (ids: readonly string[]) => ids.map((id) => `'${id}'`).join(" and ");

function insist(world: World, ids: readonly string[]): Reading {
  const lenient = ids.filter((id) => stepOf(world, id)?.continue_on_error);
  if (lenient.length === 0)
    return answer(
      `So it is already: what waits for ${quoted(ids)} does not start when ${ids.length === 1 ? "it" : "one of them"} fails.`,
    );
  return propose(lenient.map((id) => call("step.edit", { id, unset: ["continue_on_error"] })));
}

/** `make lint optional`, `don't stop when lint fails`, `lint must not fail`: whether what follows a step needs it to end well. */
export const readEnduring: Reader = (clause) => {
  if (asksFirst(clause.text) && !/^(?:do not|when) /i.test(clause.text)) return undefined;
  const { left, refs } = tally(clause);
  const row = rowOf(left, refs);
  if (row === undefined || refs.some((id) => stepOf(clause.world, id) === undefined)) return undefined;
  if (!saysOnly(row, words)) return undefined;
  const isStrict = strict.test(row);
  const isTolerant = tolerant.test(row.replace(strict, " "));
  // What says both was not understood.
  if (isTolerant === isStrict) return undefined;
  return isTolerant ? endure(refs) : insist(clause.world, refs);
};
