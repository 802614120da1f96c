import { placeholderCommand } from "../sequence/unfinished";
import { type Clause, freeId, namedBy, newName, type Reader, stepOf, textOf } from "./clause";
import { findExact, findNode, findNodes, listOf } from "./nodes";
import { match, pattern } from "./phrase";
import { agentName, takeDetails } from "./place";
import { type ChatCall, call, propose, type Reading, unsure } from "./reading";
import { numberWords, readCommand, readNumber } from "./values";

const side =
  "(?:in parallel|side by side|concurrently|at the same time|simultaneously|at once|parallel(?: to each other)?|in one group|as one group|as a group|together)";
const failing =
  "(?:,? (?:and )?(?<fast>(?:stop|end|kill|cancel|abort) (?:all|them all|the others|everything|the rest) (?:if|when|as soon as) one (?:of them )?fails|fail(?:ing)? fast|with fail[- _]fast))?";
const together = [
  pattern(`(?:can|could) <refs> (?:run |go |be run |be )?${side}${failing}`),
  pattern(`(?:parallelise|parallelize) <refs>${failing}`),
  pattern(
    `(?:run|do|execute|start|make|let|have|put|place|get|launch|bring) <refs> (?:to )?(?:run |be |running )?${side}${failing}`,
  ),
  pattern(
    `<refs> (?:should|must|can|could|may|shall|are to) (?:all |both )?(?:be )?(?:run |be run |go )?${side}${failing}`,
  ),
  pattern(
    `(?:group|bundle) <refs>(?: together)?(?: (?:as|into|in|under|called|named) (?:an? |the )?(?:group )?(?:called |named )?<name>)?${failing}`,
  ),
  pattern(
    `(?:make|create|form|build|add) (?:an? |the )?(?:parallel )?group(?: (?:called|named) <name>)? (?:of|from|with|out of|for) <refs>${failing}`,
  ),
  pattern(
    `(?:make|turn|put|combine) <refs> (?:in|into) (?:an? |one )?(?:parallel )?(?:group|p-thread|block)(?: (?:called|named) <name>)?${failing}`,
  ),
];

/** `run lint and test in parallel`, `parallelise a b c`, `group a and b as checks`. */
export const readParallel: Reader = (clause) => {
  const pair = match(withOther, clause.text);
  const found = pair
    ? ({ refs: `${pair.one}, ${pair.other}` } as Record<string, string>)
    : match(together, clause.text);
  if (!found?.refs) return undefined;
  const parts = listOf(clause.world, found.refs);
  if (parts.length < 2) return undefined;
  const steps = findNodes(clause.world, clause.phrase, found.refs, "step");
  if (!steps.ok) return steps.reading;
  if (steps.ids.length < 2) return undefined;
  const group = found.name === undefined ? undefined : newName(clause, found.name);
  return propose([
    call("group.parallelize", {
      ids: steps.ids,
      ...(group ? { group_id: group.id } : {}),
      ...(found.fast === undefined ? {} : { fail_policy: "fail_fast" }),
    }),
  ]);
};

const beside =
  "(?:alongside|next to|beside|along with|in parallel (?:with|to)|parallel (?:with|to)|at the same time as|simultaneously with|concurrently with|side by side with)";
const withOther = [
  pattern(`(?:run|do|execute|start|let|have|make) <one> (?:run )?${beside} <other>`),
  pattern(`<one> (?:should|must|can|could|may|shall) (?:run|be run|go|start) ${beside} <other>`),
];
const fuseWord = "(?:fuse|merge|combine|join|synthesi[sz]e|unite|consolidate)";
const thenFuse = `(?:(?:,|,? and|,? then)+ (?:then )?(?:${fuseWord}|pick|choose|select|take|keep|let a fusion).*)?`;
const several = `(?<count>${numberWords})(?: different| independent| parallel| competing)?`;
const attempting = [
  pattern(
    `(?:make |create |add |have |try |run |let |use |get |generate |produce |give me |spin up |launch |start |set up |do )?${several} (?:candidates?|attempts?|tries|variants?|versions?|alternatives?|solutions?|takes|goes|proposals?) (?:for|at|of|on|to do|to solve|to) <ref>${thenFuse}`,
  ),
  pattern(
    `(?:try|attempt|do|run|solve|tackle|make) <ref> (?:in |with )?${several} (?:different |independent )?(?:times|ways|candidates|attempts|variants)(?:,| and|, and| and then|, then)+ (?:then )?(?:${fuseWord}|pick|choose|select|take|keep).*`,
  ),
  pattern(
    `(?:make|turn) <ref> (?:in)?to a fusion (?:of|with|from) ${several}(?: candidates?| attempts?| variants?)?`,
  ),
  pattern(
    `(?:fusion|fuse) <ref> (?:with|from|of|over|out of) ${several} (?:candidates|attempts|variants|tries)`,
  ),
  pattern(
    `(?:make |create |add )?a fusion (?:of|with) ${several} (?:candidates|attempts) (?:for|of|at) <ref>`,
  ),
];
const competing = [
  pattern(
    `(?:let|have|make) ${several} (?:candidates|agents|attempts|workers|variants) (?:compete|work|try|go|attempt)(?: (?:on|at|for|to do))? <ref>${thenFuse}`,
  ),
];
const fusing = [
  pattern(
    `${fuseWord} (?:the )?(?:results? of |outputs? of |candidates |outcomes? of )?<refs> (?:into|to|in|as|with) <synth>`,
  ),
  pattern(
    `(?:make|create|add) (?:a )?fusion (?:of|from|for) <refs> (?:into|called|named|as|with synthesis|in) <synth>`,
  ),
  pattern(`(?:let|have|make) <synth> ${fuseWord} (?:the )?(?:results? of |outputs? of )?<refs>`),
  pattern(`${fuseWord} (?:the )?(?:results? of |outputs? of |candidates )?<refs>`),
];

/** `three candidates for fix, then fuse`; `fuse a, b and c into best`. */
export const readFusion: Reader = (clause) => {
  const attempt = match([...attempting, ...competing], clause.text);
  const count = attempt?.count === undefined ? undefined : readNumber(attempt.count);
  if (attempt?.ref && count !== undefined) {
    if (!Number.isInteger(count) || count < 2 || count > 26)
      return unsure("A fusion takes 2 to 26 candidates.");
    return fan(clause, attempt.ref, count);
  }
  const fuse = match(fusing, clause.text);
  if (!fuse?.refs || listOf(clause.world, fuse.refs).length < 2) return undefined;
  const steps = findNodes(clause.world, clause.phrase, fuse.refs, "step");
  if (!steps.ok) return steps.reading;
  const exact =
    fuse.synth === undefined ? undefined : findExact(clause.world, clause.phrase, fuse.synth, "step");
  const named = fuse.synth === undefined ? undefined : newName(clause, fuse.synth);
  const synth = exact ?? freeId(clause.world, named?.id ?? `${steps.ids[0]}-synth`.slice(0, 60));
  const made = exact === undefined ? [standIn(clause, steps.ids[0] as string, synth)] : [];
  return propose(
    [...made, call("fusion.create", { candidates: steps.ids, synth })],
    ...sayStandIn(made, synth),
  );
};

/** Copies of a step as its candidates, and a synthesis that takes its place for what follows. */
function fan(clause: Clause, given: string, count: number): Reading {
  const ref = given.replace(/ (?:in parallel|side by side|concurrently|at the same time|at once)$/i, "");
  const { world, phrase } = clause;
  const found = findNode(world, phrase, ref, "step");
  if (!found.ok) {
    const name = newName(clause, ref);
    // What goes on about something else is no name, and one that could mean two steps is asked about.
    const isNew = name !== undefined && /^(?:the |an? )?[\w«»-]+(?: [\w-]+)?$/.test(ref) && found.none;
    return isNew
      ? propose(
          [call("template.apply", { type: "fusion", id: freeId(world, name.id), candidates: count })],
          `There was no step '${name.id}' yet, so the candidates are new.`,
        )
      : found.reading;
  }
  const { id } = found;
  const taken: string[] = [];
  const next = (wanted: string) => {
    const free = freeId(world, wanted, taken);
    taken.push(free);
    return free;
  };
  const copies = Array.from({ length: count - 1 }, (_, index) => next(`${id.slice(0, 58)}-${index + 2}`));
  const synth = next(`${id.slice(0, 58)}-synth`);
  const follow = namedBy(world, id);
  const made = standIn(clause, id, synth);
  const calls: ChatCall[] = [
    // Each copy stands right behind the original: the last made is the first in the file.
    ...copies.toReversed().map((copy) => call("step.clone", { id, new: copy })),
    made,
    call("fusion.create", { candidates: [id, ...copies], synth }),
    ...follow.flatMap((step) => [call("dep.add", { step, dep: synth }), call("dep.rm", { step, dep: id })]),
  ];
  const says = follow.length > 0 ? [`What waited for '${id}' now waits for '${synth}'.`] : [];
  return propose(calls, ...says, ...sayStandIn([made], synth));
}

/** The step that joins the results: an agent's where the candidates are, else a line that says what belongs there. */
function standIn({ world }: Clause, like: string, id: string): ChatCall {
  const step = stepOf(world, like);
  const model = step?.command === undefined ? (step?.model ?? world.sequence.defaults?.model) : undefined;
  return call("step.add", {
    id,
    ...(model === undefined || model === "shell"
      ? { command: placeholderCommand(id) }
      : { model, prompt: `prompts/${id}.md` }),
  });
}

function sayStandIn(made: readonly ChatCall[], synth: string): string[] {
  const [one] = made;
  if (!one) return [];
  return [
    "command" in one.input
      ? `'${synth}' only prints a line so far; give it the command that joins the results.`
      : `The prompt that joins the results belongs in .threados/prompts/${synth}.md.`,
  ];
}

const types: Readonly<Record<string, string>> = {
  ...{ parallel: "parallel", p: "parallel", fan: "parallel", "fan-out": "parallel" },
  ...{ chained: "chained", chain: "chained", c: "chained", sequential: "chained", phased: "chained" },
  ...{
    fusion: "fusion",
    f: "fusion",
    orchestrated: "orchestrated",
    orchestrator: "orchestrated",
    b: "orchestrated",
  },
  ...{
    "long-autonomy": "long-autonomy",
    "long autonomy": "long-autonomy",
    "long-running": "long-autonomy",
    long: "long-autonomy",
    l: "long-autonomy",
    base: "base",
  },
};
const applying = [
  pattern(
    `(?:apply|use|add|create|instantiate|insert|start|set up|make|generate|put in|build|new|expand|include|give|drop in|put)(?: me)? (?:an? |the |another )?(?:new )?(?:template|thread type|thread) (?:called |named )?<type>(?<rest>(?: (?:with|as|of|using|from|named|called|having)|,) .+)?`,
  ),
  pattern(
    `(?:apply|use|add|create|instantiate|insert|start|set up|make|generate|put in|build|new|expand|include|give|drop in|put)(?: me)? (?:an? |the |another )?(?:new )?<type>(?: |-)(?:template|thread|pattern|workflow)(?<rest>(?: (?:with|as|of|using|from|named|called|having)|,) .+)?`,
  ),
  pattern(
    `(?:apply|instantiate) (?:the )?<type>(?<rest>(?: (?:with|as|of|using|from|named|called|having)|,) .+)?`,
  ),
];

/** `apply the chained template with phases plan, build and check`; `add a fusion thread with 3 candidates`. */
export const readTemplate: Reader = (clause) => {
  const taken = takeDetails({ ...clause, text: clause.text });
  const text = taken?.head ?? clause.text;
  const found = match(applying, text);
  if (!taken || !found?.type) return undefined;
  const said = textOf(clause, found.type.replace(/[- ](?:template|thread)$/i, "")).toLowerCase();
  const type = clause.world.templates.includes(said) ? said : types[said];
  if (type === undefined) {
    if (!/\btemplate\b/i.test(text)) return undefined;
    return unsure(`There is no template '${said}'. There are ${clause.world.templates.join(", ")}.`);
  }
  const input: Record<string, unknown> = { type };
  const { details } = taken;
  if (details.called !== undefined) input.id = newName(clause, details.called)?.id;
  if (details.command !== undefined) input.command = details.command;
  if (details.agent !== undefined) input.model = details.agent;
  if (details.before !== undefined || details.between !== undefined) return undefined;
  if (details.after !== undefined) {
    const needs = findNodes(clause.world, clause.phrase, details.after, "node");
    if (!needs.ok) return needs.reading;
    input.depends_on = needs.ids;
  }
  const rest = (found.rest ?? "").replace(/^[, ]+/, "");
  const bareNames = /^(?:with |of )(?!\d)((?:[\w«»-]+)(?:(?:, ?| and |, and )[\w«»-]+)+)$/i.exec(rest)?.[1];
  if (type === "chained" && bareNames !== undefined && !param.test(rest)) {
    input.phases = listOf(clause.world, bareNames).map((name) => textOf(clause, name));
    return propose([call("template.apply", input)]);
  }
  return readParams(clause, type, rest, input) ? propose([call("template.apply", input)]) : undefined;
};

const param = new RegExp(
  `^(?:and |with |of |having |using |from |, ?)*(?:(?<workers>${numberWords}) (?:workers?|branches|lanes)|(?<count>${numberWords}) (?:candidates?|attempts)|(?<phases>${numberWords}) phases|(?:the )?(?<list>phases|candidates)(?: named| called|:)? (?<names>.+)|(?:an? )?(?<merge>merge(?: step| at the end)?)|as (?<id>\\S+)|(?:the )?command (?<command>«\\d+»)|(?:model|agent) (?<model>\\S+))(?= and |,| with |$)`,
  "i",
);

/** What a sentence says about a template; false where something of it was not understood. */
function readParams(clause: Clause, _: string, said: string, input: Record<string, unknown>): boolean {
  for (let rest = said; rest !== ""; ) {
    const found = param.exec(rest);
    const groups = found?.groups;
    if (!found || !groups) return false;
    if (groups.workers) input.workers = readNumber(groups.workers);
    if (groups.count) input.candidates = readNumber(groups.count);
    if (groups.phases) input.phases = readNumber(groups.phases);
    if (groups.list && groups.names)
      input[groups.list.toLowerCase()] = listOf(clause.world, groups.names).map((name) =>
        textOf(clause, name),
      );
    if (groups.merge) input.merge = true;
    if (groups.id) input.id = newName(clause, groups.id)?.id;
    if (groups.command) input.command = readCommand(textOf(clause, groups.command));
    if (groups.model) input.model = agentName(textOf(clause, groups.model));
    rest = rest
      .slice(found[0].length)
      .replace(/^(?: and|,)+/, "")
      .trim();
  }
  return true;
}
