import { type Clause, freeId, namedBy, needsOfNode, newName, type Reader, stepOf } from "./clause";
import { endless, goesFurther } from "./further";
import { findExact, findNodes, listOf } from "./nodes";
import { match, pattern } from "./phrase";
import { type Details, takeDetails } from "./place";
import { type ChatCall, call, decline, propose, type Reading, unsure } from "./reading";

const verb =
  "(?:add(?: in)?|creat(?:e|ing)|insert(?: in)?|put(?! back )(?: in)?|place|append|include|introduce|make(?= (?:an? |another |the |two |three |me |us |new |steps? |«))|attach|set up|define|squeeze(?: in)?|slot(?: in)?|stick(?: in)?|throw in|throw(?= an? )|there (?:should|must|has to) be|chain|wedge|hang|tack(?: on)?|new)";
const heads = [pattern(`${verb}(?: me| us)? <what>`)];
const gateWord =
  "(?:approval gate|approval step|approval point|manual approval|manual check|manual step|manual gate|human (?:approval|check|review|gate)|gate|approval|checkpoint|check point|sign-?off|confirmation)";
const gate = [
  pattern(
    `(?:an? |the |another |one more |my |our )?(?:new |extra |additional )?(?:<kind> )?${gateWord}(?: step)?(?: (?<id>(?!(?:for|by|of|from|step|so|that|which|to|please)\\b)[\\w-]+|«\\d+»))?(?: (?:by|from|for|of) (?:me|us|a human|a person|someone|somebody))?`,
  ),
];
/** `the gate Final look`: what stands behind the word is its name, however many words it has. */
const namedGate = [
  pattern(
    `(?:an? |the |another |one more |my |our )?(?:new |extra |additional )?${gateWord},? (?<id>(?!(?:for|by|of|from|step|so|that|which|to|please|with|as|in|on|at)\\b)[\\w'?!-]+(?: [\\w'?!-]+){1,4})`,
  ),
];
const adjective = /^(?:final|explicit|second|quick|safety)$/i;
const ofPeople = /^(?:approval|manual|human|required|mandatory|blocking)$/i;
const nameless =
  /^(?:an? |another |one more |one |some )?(?:new |extra |additional |shell |agent )*(?:steps?|tasks?|nodes?|jobs?|stages?)$/i;
// What begins like a request of its own, or goes on about something else, names nothing.
const asks =
  /^(?:then|run|start|stop|remove|delete|add|rename|make|set|give|put|insert|restart|rerun|undo|redo|wire|connect|let|apply|switch|show|tell|have|call|sure|do|don't) \S|(?<![\w-])(?:to|for|of|from|with|then|that|which|if|when|so|because|it|them|in|on|at|into|is|are|be)(?![\w-])/i;
const noName =
  /\b(?:something|anything|somewhere|anywhere|somehow|whatever|stuff)\b|^(?:both|all|each|it|them|that|this|these|those|some|\d+ .*|the (?:end|start|beginning).*)$|[^\p{L}\p{N}\s_«»-]/iu;
const another = /\b(?:another|second|one more|extra|additional)\b/i;

const person = "(?:an? (?:human|person|colleague|reviewer)|someone|somebody|me|i|us|we)";
const yes =
  "(?:approval|approvals|sign-?off|confirmation|review|permission|consent|an? ok|ok|okay|decision|go-ahead|green light|word|say-so|check)";
const looks =
  "(?:approve|check|review|confirm|decide|look|look at it|sign off|agree|say yes|have a look|take a look)(?: (?:it|this|that|first))?";
const where =
  "(?<side>before|ahead of|prior to|after|behind|once|between|in between|from|going from) (?:(?:you )?(?:run(?:ning)?|start(?:ing)?|execut(?:e|ing)|launch(?:ing)?|do(?:ing)?) )?<ref>(?: (?:runs|starts|is done|has finished|is finished|can run|can start|begins|may start|may run|is started|is run|gets started|finishes|completes))?";
const own =
  "(?:an? |any |my |our |the |human |manual |explicit |someone's |a person's |a human's |prior |final |[\\w-]+'s )*";
const lets =
  "(?:approves?|have approved|has approved|agrees?|says? (?:so|yes|ok)|confirms?|signs? off|has signed off|have signed off|gives? (?:the |my |an? )?(?:ok|okay|go|go-ahead|approval|green light)|have said yes|am ready|allow it|decides?|have looked at it|looked at it|have confirmed|ok it|okay it)";
const wishes = [
  pattern(
    `(?:require|request|demand|ask for|get|need|wait for|stop for|pause for|hold for|halt for|wait until there is|have|insist on) ${own}${yes} ${where}`,
  ),
  pattern(
    `(?:ask|wait for|stop for|pause for|check with|consult|prompt|get back to|come back to|stop and ask|pause and ask|wait and ask|halt and ask) ${person}(?: (?:for|to) (?:an? |my )?(?:${yes}|approve|confirm|decide|agree|check))? ${where}`,
  ),
  pattern(
    `(?:stop|pause|wait|hold|halt|interrupt|hold on|break) (?:the run |everything )?${where} (?:for ${own}${yes}|(?:and |to )?(?:ask|wait for|check with|consult) ${person}(?: (?:for|to) .+)?|until ${person} ${lets})`,
  ),
  pattern(
    `(?:${person} (?:want|wants|should|must|need|needs|has|have) to )?(?:check|review|see|inspect|look at|approve|confirm|verify) (?:the )?(?:results?|outputs?|outcomes?|work|changes) of <ref> before <to>(?: (?:runs|starts|begins|is started|can run|can start|goes on))?(?:,? (?:so |and )?(?:please )?(?:add|insert|put|create|set up) (?:an? )?(?:gate|approval)(?: there| for (?:it|that)| in between)?)?`,
  ),
  pattern(
    "(?:stop|pause|halt|hold|interrupt)(?: the run| everything| there)? (?:right |just )?(?<side>before|ahead of|prior to) <ref>",
  ),
  pattern(
    `(?:add |let |have |make |(?:i|we) (?:want|need|would like) )?${person} (?:to |should |must |has to |have to |wants? to |needs? to |should have to |must have to )?(?:be asked|${looks}) ${where}`,
  ),
  pattern(
    `<ref> (?:needs|need|requires|require|should (?:only )?(?:need|require|have|get|ask for)|must have|(?:must|should|has to|needs to|shall|may only|can only|should only|must only) (?:wait for|run after|start after|run with|start with|be run after|happen after|run once i give|go ahead with)|waits for) ${own}(?:approval|approvals|sign-?off|confirmation|permission|consent|an? ok|ok|okay|go-ahead|go|green light|gate|check|review|yes)(?: from ${person}| by ${person}| of ${person})?(?: (?:first|before it (?:runs|starts|can run|can start|may run)|before (?:running|starting)|to (?:run|start)|in front(?: of it)?|before it))?`,
  ),
  pattern(
    `(?:do not|never)(?: ever)? (?:run|start|do|execute|let|launch|begin)(?: with)? <ref> (?:(?:run|start) )?(?:without|before|until)(?: (?:asking|having asked|consulting) ${person}(?: first)?| ${own}${yes}| ${person} ${lets})`,
  ),
  pattern(
    `<ref> (?:must|should|may|can|shall|does|is) (?:not|never)(?: be)?(?: allowed to)? (?:run|start|started|begin|executed?|go) (?:without|before|until)(?: (?:asking|having asked|consulting) ${person}(?: first)?| ${own}${yes}| ${person} ${lets})`,
  ),
  pattern(
    `<ref> (?:should|must|may|can|shall|has to)(?: only)? (?:wait|run|start|be run|be held|hold|pause|be started)(?: only)? (?:until|after|once|when|if) (?:${person} ${lets}|${own}${yes})`,
  ),
  pattern(
    `(?:hold|keep|block|pause|delay|stop|suspend)(?: back)? <ref>(?: back| blocked)? until (?:${person} ${lets}|there is ${own}${yes}|${own}${yes})`,
  ),
  pattern(
    `only (?:run|start|execute|do) <ref> (?:after|once|when|if|with) (?:${person} ${lets}|${own}${yes})`,
  ),
  pattern(
    `(?:approve|check|review|confirm|sign off(?: on)?|okay|ok|authori[sz]e|look at|release|green-?light|decide on|decide about|agree to|inspect|see|be asked about|be asked for) <ref> (?:first )?(?:before|prior to|ahead of) (?:it|that|running|starting|this)(?: .{1,20})?`,
  ),
  pattern(
    `(?:let|have|make) ${person} (?:approve|check|review|confirm|sign off(?: on)?|okay|authori[sz]e|release|decide on|decide about) <ref>(?: (?:first|before it .{1,15}))?`,
  ),
  pattern(
    `(?:make|let|have) <ref> (?:wait for|require|need|ask for|depend on) ${own}(?:${person}|${yes}|approval|gate)(?: to (?:approve|confirm|say yes|agree|decide))?(?: (?:first|before it .{1,15}))?`,
  ),
  pattern(
    `(?:require|demand|request|need|add|get|ask for|want|put|set up|create|introduce|insist on) ${own}(?:new )?(?:approval|sign-?off|confirmation|permission|consent|gate|approval gate|checkpoint|check) (?:for|on|at|to run|to start|around) <ref>`,
  ),
  pattern(
    `(?:gate|guard|protect|secure) (?!before |after |between |in )<ref>(?: (?:with|by|behind) (?:an? )?(?:manual |human |new )?(?:gate|approval|approval gate|checkpoint|sign-?off|confirmation))?`,
  ),
  pattern(
    `(?:put|place|hide|lock) <ref> behind (?:an? )?(?:manual |human |new )?(?:gate|approval|approval gate|checkpoint|sign-?off|confirmation)`,
  ),
];
/** `don't ship without QA's okay`: what is not to be done without one is a step's name, or none that is known. */
const withheld = [
  pattern(
    `(?:do not|never)(?: ever)? (?<ref>[\\w-]+(?: (?:it|this|that|anything|to production))?) (?:without|before|until)(?: (?:asking|having asked|consulting) ${person}(?: first)?| ${own}${yes}| ${person} ${lets})`,
  ),
];
const frontedWish =
  /^(?<side>before|after|once|when|prior to|ahead of|between|in between) (?<ref>.+?)(?: (?:runs|starts|is done|has finished|is finished|finishes|begins|is started|can run|can start|completes|is run|may run|running))?,? (?:then |please |first )?(?:(?:i|we) (?:want|would like|need|have|wish) to (?:be asked|approve|check|confirm|look|sign off|decide|say yes|give my (?:ok|approval)|review)|(?:require|ask for|get|wait for|need|request|demand|stop for|pause for|hold for|i need|we need|there (?:should|must|has to) be) (?:me|us|an? |my |our |human |manual |explicit |someone's )*(?:to (?:approve|confirm|agree|decide)|person|human|approval|sign-?off|confirmation|permission|consent|ok|go-ahead|gate)?|ask (?:me|us|a person|someone)|(?:stop|pause|wait|halt|hold)(?: and| to)? (?:ask (?:me|us)|for (?:me|us|my|an?|human|manual)(?: (?:approval|sign-?off|ok|go|confirmation|go-ahead))?|until (?:i|we|someone|a person) .{2,25})|(?:a human|a person|someone|somebody|i|we) (?:should|must|has to|have to|needs to|need to|want to) (?:approve|check|confirm|look|sign off|decide|agree|review|say yes|be asked)(?: .{1,15})?)(?: (?:it|that|this))?(?:,? (?:before|and only then|and then|then) (?:going on |continuing |moving on |proceeding |you go on |it goes on |we go on |you continue |running |starting |you run |you start |run |start |go on |continue )(?:to |with |at )?(?<to>.+))?$/i;

/** `ask me before deploy`, `deploy needs a sign-off`, `a human should approve before deploy`. */
export const readGateWish: Reader = (clause) => {
  const turned = frontedWish.exec(clause.text)?.groups;
  const found = turned ?? match(wishes, clause.text);
  if (!found?.ref) return readWithheld(clause);
  if (found.to !== undefined)
    return found.side === undefined || /^(?:after|once|when)$/i.test(found.side)
      ? addGate(clause, undefined, { after: found.ref, before: found.to })
      : undefined;
  if (/^(?:in between|between|from|going from)$/i.test(found.side ?? ""))
    return addGate(clause, undefined, { between: found.ref.replace(/ to /i, " and ") });
  const isAfter = /^(?:after|behind|once|when)$/i.test(found.side ?? "");
  return addGate(clause, undefined, isAfter ? { after: found.ref } : { before: found.ref });
};

function readWithheld(clause: Clause): Reading | undefined {
  const verb = match(withheld, clause.text)?.ref;
  if (verb === undefined || /^(?:run|start|do|execute|let|launch|begin|go|continue|proceed)\b/i.test(verb))
    return undefined;
  const id = findExact(clause.world, clause.phrase, verb, "node");
  return id === undefined
    ? decline(
        `No step is called '${verb}'. Say which one a person is to be asked before.`,
        "put a gate before <step>",
      )
    : addGate(clause, undefined, { before: id });
}

/** What a place in the graph comes to: what the new node waits for, and what waits for it in whose stead. */
interface Placing {
  needs: string[];
  /** Nodes that wait for the new one, each with what they no longer have to wait for themselves. */
  behind: { id: string; drops: string[] }[];
}

/** `add lint after build`, `insert a gate between a and b`, `create a step that runs "npm test"`. */
export const readAdd: Reader = (clause) => {
  // `make me coffee` asks for no step.
  if (
    /^make (?:me|us) /i.test(clause.text) &&
    !/«|\b(?:steps?|tasks?|nodes?|jobs?|stages?|gates?|approvals?|checkpoints?|sign-?offs?|confirmations?)\b/i.test(
      clause.text,
    )
  )
    return undefined;
  const taken = takeDetails(clause);
  const what = taken && match(heads, taken.head)?.what;
  if (!taken || what === undefined) return undefined;
  const named = match(namedGate, what);
  const asGate = match(gate, what) ?? (named?.id === undefined || asks.test(named.id) ? undefined : named);
  if (asGate) {
    // `a manual approval` is no gate called manual.
    const said = asGate.kind !== undefined && ofPeople.test(asGate.kind) ? undefined : asGate.kind;
    const kind = said && adjective.test(said) ? `${said} approval` : said;
    // A gate runs nothing: what stands in quotes behind its colon is its name.
    const asked = /: (?<name>«\d+»)$/.exec(clause.text)?.groups?.name;
    const { command, ...details } = taken.details;
    const called = details.called ?? asGate.id ?? asked;
    return addGate(clause, kind, {
      ...details,
      ...(command === undefined || asked !== undefined ? {} : { command }),
      ...(called === undefined ? {} : { called }),
    });
  }
  return addSteps(clause, what, taken.details);
};

function placing(clause: Clause, details: Details): Placing | Reading {
  const { world, phrase } = clause;
  const find = (words: string) => findNodes(world, phrase, words, "node");
  if (details.edge !== undefined) return atEdge(clause, details);
  const between = details.between?.match(/^(.+?)(?:,? and |, | & )(.+)$/i);
  if (details.between !== undefined && !between)
    return unsure("Between which two?", "insert a step lint between <step> and <step>");
  const after = between?.[1] ?? details.after;
  const before = between?.[2] ?? details.before;
  const needs = after === undefined ? { ok: true as const, ids: [] } : find(after);
  if (!needs.ok) return needs.reading;
  const waiting = before === undefined ? { ok: true as const, ids: [] } : find(before);
  if (!waiting.ok) return waiting.reading;
  const isBetween = needs.ids.length > 0 && waiting.ids.length > 0;
  const behind = waiting.ids.map((id) => ({
    id,
    drops: isBetween ? needsOfNode(world, id).filter((need) => needs.ids.includes(need)) : [],
  }));
  // What stands before a step alone takes its place in the order: it does not start before what that one waits for.
  const taken = after === undefined ? sharedNeeds(clause, waiting.ids) : needs.ids;
  return { needs: taken, behind };
}

/** What all of these wait for, as far as that is something to wait for: not a synthesis' candidates, or one of several. */
function sharedNeeds({ world }: Clause, ids: readonly string[]): string[] {
  const [first, ...rest] = ids.map((id) => {
    const step = stepOf(world, id);
    return step?.fusion_synth || (step?.join !== undefined && step.join !== "all")
      ? []
      : needsOfNode(world, id);
  });
  return (first ?? []).filter((need) => rest.every((needs) => needs.includes(need)));
}

/** Behind everything that nothing waits for yet, or before everything that waits for nothing. */
function atEdge({ world }: Clause, { edge, after, before, between }: Details): Placing | Reading {
  if ((after ?? before ?? between) !== undefined)
    return unsure("Say one place for it, not two.", "add a step lint after <step>");
  const ids = [...(world.sequence.steps ?? []), ...(world.sequence.gates ?? [])].map(({ id }) => id);
  if (edge === "end") return { needs: ids.filter((id) => namedBy(world, id).length === 0), behind: [] };
  const first = ids.filter((id) => needsOfNode(world, id).length === 0);
  return { needs: [], behind: first.map((id) => ({ id, drops: [] })) };
}

function wiring(id: string, { behind }: Placing): ChatCall[] {
  return behind.flatMap(({ id: step, drops }) => [
    call("dep.add", { step, dep: id }),
    ...drops.map((dep) => call("dep.rm", { step, dep })),
  ]);
}

/** A step or several of that name, with all that was said about them. */
export function addSteps(clause: Clause, what: string, details: Details): Reading | undefined {
  const { world, phrase } = clause;
  const names = namesOf(clause, what, details);
  if (!Array.isArray(names)) return names;
  for (const { id } of names) {
    // `put test after build` about a step that is there already is said about its place.
    if (!another.test(what) && findExact(world, phrase, id, "node") !== undefined)
      return unsure(
        `There is already a step or gate '${id}'; say another name for the new one.`,
        `add a step ${freeId(world, id)}`,
      );
  }
  const place = placing(clause, details);
  if ("kind" in place) return place;
  const taken: string[] = [];
  const made = names.map((name) => {
    const id = freeId(world, name.id, taken);
    taken.push(id);
    return { ...name, id };
  });
  const calls = made.flatMap(({ id, name }, index): ChatCall[] => {
    const previous = details.shape === "chain" ? made[index - 1] : undefined;
    const needs = previous ? [previous.id] : place.needs;
    const added = call("step.add", {
      id,
      ...(name === undefined ? {} : { name }),
      ...workOf(id, details),
      ...(needs.length > 0 ? { depends_on: needs } : {}),
    });
    const prompt =
      details.prompt === undefined ? [] : [call("prompt.edit", { id, text: `${details.prompt}\n` })];
    return [added, ...prompt];
  });
  const last = details.shape === "chain" ? made.slice(-1) : made;
  const wired = joinWiring(
    last.map(({ id }) => id),
    place,
  );
  const group =
    details.shape === "parallel" && made.length > 1
      ? [call("group.parallelize", { ids: made.map(({ id }) => id) })]
      : [];
  return propose(
    [...calls, ...wired, ...group],
    ...sayAdded(
      made.map(({ id }) => id),
      details,
    ),
  );
}

/** Each waiting node waits for every new one, and drops what they stand in for once. */
function joinWiring(ids: string[], place: Placing): ChatCall[] {
  const [first, ...rest] = ids;
  if (first === undefined) return [];
  return [
    ...rest.flatMap((id) =>
      wiring(id, { ...place, behind: place.behind.map(({ id: to }) => ({ id: to, drops: [] })) }),
    ),
    ...wiring(first, place),
  ];
}

function workOf(
  id: string,
  { command, agent, prompt, timeoutMs, retries, description }: Details,
): Record<string, unknown> {
  const model = agent ?? (prompt === undefined ? undefined : "claude-code");
  return {
    ...(description === undefined ? {} : { description }),
    ...(model === undefined ? {} : { model, prompt: `prompts/${id}.md` }),
    ...(command === undefined ? {} : { command }),
    ...(timeoutMs === undefined ? {} : { timeout_ms: timeoutMs }),
    ...(retries === undefined ? {} : { retry: { limit: retries } }),
  };
}

function sayAdded(ids: string[], { command, agent, prompt }: Details): string[] {
  const [first] = ids;
  if (command !== undefined) return [];
  if (agent !== undefined || prompt !== undefined)
    return prompt === undefined ? [`Its prompt belongs in .threados/prompts/${first}.md.`] : [];
  const which = ids.length === 1 ? "It has" : "They have";
  return [`${which} no command yet; say for example: set the command of ${first} to "npm test".`];
}

/** The names of what is new; from the command if nothing else names it. */
function namesOf(
  clause: Clause,
  what: string,
  details: Details,
): { id: string; name?: string }[] | Reading | undefined {
  const said =
    details.called ??
    (nameless.test(what)
      ? undefined
      : what.replace(/^(?:two|three|four|five|six) (?:new |more )?(?:steps|tasks|jobs|stages)[:,]? /i, ""));
  if (said === undefined) {
    const { command } = details;
    if (command === undefined)
      return unsure("What is the new step to be called?", "add a step lint after <step>");
    const words = (typeof command === "string" ? command.split(/\s+/) : command).slice(0, 2).join(" ");
    const name = newName(clause, words);
    return name
      ? [{ id: freeId(clause.world, name.id) }]
      : unsure("What is the new step to be called?", "add a step lint after <step>");
  }
  // Of `a step like build called test` only the name would be understood.
  if (details.called !== undefined && what.split(" ").length > 2 && !nameless.test(what)) return undefined;
  if (/«/.test(said) && !/^«\d+»$/.test(said)) return undefined;
  const names = listOf(clause.world, said).map((part) => newName(clause, part, details.called !== undefined));
  if (names.some((name) => name === undefined)) return undefined;
  if (listOf(clause.world, said).some((part) => asks.test(part) || noName.test(part))) return undefined;
  // A long phrase is no name: something in it was not understood.
  if (listOf(clause.world, said).some((part) => part.split(" ").length > 6)) return undefined;
  return names as { id: string; name?: string }[];
}

function addGate(clause: Clause, kind: string | undefined, details: Details): Reading | undefined {
  const { world, phrase } = clause;
  if (details.command !== undefined || details.agent !== undefined) return undefined;
  const place = placing(clause, details);
  if ("kind" in place) return place;
  const needs = [...place.needs];
  const behind = place.behind.map(({ id }) => ({ id, drops: dropsBehindGate(clause, id, place.needs) }));
  if (needs.length === 0)
    for (const { drops } of behind) needs.push(...drops.filter((id) => !needs.includes(id)));
  // Behind a step alone, everything that followed it follows the gate.
  if (place.behind.length === 0 && details.after !== undefined)
    for (const { id } of [...(world.sequence.steps ?? []), ...(world.sequence.gates ?? [])]) {
      const drops = needsOfNode(world, id).filter((need) => place.needs.includes(need));
      if (drops.length > 0) behind.push({ id, drops });
    }
  const [at] = place.behind.length > 0 ? place.behind.map(({ id }) => id) : needs;
  if (details.called !== undefined && goesFurther(clause, details.called))
    return unsure(endless(details.called), 'put a gate before <step> called "…"');
  const named = details.called === undefined ? undefined : newName(clause, details.called, true);
  if (details.called !== undefined && !named) return undefined;
  const kindName = kind === undefined ? undefined : newName(clause, kind);
  const id = freeId(
    world,
    named?.id ?? kindName?.id ?? (at === undefined ? "gate" : `${at}-gate`.slice(0, 64)),
  );
  const name =
    named?.name ??
    (kindName ? capital(kindName.name ?? kindName.id.replaceAll("-", " ")) : question(place, at));
  if (named && findExact(world, phrase, named.id, "node") !== undefined)
    return unsure(
      `There is already a step or gate '${named.id}'; say another name for the gate.`,
      "put a gate before <step>",
    );
  const shows = needs.filter((need) => stepOf(world, need) !== undefined);
  const inserted = call("gate.insert", {
    id,
    name,
    ...(needs.length > 0 ? { depends_on: needs } : {}),
    ...(shows.length > 0 ? { shows } : {}),
    ...(details.description === undefined ? {} : { description: details.description }),
  });
  const lonely = needs.length === 0 && behind.length === 0;
  if (lonely) return unsure("Where is the gate to stand?", "put a gate before <step>");
  return propose([inserted, ...wiring(id, { needs, behind })], `A person decides at '${id}'.`);
}

/** What a node need not wait for itself once a gate that does stands before it. */
function dropsBehindGate({ world }: Clause, id: string, needs: string[]): string[] {
  const step = stepOf(world, id);
  const own = needsOfNode(world, id);
  // Another way of joining, and a synthesis' candidates, speak about the very steps that are named.
  if (step?.fusion_synth || (step?.join !== undefined && step.join !== "all")) return [];
  return needs.length === 0 ? own : own.filter((need) => needs.includes(need));
}

function question({ behind }: Placing, at: string | undefined): string {
  if (behind.length > 0) return `Go on to ${behind.map(({ id }) => id).join(", ")}?`.slice(0, 200);
  return at === undefined ? "Go on?" : `Go on after ${at}?`;
}

const capital = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);
