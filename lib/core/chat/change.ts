import { type Clause, freeId, newName, type Reader, stepOf, textOf } from "./clause";
import { modelEdit, retryEdit } from "./edits";
import { endure } from "./enduring";
import { endless, goesFurther } from "./further";
import { allKeys, exampleOf, isProse, type Key, keyNamed } from "./keys";
import { findExact, findNode, findNodes, listOf } from "./nodes";
import { literalOf, match, pattern } from "./phrase";
import { agentWords } from "./place";
import { answer, call, propose, type Reading, unsure } from "./reading";
import { numberWords, readCommand, readDuration, readNumber } from "./values";

const settingVerb =
  "(?:set|change|update|adjust|make|edit|put|bump|raise|lower|increase|decrease|reduce|extend|shorten|switch|modify|configure|swap|replace)";
const setting = [
  pattern(
    `(?:set|put|add|give|use|allow) (?:an? |the )?(?<value>(?:${numberWords})[ -]?[a-z]*) (?<key>time ?-?out|time limit|idle time ?-?out|deadline|priority) (?:on|for|to|of|in) <ref>`,
  ),
  pattern(
    `(?:add|allow|set|use|give|grant) (?<value>${numberWords}) (?<key>retries|retry) (?:to|for|on) <ref>`,
  ),
  pattern(
    `(?:make|set) (?:the )?(?<key>${allKeys}) (?:of|for|on) <ref> (?:be )?(?<value>(?:${numberWords}|«\\d+»)(?: .+|[a-z]+)?)`,
  ),
  pattern(
    `${settingVerb} (?:the |its )?(?<key>${allKeys}) (?:of|for|on|in) <ref> (?:(?:to|at|as|into|with|by|for|up to|down to) |[=:] ?)<value>`,
  ),
  pattern(
    `${settingVerb} <ref>(?:'s|s'|'| its)? (?<key>${allKeys}) (?:(?:to|at|as|into|up to|down to) |[=:] ?)<value>`,
  ),
  pattern(`${settingVerb} (?:an? |the )?(?<key>${allKeys}) (?:of |to )?<value> (?:for|on|to|of) <ref>`),
  pattern(
    `(?:give|add|let|allow|assign|grant) (?:to )?<ref> (?:have )?(?:an? |the )?(?<key>${allKeys}) (?:of |called |=|: ?)?<value>`,
  ),
  pattern(
    `(?:give|add|allow|assign|grant) (?:an? |the )?(?<key>${allKeys}) (?:of )?<value> (?:to|for) <ref>`,
  ),
  pattern(`(?:give|allow|grant|add) (?:to )?<ref> <value> (?<key>retries|retry)`),
  pattern(
    `<ref> (?:should|must|needs to|shall|gets?|has to|needs?|will) (?:have )?(?:an? |the )?(?<key>${allKeys}) (?:of |=|: ?)?<value>`,
  ),
  pattern(
    `<ref> (?:should|must|needs to|shall|gets?|has to|needs?|will) (?:have )?<value> (?<key>retries|retry)`,
  ),
  pattern(
    `(?:the )?(?<key>${allKeys}) (?:of|for) <ref> (?:should|must|shall|needs to|has to)?(?: be|is|become)? ?(?:to |= ?)?(?!=)<value>`,
  ),
  pattern(`<ref>'s (?<key>${allKeys}) (?:should be|must be|is|=|shall be|becomes) <value>`),
];

/** `set the timeout of build to 5 minutes`, `give test 2 retries`, `change deploy's command to "make"`. */
export const readSet: Reader = (clause) => {
  let miss: Reading | undefined;
  for (const one of setting) {
    const found = match([one], clause.text);
    if (!found?.ref || !found.value || found.key === undefined) continue;
    // `check to` is the step and the word before its value.
    if (/ (?:to|at|as|into|with|by)$/i.test(found.ref)) continue;
    const read = setKey(clause, found.key, found.ref, found.value);
    if (read.kind === "calls") return read;
    miss ??= read;
  }
  return miss;
};

function setKey(clause: Clause, wanted: string, ref: string, said: string): Reading {
  const key = keyNamed(wanted) as Key;
  const target = findNodes(clause.world, clause.phrase, ref, "step");
  if (!target.ok) return target.reading;
  if (!isProse(key) && goesFurther(clause, said))
    return unsure(endless(said), `set the ${wanted} of ${ref} to "…"`);
  const value = key.read(clause, said);
  if (value === undefined)
    return unsure(`'${said}' is not ${key.expects}.`, `set the ${wanted} of ${ref} to ${exampleOf(key)}`);
  const [only] = target.ids;
  if (key.field === "model" && only !== undefined && target.ids.length === 1 && value !== "shell")
    return modelEdit(clause, only, String(value));
  if (key.field === "retry")
    return retryEdit(clause, target.ids, (value as { limit: number }).limit, `retry ${said}`);
  return edit(target.ids, { [key.field]: value });
}

function edit(ids: readonly string[], change: Record<string, unknown>, ...says: string[]): Reading {
  return propose(
    ids.map((id) => call("step.edit", { id, ...change })),
    ...says,
  );
}

const times = `(?!once more)(?<value>${numberWords})(?: more)?(?: times?| x)?`;
const limits = [
  pattern(
    `<ref> (?:should|must|shall|may|is to|has to|needs to|can) (?:time ?-?out|be stopped|be killed|be aborted|end|stop|give up) (?:after|in) <value>`,
  ),
  pattern(`(?:allow|give|grant) <ref> (?:at most |up to |no more than |a maximum of )<value>`),
  pattern(`let <ref> (?:time ?-?out|end|give up) (?:after|in) <value>`),
  pattern(`(?:limit|restrict|cap|bound) <ref> (?:to|at) (?:at most )?<value>`),
  pattern(`(?:time ?-?out|abort|kill|end|give up on|stop) <ref> (?:after|in) <value>`),
  pattern(
    `<ref> (?:may|can|should|must|is allowed to|shall|will) (?:only |not )?(?:take|run|last|run for|take up) (?:for )?(?:at most|no longer than|no more than|up to|max(?:imum)?|for at most|longer than|more than) <value>`,
  ),
  pattern(`let <ref> (?:run|take) (?:for )?(?:at most|no longer than|up to|no more than) <value>`),
];
const repeats = [
  pattern(
    `(?:do not|never) (?:retry|repeat|try|attempt|run) <ref> (?:again )?more (?:often )?than (?<value>${numberWords})(?: times?| x)?`,
  ),
  pattern(`give <ref> ${times} (?:more )?(?:tries|attempts|retries|chances)`),
  pattern(
    `(?:retry|repeat|try) <ref> (?:up to |at most )?${times}(?: (?:if|when|in case) it (?:fails|breaks)| on (?:failure|error))?`,
  ),
  pattern(
    `(?:let|have|make) <ref> (?:be )?(?:retry|retried|try again|repeat) (?:up to |at most )?${times}(?: (?:if|when) it fails| on failure)?`,
  ),
  pattern(
    `<ref> (?:should|must|may|can|shall) (?:be )?(?:retry|retried|repeated|tried again) (?:up to |at most )?${times}(?: (?:if|when) it fails| on failure)?`,
  ),
  pattern(`(?:if|when) <ref> fails,? (?:retry|repeat|try)(?: it)?(?: again)? (?:up to |at most )?${times}`),
];
const fans = [
  pattern(
    `(?:run|start|make|do) <ref> ${times} (?:in parallel|side by side|at the same time|concurrently|at once)`,
  ),
  pattern(
    `fan (?:out )?<ref> (?:out )?(?:to |into |over |across )?(?<value>${numberWords})(?: (?:times|ways|instances|copies))?`,
  ),
  pattern(`(?:run|start|make|use) (?<value>${numberWords}) (?:instances|copies) of <ref>(?: in parallel)?`),
];

/** `limit build to 5 minutes`, `retry test twice`, `fan lint out 4 times`. */
export const readLimits: Reader = (clause) => {
  const limit = match(limits, clause.text);
  const ms = limit?.value === undefined ? undefined : readDuration(limit.value);
  if (limit?.ref && ms !== undefined) return editOne(clause, limit.ref, { timeout_ms: ms });
  const again = match(repeats, clause.text);
  const tries = again?.value === undefined ? undefined : readNumber(again.value);
  if (again?.ref && tries !== undefined) {
    const steps = findNodes(clause.world, clause.phrase, again.ref, "step");
    return steps.ok ? retryEdit(clause, steps.ids, tries, clause.text) : steps.reading;
  }
  const fan = match(fans, clause.text);
  const count = fan?.value === undefined ? undefined : readNumber(fan.value);
  if (fan?.ref && count !== undefined && count > 1) return editOne(clause, fan.ref, { fanout: count });
  return undefined;
};

function editOne(clause: Clause, ref: string, change: Record<string, unknown>, ...says: string[]): Reading {
  const target = findNodes(clause.world, clause.phrase, ref, "step");
  return target.ok ? edit(target.ids, change, ...says) : target.reading;
}

const clearing = [
  pattern(`no (?<key>${allKeys}) (?:for|on|in) <ref>(?: any ?more)?`),
  pattern(
    `(?:remove|delete|drop|clear|unset|get rid of|take away) (?:the |all |any )?(?<key>${allKeys}) (?:of|from|for|on) <ref>`,
  ),
  pattern(`(?:remove|delete|drop|clear|unset|get rid of) <ref>'s (?<key>${allKeys})`),
  pattern(`(?:do not|never) (?<retry>retry|repeat) <ref>(?: any ?more)?`),
  pattern(`(?:do not|never) (?<retry>try) <ref> again(?: (?:if|when) it fails| on failure)?`),
  pattern(
    `<ref> (?:should|must|shall|need|may|can) (?:not|never) be (?<retry>retried|repeated|tried again|attempted again)(?: any ?more| (?:if|when) it fails| on failure)?`,
  ),
  pattern(`<ref> (?:should|must|needs?|gets?) (?:have )?no (?<key>${allKeys})(?: any ?more)?`),
];
const enduring = [
  pattern(
    "(?:continue|go on|carry on|keep going) (?:even )?(?:if|when|though) <ref> (?:fails|breaks|goes wrong)",
  ),
  pattern("(?:ignore|tolerate|bear|allow) (?:the )?(?:failures?|errors?) (?:of|in|from) <ref>"),
  pattern("let <ref> fail(?: without stopping (?:the others|everything|anything))?"),
  pattern("<ref> (?:may|can|is allowed to) fail"),
  pattern("(?:allow|permit) <ref> to fail"),
  pattern(
    "(?:let|have) (?:the )?(?:others|rest|dependents) (?:go on|continue) (?:even )?(?:if|when) <ref> fails",
  ),
];
const repeatable = [
  pattern("<ref> is (?:idempotent|safe to (?:repeat|rerun|run again))"),
  pattern("(?:mark|make|declare) <ref> (?:as )?idempotent"),
];
const running = [
  pattern("(?:make|use) (?<value>«\\d+») (?:as )?(?:the )?command (?:of|for|in) <ref>"),
  pattern("(?:let|have|make) <ref> (?:run|execute|call) (?<value>«\\d+»)"),
  pattern("<ref> (?:should|must|shall) (?:run|execute|call) (?<value>«\\d+»)"),
  pattern("(?:use|run) (?<value>«\\d+») (?:as (?:the )?command (?:of|for|in)|in|for) <ref>"),
];
const manned = [
  pattern(`(?:let|have) (?<agent>${agentWords}) (?:do|run|handle|work on|take over) <ref>`),
  pattern(`(?:run|do|use) <ref> (?:with|by|on|using) (?<agent>${agentWords})`),
  pattern(`use (?<agent>${agentWords}) (?:for|in|on) <ref>`),
  pattern(`(?:assign|give|hand) <ref> (?:over )?to (?<agent>${agentWords})`),
];
const tagged = [pattern("tag <ref> (?:with|as) <value>"), pattern("add (?:the )?tags? <value> to <ref>")];

/** Keys that have a sentence of their own. */
export const readTraits: Reader = (clause) => {
  const cleared = match(clearing, clause.text);
  if (cleared?.ref) {
    const field = cleared.retry ? "retry" : keyNamed(cleared.key ?? "")?.field;
    return editOne(clause, cleared.ref, { unset: [field] });
  }
  const endures = match(enduring, clause.text);
  if (endures?.ref) {
    const steps = findNodes(clause.world, clause.phrase, endures.ref, "step");
    return steps.ok ? endure(steps.ids) : steps.reading;
  }
  const safe = match(repeatable, clause.text);
  if (safe?.ref) return editOne(clause, safe.ref, { idempotent: true });
  const runs = match(running, clause.text);
  if (runs?.ref && runs.value)
    return editOne(clause, runs.ref, { command: readCommand(textOf(clause, runs.value)) });
  const by = match(manned, clause.text);
  if (by?.ref && by.agent) return handTo(clause, by.ref, by.agent);
  const tag = match(tagged, clause.text);
  if (tag?.value && goesFurther(clause, tag.value)) return unsure(endless(tag.value), "tag <step> with fast");
  if (tag?.ref && tag.value)
    return editOne(clause, tag.ref, {
      tags: listOf(clause.world, tag.value).map((one) => textOf(clause, one)),
    });
  return undefined;
};

function handTo(clause: Clause, ref: string, said: string): Reading {
  const found = findNode(clause.world, clause.phrase, ref, "step");
  return found.ok ? modelEdit(clause, found.id, said) : found.reading;
}

const renaming = [
  pattern("(?:let|have) <ref> be (?:called|named) <value>"),
  pattern("<ref> (?:should|must|shall) be (?:called|named) <value>"),
  pattern("(?:rename|retitle|relabel) <ref> (?:to|as|into|->|→) <value>"),
  pattern("(?:call|name) <ref> (?<value>«\\d+»)(?: instead)?"),
  pattern("change (?:the )?name of <ref> (?:to|into) <value>"),
  pattern("give <ref> the name <value>"),
];
const another = [
  pattern(
    "(?:the )?same (?:step |task )?(?:as|like) <ref>(?: again| once more)?(?:,? (?:with |and )?(?:the )?(?:id|called|named|as|name|call it) <value>)?",
  ),
  pattern(
    "(?:(?:add|create|make|give me|have|insert|put in) )?(?:an?other|a second|one more|an additional|a further) (?:step |task )?(?:like |just like |the same as |identical to |similar to )?<ref>(?:,? (?:with )?(?:the )?same (?:settings|config|configuration|definition|keys))?(?:,? (?:called|named|as|and call it|with the (?:name|id)|under the name) <value>)?",
  ),
  pattern(
    "(?:add|create|make|insert) (?:a )?(?:new )?(?:step |task )?(?:called |named )?<value> (?:like|just like|the same as|identical to|based on|from|out of|as a copy of|modelled on|with the same (?:settings|config|definition|configuration) as) <ref>",
  ),
  pattern(
    "<value> (?:should|must|shall|is to) be (?:an? )?(?:exact )?(?:copy|duplicate|clone|replica|twin) of <ref>",
  ),
];
const copying = [
  pattern("(?:make|create|add) <value>(?: as|,) (?:a |another )?(?:copy|duplicate|clone) of <ref>"),
  pattern(
    "(?:duplicate|copy|clone|double|replicate|mirror|make a copy of|make a duplicate of|make a clone of) <ref> (?:as|to|into|and call it|and name it|and call the copy|, call it|, name it|called|named|under the name|with the (?:id|name)|calling it|naming it|into a new step(?: called)?|to a new step(?: called| named)?|into a step called|giving) <value>",
  ),
  pattern(
    "(?:make|create|add|give me|produce|get me|have|need|i want|take) (?:me )?(?:a |an |another |one more |a second )?(?:exact )?(?:copy|duplicate|clone|replica|twin) of <ref> (?:as|called|named|and call it) <value>",
  ),
  pattern(
    "(?:make|create|add|give me|produce|get me|have|need|i want|take) (?:me )?(?:a |an |another |one more |a second )?(?:exact )?(?:copy|duplicate|clone|replica|twin) of <ref>",
  ),
  pattern(
    "(?:duplicate|copy|clone|double|replicate|mirror|make a copy of|make a duplicate of|make a clone of) <ref>",
  ),
];
const prompting = [
  pattern(
    "(?:set|change|write|make|update|rewrite) (?:the )?prompt (?:of|for) <ref> (?:to|as|:|=)? ?<value>",
  ),
  pattern("(?:set|change|write|update|rewrite) <ref>'s prompt (?:to|as|:|=) ?<value>"),
  pattern("prompt <ref> (?:with|to) <value>"),
  pattern("(?:tell|ask|instruct) <ref> to <value>"),
  pattern("give <ref> (?:the |a |this )?prompt:? <value>"),
];

/** `rename lint to "Lint the code"`, `duplicate test as test-2`, `set the prompt of fix to "…"`. */
export const readIdentity: Reader = (clause) => {
  const { world, phrase, text: said } = clause;
  const named = match(renaming, said);
  if (named?.ref && named.value) {
    const found = findNode(world, phrase, named.ref, "step");
    if (!found.ok) return found.reading;
    // What stands around a quoted name was not understood.
    if (/«\d+»./.test(named.value) || goesFurther(clause, named.value))
      return unsure(endless(named.value), `rename ${found.id} to "…"`);
    const name = textOf(clause, named.value);
    return edit([found.id], { name }, `Its id stays '${found.id}': others refer to it by that.`);
  }
  const like = match(another, said);
  const isLike = like?.ref !== undefined && findExact(world, phrase, like.ref, "step") !== undefined;
  const copied = isLike ? like : match(copying, said);
  if (copied?.ref) {
    const found = findNode(world, phrase, copied.ref, "step");
    if (!found.ok) return found.reading;
    if (copied.value !== undefined && goesFurther(clause, copied.value))
      return unsure(endless(copied.value), `duplicate ${found.id} as <new>`);
    const wanted = copied.value === undefined ? undefined : newName(clause, copied.value);
    if (wanted && findExact(world, phrase, wanted.id, "node") !== undefined)
      return unsure(
        `There is already a step or gate '${wanted.id}'; say another name for the copy.`,
        `duplicate ${found.id} as <new>`,
      );
    return propose([
      call("step.clone", { id: found.id, new: wanted?.id ?? freeId(world, `${found.id.slice(0, 60)}-2`) }),
    ]);
  }
  const prompt = match(prompting, said);
  if (prompt?.ref && prompt.value) {
    const found = findNode(world, phrase, prompt.ref, "step");
    if (!found.ok) return found.reading;
    return propose([call("prompt.edit", { id: found.id, text: `${textOf(clause, prompt.value)}\n` })]);
  }
  return undefined;
};

const environment = [
  pattern(
    "set (?:the )?(?:env(?:ironment)? ?(?:var(?:iable)?)? )?<name>(?: ?= ?| to )<value> (?:for|in|on|of) <ref>",
  ),
  pattern(
    "add (?:the )?env(?:ironment)? ?(?:var(?:iable)?)? <name> ?(?:=| with value | with the value ) ?<value> (?:to|for) <ref>",
  ),
];

/** `set the environment variable CI=1 for test`. */
export const readEnvironment: Reader = (clause) => {
  const found = match(environment, clause.text);
  if (!found?.ref || !found.name || !found.value) return undefined;
  const name = literalOf(clause.phrase, found.name) ?? found.name;
  if (!/^[A-Z_][A-Z0-9_]*$/.test(name)) return undefined;
  const step = findNode(clause.world, clause.phrase, found.ref, "step");
  if (!step.ok) return step.reading;
  const env = { ...stepOf(clause.world, step.id)?.env, [name]: textOf(clause, found.value) };
  return edit([step.id], { env });
};

const sequenceNamed = [
  pattern("(?:rename|call|name) (?:the |this )?(?:sequence|pipeline|workflow|project) .+"),
];

/** The sequence's own name is a line of the file. */
export const readSequenceName: Reader = ({ text: said }) =>
  match(sequenceNamed, said)
    ? answer("The sequence's own name stands in .threados/sequence.yaml, under `name:`; edit it there.")
    : undefined;
