import { type Clause, type Reader, stepOf, textOf } from "./clause";
import { modelEdit, retryEdit, stepEdit } from "./edits";
import { agentWords } from "./place";
import type { Reading } from "./reading";
import { asksFirst, joints, rowOf, saysOnly, type Tally, tally, vocabulary } from "./tally";
import { numberWords, readCommand, readDuration, readNumber } from "./values";

/** A key that is set wherever its value, its subject and its step stand in a sentence, if all other words only join them. */
interface LooseKey {
  /** The value; the groups are for `read`. */
  value: RegExp;
  /** What the sentence has to speak of. */
  about: RegExp;
  words: RegExp;
  /** What a sentence that means something else looks like. */
  not?: RegExp;
  /** Whether several steps may be named in a row. */
  many?: boolean;
  read: (
    clause: Clause,
    groups: Record<string, string | undefined>,
    id: string,
    ids: readonly string[],
  ) => Reading | undefined;
}

const verbs =
  "set|put|change|make|give|get|gets|let|use|uses|using|configure|update|adjust|edit|modify|define|assign|allow|switch|want|wants|need|needs|like|specify|apply|turn";
const unit = "(?:ms|msecs?|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?)";
const duration = `(?:${numberWords})[ -]?${unit}(?:(?: and|,)? ?(?:${numberWords})[ -]?${unit})*`;
const edge = "(?<![\\w.-])";
const end = "(?![\\w-])";

const looseKeys: readonly LooseKey[] = [
  {
    value: new RegExp(`${edge}(?<ms>${duration})${end}`, "i"),
    about:
      /\b(?:time[ -]?(?:out|limit)s?|times? out|timed out|limit(?:ed)?|at (?:the )?most|max(?:imum|imally)?|longest|(?:longer|more) than|abort(?:ed)?|kill(?:ed)?|cancel(?:l?ed)?|stop(?:ped)?|gives? up|deadline|cap(?:ped)?|cut off|terminated?|allowed|interrupt(?:ed)?|within|up to)\b/i,
    words: vocabulary(
      joints,
      verbs,
      "do|does|time[ -]?(?:out|limit)s?|times? out|timed out|limit(?:ed)?|at (?:the )?(?:very )?most|max(?:imum|imally)?|longest|(?:no|not|never|any)? ?(?:longer|more) than|abort(?:ed)?|kill(?:ed)?|cancel(?:l?ed)?|stop(?:ped)?|gives? up|deadline|cap(?:ped)?|cut off|terminated?|allowed|interrupt(?:ed)?|within|up to|after|if|when|takes?|runs?|running|lasts?|finish(?:ed)?|complete[d]?|done|time|runtime|run time|duration|only|it takes|not|automatically|execution|per attempt|exceed|exceeds|over|past|add|hard",
    ),
    not: /\b(?:not|never) (?!(?:\S+ ){0,5}(?:longer|more) than|exceed|run over|take over)|\b(?:idle|silen\w*)\b|^(?:run|start|restart|rerun)\b|\b(?:stop|cancel|kill|abort) § in\b/i,
    read: (_, { ms = "" }, id) => {
      const timeout_ms = readDuration(ms);
      return timeout_ms === undefined ? undefined : stepEdit(id, { timeout_ms });
    },
  },
  {
    value: new RegExp(
      `${edge}(?<!\\bonce )(?:up to |at most |(?:(?:a|the) )?max(?:imum|imally)?(?: number)?(?: of)? |(?:no|not) more than |more than |another )*(?<n>(?!(?:an?|no)\\b)(?:${numberWords}))(?: more| further| extra| additional)?(?: ?(?:times|x|tries|attempts|retries|retry|repetitions|repeats|chances|goes))?${end}`,
      "i",
    ),
    about:
      /\b(?:retr(?:y|ies|ied|ying)|tr(?:y|ied|ies)|(?:\w+ )?attempt(?:s|ed)?|(?:more|further|extra|additional|another \w+) (?:tries|chances|goes)|repeat(?:ed)?|re-?attempt\w*|re-?run|run(?= .*\b(?:if|when|whenever|in case|again)\b))\b/i,
    words: vocabulary(
      joints,
      verbs,
      "retr(?:y|ies|ied|ying)|tr(?:y|ied|ies)|again|attempts?|attempted|repeat(?:ed)?|re-?attempt\\w*|re-?run|run|if|when|whenever|in case|case|fails|fail|failed|failing|failure|failures|error|errors|breaks|up to|at most|max(?:imum)?|a maximum|limit|count|number|before (?:it |you )?(?:giv(?:e|es|ing) up|fails?|failing)|until it gives up|automatically|times|more|extra|additional|further|another|chances|add|upon|on failure|goes wrong|policy|then|flaky|unstable|unreliable|sometimes|often|each|both|in (?:all|total|sum)|altogether|overall|including the first(?: one| attempt| try)?|only|just|do not|never|not",
    ),
    not: /^(?:run|start|rerun|restart)\b(?!.*\b(?:if|when|whenever|in case|on)\b.*\b(?:fail\w*|errors?|breaks|goes wrong)\b)|\b(?:not|never)\b(?!.*\bmore than\b)|\btry it\b.*\btry it\b/i,
    many: true,
    read: (clause, { n = "" }, _, ids) => {
      const limit = readNumber(n);
      return limit === undefined || limit < 0 || !Number.isInteger(limit)
        ? undefined
        : retryEdit(clause, ids, limit, clause.text);
    },
  },
  {
    value: new RegExp(`${edge}(?<model>${agentWords})${end}`, "i"),
    about: /./,
    words: vocabulary(
      joints,
      verbs,
      "which|model|agent|llm|run|runs|running|do|does|done|execute[sd]?|handle[sd]?|work|works|hand|over|move|pick|choose|take|takes|takes? over|care|responsible|powered|ai|assigned|job|work on|through|via|go",
    ),
    read: (clause, { model = "" }, id) => modelEdit(clause, id, model),
  },
  {
    value:
      /(?:(?<=^|[\s(])|(?<==))(?<key>[A-Z_][A-Z0-9_]*)(?: ?= ?|,? (?:(?:is |be |should be |must be )?set )?(?:to|as|is|be|equals?|equal to|being|should be|must be|at|of|(?:with|having)(?: the)?(?: value)?) )(?<value>«\d+»|[^\s,]+)/,
    about: /./,
    words: vocabulary(
      joints,
      verbs,
      "env|envs|environment|variables?|vars?|env vars?|export|pass|passed|inject|expose|add|run|runs|running|start|started|include|value|see|sees|into|called|named|under|available|provide|define[sd]?",
    ),
    read: (clause, { key = "", value = "" }, id) =>
      stepEdit(id, { env: { ...stepOf(clause.world, id)?.env, [key]: textOf(clause, value) } }),
  },
  {
    value:
      /(?<= |^)(?<dir>«\d+»|(?:\.{1,2}|[\w@.-]+)\/[\w@./-]*|(?<=\b(?:folder|directory|dir|cwd|path|subfolder)(?: (?:called|named|is|=|to|as|of § (?:to|as|=)))? )(?!of |for |to |as |is |=|§|called |named )[\w@.-]+|(?<=\b(?:folder|directory|dir|cwd|path) (?:of|for) § (?:to |as |= |should be |is |be )(?:the )?)[\w@.-]+|(?<=^cd § (?:in)?to )[\w@.-]+|(?<=\b(?:to|in|into|inside|from|under) (?:the |a |its )?)(?!(?:the|a|its|my|working|current|work) )[\w@.-]+(?= (?:folder|directory|dir|subfolder)\b))(?= |$)/i,
    about: /\b(?:(?:sub)?(?:folder|directory|dir)|work ?dir|cwd|path|in|inside|from|under|into|within|cd)\b/i,
    words: vocabulary(
      joints,
      verbs,
      "work|work ?dir|working|current|(?:sub)?(?:folder|directory|dir)|cwd|path|run|runs|running|execute[sd]?|start|started|starts|inside|into|from|under|within|cd|move|live|lives|happen|called|named|there|root|first|before (?:it runs|running)",
    ),
    not: /\b(?:logs?|outputs?|file|parallel)\b/i,
    read: (clause, { dir = "" }, id) =>
      /\s/.test(textOf(clause, dir)) ? undefined : stepEdit(id, { cwd: textOf(clause, dir) }),
  },
  {
    value: /(?<text>«\d+»)/,
    about:
      /^(?!(?:run|execute|start|call|name|title|label)\b).*\b(?:command|cmd|script|command line|runs?|executes?|invokes?|calls|does)\b/i,
    words: vocabulary(
      joints,
      verbs,
      "from now|command|cmd|script|command line|runs?|executes?|invokes?|calls|replace[sd]?|swap|do|does|just|simply|actually|new|line|current|existing|old|whatever it does|what it does|what § does|what|it runs|it does|rewrite|point|becomes?|out",
    ),
    not: /\b(?:prompt|copy|tag|description)\b/i,
    read: (clause, { text = "" }, id) => stepEdit(id, { command: readCommand(textOf(clause, text)) }),
  },
  {
    value: /(?<text>«\d+»)/,
    about:
      /\b(?:re-?(?:name|title|label)|names?|named|titled?|call|called|label|labell?ed|display name|known as|show up|shown|displayed)\b/i,
    words: vocabulary(
      joints,
      verbs,
      "re-?(?:name|title|label)|names?|named|titled?|call|called|label|labell?ed|display|display name|known as|new|becomes?|into|show|show up|shown|displayed|appear|read|people|human|readable|goes|known|current|existing",
    ),
    not: /\b(?:copy|group|called|named) (?:of|§)|\b(?:create|add|new step|insert)\b/i,
    read: (clause, { text = "" }, id) =>
      stepEdit(id, { name: textOf(clause, text) }, `Its id stays '${id}': others refer to it by that.`),
  },
];

/** `no more than 5 minutes for build`, `if test fails, try again twice`, `I want opus to do review`. */
export const readLooseKeys: Reader = (clause) => {
  if (asksFirst(clause.text)) return undefined;
  const { left, refs } = tally(clause);
  const row = rowOf(left, refs);
  if (row === undefined || refs.some((id) => stepOf(clause.world, id) === undefined)) return undefined;
  for (const key of looseKeys) {
    const read = refs.length > 1 && !key.many ? undefined : readKey(clause, key, { left: row, refs });
    if (read) return read;
  }
  return undefined;
};

function readKey(clause: Clause, key: LooseKey, { left, refs }: Tally): Reading | undefined {
  const found = key.value.exec(left);
  if (!found || key.not?.test(left)) return undefined;
  const rest = `${left.slice(0, found.index)} ${left.slice(found.index + found[0].length)}`;
  // One value and no second one, or the sentence says more than is understood.
  if (!key.about.test(left) || !saysOnly(rest, key.words)) return undefined;
  return key.read(clause, found.groups ?? {}, refs[0] as string, refs);
}
