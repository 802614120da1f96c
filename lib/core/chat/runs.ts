import { type Clause, type Reader, stepWord, textOf, wholeWord } from "./clause";
import { findExact, findNode, findNodes, listOf, namesIn } from "./nodes";
import { match, pattern } from "./phrase";
import { answer, type ChatCall, call, decline, propose, type Reading } from "./reading";
import { numberWords } from "./values";

const run =
  "(?:run|start|execute|launch|kick off|kick|fire up|trigger|begin|get going with|go|exec|perform|process)";
const whole = `(?:it(?: all)?|all(?: of it| of them| the steps| steps)?|everything|every ${stepWord}|(?:the |this |my |our )?(?:whole |entire |full |complete )?${wholeWord}|things|the run|a run|running)`;
const anew = [
  pattern(
    "(?:start|begin|run|go)(?: (?:it all|it|all|everything|the (?:sequence|pipeline|workflow|run)|over))? (?:over|afresh|anew|(?:all )?(?:again )?from (?:scratch|the beginning|the start|zero|the top))(?: again)?",
  ),
  pattern(
    "(?:start|open|begin|make|create|do|kick off|launch|trigger) (?:a |another )(?:new|fresh|second|clean)? ?run",
  ),
  pattern("(?:a )?(?:new|fresh) run"),
  pattern(`(?:rerun|re-run|repeat|restart) ${whole}`),
  pattern(`${run} ${whole} (?:again|anew|once more|another time)`),
];
const all = [
  pattern("do (?:everything|it all|all of it|all(?: the)? steps)"),
  pattern(`${run}(?: ${whole})?(?: (?:to the end|up|off))?`),
  pattern(
    "(?:(?:let us )?(?:get|be) (?:going|started|it going|this going|this started|this show on the road|rolling)|fire (?:it|everything) up|let it (?:rip|go)|go|off we go|get going|get started|let it run|run all of it|off you go)",
  ),
  pattern(`(?:get|set) ${whole} (?:running|going|started)`),
];
const ready = [
  pattern(
    `${run} (?:all |every |everything |anything |whatever |what |only |just |the |those |any )*(?:${stepWord} )?(?:that |which )?(?:(?:is|are|can be|can) )?(?:now |already )?(?:ready|runnable|possible|run now|run|startable|started|can run)(?: ${stepWord})?(?: (?:to (?:run|go|start)|at the moment|this moment))?`,
  ),
  pattern(`${run} (?:the )?(?:frontier|next (?:one|${stepWord}|ones))`),
];
const rest =
  "(?:,? ?(?:(?:and|with|plus|including|then|along with|together with|as well as) )+(?:also |then )?(?:(?:everything|all|anything|what(?:ever)?|its|the|those|every|any|each) ?)*(?:of )?(?:the |its )?(?:steps? |ones? |tasks? |rest )?(?:(?:that|which) )?(?:(?:is|are|comes?|lies?|follows?|goes|runs|happens) )?(?:downstream(?: of it| steps?)?|after(?:wards?)?(?: it| that| this)?|(?:that )?(?:depends?|depending|relies|rely|builds?) on it|dependents|dependants|successors|descendants|follows?(?: it| after it)?|following(?: it| steps)?|behind(?: it)?|(?:that )?waits? (?:for|on) it|further down|below(?: it)?|later(?: than it)?|from there(?: on)?|onwards?|subsequent(?: steps)?|needs? it|requires it|rest|continue|go on))";
const fromTo = [
  pattern(
    `${run} (?:everything|all|all steps|what(?:ever)? (?:is|comes)) (?:downstream of|behind|after|below) <from>,? (?:including|and|with) (?:it|itself|\\k<from>)(?: too| itself)?`,
  ),
  pattern("restart (?:from|at) <from>(?: on| onwards?)?"),
  pattern(
    `(?:${run}|resume|continue|go on|carry on|pick up)(?: ${whole})? (?:at|from|with) <from>(?:,? (?:and|then|on) (?:then )?(?:continue|go on|carry on|go|run|keep going|proceed|run on|do the rest|all the way|through)(?: (?:from there|on|onwards|with (?:the rest|everything (?:after|behind|below)(?: it)?)|the rest|to the (?:very )?end|until the (?:very )?end|till the end|through|everything (?:after|behind)(?: it)?))*| to the (?:very )?end| until the (?:very )?end| till the end| through to the end)`,
  ),
  pattern(
    `(?:${run}|resume|continue|go on|carry on|pick up)(?: ${whole})? (?:starting )?(?:from|at|with) <from> (?:up )?(?:to|until|till|through) <to>`,
  ),
  pattern(
    `(?:${run}|resume|continue|go on|carry on|pick up)(?: ${whole}| again)? (?:starting |beginning )?(?:from|at|with) <from>(?: on| onwards?| and (?:everything|all|what(?:ever)? (?:is|comes)) (?:after(?: it)?|behind it|downstream))?`,
  ),
  pattern(
    `(?:${run}|resume|continue|restart) (?:at |from |with |only |just )?<from>(?: onwards?| forward|${rest}(?: ${rest})?)(?: (?:until|till|to|through to) the (?:very )?end)?`,
  ),
  pattern(
    `${run} (?:the )?(?:rest|remainder|everything|all|everything else)(?: of (?:it|${whole}))? (?:starting |beginning )?(?:from|after|at|with) <from>(?: (?:on|onwards?))?`,
  ),
  pattern(
    `(?:from|starting (?:from|at|with)|beginning (?:from|at|with)) <from>(?: on| onwards?)?,? ${run}(?: ${whole}| the rest| onwards?| on)?`,
  ),
  pattern(`${run}(?: ${whole})? (?:up to|until|till|through|as far as) <to>`),
  pattern(
    `${run} (?:everything|all|what(?:ever)?)(?: that| which)?(?: is| comes)? (?:before|needed for|required for|leading (?:up )?to) <to>`,
  ),
  pattern(
    `${run} <to> (?:and|with|including) (?:everything|all|what(?:ever)?) (?:it (?:needs|depends on|waits for|requires)|before it|leading (?:up )?to it)`,
  ),
];
const tagged = [
  pattern(
    `${run} (?:only |just |all |the |everything |what is )*(?:${stepWord} )?(?:tagged|with (?:the )?tags?|with tag|labelled|marked)(?: with| as)? <tags>`,
  ),
];
const grouped = [pattern(`${run} (?:the )?group <group>`), pattern(`${run} (?:the )?<group> group`)];
const chosen = [
  pattern(
    "(?:only|just) (?:do|run|execute|start) <refs>(?:,? (?:(?:and |but )?(?:nothing|not anything) (?:else|more)|not the (?:others|rest)|alone))?",
  ),
  pattern("(?:i |we )?only want <refs> to (?:be )?(?:run|start|executed|started)"),
  pattern(`${run} (?:nothing|no step) (?:but|except|other than) <refs>`),

  pattern("(?:only|just) <refs>,? (?:and |but )?(?:nothing|not anything) (?:else|more)"),
  pattern(`${run} (?:only|just) <refs>`),
  pattern(`only ${run} <refs>`),
  pattern(
    `${run} <refs>(?:,? (?:only|alone|on its own|by itself|(?:and |but )?(?:nothing|not anything) (?:else|more)|(?:and |but )?(?:none of|not|no) (?:the )?(?:others?|rest|other steps?)|in isolation|separately|without (?:the (?:rest|others)|anything else)|and leave the (?:rest|others)(?: alone)?))?`,
  ),
];
const withParams = [
  pattern(
    `${run}(?: ${whole})? (?:with|using)(?: the)?(?: params?| parameters?)? (?<pairs>\\w+ ?= ?\\S+(?:(?:,| and) ?\\w+ ?= ?\\S+)*)`,
  ),
];

/** `run`, `run test`, `run from build to deploy`, `run what is ready`, `start over`. */
export const readRun: Reader = (clause) => {
  const { text, world, phrase } = clause;
  if (match(anew, text)) return propose([call("run.start", { scope: "all", new: true })]);
  const exact = match(chosen, text)?.refs;
  const named = exact === undefined ? undefined : findExact(world, phrase, exact, "step");
  if (named !== undefined) return propose([call("run.start", { scope: "step", id: named })]);
  if (match(all, text)) return propose([call("run.start", { scope: "all" })]);
  if (match(ready, text)) return propose([call("run.start", { scope: "runnable" })]);
  const params = match(withParams, text)?.pairs;
  if (params !== undefined)
    return propose([call("run.start", { scope: "all", params: readPairs(clause, params) })]);
  const tags = match(tagged, text)?.tags;
  if (tags !== undefined)
    return propose([
      call("run.start", { scope: "all", tags: listOf(world, tags).map((tag) => textOf(clause, tag)) }),
    ]);
  const part = match(fromTo, text);
  if (part) {
    const input: Record<string, unknown> = { scope: "all" };
    for (const end of ["from", "to"] as const) {
      const said = part[end];
      if (said === undefined) continue;
      const found = findNode(world, phrase, said, "step");
      if (!found.ok) return found.reading;
      input[end] = found.id;
    }
    return propose([call("run.start", input)]);
  }
  const group = match(grouped, text)?.group;
  const groups = new Set((world.sequence.steps ?? []).flatMap((step) => step.group_id ?? []));
  const known =
    group === undefined ? undefined : namesIn(textOf(clause, group)).find((name) => groups.has(name));
  if (known !== undefined) return propose([call("run.start", { scope: "group", id: known })]);
  if (exact === undefined) return undefined;
  const steps = findNodes(world, phrase, exact, "step");
  if (!steps.ok) return steps.reading;
  const [only] = steps.ids;
  return propose([
    steps.ids.length === 1 && only !== undefined
      ? call("run.start", { scope: "step", id: only })
      : call("run.start", { scope: "all", only: steps.ids }),
  ]);
};

function readPairs(clause: Clause, text: string): Record<string, string> {
  const pairs = [...text.matchAll(/(\w+) ?= ?(«\d+»|[^\s,]+)/g)];
  return Object.fromEntries(pairs.map(([, name = "", value = ""]) => [name, textOf(clause, value)]));
}

const again = "(?:from scratch|again|once more|another time|anew|one more time|a second time)";
const behind =
  "(?:,? (?:(?:together )?with|and|plus|including|along with|as well as) (?:also )?(?:(?:everything|all|anything|what(?:ever)?|its|the|those|every) ?)*(?:steps? )?(?:(?:that|which) )?(?:(?:is|are|comes?|lies?) )?(?:downstream(?: of it)?|after(?: it)?|(?:that )?depends? on it|depending on it|dependents|dependants|successors|follows?(?: it)?|following(?: it| steps)?|behind it|waits for it|further down)|,? downstream)";
const rerunning = [
  pattern(`(?:rerun|re-run|repeat|redo|re-execute|replay) <ref>(?<more>${behind})?(?: ${again})?`),
  pattern(`(?:run|do|execute|start) <ref> ${again}(?<more>${behind})?`),
  pattern(`(?:run|do|execute) <ref>(?<more>${behind}) ${again}`),
];
const another = [pattern("give <ref> another (?:go|run)")];
const restarting = [
  pattern("(?:start|begin|run) <ref> (?:over|afresh|anew|from scratch)(?: again)?"),
  pattern(
    "(?:give <ref> (?:another|one more|a second|a new) (?:try|chance|shot|attempt)|(?:one more|another|a second) (?:try|attempt|chance) (?:for|at|of|with) <other>)",
  ),
  pattern(
    "<ref> (?:should|must|needs to|has to|shall) be (?:retried|restarted|tried again|attempted again|relaunched)",
  ),
  pattern(
    "(?:make|do|have|start|take) (?:another|a new|one more|a second|a fresh) (?:try|attempt) (?:of|at|for|with|on) <ref>",
  ),
  pattern(
    `(?:attempt|have a go at|have another go at|try running|try to run|reattempt|re-try) <ref>(?: ${again})?`,
  ),
  pattern(`(?:restart|re-start|relaunch|reboot|bounce|retry|try) <ref>(?: ${again})?`),
  pattern(`stop and (?:then )?(?:re)?start <ref>(?: ${again})?`),
  pattern(`stop <ref> and (?:start|run) it(?: ${again})?`),
];
const what = `(?:all |everything |what(?:ever)? |the |every |any |only |just |those )*(?:${stepWord} )?(?:that |which )?(?:has |have |had |is |are )?(?:failed|failing|broken|broke|crashed|went wrong|red)(?: ${stepWord}| ones?)?`;
const repeating = "(?:rerun|re-run|retry|restart|run|start|execute|repeat|redo|try|re-execute)";
const failed = [
  pattern(`${repeating} ${what}(?: ${again})?`),
  pattern(`(?:try|start|run) again ${what}`),
  pattern(`give ${what} (?:another|one more|a second|a new) (?:go|run|try|chance|attempt|shot)`),
  pattern(`(?:retry|try again|rerun|restart|redo|repeat) (?:all |all the |the |any )?failures?`),
  pattern(`${repeating} (?:all |all the |the |any )?failures? ${again}`),
];
const stopping = [
  pattern("(?:shut|close|wind) (?:(?:everything|it all|all) down|down (?:everything|it all|all))"),
  pattern(
    `(?:cancel|abort|stop|call off|give up(?: on)?|halt|kill|end|quit|terminate|interrupt) (?:(?:the |this |my )?(?:current |whole |entire )?(?:run|${wholeWord})|everything|it all|all(?: of it| of them| steps| the steps)?|running|whatever is running|what(?:ever)? runs|(?:everything|anything|all|all steps|every step|the steps|all the steps)(?: (?:that|which))?(?: (?:is|are))?(?: (?:still|currently|now))? (?:running|active|executing|going on)|all running steps)`,
  ),
  pattern(
    "(?:please )?(?:emergency |full |hard |immediate |total )?(?:stop|cancel|abort|halt|shutdown)(?: it| this| now| everything| immediately)*",
  ),
];
const stop = [
  pattern("(?:make|let|have) <refs> stop(?: running| executing| working)?"),
  pattern(
    "<refs> (?:should|must|has to|needs to|shall) (?:stop|be (?:stopped|killed|aborted|cancelled|canceled|terminated|halted|interrupted))",
  ),
  pattern(
    "(?:stop|halt|kill|abort|terminate|interrupt|end|cancel|shut down|quit)(?: running| executing)?(?: only| just)? <refs>(?: only)?(?:,? (?:and |but )?(?:let|leave|keep) (?:the |all )?(?:others?|rest|other steps)(?: (?:go on|run|running|continue|alone|going|working|as they are))*)?",
  ),
];

/** `rerun build with everything after it`, `retry what failed`, `stop test`, `cancel the run`. */
export const readAgain: Reader = (clause) => {
  const { text, world, phrase } = clause;
  if (match(failed, text)) return retryFailed(clause);
  if (/^restart (?:from|at) /i.test(text)) return undefined;
  if (match(stopping, text)) return propose([call("run.cancel", {})]);
  const once = match([...rerunning, ...another], text);
  if (once?.ref) {
    const steps = findNodes(world, phrase, once.ref, "step");
    if (!steps.ok) return steps.reading;
    const downstream = once.more !== undefined;
    return propose(steps.ids.map((id) => call("step.rerun", { id, ...(downstream ? { downstream } : {}) })));
  }
  const wanted = match(restarting, text);
  const restart = (wanted?.ref ?? wanted?.other)?.replace(/^(?:the )?failed /i, "");
  if (restart !== undefined) return each(clause, restart, "step.restart");
  const ended = match(stop, text)?.refs;
  return ended === undefined ? undefined : each(clause, ended, "run.stop");
};

function each({ world, phrase }: Clause, refs: string, action: string): Reading {
  const steps = findNodes(world, phrase, refs, "step");
  return steps.ok ? propose(steps.ids.map((id): ChatCall => call(action, { id }))) : steps.reading;
}

/** What failed by itself. What a person stopped is no failure: it is told, and started again by its name. */
function retryFailed({ world }: Clause): Reading {
  const failures = world.steps.filter(({ status }) => status === "FAILED");
  const stopped = failures.filter(({ reason }) => reason === "stopped").map(({ id }) => id);
  const ids = failures.map(({ id }) => id).filter((id) => !stopped.includes(id));
  const was = `${stopped.map((id) => `'${id}'`).join(" and ")} ${stopped.length === 1 ? "was" : "were"} stopped by a person`;
  const again = `say "restart ${stopped.join(" and ")}" to run ${stopped.length === 1 ? "it" : "them"} again.`;
  if (ids.length > 0)
    return propose(
      ids.map((id) => call("step.restart", { id })),
      ...(stopped.length > 0 ? [`${was} and ${stopped.length === 1 ? "is" : "are"} left out; ${again}`] : []),
    );
  return answer(
    stopped.length > 0
      ? `Nothing has failed by itself. ${was}; ${again}`
      : "Nothing has failed, so there is nothing to try again.",
  );
}

const change =
  "(?:it|that|this|(?:the |my |our |that |this |your )?(?:very )?(?:last|latest|previous|most recent|recent)(?: (?:change|edit|step|one|thing|action|modification|operation|undo))?|(?:the |my |that |this |your )?(?:change|edit|modification)|what (?:i|you|we) (?:just )?(?:did|changed|have done)(?: last)?|one step|a step|one change)";
const undoing = [
  pattern(
    `(?:undo|revert|roll ?back|go back|take back|reverse|back out|step back|rewind|cancel|discard|unmake|nevermind|scratch)(?: ${change})(?: again)?`,
  ),
  pattern(
    "(?:undo|revert|roll ?back|go back|take back|go one step back|step back|take it back|ctrl[-+ ]?z|back one step|undo once)",
  ),
  pattern(
    `(?:take|roll|turn|reverse|set|change) ${change} back(?: again)?(?: to (?:how|what|the way) it was(?: before)?)?`,
  ),
  pattern(`(?:back (?:out )?|take )${change}(?: out)?`),
  pattern(
    "(?:go|get|bring me|take me|put it|return|change it|set it|back) ?(?:back )?to (?:how|what|the way|the state) it was(?: before)?(?: (?:that|the last|my last) (?:change|edit))?",
  ),
  pattern(
    "(?:that|this|it) was (?:wrong|a mistake|not right|an error|not what i wanted),? (?:undo|revert|take|go|put|set)(?: (?:it|that))?(?: back)?(?: (?:to )?(?:as|how|what|the way) it was(?: before)?)?",
  ),
];
const several = [
  pattern(
    `(?:undo|redo|revert|take back|roll back) (?:the |my )?(?:last |latest |previous )?(?<n>${numberWords}|few|all|couple of|several) (?:changes|edits|steps|things|actions)`,
  ),
  pattern(
    "(?:undo|revert|roll back) (?:everything|all|it all|all (?:of )?(?:it|my|the) ?(?:changes|edits)?)",
  ),
];
const redoing = [
  pattern(`(?:i )?(?:did|do) not (?:want|mean|intend) to (?:undo|revert|take back)(?: ${change})?`),
  pattern(`(?:redo|reapply|re-apply|re-do)(?: ${change})?(?: again)?`),
  pattern(`(?:do|apply|make) ${change} (?:again|once more|after all)`),
  pattern(
    `(?:redo|reapply|restore|repeat|bring back|reinstate|get back) (?:${change}|what (?:i|you|we) (?:just )?(?:undid|undone|reverted)|the (?:last )?(?:undone|reverted) (?:change|edit|one)|what was undone)(?: (?:again|once more|after all))?`,
  ),
  pattern("(?:undo|revert|take back|reverse|cancel) (?:the|my|that|this)(?: last)? undo"),
  pattern(`(?:bring|put|get) ${change} (?:back|forward|in|on)(?: (?:in|on|again|after all))*`),
  pattern(
    "(?:i )?(?:do )?(?:want|would like) (?:it|that|that change|my change|the change) (?:back|again|after all)(?: (?:in|after all))?",
  ),
  pattern("(?:roll|go|step) forward(?: (?:again|one step|one change))?|ctrl[-+ ]?y"),
];
const turning =
  "(?:switch|change|go|set|turn|move|put|get|bring|flip|return|take|come|jump|shift|toggle|drop|enter|revert)";
const modes = [
  pattern("(?:be|stay|work|run|operate) in (?:the )?(?<mode>safe|power)(?: mode)?"),
  pattern("(?:the )?mode(?: should be| to| =|:)? (?<mode>safe|power)"),
  pattern(
    `${turning}(?: (?:it|me|us|the (?:policy )?mode|mode|the policy(?: mode)?|over|back|threados|the workspace|everything|things|this))*(?: (?:in)?to| on| =| in)?(?: the)? (?<mode>safe|power)(?: ?-?mode)?(?: on| again)?`,
  ),
  pattern(
    "(?:use|enable|activate|enter|i want|give me|we need|make it|start|engage|need)(?: to be in| to use)? (?:the )?(?<mode>safe|power)(?: ?-?mode)?(?: again)?",
  ),
  pattern(`(?:back|over|off|down|up)(?: (?:in)?to)? (?:the )?(?<mode>safe|power)(?: mode)?(?: again)?`),
  pattern("(?:turn|switch) (?:the )?(?<mode>safe|power)(?: ?-?mode)? on(?: again)?"),
  pattern("(?<mode>safe|power)(?: ?-?mode)?(?: on| again)?"),
  pattern(
    "(?:disable|leave|turn off|switch off|exit|quit|stop using|get out of|deactivate|end|stop) (?:the )?(?<off>safe|power)(?: mode)?",
  ),
  pattern("(?:turn|switch) (?:the )?(?<off>safe|power)(?: mode)? off"),
  pattern("(?:set|change) (?:the )?(?:policy )?mode (?:back )?(?:to )?(?<mode>safe|power)"),
];

const pointing =
  /\b(?:it|that|this|those|them|what (?:i|you|we))\b(?! (?:last|latest|previous|change|edit))/i;

/** `undo`, `redo`, `switch to POWER`. */
export const readHistory: Reader = ({ text, world }) => {
  if (match(several, text))
    return decline(
      'One change is taken back at a time, so that you see each: say "undo" once for every one.',
      "undo",
      "redo",
    );
  if (match(redoing, text)) return propose([call("sequence.redo", {})]);
  if (match(undoing, text)) {
    const waiting = world.unapplied?.();
    const undo = propose([call("sequence.undo", {})]);
    if (waiting === undefined || undo.kind !== "calls") return undo;
    // `undo that` means what was just proposed, and never a change from before.
    return pointing.test(text)
      ? decline(
          `That has not been applied, so there is nothing to take back: ${waiting}. Discard stands beside it.`,
          "undo the last change",
        )
      : {
          ...undo,
          says: [`What was proposed above is not applied; this takes back the last change before it.`],
        };
  }
  const found = match(modes, text);
  if (!found) return undefined;
  const mode = found.mode ?? (found.off?.toLowerCase() === "safe" ? "power" : "safe");
  return propose([call("policy.mode", { mode: mode.toUpperCase() })]);
};
