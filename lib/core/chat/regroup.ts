import { countOf } from "../count";
import { type Clause, type Reader, stepOf, textOf } from "./clause";
import { findExact, findNode, findNodes, namesIn } from "./nodes";
import { match, pattern } from "./phrase";
import { call, propose, type Reading, unsure } from "./reading";
import { numberWords, readNumber } from "./values";

const apart =
  "(?:ungroup|un-group|dissolve|break up|break apart|disband|split(?: up)?|take apart|remove|delete|drop|undo|resolve|explode|separate|flatten|get rid of|disassemble|unbundle|cancel|scrap|tear apart|tear down|pull apart|unpack|end|eliminate)";
const keeping =
  "(?:,? (?:and|but|while|though) (?:keep(?:ing)?|leav(?:e|ing)|retain(?:ing)?|not) (?:all )?(?:of )?(?:the |its |their |deleting |removing )?(?:steps?|members?|tasks?|them|it|contents?|everything|jobs?)(?: (?:in it|inside|inside it|alone|as they are|where they are|in place|intact|themselves|separate|untouched))?|,? without (?:removing|deleting|touching|losing|dropping) (?:the |its )?(?:steps?|members?|tasks?)|,? (?:only |just )?not (?:the |its )?(?:steps?|members?|tasks?)|,? (?:the )?(?:steps?|members?|tasks?) (?:should |must |can )?(?:stay|remain|are to stay|be kept)| (?:apart|up)(?: again)?| into (?:single|separate|individual) steps| again)?";
const dissolving = [
  pattern(
    "(?:take|pull|move|get|remove) (?:all )?(?:of )?(?:the |its |all )*(?:steps?|members?|tasks?|everything) (?:out of|from) (?:the )?(?:group )?<group>(?: group)?(?:,? and (?:then )?(?:delete|remove|dissolve|drop) (?:it|the group))?",
  ),
  pattern(
    `(?:take|pull|split|break|tear) (?:the )?(?:group )?<group>(?: group)? (?:apart|up)(?: again)?${keeping}`,
  ),
  pattern(
    `(?:make|let|have) (?:the )?(?:steps|members) (?:of|in) (?:the )?(?:group )?<group>(?: group)? (?:independent|single|separate|ungrouped|individual)(?: steps)?(?: again)?`,
  ),
  pattern(
    `${apart} (?:the |that |this )?(?:group|grouping|bundle|cluster|block) (?:called |named |of )?<group>${keeping}`,
  ),
  pattern(`${apart} (?:the |that |this )?<group> (?:group|grouping|bundle|cluster|block)${keeping}`),
  pattern(
    `(?:ungroup|un-group|dissolve|break up|break apart|disband|split(?: up)?|take apart|unbundle|explode|flatten|pull apart|separate|undo) (?:the )?<group>${keeping}`,
  ),
  pattern(
    "(?:the )?(?:group )?<group>(?: group)? (?:should|must|can|need|needs|does|is) (?:not|no longer) (?:be |to be |have to be )?(?:an? )?(?:group(?:ed)?|needed|exist|necessary)(?: any ?more| any ?longer)?",
  ),
  pattern(
    "(?:i|we)? ?(?:do not|no longer) (?:want|need) (?:the )?(?:group <group>|<second> group|<third> (?:as|to be|being) (?:an? )?group(?:ed)?)(?: any ?more| any ?longer)?(?:,? (?:just|only|but|(?:but |and |just )?keep(?:ing)?) (?:the |its )?(?:single |individual |separate |loose )?(?:steps|members|tasks))?",
  ),
  pattern("<group> (?:is|are) no group(?: any ?more| any ?longer)?"),
];
const leaving = [
  pattern(
    "(?:take|remove|pull|get|move|kick) <refs> (?:out of|from) (?:its |their |the |any )?(?:group|bundle)(?: <group>)?",
  ),
  pattern("(?:ungroup|un-group|unbundle) <refs>(?: again)?"),
  pattern("(?:undo|remove|dissolve|cancel|drop) (?:the |that )?grouping (?:of|between) <refs>(?: again)?"),
];

const leavingNamed = [
  pattern(
    "(?:take|remove|pull|get|move|kick) <refs> (?:out of|from|out from) (?:the )?(?<group>[\\w-]+|«\\d+»)",
  ),
];

/** `ungroup checks`, `take lint out of its group`: the steps stay where they are. */
export const readDissolve: Reader = (clause) => {
  const steps = clause.world.sequence.steps ?? [];
  let miss: Reading | undefined;
  for (const one of dissolving) {
    const found = match([one], clause.text);
    const said = found?.group ?? found?.second ?? found?.third;
    if (said === undefined) continue;
    const wanted = namesIn(textOf(clause, said)).flatMap((name) => [
      name,
      name.replace(/ (?:group|bundle)$/i, ""),
    ]);
    const members = steps.filter(({ group_id }) => group_id !== undefined && wanted.includes(group_id));
    if (members.length > 0) return leave(members.map(({ id }) => id));
    if (/\bgroup/i.test(clause.text) && !/^un-?group/i.test(clause.text)) {
      const groups = [...new Set(steps.flatMap(({ group_id }) => group_id ?? []))];
      miss ??= unsure(
        `There is no group '${wanted[0]}'. ${groups.length === 0 ? "There are no groups yet." : `There are ${groups.join(", ")}.`}`,
        "what groups are there",
      );
    }
  }
  const left = match(leavingNamed, clause.text);
  const group = left?.group === undefined ? undefined : textOf(clause, left.group);
  if (group !== undefined && steps.some(({ group_id }) => group_id === group)) {
    const found = findNodes(clause.world, clause.phrase, left?.refs ?? "", "step");
    if (!found.ok) return miss ?? found.reading;
    const others = found.ids.filter((id) => stepOf(clause.world, id)?.group_id !== group);
    return others.length === 0
      ? leave(found.ids)
      : unsure(`Not in the group '${group}': ${others.join(", ")}.`, "what groups are there");
  }
  const refs = match(leaving, clause.text)?.refs;
  if (refs === undefined) return miss;
  const found = findNodes(clause.world, clause.phrase, refs, "step");
  return found.ok ? leave(found.ids) : (miss ?? found.reading);
};

function leave(ids: readonly string[]): Reading {
  return propose(
    ids.map((id) => call("step.edit", { id, unset: ["group_id"] })),
    "The steps stay; they only are no group any more.",
  );
}

const nth: Readonly<Record<string, number>> = {
  first: 1,
  second: 2,
  third: 3,
  fourth: 4,
  fifth: 5,
  last: -1,
};
const pick =
  "(?:i )?(?:would )?(?:rather )?(?:pick|take|choose|select|use|keep|adopt|accept|go with|prefer|apply|merge|bring in|go for|want|promote|decide (?:for|on)|settle on|let us go with)";
const winner =
  "(?:winner|winning candidate|best(?: candidate| one)?|result|final one|choice|chosen one|chosen candidate|final result|final version|candidate)";
const ofFusion =
  "(?:(?: of| for| from| in| as the result of| as winner of) (?:the )?(?:fusion )?(?:of )?<synth>)?";
const picking = [
  pattern(
    `(?:i )?(?:like|prefer|want) candidate (?<n>${numberWords})(?: best| most| more)?(?:,? (?:so |and )?(?:please )?(?:use|take|pick|choose) (?:that|this|it)(?: one)?${ofFusion})?`,
  ),
  pattern(
    `(?:for |in |of )(?:the )?(?:fusion )?<synth>,? (?:the )?(?<n>first|second|third|fourth|fifth|last) (?:candidate|variant|version|attempt|one)(?: (?:wins|is (?:the )?(?:best|winner|one)|won|please))?`,
  ),
  pattern(
    `${pick} (?:the )?(?:candidate|variant|version|attempt|option|solution|result|number|no\\.?|#) ?(?:number |no\\.? |#)?(?<n>${numberWords})${ofFusion}`,
  ),
  pattern(
    `${pick} (?:the )?(?<n>first|second|third|fourth|fifth|last) (?:candidate|variant|version|attempt|option|solution|result|one)${ofFusion}`,
  ),
  pattern(
    `${pick} (?:the )?(?:result|outcome|output|changes|work|version|solution|candidate) (?:of |from |by )?(?:candidate )?<one>${ofFusion}`,
  ),
  pattern(`${pick} (?:candidate )?<one> (?:as|to be|for) (?:the )?${winner}${ofFusion}`),
  pattern(
    `(?:candidate )?<one> (?:wins|won|is the (?:best|winner)|is best|is the winner|should win|shall win|is the one|was best|was the best)${ofFusion}`,
  ),
  pattern(`(?:make|declare|let) (?:candidate )?<one> (?:be )?(?:the )?(?:winner|win|best)${ofFusion}`),
  pattern(`(?:the )?winner${ofFusion} (?:is|should be|shall be) (?:candidate )?<one>`),
  pattern(
    `(?:for |in |of )(?:the )?(?:fusion )?<synth>,? ${pick} (?:candidate )?(?:(?<n>${numberWords})|<one>)`,
  ),
  pattern(
    `(?:in |for )?(?:the )?(?:fusion )?<synth>(?:,|:) ?(?:candidate )?(?:(?<n>${numberWords})|<one>)(?: wins| is best| it is)?`,
  ),
  pattern(`${pick} (?:candidate )?<one> (?:of|for|from|in) (?:the )?(?:fusion )?<synth>`),
  pattern(`${pick} (?:the )?candidate <one>`),
  pattern(
    "(?:the )?(?<n>first|second|third|fourth|fifth|last) (?:candidate|variant|version|attempt|one) (?:wins|won|is (?:the )?best(?: one)?|is the winner)(?:,? (?:so |and )?(?:please )?(?:take|use|pick|choose) (?:it|that(?: one)?))?",
  ),
  pattern(
    "(?:pick|choose|select|keep|take) <one>(?:,? (?:and )?(?:drop|discard|forget|ignore|not) (?:the |all )?(?:others?|rest|other (?:candidates|ones|variants)))?",
  ),
  pattern(
    `(?:candidate )(?:number )?(?<n>${numberWords}) (?:wins|is (?:the )?(?:best|winner|one)|it is|please)${ofFusion}`,
  ),
];

/** `pick candidate 2 of answer`, `choose fix-2 as the winner`. */
export const readPick: Reader = (clause) => {
  const synths = (clause.world.sequence.steps ?? []).filter((step) => step.fusion_candidates !== undefined);
  for (const one of picking) {
    const found = match([one], clause.text);
    if (!found) continue;
    const read = picked(clause, found, synths);
    if (read) return read;
  }
  return undefined;
};

function picked(
  clause: Clause,
  { n, one, synth }: Record<string, string>,
  synths: readonly { id: string; fusion_candidates?: string[] | undefined }[],
): Reading | undefined {
  const named = synth === undefined ? undefined : findNode(clause.world, clause.phrase, synth, "step");
  if (named?.ok === false) return undefined;
  const wanted = named?.ok
    ? synths.filter((step) => step.id === named.id || step.fusion_candidates?.includes(named.id))
    : synths;
  if (n !== undefined) {
    const [only] = wanted;
    if (!only)
      return unsure(
        "There is no fusion whose candidates could be picked.",
        "3 candidates for <step>, then fuse",
      );
    if (wanted.length > 1)
      return unsure(
        `Of which fusion: ${wanted.map(({ id }) => id).join(", ")}?`,
        `pick candidate ${n} of ${only.id}`,
      );
    const number = nth[n.toLowerCase()] ?? readNumber(n) ?? 0;
    const candidate = only.fusion_candidates?.at(number > 0 ? number - 1 : number);
    return candidate === undefined || number === 0
      ? unsure(
          `'${only.id}' has ${countOf(only.fusion_candidates?.length ?? 0, "candidate")}: ${only.fusion_candidates?.join(", ")}.`,
          `pick candidate 1 of ${only.id}`,
        )
      : propose([call("fusion.pick", { candidate })]);
  }
  const candidate = one === undefined ? undefined : findExact(clause.world, clause.phrase, one, "step");
  if (candidate === undefined || !wanted.some((step) => step.fusion_candidates?.includes(candidate)))
    return undefined;
  return propose([call("fusion.pick", { candidate })]);
}

const tree = "(?:(?:git )?work[- ]?trees?)";
const sweeping = [
  pattern(
    `(?:free|reclaim|recover|get back|release|save)(?: up)? (?:the |some )?(?:disk )?(?:space|disk|storage|room) (?:that )?(?:is )?(?:used|taken|occupied|held|eaten)(?: up)? by (?:the |old |unused )*${tree}`,
  ),
  pattern(
    `(?:throw|clear|clean|sweep|put|tidy|take) (?:all )?(?:the |my )?(?:old |unused |stale |leftover |unneeded |obsolete )*${tree} (?:away|out|up|down)`,
  ),
  pattern(
    `(?:clean(?: up)?|remove|delete|prune|gc|garbage[- ]collect|collect|clear(?: out| away| up)?|tidy(?: up)?|purge|drop|get rid of|throw away|sweep|discard|wipe|free(?: up)?|do a|run (?:the |a )?|dispose of|erase) (?:all )?(?:of )?(?:the |my |our |any |those |these )?(?:old |unused |stale |leftover |left-?over |unneeded |obsolete |dead |orphaned |finished |superfluous |remaining |unnecessary |abandoned |ended |outdated |useless )*${tree}(?: (?:up|away|out|gc|cleanup|garbage collection|clean-?up))?(?: (?:(?:that|which) )?(?:(?:are|is) )?(?:not|no longer|no one|nobody|nothing|left|i|we)(?: .{0,40})?)?`,
  ),
  pattern(`${tree} (?:gc|clean-?up|cleaning|prune|garbage collection)`),
  pattern(`(?:get|make) (?:the )?${tree} (?:clean|cleaned up|tidy)`),
  pattern(
    `(?:the )?(?:old |unused )?${tree} (?:can|should|must|need to) (?:go|be (?:removed|cleaned(?: up)?|deleted|pruned))`,
  ),
];

/** `clean up the worktrees`: only those that nothing needs any more. */
export const readWorktrees: Reader = ({ text }) =>
  match(sweeping, text)
    ? propose(
        [call("worktree.gc", {})],
        "Worktrees that a fusion or an interrupted session may still need stay.",
      )
    : undefined;
