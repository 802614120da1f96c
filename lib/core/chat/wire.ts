import { type Clause, namedBy, needsOfNode, type Reader, stepOf } from "./clause";
import { removeGate } from "./gates";
import { forget } from "./mentions";
import { findExact, findNodes } from "./nodes";
import { match, pattern } from "./phrase";
import { answer, type ChatCall, call, decline, propose, type Reading, unsure } from "./reading";
import { joints, saysOnly, tally, vocabulary } from "./tally";

const must =
  "(?: (?:should|must|has to|have to|needs to|need to|ought to|shall|can|may|will))?(?: only| first| always)?";
const waits =
  "(?:depends? (?:up)?on|waits? (?:for|on|until)|needs?|requires?|(?:be )?dependent (?:up)?on|relies on|rely on|(?:comes?|runs?|starts?|goes?|be run|happens?|be) (?:right |directly |only )?(?:after|behind|once)|follows?)";
const done =
  "(?: (?:is|are|has|have) (?:been )?(?:done|finished|complete|completed|through|succeeded|passed|successful|over|run|ended|ready)| (?:finished|succeeded|completed|passed|ended)| (?:finishes|succeeds|completes|passes|ends)| first)?";

/** `a` waits for `b`. */
const waiting = [
  pattern(
    "<b> (?:is|should be|must be|becomes|shall be) (?:an? |the )?(?:prerequisite|dependency|requirement|predecessor) (?:of|for) <a>",
  ),
  pattern(`(?:make|let|have|get) <a>${must} ${waits} <b>${done}`),
  pattern(`make <a> dependent (?:up)?on <b>`),
  pattern(
    `(?:do not|never) (?:let |have )?(?:run|start|do|execute|begin|launch) <a> (?:before|until|unless) <b>${done}`,
  ),
  pattern(`(?:do not|never) (?:let|have) <a> (?:run|start|begin) (?:before|until|unless) <b>${done}`),
  pattern(
    `<a> (?:can|may|must|should|shall|will|does) not (?:be )?(?:run|start|begin|started?|go|execute|executed) (?:before|until|unless) <b>${done}`,
  ),
  pattern(
    `<a> (?:may|can|should|must|shall) only (?:be )?(?:run|start|begin|started?|go|execute|executed) (?:after|once|when|if) <b>${done}`,
  ),
  pattern(`only (?:run|start|do|execute|begin) <a> (?:after|once|when) <b>${done}`),
  pattern(
    `(?:run|start|do|execute|begin|launch) <a> only (?:after|once|when|if) <b>${done.replace(/\?$/, "")}`,
  ),
  pattern("<b> (?:is|should be|must be) (?:required|needed) (?:by|for|before) <a>"),
  pattern("<b> (?:should|must|shall|is to|has to)? ?(?:blocks?|gates?|unlocks?|unblocks?) <a>"),
  pattern(
    "(?:declare|make|set|mark|define|register) <b> (?:as )?(?:an? |the )?(?:prerequisite|dependency|requirement|predecessor|dep) (?:of|for|to) <a>",
  ),
  pattern("(?:let|have|make) <a> follow(?: on)?(?: from)? <b>"),
  pattern(`<a>${must} ${waits} <b>${done}`),
  pattern(
    `(?:run|start|do|execute|put|place|move|schedule) <a> (?:to )?(?:right |directly |only |right )?(?:after|behind|once) <b>${done}`,
  ),
  pattern("add (?:a |the )?(?:dependency|dep|need|requirement) (?:for|of|from|to) <a> (?:up)?(?:on|to) <b>"),
  pattern("add (?:a |the )?(?:dependency|dep|need) (?:up)?on <b> (?:to|for|in) <a>"),
  pattern("add <b> as (?:a |the )?(?:dependency|dep|need|requirement|prerequisite) (?:of|to|for) <a>"),
  pattern("add <b> to (?:the )?(?:dependencies|deps|needs) of <a>"),
];
/** `b` before `a`. */
const flowing = [
  pattern(
    `(?:make|let|have|get) <b>${must} (?:run|come|go|start|be|happen|be run|precede|finish)(?: right| directly)? (?:before )?(?:ahead of )?<a>(?: (?:does|starts|runs))?`,
  ),
  pattern(
    `<b>${must} (?:runs?|comes?|goes?|starts?|be|happens?|be run|be done|be finished|be completed?|be through|finish(?:es)?|ends?|completes?) (?:right |directly )?(?:before|ahead of|prior to) <a>(?: (?:does|starts|runs))?`,
  ),
  pattern(`<b>${must} precedes? <a>`),
  pattern(
    "(?:run|start|do|execute|put|place|move|schedule) <b> (?:right |directly )?(?:before|ahead of|in front of) <a>",
  ),
  pattern(
    "(?:connect|link(?: up)?|wire(?: up)?|chain|hook(?: up)?|join up|attach) <b>(?: up)? (?:to|with|into|->|→) <a>",
  ),
  pattern(
    "(?:add|draw|make|create|put|insert) (?:an? |the )?(?:edge|arrow|link|connection|wire|line) (?:from|between) <b> (?:to|and) <a>",
  ),
  pattern("<b> ?(?:-+>|=+>|→|»>) ?<a>"),
];

/** `make b depend on a`, `deploy waits for test`, `connect a to b`, `a -> b`. */
export const readWire: Reader = (clause) => {
  const found = match(waiting, clause.text) ?? match(flowing, clause.text);
  if (!found?.a || !found.b) return undefined;
  if (/ (?:no longer|any ?more|instead)(?: |$)/i.test(` ${clause.text} `)) return undefined;
  if (/ (?:not|never) /i.test(clause.text) && !/ (?:before|until|unless) /i.test(clause.text))
    return undefined;
  if (isNew(clause, found.a) || isNew(clause, found.b)) return undefined;
  return pairUp(clause, found.a, found.b, (step, dep) => {
    if (needsOfNode(clause.world, step).includes(dep)) return `'${step}' waits for '${dep}' already.`;
    return call("dep.add", { step, dep });
  });
};

/** `put a step lint before build` is about a new step, however much `lint` is like the name of another. */
function isNew({ text, world, phrase }: Clause, words: string): boolean {
  return (
    /^(?:put|place) /i.test(text) &&
    /^an? /i.test(words) &&
    findExact(world, phrase, words, "node") === undefined
  );
}

const free = "(?:start|run|go|begin|be run|execute|be started|happen)";
const unwired = [
  pattern(
    "(?:cut|break|remove|delete|drop|sever|unlink|disconnect)(?: (?:the )?(?:edge|arrow|link|dependency|connection|wire|line))?(?: from)? <a> ?(?:-+>|=+>|→|»>) ?<b>",
  ),
  pattern(
    `(?:let |have |make )?<a>(?: can| may| should| must| shall| will)? (?:now )?${free} (?:even )?(?:without|independently of|regardless of|irrespective of|independent of|no matter) (?:waiting for |depending on |needing |having to wait for |whether )?<b>(?: (?:being|is) (?:done|finished|complete))?`,
  ),
  pattern(
    "(?:remove|delete|drop|take) <b> (?:from|out of|off) <a>'s? (?:dependencies|deps|needs|prerequisites|depends_on)",
  ),
  pattern(
    "<a> (?:should|must|does|do|can|need) not (?:be )?(?:wait|dependent|have to wait|need to wait|be waiting|linked|connected|wired|waiting) (?:up)?(?:for|on|to) <b>(?: any ?(?:more|longer))?",
  ),
  pattern(
    "<a> (?:is|are|should be|must be) (?:not|no longer) (?:dependent|depending|waiting|linked|connected|wired|reliant) (?:up)?(?:for|on|to) <b>(?: any ?(?:more|longer))?",
  ),
  pattern("(?:free|release|unblock) <a> (?:from|of) <b>"),
  pattern(
    "(?:do not|no longer|stop) (?:make|making|let|letting|have|having) <a> (?:wait for|depend on|need) <b>(?: any ?(?:more|longer))?",
  ),
  pattern(
    "(?:there (?:is|should be) )?no (?:longer )?(?:a )?(?:dependency|link|edge|connection) (?:from|between) <a> (?:to|and|on) <b>(?: any ?(?:more|longer))?",
  ),
  pattern(
    "<a> (?:should|must|can|may|shall|needs to|has to) (?:stop|quit|cease) (?:waiting for|depending on|needing|requiring|following) <b>",
  ),
  pattern(
    "(?:do not|never) (?:make|let|have) <a> (?:depend (?:up)?on|wait for|need|require|follow) <b>(?: any ?(?:more|longer))?",
  ),
  pattern(
    "(?:make|let|have|get) <a> (?:no longer|not)(?: be)? (?:depend(?:ent)? (?:up)?on|wait for|need|require|follow) <b>(?: any ?(?:more|longer))?",
  ),
  pattern(
    "<a> (?:should|must|does|do|needs?|has|shall|will|is|can|need) (?:no longer|not)(?: (?:have to|to|be|any ?more))? ?(?:depend(?:ent)? (?:up)?on|wait for|need|require|follow|run after|come after) <b>(?: any ?(?:more|longer))?",
  ),
  pattern("<a> (?:no longer|not) (?:depends? on|waits? for|needs?|requires?|follows?) <b>"),
  pattern("make <a> independent (?:of|from) <b>"),
  pattern("stop <a> (?:from )?(?:depending on|waiting for|needing|requiring) <b>"),
  pattern("(?:disconnect|unlink|detach|decouple|unwire|separate|unhook|untie) <a> (?:from|and|of) <b>"),
  pattern(
    "(?:remove|delete|drop|cut|break|take away|get rid of|undo|sever|clear) (?:the |that |this )?(?:dependency|dep|edge|link|connection|arrow|wire|line|need) (?:between |from |of |that )?<a> (?:and|to|on|has on|with|->|→|upon|for) <b>",
  ),
  pattern(
    "(?:remove|delete|drop|take) <b> (?:as (?:a |the )?(?:dependency|dep|need|prerequisite)|from (?:the )?(?:dependencies|deps|needs)) (?:of|from) <a>",
  ),
  pattern("(?:remove|delete|drop|cut) (?:the )?(?:dependency|dep|need) (?:up)?on <b> (?:from|of|in) <a>"),
];

/** `b no longer depends on a`, `disconnect a from b`: whichever way round the edge goes. */
export const readUnwire: Reader = (clause) => {
  const found = match(unwired, clause.text);
  if (!found?.a || !found.b) return undefined;
  return pairUp(clause, found.a, found.b, (a, b) => {
    if (needsOfNode(clause.world, a).includes(b)) return call("dep.rm", { step: a, dep: b });
    if (needsOfNode(clause.world, b).includes(a)) return call("dep.rm", { step: b, dep: a });
    return `Neither '${a}' nor '${b}' waits for the other.`;
  });
};

/** A call for each pair of two lists; a sentence where a pair needs none. */
function pairUp(
  { world, phrase }: Clause,
  first: string,
  second: string,
  each: (a: string, b: string) => ChatCall | string,
): Reading {
  const as = findNodes(world, phrase, first, "node");
  if (!as.ok) return as.reading;
  const bs = findNodes(world, phrase, second, "node");
  if (!bs.ok) return bs.reading;
  const [own] = as.ids;
  if (own !== undefined && as.ids.length === 1 && bs.ids.length === 1 && bs.ids[0] === own)
    return decline(
      `'${own}' can't wait for itself. Name two different ones.`,
      `make ${world.steps.find(({ id }) => id !== own)?.id ?? "<another step>"} depend on ${own}`,
    );
  const made = as.ids.flatMap((a) => bs.ids.map((b) => each(a, b)));
  const calls = made.filter((one) => typeof one !== "string");
  const says = made.filter((one) => typeof one === "string");
  return calls.length > 0 ? propose(calls, ...says) : answer(says.join(" "));
}

const whole = "(?:sequence|pipeline|workflow|flow|plan|graph|canvas|file|chain)";
const removing = [
  pattern(
    `(?:kill|cut|strike|take|pull|get|throw|kick|remove|rip|splice|cross)(?: off| out)? <what> (?:away |off )?(?:from|out of|of) (?:the |my |our )?${whole}`,
  ),
  pattern(
    "<what> (?:can|should|must|has to|may|needs to|shall) (?:go|be (?:removed|deleted|dropped|thrown out|taken out)|disappear|leave)(?: (?:away|now))?",
  ),
  pattern(
    `(?:remove|delete|drop(?! in )|rm|erase|trash|bin|nuke|purge|get rid of|throw (?:out|away)|take (?:out|away)|discard|eliminate|scrap|ditch|kick out|axe|dump|lose|cut out|splice out|strike|kill off|clear out|wipe|toss|unwanted:) <what>(?: (?:from|out of) (?:the |my |our )?${whole})?`,
  ),
  pattern(
    `(?:take|cut|throw|pull|splice|rip|kick|toss|leave|cross|strike) <what> (?:out|away|off)(?: of (?:the )?${whole})?`,
  ),
  pattern(
    "(?:i |we )?(?:do not|no longer) (?:need|want|require|use) <what>(?: any ?more| any ?longer| now)?(?:,? (?:so |and )?(?:please )?(?:remove|delete|drop|get rid of|take|throw|kick) it(?: out| away| off)?)?",
  ),
  pattern(
    "<what> (?:is|are) (?:no longer|not) (?:needed|wanted|required|necessary|used)(?: any ?more| any ?longer)?(?:,? (?:so )?(?:remove|delete|drop|get rid of) (?:it|them))?",
  ),
  pattern(
    "<what> (?:is|are) (?:obsolete|unnecessary|superfluous|redundant)(?:,? (?:so )?(?:remove|delete|drop|get rid of) (?:it|them))?",
  ),
];
/** What removing does anyway: what came before is joined to what comes after. */
const mending =
  /(?:(?:,| and| but| while| then| so| without| yet)+(?: that| then)? (?:let|have|make|keep(?:ing)?|leav(?:e|ing)|clos(?:e|ing)|re-?connect(?:ing)?|connect(?:ing)?|re-?link(?:ing)?|link(?:ing)?|join(?:ing)?|bridg(?:e|ing)|re-?wir(?:e|ing)|wire|heal|stitch|attach|hook|patch|preserv(?:e|ing)|breaking|losing|disconnecting|cutting|interrupting|make sure|the|its|what|whatever|everything)|,? (?:keeping|leaving|closing|reconnecting|connecting|relinking|linking|joining|bridging|rewiring|preserving))(?= ).*$/i;
const mended = vocabulary(
  joints,
  "(?:depends?|depending|rely|relies) on|waits? (?:for|on)|let|have|make|keep(?:ing)?|leav(?:e|ing)|clos(?:e|ing)|(?:re-?)?connect(?:ed|ing|ions?|s)?|(?:re-?)?link(?:ed|ing|s)?|join(?:ed|ing)?|bridg(?:e|ing)|re-?wir(?:e|ed|ing)|wire[d]?|heal|stitch|attach(?:ed)?|hook|patch|preserv(?:e|ing)|breaking|break|losing|disconnecting|cutting|interrupting|but|while|then|without|make sure|what|whatever|everything|neighbou?rs?|gap|hole|predecessors?|successors?|came|come|comes|goes|went|before|after|chain|intact|together|dependents|dependencies|around|followers?|through|flow|graph|up|parents?|children|surrounding|rest|other|others|each|edges?|upstream|downstream|stays?|remains?|still|works?|each other|one another|directly|both|sides|ends|depended|waited|previous|next|following|follows|follow|preceding|again|new|broken|left|behind|them|their|any|unbroken|was|were|used to|runs|ran|between|order|line|pipeline|sequence|workflow|steps",
);
/** What says that something is joined, or stays as it is: `everything before it` says nothing of that kind. */
const joins =
  /\b(?:let|have|make|keep|leav|clos|(?:re-?)?(?:connect|link|attach)|join|bridg|re-?wir|wire|heal|stitch|hook|patch|preserv|breaking|losing|disconnecting|cutting|interrupting|gap|hole|intact|together|around|through|stays?|remains?|still|works?|unbroken)/i;
const unmended = ({ text, ...rest }: Clause): string => {
  const tail = mending.exec(text);
  return tail &&
    joins.test(tail[0]) &&
    saysOnly(tally({ ...rest, text: tail[0] }).left.replaceAll("§", "«"), mended)
    ? text.slice(0, tail.index)
    : text;
};
const everything =
  /^(?:it all|all|everything|all (?:of )?(?:the |my )?(?:steps|gates|nodes)|every step|the (?:whole |entire )?(?:sequence|pipeline|workflow|flow|thing))$/i;

const followers =
  /^(?<ref>.+?),?(?: and| with| together with| along with| plus| including)+ (?:also )?(?:(?:all(?: of)?|every|the) )?(?:everything|anything|all|whatever|what|steps?|gates?|ones?|steps and gates|nodes?|its (?:dependents|followers|descendants)|(?:dependents|followers|descendants)|the rest)(?: (?:that|which|of what))?(?: (?:is|are|comes?|goes|runs?|stands?|follows?))?(?: (?:directly|indirectly))?(?: (?:depends?|depending|dependent|relies|rely|waits?|waiting|needs?|behind|after|following|follows?|downstream|below|on|upon|for|of|from)+)*(?: (?:it|that|this|them|those))?$/i;
const tidying =
  /(?:,| and| but| while| by| then)+ (?:then )?(?:let|have|make|keep|leav|clos|re-?connect|connect|re-?link|link|join|bridg|re-?wir|wire|heal|stitch|attach|hook|patch|preserv)/i;
const withFollowers = (text: string) =>
  !tidying.test(text) &&
  /\b(?:dependents|descendants|followers)\b|\b(?:depends?|depending|rel(?:y|ies)|waits?|needs?|follows?|following|after|behind|downstream|below)\b(?: (?:on|upon|for|of|from))*(?: (?:it|that|this|them|those))?$/i.test(
    text,
  )
    ? followers.exec(text)?.groups?.ref
    : undefined;

/** `remove e2e and everything that depends on it`: what waits for it goes first, and gates go like steps. */
function removeAll({ world, phrase }: Clause, ref: string): Reading {
  const found = findNodes(world, phrase, ref, "node");
  if (!found.ok) return found.reading;
  const gone = new Set(found.ids);
  for (const id of gone) for (const next of namedBy(world, id)) gone.add(next);
  const forgotten = forget(world, gone);
  const calls = [...forgotten.calls];
  const left = new Set(gone);
  for (let isAny = true; isAny; ) {
    const free = [...left].filter((id) => !namedBy(world, id).some((other) => left.has(other)));
    isAny = free.length > 0;
    for (const id of free) {
      left.delete(id);
      calls.push(call(stepOf(world, id) ? "step.rm" : "gate.rm", { id }));
    }
  }
  const along = [...gone].filter((id) => !found.ids.includes(id));
  return propose(
    calls,
    along.length > 0
      ? `With it goes what waits for it, however indirectly: ${along.join(", ")}.`
      : "Nothing waits for it.",
    ...forgotten.says,
  );
}

/** `remove lint`: what waited for it waits for what it waited for itself. */
export const readRemove: Reader = (clause) => {
  const { world, phrase } = clause;
  const most = match(removing, clause.text)?.what;
  const root = most === undefined ? undefined : withFollowers(most);
  if (root !== undefined) return removeAll(clause, root);
  const what = match(removing, unmended(clause))?.what;
  if (what === undefined || everything.test(what)) return undefined;
  const gate = findExact(world, phrase, what, "gate");
  if (gate !== undefined) return removeGate(clause, gate);
  const found = findNodes(world, phrase, what, "step");
  if (!found.ok) return found.reading;
  const gone = new Set(found.ids);
  const says: string[] = [];
  const calls: ChatCall[] = [];
  for (const id of found.ids) {
    const follow = namedBy(world, id).filter((other) => !gone.has(other));
    const needs = throughGone(world, id, gone);
    for (const step of follow) {
      const missing = needs.filter((dep) => dep !== step && !needsOfNode(world, step).includes(dep));
      const known = calls.some(({ action, input }) => action === "dep.add" && input.step === step);
      calls.push(
        ...missing
          .filter((dep) => !known || !calls.some(({ input }) => input.step === step && input.dep === dep))
          .map((dep) => call("dep.add", { step, dep })),
        call("dep.rm", { step, dep: id }),
      );
    }
    if (follow.length > 0 && needs.length > 0)
      says.push(`What waited for '${id}' now waits for ${needs.join(", ")}.`);
  }
  const forgotten = forget(world, gone);
  calls.push(...forgotten.calls);
  says.push(...forgotten.says);
  // A step can go only once nothing names it.
  const last = [...found.ids].sort(
    (a, b) => Number(namedBy(world, a).includes(b)) - Number(namedBy(world, b).includes(a)),
  );
  for (const id of last) {
    const inner = namedBy(world, id).filter(
      (other) => gone.has(other) && last.indexOf(other) > last.indexOf(id),
    );
    calls.push(...inner.map((step) => call("dep.rm", { step, dep: id })), call("step.rm", { id }));
  }
  const synth = found.ids.find((id) =>
    world.sequence.steps?.some((s) => s.fusion_candidates?.includes(id) && !gone.has(s.id)),
  );
  if (synth !== undefined && stepOf(world, synth))
    return unsure(
      `'${synth}' is a candidate of a fusion; remove its synthesis first, or say which candidates it is to have.`,
      `what depends on ${synth}`,
    );
  return propose(calls, ...says);
};

/** What a node waits for, looked up through nodes that go too. */
function throughGone(
  world: Clause["world"],
  id: string,
  gone: ReadonlySet<string>,
  seen = new Set<string>(),
): string[] {
  const found = new Set<string>();
  for (const need of needsOfNode(world, id)) {
    if (!gone.has(need)) found.add(need);
    else if (!seen.has(need)) {
      seen.add(need);
      for (const other of throughGone(world, need, gone, seen)) found.add(other);
    }
  }
  return [...found];
}
