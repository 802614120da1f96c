import { type Clause, needsOfNode, type Reader } from "./clause";
import { findExact, findNodes, listOf } from "./nodes";
import { match, pattern } from "./phrase";
import { answer, call, propose, type Reading } from "./reading";

const row =
  "(?:(?:strictly |all |nicely )?(?:one after (?:the other|another)|one by one|after (?:each|one an)other|in (?:a )?(?:row|sequence|series|chain|line|turn|succession)|(?:in )?(?:this|that|the given) (?:exact )?order|in order|sequentially|serially|consecutively|successively|back to back|in this sequence)(?: in (?:this|that) order)?)";
const verb =
  "(?:run|do|execute|start|perform|make|put|place|let|have|get|arrange|order|organi[sz]e|line up|chain(?: up| together)?|sequence|string(?: together)?|queue(?: up)?|link(?: up)?|connect|wire(?: up)?|schedule|set)";
const must = "(?:should|must|shall|has to|have to|needs? to|ought to|are to|can|could|will)";
const chaining = [
  pattern(
    "(?:make|run|do|have|keep) <refs> (?:strictly |fully )?(?:sequential|serial|consecutive|successive)",
  ),
  pattern(
    `<refs> ${must} be (?:strictly )?(?:sequential|serial|consecutive|successive|in sequence|in order)`,
  ),
  pattern(
    `${verb} <refs>,? (?:to )?(?:run |be run |go |come |execute |be |be executed |running |happen )?(?:up )?${row}`,
  ),
  pattern(`${verb} (?:up )?${row}:? <refs>`),
  pattern(
    `<refs> ${must} (?:all |only )?(?:run |be run |go |come |execute |be executed |be |happen |follow )${row}`,
  ),
  pattern(
    "(?:chain(?: up)?|sequence|seriali[sz]e|line up|string together|daisy[- ]chain|sequentiali[sz]e|concatenate) <refs>(?: together| up)?",
  ),
  pattern(
    "(?:make|turn|build|create|form|put|combine|string|link|convert|change) (?:an? |the )?<refs> (?:in ?to |to |as |form )?(?:an? |one )(?:chain|sequence|series|row|line)",
  ),
  pattern(
    "(?:make|build|create|form|add|set up) (?:an? |the )?(?:chain|sequence|series|row) (?:of|from|out of|with|through|:) ?<refs>",
  ),
];
const parted =
  /,? (?:and )?(?:then|afterwards|after that|finally|lastly|next|followed by|and last|and finally)(?: comes?| goes| runs?| run| do| execute| start)? |,? ?-+> ?|,? ?→ ?/i;
const told =
  /^(?:(?:run|do|execute|start|make it|order|the order is|order is|i want)[:,]? )?(?:first(?:ly)?|at first)(?: of all)?(?: run| do| comes?| execute| start)?,? (?=\S)/i;

/** `run a, b and c one after another`, `first a, then b, then c`: each waits for the one before it. */
export const readChain: Reader = (clause) => {
  const said = match(chaining, clause.text)?.refs;
  const ids = said === undefined ? inTurns(clause) : known(clause, said);
  if (ids === undefined || "kind" in ids) return ids;
  if (ids.length < 2) return undefined;
  const pairs = ids.slice(1).map((step, index) => ({ step, dep: ids[index] as string }));
  const calls = pairs
    .filter(({ step, dep }) => !needsOfNode(clause.world, step).includes(dep))
    .map((pair) => call("dep.add", pair));
  return calls.length > 0 ? propose(calls) : answer(`That is their order already: ${ids.join(", ")}.`);
};

function known({ world, phrase }: Clause, said: string): string[] | Reading | undefined {
  const words = said
    .replace(/[:,]? (?:both|all)$/i, "")
    .replace(/^(?:both|all|the steps|steps|the tasks)[: ]/i, "");
  if (listOf(world, words).length < 2) return undefined;
  const found = findNodes(world, phrase, words, "node");
  return found.ok ? found.ids : found.reading;
}

/** Turns are taken only by nodes that are named letter by letter. */
function inTurns({ text, world, phrase }: Clause): string[] | undefined {
  const opened = told.test(text);
  const parts = text.replace(told, "").split(parted);
  if (
    !opened &&
    !/->|→/.test(text) &&
    (parts.length < 2 ||
      (parts.length < 3 && /^(?:run|start|do|execute|stop|remove|delete|restart) /i.test(text)))
  )
    return undefined;
  const ids = parts.map((part) =>
    findExact(
      world,
      phrase,
      part
        .replace(/[,.]+$/, "")
        .replace(/^(?:run|start|do|execute) | first$/gi, "")
        .trim(),
      "node",
    ),
  );
  return ids.every((id) => id !== undefined) && new Set(ids).size === ids.length
    ? (ids as string[])
    : undefined;
}
