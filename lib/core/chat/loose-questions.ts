import type { Clause, Reader } from "./clause";
import { findNode } from "./nodes";
import { askLog, listStates, sayStanding } from "./questions";
import { answer, ask, type Reading } from "./reading";
import { joints, saysOnly, tally, vocabulary } from "./tally";
import { abilities, statusOf } from "./topics";
import { numberWords, readNumber } from "./values";

/** A question told by what it speaks of, if all its other words only ask. Nothing it is read as changes anything. */
interface Topic {
  about: RegExp;
  not?: RegExp;
  words: RegExp;
  read: (clause: Clause, id: string) => Reading;
}

const asking =
  "what|which|who|whom|whose|how|where|why|when|do|does|did|was|were|am|can|could|any|anything|something|somebody|someone|anybody|anyone|everybody|all|everything|there|show|list|print|display|give|tell|let|see|view|get|open|look at|look|know|want|check|find|need|like|read|dump|about|just|right|currently|at the moment|right now|yet|so far|still|again|full|whole|complete|latest|last|newest|recent|recently|today|lately|current|actually|exactly|quick|quickly|up|out|some|entire|got|these|those|those|if|whether|or|not|please|over|moment|bring|pull|fetch";
const whole =
  "sequence|pipeline|workflow|flow|graph|run|yaml|file|sequence\\.yaml|definition|config(?:uration)?|project|threados|whole thing|thing|things|process|plan";
const words = (...own: string[]) => vocabulary(joints, asking, ...own);

/** How many of the newest are asked for. */
function wantedIn(text: string): number | undefined {
  const said = new RegExp(`(?:last|latest|newest|recent) (${numberWords}) `, "i").exec(text)?.[1];
  const number = said === undefined ? undefined : readNumber(said);
  return number !== undefined && Number.isInteger(number) && number >= 1 && number <= 1000
    ? number
    : undefined;
}

const topics: readonly Topic[] = [
  {
    about:
      /\baudit(?:ed)?\b.*\b(?:verif\w*|valid\w*|intact|tamper\w*|consisten\w*|integrity|manipulat\w*|sound|chang\w*|touch\w*|broken|ok|okay|trust\w*|hash\w*|chain|modif\w*|alter\w*|forged|correct|complete|genuine|clean|edited|fiddled|messed|check|prove|still good|damaged)\b|\b(?:verif\w*|valid\w*|intact|tamper\w*|consisten\w*|integrity|manipulat\w*|sound|chang\w*|touch\w*|trust\w*|hash\w*|modif\w*|alter\w*|check|prove|messed|fiddled|edited)\b.*\baudit\b/i,
    not: /^(?:change|edit|alter|modify|touch|forge|tamper|clean|fiddle|manipulate|break)\b|\b(?:me|us|let|please) (?:change|edit|alter|modify|forge)\b/i,
    words: words(
      "audit|log|trail|chain|entries|records?|verif\\w*|valid\\w*|intact|tamper\\w*|consisten\\w*|integrity|manipulat\\w*|sound|chang\\w*|touch\\w*|broken|ok|okay|trust\\w*|hash\\w*|modif\\w*|alter\\w*|forged|correct|genuine|clean|good|prove|make sure|ensure|sure|nobody|no one|been|with|edited|messed|fiddled|damaged|history|hashes|against",
    ),
    read: () => ask("audit.verify", {}, "The audit log:"),
  },
  {
    about:
      /\baudit\b|\bwho (?:has |have )?(?:did|done|changed|made|approved|ran|started|removed|touched|edited)\b|\b(?:history|log|record|list) of (?:all )?(?:changes|actions|decisions|events|what)\b/i,
    words: words(
      numberWords,
      "audit|log|logs|trail|entries|records?|recorded|written|logged|stands?|history|changes|changed|actions|decisions|events|done|made|approved|ran|started|touched|edited|happened|protocol|tail|journal",
    ),
    read: ({ text }) =>
      ask("audit.tail", { n: wantedIn(text) ?? 10 }, "The newest entries of the audit log:"),
  },
  {
    about:
      /\b(?:diff\w*|chang\w*|compar\w*|edit\w*|versus|vs|new|modified|differ\w*|behave)\b.*\b(?:runs?|last time|the last (?:one|time)|previous time|last ran|last run|time before|the time before|earlier)\b|\bcompare\b.*\b(?:runs?|last|previous)\b|\bruns? diff\b/i,
    not: /\bchange (?!since|between|from|in the last|compared)/i,
    words: words(
      "diff\\w*|modified|chang\\w*|compar\\w*|edit\\w*|steps|after|versus|vs|run|runs|time|times|previous|before|earlier|one|between|since|from|new|other|two|against|went|than|prior|preceding|ran|we ran|first|second|old|ones|than|went|happened|did",
    ),
    read: () => ask("runs.diff", {}, "The newest run beside the one before it:"),
  },
  {
    about:
      /\bruns\b|\brun (?:history|list)\b|\b(?:history|list) of (?:all )?(?:the )?(?:runs|executions)\b|\bexecutions\b|\bran (?:before|earlier|so far|recently|lately)\b|\bwhen\b.*\b(?:last|run|ran)\b/i,
    not: /\b(?:diff|compare|changed|step)\b/i,
    words: words(
      numberWords,
      "runs|run|ls|overview|summary|history|list|executions|previous|past|earlier|old|older|ago|so far|been|ran|before|exist|ever|many|happened|were made|finished|previously|ago|it last|we had|have had|had|number|recent",
    ),
    read: ({ text }) => {
      const limit = wantedIn(text);
      return ask("runs.list", limit === undefined ? {} : { limit }, "The runs, newest first:");
    },
  },
  {
    about:
      /\b(?:valid\w*|lint|well[- ]formed|errors?|mistakes?|problems?|correct|syntax\w*|sound|wrong|consistent|sane|sanity|ok|okay|check|verify|broken|issues?|parse[sd]?|legal|makes? sense)\b.*\b(?:file|workflow|sequence|yaml|pipeline|graph|definition|config(?:uration)?|flow)\b|\b(?:file|workflow|sequence|yaml|pipeline|graph|definition|config(?:uration)?|flow|sequence\.yaml)\b.*\b(?:valid\w*|lint|well[- ]formed|errors?|mistakes?|problems?|correct|syntax\w*|sound|wrong|consistent|sane|ok|okay|check|broken|issues?|parses?|legal|makes? sense|in order|fine|good)\b|\b(?:cycles?|loops|missing dependenc\w+|dangling|unknown ids?|circular)\b|^syntax check$|^check (?:the |my |this )?(?:file|yaml|definition)$|^validate$|^(?:lint|check) it$/i,
    not: /\b(?:fail\w*|run|why|audit)\b/i,
    words: words(
      whole,
      "valid\\w*|lint|linting|well[- ]formed|errors?|mistakes?|problems?|correct|correctly|syntax\\w*|sound|wrong|consistent|sane|sanity|ok|okay|verify|broken|issues?|parses?|parsed|legal|validation|check|checks|makes? sense|test|in order|good|fine|cycles?|loops|missing|dependenc\\w+|dangling|unknown|ids?|circular|references?|sure|against|schema|structure|contains?",
    ),
    read: () => ask("sequence.problems", {}, "What is wrong with the file, or worth a second look:"),
  },
  {
    about:
      /\b(?:approv\w*|gates?|decisions?|decide|confirm\w*|sign(?:-| )?offs?|wait\w*|need\w*|pending|attention|my turn|my plate|expected|inbox|queue|for me|from me|on me|unapproved)\b/i,
    not: /^(?:approve|open|reject|wait|need|needs|let|confirm|decide|give|get) |\bhow many\b|\bwhy\b/i,
    words: words(
      "approv\\w*|unapproved|gates?|decisions?|decide|decided|confirm\\w*|sign(?:-| )?offs?|waits?|waiting|waited|needs?|needed|pending|attention|turn|plate|expected|expects?|inbox|queue|from me|on me|human|person|somebody|blocked by|blocking|held up|stuck|block|input|action|requires?|required|respond|answer|answered|review|reviewed|reviews|outstanding|open|still open|todo|to do|next|anywhere|else|user|manual|hold|holding|stopped",
    ),
    read: () => ask("inbox", {}, "What waits for a person:"),
  },
  {
    about: /\b(?:fail\w*|errors?|broke\w*|break\w*|wrong|crash\w*|red|trouble|problems?)\b/i,
    not: /\b(?:fix|repair|mend|why|retry|rerun|ignore|if|allow|let)\b|^(?:(?:please|can|could|would|will|you|just) )*(?:run|start|do|go|try)\b/i,
    words: words(
      whole,
      "fail\\w*|errors?|broke\\w*|break|breaks|wrong|crash\\w*|red|trouble|problems?|went|gone|go|goes|going|steps|tasks|jobs|occurred|happened|been|ones|one|failures|so far|list of|had|exit|ended|badly|with|status|during",
    ),
    read: ({ world }) => listStates(world, "failed"),
  },
  {
    about:
      /\b(?:status|state|going|progress\w*|far|stand|standing|overview|summary|doing|happening|situation|update|report|done|along|where are we|looks? like|current)\b/i,
    not: /\b(?:fix|why|make|set|change|audit|log|logs|definition)\b|^(?:update|report|do|go)\b/i,
    words: words(
      whole,
      "status|state|states|going|progress\\w*|far|stand|stands|standing|overview|summary|summari[sz]e|doing|happening|situation|update|report|done|along|coming|looks?|looking|things|on|here|moving|finished|ready|well|we|us|it all|like|are|steps|short|brief|quick|are things|percent|much|left|getting|affairs|work|working",
    ),
    read: ({ world }) => answer(statusOf(world)),
  },
  {
    about:
      /\b(?:help|commands?|can you|examples?|use this|how (?:do|does|can) (?:i|this|it|you)|capabilities|abilities|features|possible|options|understand|support|supported|manual|instructions|usage|able|say|ask|know how|things)\b/i,
    not: /\b(?:run|step|fix|command of|write|code)\b/i,
    words: words(
      "help|commands?|examples?|use|used|using|work|works|capabilities|abilities|features|possible|options|understand|support|supported|supports|manual|instructions|usage|able|say|ask|type|tool|this tool|assistant|chat|here|do|things|kind|kinds|sort|requests?|questions|try|start|started|available|capable|offer|functions?|actions?|talk|phrases?|bit|stuck|lost|new|guide|me|could you",
    ),
    read: () => answer(abilities),
  },
];

const output =
  "logs?|logfile|log file|output|outputs|console|stdout|stderr|print(?:ed|s|ing)?|said|says|say|wrote|written|writes|write|lines?|tail|produced?|logged|trace|messages?|terminal|end|bottom|final|emitted|spit|spat|echoed|-n|-f|follow|recent";
const tail = `${numberWords}|few|couple`;

const nodeTopics: readonly Topic[] = [
  {
    about:
      /^who (?:has |have )?(?:approved|rejected|changed|edited|added|removed|started|ran|stopped|made|blocked|touched)\b/i,
    words: words(
      "approved|rejected|changed|edited|added|removed|started|ran|stopped|made|blocked|touched|last",
    ),
    read: (_, id) => ask("audit.find", { target: id, limit: 10 }, `What the audit log holds about '${id}':`),
  },
  {
    about:
      /\b(?:logs?|logfile|output|console|stdout|print(?:ed|s)?|said|says|wrote|lines?|tail|logged|terminal|trace|echoed|emitted)\b/i,
    not: /^(?:set|add|put|write|say|make|save|redirect)\b|\b(?:delete|clear|remove|fix)\b|\bstderr\b/i,
    words: words(
      output,
      tail,
      "from|ends?|much|how|cat|happened|peek|glance|ago|only|part|head over|go to|jump",
    ),
    read: ({ text }, id) => askLog(text, id, undefined),
  },
  {
    about:
      /\b(?:why|block\w*|wait\w*|hold\w*|held|stuck|stops?|stopping|prevent\w*|keep\w*|pending|delay\w*|reason|status|state|progress|doing|going|wrong|happened|up with|cause|missing|hang\w*|idle|done|started|running|finished|ready|need|needs)\b/i,
    not: /^(?:wait|hold|keep|stop|prevent|block|delay|make|let|set|start|run|need)\b|^(?!.*\bwhy$)(?!why|what|which|how|is|who|are|tell|show|explain|has|did|does|where|reason|the reason|for what|i |give|on what|any|can|cause|do ).*|\b(?:fix|needs to|depend)\b/i,
    words: words(
      "block\\w*|wait\\w*|hold\\w*|held|stuck|stops?|stopped|stopping|prevent\\w*|keep\\w*|pending|delay\\w*|reason|reasons|status|state|progress|doing|going|wrong|happened|with|cause|causes|missing|hang\\w*|idle|done|start|starts|started|starting|run|runs|running|finished|finish|ready|from|back|explain|why|yet|moving|move|happening|begin|begun|go|proceed|proceeding|continue|because|understand|executed|executing|progressing|come|how come|long|taking|else|for what|on what|needs?|needed|before|possible|isnt|wont|doesnt",
    ),
    read: ({ world }, id) => answer(sayStanding(world, id)),
  },
  {
    about:
      /\b(?:which command|definition|defined|describe|details?|config\w*|yaml|looks? like|about|explain|show|settings|what|display|print|info\w*|inspect|set up|consist\w*|view|see|open|properties|spec\w*|source|made of|contain\w*|entry|section)\b/i,
    not: /\b(?:depend\w*|prompt|artifacts?|files|before|after|changed?|failed?|wait\w*|need\w*|cost|happens?|rid)\b|^(?:set|change|run|make|put|add|give § )\b/i,
    words: words(
      "definition|defined|describe|description|details?|config\\w*|yaml|looks?|explain|settings|info\\w*|inspect|set up|setup|consists?|properties|spec\\w*|source|made|contains?|entry|section|do|does|how|written|supposed to|for|run|runs|execute|executes|good|purpose|keys|part|meant|mean|means|exactly|parameters|wired|command|configured|dependencies",
    ),
    read: (_, id) => ask("step", { id }, `'${id}' as it is written:`),
  },
];

/** Questions in whatever words. */
export const readLooseQuestions: Reader = (clause) => {
  const { left, refs } = tally(clause);
  const [id] = refs;
  if (refs.length > 1 || /^(?:do not|never) /i.test(clause.text)) return undefined;
  const list = id === undefined ? topics : nodeTopics;
  const topic = list.find((one) => one.about.test(left) && !one.not?.test(left) && saysOnly(left, one.words));
  if (!topic) return undefined;
  if (id === undefined) return topic.read(clause, "");
  const isStep = findNode(clause.world, clause.phrase, id, "step").ok;
  return isStep || topic !== nodeTopics[1] ? topic.read(clause, id) : undefined;
};
