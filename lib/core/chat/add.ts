import { type Clause, freeId, namedBy, needsOfNode, newName, type Reader, stepOf } from "./clause";
import { endless, goesFurther } from "./further";
import { findExact, findNodes, listOf } from "./nodes";
import { match, pattern } from "./phrase";
import { type Details, takeDetails } from "./place";
import { type ChatCall, call, propose, type Reading, unsure } from "./reading";

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
  // Before the word stands what kind of gate it is, and no other request.
  if (
    asGate &&
    !(asGate.kind !== undefined && (asks.test(asGate.kind) || asGate.kind.split(" ").length > 4))
  ) {
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

/** A gate where it was said, with what it shows. */
export function addGate(clause: Clause, kind: string | undefined, details: Details): Reading | undefined {
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
