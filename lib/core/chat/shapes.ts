import { placeholderCommand } from "../sequence/unfinished";
import { type Clause, freeId, namedBy, newName, type Reader, stepOf } from "./clause";
import { findExact, findNode, findNodes, listOf } from "./nodes";
import { match, pattern } from "./phrase";
import { type ChatCall, call, decline, propose, type Reading, unsure } from "./reading";
import { asksFirst, joints, saysOnly, tally, vocabulary } from "./tally";
import { numberWords, readNumber } from "./values";

const side =
  "(?:in parallel|side by side|concurrently|at the same time|simultaneously|at once|parallelly|alongside each other|next to each other|beside each other|independently(?: of each other)?|without waiting for each other|parallel to one another|at the very same time|parallel(?: to each other)?|in one group|as one group|as a group|together)";
const failing =
  "(?:,? (?:and )?(?<fast>(?:stop|end|kill|cancel|abort) (?:all|them all|the others|everything|the rest) (?:if|when|as soon as) one (?:of them )?fails|fail(?:ing)? fast|with fail[- _]fast))?";
const together = [
  pattern(`(?:do not|never) (?:make|let|have) <refs> wait for (?:each other|one another)`),
  pattern(
    `<refs> (?:belong|go|belongs) (?:in|into|to) (?:an? |one |the )?(?:new |common |single |same |parallel )*group(?: (?:called |named )?<name>)?`,
  ),
  pattern(
    `(?:group|bundle) (?<first>[^\\s,]+) (?:with|together with|to) (?<refs>[^\\s,]+)(?: (?:as|under|called) <name>)?`,
  ),
  pattern(`(?:parallelise|parallelize|make parallel) <refs>`),
  pattern(
    `<refs> (?:do not|need not|should not|must not) (?:need to |have to )?(?:wait for|depend on) (?:each other|one another)(?:,? (?:so )?(?:run|make) them ${side})?`,
  ),
  pattern(
    `(?:there is no (?:need|reason) (?:for|to run) )<refs> (?:to (?:wait for each other|run)|one after (?:the other|another))`,
  ),
  pattern(`(?:can|could) <refs> (?:run |go |be run |be )?${side}${failing}`),
  pattern(`(?:parallelise|parallelize) <refs>${failing}`),
  pattern(
    `(?:run|do|execute|start|make|let|have|put|place|get|launch|bring) <refs> (?:to )?(?:run |be |running |execute |start |go |work )?${side}(?: instead of (?:running )?(?:one after (?:the other|another)|in sequence|sequentially|in a row))?${failing}`,
  ),
  pattern(
    `<refs> (?:should|must|can|could|may|shall|are to|need to|have to|ought to|are|are supposed to) (?:all |both )?(?:be )?(?:run |be run |go |executed? |start |happen |be executed |be started |work )?${side}${failing}`,
  ),
  pattern(
    `(?:group|bundle|cluster|pack|gather|collect|lump|tie) <refs>(?: together| up)?(?:,? (?:and (?:call|name) (?:it|them|that|the group)|as|into|in|under(?: the (?:name|label))?|called|named|with the name|to) (?:an? |the )?(?:group )?(?:called |named )?<name>)?${failing}`,
  ),
  pattern(
    `(?:make|create|form|build|add|define|open|set up|i want|new) (?:an? |the |one )?(?:new )?(?:parallel )?(?:group|bundle|cluster)(?: (?:called |named |with the name )?<name>)? (?:of|from|with|out of|for|containing|consisting of|around|that (?:holds|contains|has)|holding) <refs>(?: in (?:it|there)| inside(?: it)?| as members)?${failing}`,
  ),
  pattern(
    `(?:make|turn|put|combine|collect|gather|place|add|move|join|merge|pack|wrap|bring|organi[sz]e|arrange|group|bundle|throw|assign|stick) <refs>(?: together)? (?:into|in|to|under|inside|as) (?:an? |one |the )?(?:new |common |single |same |shared |parallel )*(?:group|p-thread|block|bundle|cluster)(?: (?:called |named |with the name )?<name>)?${failing}`,
  ),
  pattern(
    `<refs> (?:should|must|shall|are to|can) (?:form|be|become|make up|go into|be in|belong to|be part of|be put in(?:to)?|be grouped(?: together)?(?: into| in| as)?) (?:(?:an? |one |the )(?:new |common |single |same |parallel )*group(?: (?:called |named )?<name>)?)${failing}`,
  ),
  pattern(
    `<refs> (?:should|must|shall|are to) be (?:grouped|bundled)(?: together)?(?: (?:as|under|into) (?:the name )?<name>)?${failing}`,
  ),
  pattern(
    `<refs> belong together(?:,? (?:so |and )?(?:please )?(?:group|bundle) them(?: together)?)?(?:,? (?:call (?:them|it|that|the group)|as|under the name) <name>)?`,
  ),
];

/** `run lint and test in parallel`, `parallelise a b c`, `group a and b as checks`. */
export const readParallel: Reader = (clause) => {
  const pair = match(withOther, clause.text);
  const found = pair
    ? ({ refs: `${pair.one}, ${pair.other}` } as Record<string, string>)
    : match(together, clause.text);
  if (!found?.refs) return undefined;
  if (found.first !== undefined) found.refs = `${found.first}, ${found.refs}`;
  const parts = listOf(clause.world, found.refs);
  if (parts.length < 2) return undefined;
  const steps = findNodes(clause.world, clause.phrase, found.refs, "step");
  if (!steps.ok) return steps.reading;
  if (steps.ids.length < 2) return undefined;
  // `in one group` names none.
  const nameless = /^(?:(?:one|an?|the|single|same|common|new)(?: |$))*(?:group|bundle|cluster)?$/i;
  const group =
    found.name === undefined || nameless.test(found.name) ? undefined : newName(clause, found.name);
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
    "(?:make|create|add|build|set up|form) (?:an? )?(?:new )?fusion (?:called |named )?(?<synth>[\\w-]+|«\\d+») (?:of|from|for|out of|with|over) (?:the )?(?:steps |candidates )?<refs>",
  ),
  pattern(
    `${fuseWord} (?:the )?(?:steps |candidates )?<refs> (?:in ?to|as|in) (?:an? |one |the )?(?:single )?(?:fusion step|fusion|one|result|candidates(?: (?:of|for|in) (?:an? |one |the )?(?:single |new |same )?fusion)?)`,
  ),
  pattern(
    `${fuseWord} (?:the )?(?:results? of |outputs? of |candidates |outcomes? of )?<refs> (?:into|to|in|as|with) <synth>`,
  ),
  pattern(
    `(?:make|create|add|build|set up|form) (?:an? )?(?:new )?fusion (?:of|from|for|out of|with|over|between) (?:the )?(?:steps |candidates )?<refs> (?:into|called|named|as|with synthesis|in) <synth>`,
  ),
  pattern(
    `(?:make|create|add|build|set up|form|i want) (?:an? )?(?:new )?fusion (?:of|from|for|out of|with|over|between) (?:the )?(?:steps |candidates )?<refs>`,
  ),
  pattern(`(?:let|have|make) <synth> ${fuseWord} (?:the )?(?:results? of |outputs? of )?<refs>`),
  pattern(
    `${fuseWord} (?:the )?(?:results? of |outputs? of |outcomes? of |answers of |work of |candidates )?<refs>(?: (?:together|into one(?: result)?|into a fusion|in a fusion|as a fusion|as candidates|with each other))?`,
  ),
  pattern(
    `(?:turn|make|put|combine|use|treat) <refs> (?:in ?to|as|in) (?:an? |one )?(?:fusion|candidates(?: of a fusion)?(?: and (?:fuse|merge|combine) (?:them|the results))?)`,
  ),
  pattern(
    `(?:let|have|make) <refs> (?:compete|be candidates|be fused|race)(?: (?:with|against) each other)?(?:,? (?:and )?(?:then )?(?:let (?:a fusion|the best) .*|${fuseWord}|pick|choose|select|take|keep).*)?`,
  ),
  pattern(
    `<refs> (?:should|must|shall) be (?:fused|merged|combined|candidates(?: of a fusion)?)(?: (?:together|into one))?`,
  ),
];
const fanWords = vocabulary(
  joints,
  "make|create|add|have|try|tries|run|let|use|get|generate|produce|spin up|launch|start|set up|do|turn|into|fan|out|want|need|like|attempt(?:s|ed)?|work(?:ing)?|compete|competing|different|independent|parallel|in parallel|competing|candidates?|agents?|variants?|versions?|alternatives?|solutions?|takes|goes|proposals?|times|ways|workers|approaches|implementations|copies|fus(?:e|ed|ion|ions)|merge[ds]?|combine[ds]?|synthesi[sz]ed?|pick|choose|select|take|keep|then|afterwards|best|result|results|one|winner|winning|them|their|outcomes?|outputs?|answers?|finally|each|other|side by side|at the same time|solve[ds]?|join(?:ed)?|from|out|among|together|over",
);
const manyOf = new RegExp(
  `(?<![\\w.-])(?<count>${numberWords})(?= (?:(?:different|independent|parallel|competing|alternative|separate|rival) )*(?:candidates?|agents?|attempts?|tries|variants?|versions?|alternatives?|solutions?|takes|workers|approaches|implementations|proposals?|times|ways)(?![\\w-]))`,
  "i",
);
const severally =
  /\b(?:several|some|multiple|a few|many|various) (?:different |independent |parallel )?(?:candidates|attempts|variants|versions|agents|tries|solutions)\b/i;
const competes =
  /\b(?:fus\w+|candidates?|compet\w+|best|merge\w*|winner|combine\w*|synthesi\w+|pick|choose|select)\b/i;

/** `have 3 agents attempt fix, keep the best`: a number of candidates and one step, in whatever order. */
function looseFan(clause: Clause): Reading | undefined {
  const { left, refs } = tally(clause);
  const [id] = refs;
  const found = manyOf.exec(left);
  const count = readNumber(found?.groups?.count ?? "");
  if (!found || id === undefined || refs.length > 1 || count === undefined || count < 2 || count > 26)
    return undefined;
  if (asksFirst(clause.text) || !competes.test(left)) return undefined;
  const rest = `${left.slice(0, found.index)} ${left.slice(found.index + found[0].length)}`;
  return saysOnly(rest, fanWords) ? fan(clause, id, count) : undefined;
}

/** `three candidates for fix, then fuse`; `fuse a, b and c into best`. */
export const readFusion: Reader = (clause) => {
  const attempt = match([...attempting, ...competing], clause.text);
  const count = attempt?.count === undefined ? undefined : readNumber(attempt.count);
  if (attempt?.ref && count !== undefined) {
    if (!Number.isInteger(count) || count < 2 || count > 26)
      return unsure("A fusion takes 2 to 26 candidates.", "3 candidates for <step>, then fuse");
    return fan(clause, attempt.ref, count);
  }
  if (severally.test(clause.text) && competes.test(clause.text)) {
    const [id] = tally(clause).refs;
    if (id !== undefined)
      return decline("How many candidates are there to be?", `3 candidates for ${id}, then fuse`);
  }
  const loose = looseFan(clause);
  if (loose) return loose;
  // What is combined into a group runs side by side and is not fused.
  if (/\b(?:in ?to|in|as) (?:an? |one |the )?(?:\w+ )?group\b/i.test(clause.text)) return undefined;
  const fuse = match(fusing, clause.text);
  if (!fuse?.refs || listOf(clause.world, fuse.refs).length < 2) return undefined;
  const steps = findNodes(clause.world, clause.phrase, fuse.refs, "step");
  if (!steps.ok) return steps.reading;
  const exact =
    fuse.synth === undefined ? undefined : findExact(clause.world, clause.phrase, fuse.synth, "step");
  // A name is a word or two; more of them say something else.
  if (fuse.synth !== undefined && exact === undefined && fuse.synth.split(" ").length > 3) return undefined;
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
