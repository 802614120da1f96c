import { statusWord } from "../views/status-word";
import { type Clause, namedBy, needsOfNode, type Reader, stepWord } from "./clause";
import { findNode } from "./nodes";
import { match, pattern } from "./phrase";
import { answer, ask, type NodeStanding, type Reading, type World } from "./reading";
import { numberWords, readNumber } from "./values";

const aux = "(?:is|are|was|were|does|do|did|has|have|had|can|could|will|would|must|should)";
const state =
  "(?:(?:still |just |even |currently |being |been |got |already |always )*(?:blocked|waiting|stuck|held(?: up)?|pending|queued|failing|failed|fail|broken|red|skipped|canceled|cancelled|stopped|stop|running|run|ran|start(?:ed|ing)?|done|finish(?:ed)?|ready|progress(?:ing)?|stale|retrying|go(?:ing)?|move|moving|work(?:ing)?|execut(?:ed|e|ing)|complete(?:d)?|idle|there|wait|broke|break)(?: (?:yet|now|anymore|any more|up|again|still|back))*)";
const whying = [
  pattern(`(?:give me |tell me |what is )?(?:the )?reason (?:why|that) <ref> (?:${aux} )?(?:not )?${state}`),
  pattern(`how come (?:that )?<ref> (?:${aux} )?(?:not )?${state}`),
  pattern(`why ${aux}(?: not)? <ref> (?:not )?${state}`),
  pattern(`why ${aux}(?: not)? <ref>(?: not)?`),
  pattern(`(?:(?:tell|show) me |explain |say )?why <ref> (?:${aux} )?(?:not )?${state}`),
  pattern(`why (?:not )?<ref>`),
  pattern(
    "what (?:is )?(?:blocks?|blocking|holds? up|holding up|holds? back|holding back|holding|keeps?|keeping|stopping|preventing|delaying) <ref>(?: (?:up|back|waiting|from (?:running|starting)))?",
  ),
  pattern("what is (?:wrong|up|the matter|the problem|the issue|going on|happening) (?:with|in|at) <ref>"),
  pattern("what (?:happened|went wrong) (?:to|with|in|at) <ref>"),
  pattern(
    "(?:what|who|which steps?) (?:is|are) <ref> (?:waiting (?:for|on)|blocked (?:by|on)|held up by|stuck (?:on|at))",
  ),
  pattern(`(?:tell me|explain|explain to me|say|show me|do you know) why <ref> ${aux}(?: not)? ${state}`),
  pattern(`(?:tell me|explain|explain to me|say|show me|do you know) why ${aux} <ref> (?:not )?${state}`),
  pattern(
    "(?:the )?reason (?:for|why|of) <ref>(?: (?:is |being )?(?:not )?(?:blocked|failed|waiting|running))?",
  ),
];
const standing = [
  pattern(
    `(?:what is |show (?:me )?|give me |get |tell me )?(?:the )?(?:status|state|standing|progress) (?:of|for) <ref>`,
  ),
  pattern(`how (?:is|are) <ref> (?:doing|going|getting on|coming along)`),
  pattern(`how (?:did|does) <ref> (?:go|end|do)`),
  pattern(`where (?:is|does) <ref>(?: stand| at)?(?: now)?`),
  pattern(`(?:is|are|was|has|did|does) <ref> (?:not )?${state}`),
];

/** `why is deploy blocked`, `how is test doing`, `did build fail`. */
export const readWhy: Reader = (clause) => {
  const found = match(whying, clause.text) ?? match(standing, clause.text);
  if (!found?.ref || /^(?:anything|something|everything|it|all|nothing|any(?: steps?)?)$/i.test(found.ref))
    return undefined;
  const node = findNode(clause.world, clause.phrase, found.ref, "node");
  return node.ok ? answer(sayStanding(clause.world, node.id)) : node.reading;
};

/** One node in a sentence. */
export function sayStanding({ steps, gates }: World, id: string): string {
  const node = [...steps, ...gates].find((one) => one.id === id);
  if (!node) return `'${id}' is new: it takes part once it is applied.`;
  const word = statusWord(node);
  const look = word === "FAILED" ? ` Say "show me the log of ${id}" to see what it printed.` : "";
  const decide = node.reason === "waiting_human" ? ` A person decides: \`seqctl gate approve ${id}\`.` : "";
  return `${id} is ${word}: ${node.why}${look}${decide}`;
}

interface Group {
  words: string;
  says: string;
  fits: (node: NodeStanding) => boolean;
}

const is =
  (...statuses: string[]) =>
  ({ status }: NodeStanding) =>
    statuses.includes(status);
const states: readonly Group[] = [
  {
    words: "failed|failing|broken|red|gone wrong|went wrong|broke|fail|crashed|in error|errored",
    says: "failed",
    fits: ({ status, reason }) => status === "FAILED" && reason !== "stopped",
  },
  {
    words: "stopped|interrupted|stopped by (?:me|hand|a person|someone)",
    says: "stopped by a person",
    fits: ({ reason }) => reason === "stopped",
  },
  {
    words: "running|in progress|under way|active|executing|working|going on|being run|being executed",
    says: "running",
    fits: is("RUNNING", "STOPPING", "RETRYING"),
  },
  { words: "ready(?: to (?:run|go|start))?|runnable|startable", says: "ready to run", fits: is("READY") },
  { words: "blocked|stuck|held up|waiting", says: "blocked or waiting", fits: is("BLOCKED", "PENDING") },
  {
    words: "done|finished|complete|completed|green|succeeded|successful|passed|through",
    says: "done",
    fits: is("DONE", "APPROVED"),
  },
  { words: "queued", says: "queued", fits: is("QUEUED") },
  { words: "skipped", says: "skipped", fits: is("SKIPPED") },
  { words: "canceled|cancelled", says: "canceled", fits: is("CANCELED") },
  {
    words: "pending|left|remaining|open|outstanding|not done|unfinished|missing|still to do|to do",
    says: "not done yet",
    fits: (node) => !["DONE", "APPROVED", "SKIPPED", "CANCELED"].includes(node.status),
  },
];
const allStates = states.map(({ words }) => words).join("|");
const asking = [
  pattern(
    "(?<stuck>(?:why|where) (?:are|is) (?:we|it|this|everything|the (?:run|pipeline|workflow|sequence)) (?:stuck|blocked|waiting|held up|not (?:moving|running)))",
  ),
  pattern(
    "(?<failures>why|what is wrong|what is the (?:problem|matter|issue)|why (?:did|has|is) (?:it|that|this|the run|everything) (?:fail|failed|failing|broken|break|stop|stopped|red))",
  ),
  pattern("what (?:is|comes|runs) (?<ready>next)(?: up)?"),
  pattern(
    `(?:what|which steps|which ones) (?:can|could|may|might) (?:be )?(?<ready>run|start(?:ed)?|go|i run)(?: (?:now|next|already|right now))?`,
  ),
  pattern(
    `(?:what|which|who)(?: of (?:the |my )?)?(?: ?(?:${stepWord}|ones|gates))?(?: (?:is|are|has|have|did|was|were|currently|of them|got))* (?<state>${allStates})(?: (?:right now|now|at the moment|currently|so far|yet))?`,
  ),
  pattern(
    `(?:show|list|name|give|tell|find|display|print)(?: me| us)?(?: all| the| every| any| only| which| what)*(?: ${stepWord})?(?: (?:that|which))?(?: (?:is|are|has|have))* (?<state>${allStates})(?: (?:${stepWord}|ones))?`,
  ),
  pattern(
    `(?:is|are|did|does|has|have|was|were) (?:there )?(?:any|anything|something|any of (?:the |them )?)(?: ?${stepWord})?(?: (?:is|are|has|have))? ?(?<state>${allStates})(?: (?:${stepWord}|yet|now|ones))?`,
  ),
  pattern(
    `how many(?: ?(?:${stepWord}|of them|ones))?(?: (?:is|are|has|have|were))* (?<state>${allStates})(?: (?:${stepWord}|yet|so far))?`,
  ),
  pattern(`(?:any|the|all)(?:thing)?(?: of (?:it|them))? (?<state>${allStates})(?: ${stepWord})?`),
  pattern(
    "(?:any|what|(?:show|list)(?: me)?(?: the| all)?) ?(?<failures>errors|failures|problems)(?: (?:are there|were there|so far))?",
  ),
];

/** `what failed`, `what is running`, `which steps are ready`, `how many are done`. */
export const readStates: Reader = ({ text, world }) => {
  const found = match(asking, text);
  const said =
    found?.stuck !== undefined
      ? "blocked"
      : found?.ready !== undefined
        ? "ready"
        : found?.failures === undefined
          ? found?.state
          : "failed";
  if (said === undefined || /\bgates?\b/i.test(text)) return undefined;
  const group = states.find(({ words }) => new RegExp(`^(?:${words})$`, "i").test(said)) as Group;
  return listOf(world, group);
};

function listOf(world: World, group: Group): Reading {
  const nodes = [...world.steps, ...world.gates].filter(group.fits);
  if (nodes.length === 0)
    return answer(`Nothing is ${group.says}.`.replace("Nothing is failed", "Nothing has failed"));
  const lines = nodes.slice(0, 20).map(({ id, why }) => `- ${id}: ${why}`);
  const more = nodes.length > 20 ? [`- and ${nodes.length - 20} more`] : [];
  return answer([`${nodes.length} ${group.says}:`, ...lines, ...more].join("\n"));
}

/** The nodes in a state, by the word it is listed with. */
export function listStates(world: World, says: string): Reading {
  return listOf(world, states.find((group) => group.says === says) as Group);
}

const show =
  "(?:(?:show|give|print|display|tail|open|get|read|see|view|cat|fetch|check|dump)(?: me| us)?|look at|what is|what are|let me see|can i see|i want to see)";
const output = "(?:logs?|output|console(?: output)?|log ?file|prints?|trace)";
const logging = [
  pattern(
    `(?:${show} )?(?:the |its )?(?:last|latest|newest|final|bottom) (?:${numberWords}) lines (?:of|from|in) (?:the )?<ref>(?:'s)? (?<stream>stderr|stdout)(?: ${output}| stream)?`,
  ),
  pattern(`${show} (?:the )?<ref> (?<stream>stderr|stdout)(?: ${output}| stream)?`),
  pattern(
    `(?:${show} )?(?:the |its )?(?:last|latest|newest|final|bottom) (?:${numberWords}) lines (?:of|from|in|that) (?:the )?(?:(?<stream>stderr|stdout|errors?) (?:of|for|from|by) )?(?:${output} (?:of|for|from|by) )?<ref>(?:'s)?(?: ${output}| printed| wrote)?`,
  ),
  pattern(
    `(?:${show} )?(?:the |its )?(?:(?:last|latest|newest) )?(?:(?:\\d+ )?lines of )?(?:the )?(?:full |whole |complete )?(?<stream>stderr|stdout|errors?|error) ?(?:logs?|output|stream|messages?)? (?:of|for|from|by|in) <ref>`,
  ),
  pattern(
    `(?:${show} )?(?:the |its )?(?:(?:last|latest|newest) )?(?:(?:\\d+ )?lines of )?(?:the )?(?:full |whole |complete )?${output} (?:of|for|from|by|in) <ref>`,
  ),
  pattern(`(?:${show} )?<ref>'s (?:(?<stream>stderr|stdout|errors?|error) ?)?${output}`),
  pattern(`(?:${show} )?<ref>'s (?<stream>stderr|stdout|errors?)`),
  pattern("what (?:was|is|has been) (?:printed|said|written|logged|output) by <ref>"),
  pattern(
    "what (?:did|does|has|is) <ref> (?:print|say|output|write|log|show|printed|said|printing|saying|logged)(?: out)?",
  ),
  pattern(`${show} (?:the )?<ref> ${output}`),
  pattern(`(?:(?:tail|logs?(?: of)?)|(?:show|print|get)(?: me)?(?: the)? logs?) <ref>`),
  pattern(`<ref> ${output}`),
  pattern(`${show} (?:me )?what <ref> (?:printed|said|wrote|logged|output|prints|says)`),
];

/** Where the end of a log begins, in bytes from its end. */
const logEnd = -4096;

const lineCount = new RegExp(`(?<![\\w.-])(${numberWords}) (?:log )?lines|-n ?(\\d+)`, "i");

/** The end of a step's log; so many lines of it where a number of them is asked for. */
export function askLog(text: string, id: string, stream: "stderr" | undefined): Reading {
  const said = lineCount.exec(text);
  const lines = readNumber(said?.[1] ?? said?.[2] ?? "");
  const some = lines !== undefined && Number.isInteger(lines) && lines > 0 ? { lines } : {};
  const from = Math.max(-65_536, Math.min(logEnd, -(lines ?? 0) * 200));
  const input = { id, from, ...(stream === undefined ? {} : { stream }) };
  const where = stream === undefined ? "" : ` on ${stream}`;
  return { ...ask("logs", input, `The end of what '${id}' printed${where}:`), ...some };
}

/** `show me the log of build`, `what did test print`. */
export const readLogs: Reader = (clause) => {
  const found = match(logging, clause.text);
  if (!found?.ref) return undefined;
  const step = findNode(clause.world, clause.phrase, found.ref, "step");
  if (!step.ok) return step.reading;
  const isErrors = found.stream !== undefined && !/stdout/i.test(found.stream);
  return askLog(clause.text, step.id, isErrors ? "stderr" : undefined);
};

const needs = [
  pattern("what (?:does|do|did) <ref> (?:depend (?:up)?on|need|require|wait for|build on|come after)"),
  pattern(
    "(?:show |list |give )?(?:me )?(?:what are )?(?:the )?(?:dependencies|deps|prerequisites|needs|predecessors) (?:of|for) <ref>",
  ),
  pattern("what (?:comes|is|runs|goes|must run|has to run|happens) before <ref>"),
];
const followers = [
  pattern(
    "(?:what|who|which (?:steps|ones|nodes)) (?:all )?(?:depends?|waits?|needs?|requires?|builds?|follows?|relies|rely) ?(?:up)?(?:on|for)? <ref>",
  ),
  pattern(
    "(?:show |list |give )?(?:me )?(?:what are )?(?:the )?(?:dependents|dependants|successors|followers) (?:of|for) <ref>",
  ),
  pattern("what (?:comes|is|runs|goes|follows|happens) (?:right )?(?:after|behind) <ref>"),
  pattern("what is downstream of <ref>"),
];

/** `what does deploy depend on`, `what comes after build`. */
export const readNeighbours: Reader = (clause) => {
  const before = match(needs, clause.text)?.ref;
  const after = match(followers, clause.text)?.ref;
  const said = before ?? after;
  if (said === undefined) return undefined;
  const node = findNode(clause.world, clause.phrase, said, "node");
  if (!node.ok) return node.reading;
  const ids = before === undefined ? namedBy(clause.world, node.id) : needsOfNode(clause.world, node.id);
  if (before !== undefined)
    return answer(
      ids.length === 0 ? `'${node.id}' waits for nothing.` : `'${node.id}' waits for ${ids.join(", ")}.`,
    );
  return answer(
    ids.length === 0 ? `Nothing waits for '${node.id}'.` : `For '${node.id}' wait ${ids.join(", ")}.`,
  );
};

/** A step or gate as it is written. */
const defining = [
  pattern(
    "(?:show|describe|print|display|open|inspect|view|see)(?: me| us)? (?:the )?(?:definition|yaml|details|config(?:uration)?|settings) (?:of|for) <ref>",
  ),
  pattern(
    "(?:show|describe|print|display|open|inspect|view|see)(?: me| us)? <ref>(?:'s (?:definition|yaml|details|settings))?",
  ),
  pattern("how is <ref> (?:defined|configured|set up)"),
];
// What else one wonders about is no step that is missing.
const wondering = [pattern("(?:what is|what does|tell me about|explain) <ref>(?: do| about)?")];
const filesOf = [
  pattern(
    "(?:show |list |give )?(?:me )?(?:what are )?(?:the )?(?:artifacts|artefacts|files|results|outputs) (?:of|from|by) <ref>",
  ),
  pattern(
    "(?:what|which files|what files|which artifacts) (?:did|has|does) <ref> (?:leave|left|produce|produced|create|created|make|made|write|written|generate)(?: behind)?",
  ),
];
const promptOf = [
  pattern(`(?:${show} )?(?:the )?prompt (?:of|for) <ref>`),
  pattern(`(?:${show} )?<ref>'s prompt`),
  pattern("what is <ref> told(?: to do)?"),
];

/** `show build`, `which files did build leave`, `show the prompt of fix`. */
export const readThing: Reader = (clause): Reading | undefined => {
  const one = (
    ref: string,
    kind: "step" | "node",
    view: string,
    key: string,
    says: (id: string) => string,
  ) => {
    const node = findNode(clause.world, clause.phrase, ref, kind);
    return node.ok ? ask(view, { [key]: node.id }, says(node.id)) : node.reading;
  };
  const prompt = match(promptOf, clause.text)?.ref;
  if (prompt !== undefined) return one(prompt, "step", "prompt", "id", (id) => `The prompt of '${id}':`);
  const files = match(filesOf, clause.text)?.ref;
  if (files !== undefined)
    return one(files, "step", "artifacts", "step", (id) => `What '${id}' left behind:`);
  const about = match(wondering, clause.text)?.ref;
  if (about !== undefined && !findNode(clause.world, clause.phrase, about, "node").ok) return undefined;
  const ref = about ?? match(defining, clause.text)?.ref;
  return ref === undefined ? undefined : one(ref, "node", "step", "id", (id) => `'${id}' as it is written:`);
};

/** A clause that asks for one of the workspace's views, or for the chat itself. */
export type Topic = readonly [patterns: readonly RegExp[], read: (clause: Clause) => Reading];
