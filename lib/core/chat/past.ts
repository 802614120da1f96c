import type { Clause, Reader } from "./clause";
import { findExact, findNode } from "./nodes";
import { match, pattern } from "./phrase";
import { ask, decline, type Reading } from "./reading";

const took = [
  pattern(
    "how long (?:did|has|does|was|is) (?:the )?(?:step )?<ref> (?:take|taken|run|running|been running|last|need|work)(?: (?:for|last time|in the last run))?",
  ),
  pattern(
    "how (?:often|many times) (?:was|did|has) (?:the )?(?:step )?<ref> (?:been )?(?:attempted|tried|run|started|retried|restarted|ran|executed)",
  ),
  pattern(
    "how many (?:attempts|tries) (?:did|has|had|does) (?:the )?(?:step )?<ref> (?:take|taken|have|had|need|needed|make|made)",
  ),
];
const exits = [
  pattern(
    "(?:what|which) (?:is|was|were|has been) (?:the )?(?:exit|return) (?:codes?|status|value) (?:of|for|from) (?:the )?(?:step )?<ref>",
  ),
  pattern(
    "(?:(?:show|give|tell) (?:me )?)(?:the )?(?:exit|return) (?:codes?|status) (?:of|for|from) (?:the )?(?:step )?<ref>",
  ),
  pattern("(?:what|which) (?:exit|return) (?:code|status) did <ref> (?:have|end with|exit with|return|give)"),
];
/** Words for a moment that is no run and no revision. */
const moment =
  "(?:yesterday|today|this (?:morning|afternoon|evening|week|month|hour)|last (?:night|week|month|year|monday|tuesday|wednesday|thursday|friday|saturday|sunday)|monday|tuesday|wednesday|thursday|friday|saturday|sunday|noon|midnight|\\d+ ?(?:am|pm|o'clock)|\\d{1,2}:\\d\\d|\\d{4}-\\d\\d-\\d\\d|(?:\\S+ )?(?:minutes?|hours?|days?|weeks?|months?) ago|(?:the )?(?:last|past) (?:\\S+ )?(?:minutes?|hours?|days?|weeks?|months?))";
const sinceMoment = [
  pattern(
    `(?:(?:show|give|tell|list)(?: me)? )?(?:the |a |all )?(?:diff(?:erence)?|changes?|what (?:has |was )?changed?|what (?:is |are )?(?:new|different)|history|edits?) (?:made |since |from |of |in |after |between )+${moment}(?: .*)?`,
  ),
];
const ofRun = [
  pattern(
    "who (?:has )?(?:started|launched|opened|began|kicked off|triggered) (?:this|the|that|the (?:last|current|newest)) run",
  ),
  pattern(
    "(?:what|which steps?|who) (?:has |have )?failed,? (?:and )?(?:with )?(?:what|which|its|the|their) exit (?:codes?|status)",
  ),
  pattern("(?:with )?(?:what|which) exit codes? did (?:it|they|.+) (?:end|fail|exit)(?: with)?"),
];
const slowest = [
  pattern(
    "(?:what|which(?: of the)?(?: steps?| ones?| tasks?)?)(?: of them)? (?:takes?|took|needs?|needed|has taken|is taking|runs?|ran) (?:the )?(?:longest|most time|most of the time)(?: (?:time|to run|so far|in the last run|last time))?",
  ),
  pattern(
    "(?:(?:show|tell|give)(?: me)? |what (?:is|are|was|were) |which (?:is|are|was|were) )?(?:the )?(?:slowest|longest(?:[- ]running)?)(?: (?:steps?|ones?|tasks?))?(?: (?:in|of) the (?:last|newest) run)?",
  ),
  pattern("(?:what|which steps?) (?:is|are|was|were) (?:the )?(?:slowest|slow|longest)"),
];
const decided = [
  pattern(
    "who (?:has )?(?:approved|rejected|decided|blocked|signed off|decided on|decided about) (?:the |at )?<gate>,? (?:and )?(?:what|which answers?|when|why|how) (?:did|was|were|has|have) .+",
  ),
  pattern(
    "who (?:has )?(?:approved|rejected|decided|blocked|signed off|decided on|decided about) (?<gate>the (?:gate|approval|checkpoint))",
  ),
  pattern("what (?:was|were|did .+) (?:the )?answer(?:ed|s)? (?:at|to|for|of) (?:the )?<gate>"),
];

function gateIn({ world, phrase }: Clause, words: string): Reading | undefined {
  const say = (id: string) => ask("gate.show", { id }, `The gate '${id}':`);
  const [only] = world.gates;
  if (/^(?:the |a |this |that )?(?:gate|approval|checkpoint)$/i.test(words)) {
    if (only && world.gates.length === 1) return say(only.id);
    return (
      only &&
      decline("Which gate do you mean?", ...world.gates.slice(0, 3).map(({ id }) => `who approved ${id}`))
    );
  }
  const found = findNode(world, phrase, words, "gate");
  return found.ok ? say(found.id) : undefined;
}

/** `how long did build take`, `who started this run`, `who approved the gate`: what the record of a run knows. */
export const readPast: Reader = (clause) => {
  if (match(sinceMoment, clause.text))
    return decline(
      "I can't compare with a moment, only with a revision or a run. The record has the time of each change.",
      "what changed",
      "what changed since the last run",
      "show the audit log",
    );
  const ref = (match(took, clause.text) ?? match(exits, clause.text))?.ref;
  const id = ref === undefined ? undefined : findExact(clause.world, clause.phrase, ref, "step");
  if (id !== undefined) return ask("step", { id }, `What is on record of '${id}':`);
  if (match(slowest, clause.text)) return ask("runs.show", {}, "How long each step took in the newest run:");
  if (match(ofRun, clause.text)) return ask("runs.show", {}, "The newest run:");
  const gate = match(decided, clause.text)?.gate;
  if (gate !== undefined) return gateIn(clause, gate);
  if (/\bcritical path\b/i.test(clause.text))
    return decline(
      "I don't work out a critical path. How long each step took is on record.",
      "show the last run",
    );
  if (
    /^what (?:would|will|does) happen (?:if|when) (?:i|we) (?:ran|run|rerun|start|started|restart|restarted) (?:it|this|the sequence|everything)(?: all)?(?: again| once more| now)?$/i.test(
      clause.text,
    )
  )
    return decline(
      "That is what a proposal shows: what would start, and what is expected of it. Nothing happens before it is applied.",
      "run everything from scratch",
    );
  return undefined;
};
