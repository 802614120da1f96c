import { countOf } from "../count";
import type { Reader } from "./clause";
import { findExact } from "./nodes";
import { match, pattern } from "./phrase";
import type { Topic } from "./questions";
import { answer, ask, type World } from "./reading";

const show =
  "(?:(?:show|give|list|print|display|get|tell|name|read|see|view|open|check)(?: me| us)?(?: about)? |what is |what are |what were |let me see |which are )?(?:all (?:of )?|the |my |our |all the |available |existing |known |current |latest |recent |last |newest )*";
const exist =
  "(?: (?:are there|do (?:we|i|you) have|exist|there are|are available|can i use|is there|are in force|apply|we have|are (?:known|installed|defined)))?";

/** What the chat without a model can do, by example. */
export const abilities = [
  "I understand plain requests about this sequence, without a model:",
  '- change it: add a step lint after build with command "npm run lint" · rename, remove, duplicate · make deploy depend on test · run lint and test in parallel · put a gate before deploy · three candidates for fix, then fuse · apply the chained template · set the timeout of build to 5 minutes',
  "- run it: run · run what is ready · run from build · rerun build with everything after it · stop test · cancel the run",
  "- ask: status · what failed · why is deploy blocked · show me the log of build · what waits for me · what changed",
  "- undo, redo, switch to POWER, and any `seqctl …` line",
  "Changes become a proposal that you look at and apply. For anything freer, set up a model: docs/chat.md says how.",
].join("\n");

const topics: readonly Topic[] = [
  [
    [pattern("(?:hi|hello|hey|good (?:morning|evening|afternoon)|greetings|moin|howdy)(?: there)?")],
    () => answer('Hello! Say what you want of the sequence, or "help".'),
  ],
  [
    [
      pattern(
        "(?:thanks|thank you|thx|cheers|great|nice|perfect|cool|good|well done|ok|okay)(?: (?!for |approve |go |do |run |with ).{0,20})?",
      ),
    ],
    () => answer("You're welcome."),
  ],
  [
    [
      pattern(
        "(?:help|\\?|help me|what can (?:you|i)(?: all)? (?:do|say|ask)(?: here| for me)?|how (?:do i|does this|does it|can i) (?:use|work)(?: this| it| you)?|what do you (?:understand|know)|(?:show (?:me )?)?(?:some )?examples|commands|what are you|how (?:do|can|would|should) (?:i|we|one|you) (?:.+ )?(?:steps?|gates?|runs?|group|fusion|template|workflow|sequence|pipeline|command|timeout|retr(?:y|ies)|undo|threados|this|here|start|begin|work|use it|ask|say|add|rename|approve)(?: .+)?|man|what is it (?:that )?you (?:can |could )?do|who are you|how can you help(?: me)?|usage)",
      ),
    ],
    () => answer(abilities),
  ],
  [
    [
      pattern(
        `${show}(?:what )?(?:(?:is )?waits?|(?:is )?waiting|needs|requires)(?: (?:for|on))? (?:me|us|a person|my approval|approval|a human|my decision|someone)`,
      ),
      pattern(
        "(?:do|must|should) (?:i|we) (?:have to |need to )?(?:do|approve|decide|look at|check) (?:anything|something)(?: now)?",
      ),
      pattern(
        "what (?:do|must|should|can) (?:i|we) (?:have to |need to )?(?:do|approve|decide)(?: now| next)?",
      ),
      pattern(
        `${show}(?:inbox|pending (?:approvals?|proposals?|decisions?)|open (?:proposals?|approvals?|decisions?)|proposals|approvals)${exist}`,
      ),
      pattern(
        "(?:(?:is|are) )?(?:there )?(?:anything|something) (?:waiting for (?:me|us)|for me to (?:do|approve|decide))",
      ),
    ],
    () => ask("inbox", {}, "What waits for a person:"),
  ],
  [
    [pattern(`(?:what|which|${show}) ?(?:templates|thread types|patterns)${exist}`)],
    () => ask("template.list", {}, "The templates:"),
  ],
  [
    [pattern(`(?:what|which|${show}) ?(?:agents|models)${exist}`)],
    () => ask("agents.list", {}, "The agents:"),
  ],
  [[pattern(`(?:what|which|${show}) ?(?:groups)${exist}`)], () => ask("group.list", {}, "The groups:")],
  [
    [
      pattern(
        `(?:what|which|${show}) ?(?:runs|run history|previous runs|past runs|earlier runs|old runs)${exist}`,
      ),
    ],
    () => ask("runs.list", {}, "The runs, newest first:"),
  ],
  [
    [
      pattern(
        "(?:show (?:me )?|how (?:did|was|long did) |what about |summar(?:y|ise|ize) (?:of )?)(?:the )?(?:last|latest|newest|previous|current) run(?: (?:go|end|take|in numbers))?",
      ),
      pattern("how long did (?:it|the run|everything) take"),
    ],
    () => ask("runs.show", {}, "The newest run:"),
  ],
  [
    [
      pattern(
        `(?:what|which|${show}) ?(?:policy|policies|rules|limits|mode|settings)(?: (?:are we in|is it|is on|is active|is set))?${exist}`,
      ),
      pattern("are we in (?:safe|power)(?: mode)?"),
      pattern("(?:is it|is this) (?:safe|power) mode"),
    ],
    () => ask("policy.show", {}, "The rules in force:"),
  ],
  [
    [
      pattern("(?:verify|check|validate|prove) (?:the )?audit(?: log| trail| chain)?"),
      pattern("is the audit (?:log |chain |trail )?(?:ok|okay|intact|valid|sound|good|clean)"),
    ],
    () => ask("audit.verify", {}, "The audit log:"),
  ],
  [
    [
      pattern(
        `${show}(?:audit(?: log| trail)?|history|who did what|log of changes|record)(?: of (?:changes|what happened))?`,
      ),
      pattern("who (?:changed|did|edited|made|approved) (?:what|it|that|this|the last change|the sequence)"),
      pattern("what (?:has )?happened(?: (?:so far|lately|recently|today))?"),
    ],
    () => ask("audit.tail", { n: 10 }, "The newest entries of the audit log:"),
  ],
  [
    [
      pattern(
        "what (?:has |was |have (?:i|we) |did (?:i|we|you|they) )?(?:just )?chang(?:e|ed)(?: (?:last|lately|recently|since (?!.*\\b(?:run|ran|time)\\b).{1,20}))?",
      ),
      pattern(`${show}(?:diff|changes?|what changed|difference)(?: to the sequence)?`),
    ],
    () => ask("sequence.diff", {}, "The last change:"),
  ],
  [
    [
      pattern("(?:is |does )?(?:the |an )?engine(?: (?:alive|running|up|there|status|live))?"),
      pattern(`${show}engine(?: status)?`),
    ],
    () => ask("engine.status", {}, "The engine:"),
  ],
  [
    [pattern(`(?!check)${show}(?:sequence|yaml|file|definition|whole file|sequence\\.yaml)`)],
    () => ask("sequence", {}, "The sequence as it is written:"),
  ],
  [[pattern(`(?:what|which|${show}) ?(?:gates)${exist}`)], ({ world }) => answer(list(world.gates, "gate"))],
  [[pattern("how many gates(?: .{0,20})?")], ({ world }) => answer(count(world.gates.length, "gate"))],
  [
    [
      pattern(`(?:what|which|${show}) ?(?:steps|tasks|nodes|jobs)${exist}`),
      pattern("what does (?:the |this )?(?:sequence|pipeline|workflow) (?:do|consist of|hold|contain)"),
    ],
    ({ world }) => answer(list(world.steps, "step")),
  ],
  [
    [
      pattern(
        "how many (?:steps|tasks|jobs|nodes)(?: (?:are there|do (?:we|i) have|in total|does it have|are in .{1,20}))?",
      ),
      pattern("how (?:big|long|large) is (?:the |this )?(?:sequence|pipeline|workflow)"),
    ],
    ({ world }) =>
      answer(`${count(world.steps.length, "step")} and ${count(world.gates.length, "gate").toLowerCase()}`),
  ],
  [
    [
      pattern(
        `${show}(?:status|state|progress|overview|summary|standing|update|report|situation)(?: (?:of (?:it all|everything|things|affairs|play|this|the (?:run|sequence|pipeline|workflow))|report|update|please))?`,
      ),
      pattern(
        "(?:how|where) (?:is|are|do|does|far)(?: (?:it|we|everything|things|this|all|the (?:run|sequence|pipeline|workflow)))?(?: (?:is|are))?(?: (?:it|we))?(?: (?:going|doing|stand|standing|at|along|looking|now|get|got|so far|all))*",
      ),
      pattern("summar(?:ise|ize) (?:the )?(?:status|state|run|sequence|pipeline|everything|it|all)"),
      pattern(
        "what is (?:going on|happening|up|new)(?: (?:here|now|with (?:it|it all|everything|(?:the|this) (?:run|sequence|pipeline|workflow))))?",
      ),
      pattern(
        "(?:show (?:me )?(?:everything|it all|all of it)|(?:did|has|have) (?:everything|it all|all|all steps) (?:pass|passed|worked|work|finish|finished|succeed|succeeded|gone well)(?: yet)?)",
      ),
      pattern(
        "(?:are we|is it|is everything|is the run|is all)(?: (?:done|finished|there|complete|ready|through|okay|ok|fine|good))(?: (?:yet|now))?",
      ),
      pattern(
        "(?:give|tell) me (?:a |an |the )?(?:status|update|overview|summary|report|state)(?: .{0,20})?",
      ),
    ],
    ({ world }) => answer(statusOf(world)),
  ],
];

/** `status`, `help`, `what waits for me`, `what changed`, and other questions about the whole. */
export const readTopic: Reader = (clause) => {
  // `ok review` is no thanks.
  const named = /^(?:ok|okay|thanks|great|good|cool|nice|perfect),? (?<ref>\S+)$/i.exec(clause.text)?.groups
    ?.ref;
  if (named !== undefined && findExact(clause.world, clause.phrase, named, "node") !== undefined)
    return undefined;
  const topic = topics.find(([patterns]) => match(patterns, clause.text) !== undefined);
  return topic?.[1](clause);
};

const count = (number: number, what: string) => countOf(number, what, number === 0 ? "No" : number);

function list(nodes: World["steps"], what: string): string {
  if (nodes.length === 0) return `There are no ${what}s yet.`;
  const lines = nodes.slice(0, 40).map(({ id, status }) => `- ${id}: ${status}`);
  const more = nodes.length > 40 ? [`- and ${nodes.length - 40} more`] : [];
  return [`${count(nodes.length, what)}:`, ...lines, ...more].join("\n");
}

/** Where it all stands, in a few lines. */
export function statusOf({ steps, gates, open, mode }: World): string {
  if (steps.length === 0) return "The sequence has no steps yet.";
  const counts = new Map<string, number>();
  for (const { status } of steps) counts.set(status, (counts.get(status) ?? 0) + 1);
  const sums = [...counts].map(([status, number]) => `${number} ${status}`).join(", ");
  const failed = steps.filter(({ status }) => status === "FAILED").map(({ id, why }) => `- ${id}: ${why}`);
  const waits = gates
    .filter(({ reason }) => reason === "waiting_human")
    .map(({ id }) => `- gate ${id} waits for a person`);
  return [
    `${count(steps.length, "step")}: ${sums}. ${open ? "A run is open." : "No run is open."} Mode ${mode}.`,
    ...failed.slice(0, 10),
    ...waits.slice(0, 10),
  ].join("\n");
}
